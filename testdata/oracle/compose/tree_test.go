package compose

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strings"
)

// tree is a small repository that is being made, and how its services are started.
type tree struct {
	files  map[string]string
	given  map[string]string // what the caller has in its environment
	set    []string          // the files that the caller names; none: those that compose takes by itself
	envs   []string          // the files of variables that the caller names
	script string            // the caller, if it is one
}

// maker makes trees. Equal seeds make equal trees.
type maker struct {
	*rand.Rand
	tree
	tokens  int
	asked   []string // the variables that values are filled from
	orEmpty []string // those of which ${NAME:-…} is written
}

func newMaker(seed, number uint64) *maker {
	return &maker{Rand: rand.New(rand.NewPCG(seed, number)), tree: tree{files: map[string]string{}, given: map[string]string{}}, asked: names, orEmpty: names}
}

func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func (m *maker) one(of ...string) string { return of[m.IntN(len(of))] }

// some returns up to most of the words, in any order.
func (m *maker) some(most int, of ...string) []string {
	of = slices.Clone(of)
	m.Shuffle(len(of), func(i, k int) { of[i], of[k] = of[k], of[i] })
	return of[:m.IntN(min(most, len(of))+1)]
}

// token returns a token that stands nowhere else.
func (m *maker) token() string {
	m.tokens++
	return fmt.Sprintf("{{stripe-live#%d}}", m.tokens)
}

// names are few, so that values meet.
var names = []string{"AA", "BB", "CC", "DD", "E_1"}

const (
	on    = "ON"    // a variable that every project has
	maybe = "MAYBE" // one that nobody sets
	given = "GIVEN" // one that only a caller sets
)

func (m *maker) name() string { return m.one(names...) }

// value returns a value in which a compose file or a dotenv file fills in variables.
func (m *maker) value(depth int) string {
	switch k := m.IntN(14); {
	case k < 4 || depth > 2:
		return m.token()
	case k == 4:
		return "pre-" + m.token() + "-post"
	case k == 5 && depth == 0:
		return ""
	case k == 5: // beside what is not known, the analyzer does not see that such a value is not empty
		return m.token()
	case k == 6:
		return m.one("$$"+m.name(), "$${"+m.name()+"}")
	case k == 7:
		return "$" + m.one(m.asked...)
	case k == 8:
		return "${" + m.one(m.asked...) + "}"
	case k < 13:
		switch m.IntN(10) {
		case 0:
			return "${" + on + m.one(":?", "?") + m.value(depth+1) + "}"
		case 1:
			return "${" + m.one(on, maybe) + m.one(":+", "+") + m.one("x", m.token()) + "}"
		case 2, 3:
			return "${" + m.one(m.asked...) + "-" + m.value(depth+1) + "}"
		}
		return "${" + m.one(m.orEmpty...) + ":-" + m.value(depth+1) + "}"
	}
	return m.value(depth+1) + m.one("-", ":") + m.value(depth+1)
}

// dotenv writes a file of variables.
func (m *maker) dotenv() string {
	var b strings.Builder
	for range 1 + m.IntN(4) {
		if m.chance(10) {
			b.WriteString(m.one("# "+m.name()+"="+m.token(), "", "  ") + "\n")
		}
		b.WriteString(m.one("", "", "", "export ") + m.name())
		switch value := m.value(0); m.IntN(10) {
		case 0, 1, 2, 3:
			b.WriteString("=" + value)
		case 4, 5:
			b.WriteString(`="` + value + `"`)
		case 6:
			b.WriteString("='" + value + "'")
		case 7:
			b.WriteString(m.one("= ", " = ", " =", ": ") + value)
			if value != "" {
				b.WriteString(m.one("", " # "+m.token()))
			}
		case 8:
			b.WriteString("=" + m.one("", `""`, "''"))
		case 9:
			if m.chance(50) {
				b.WriteString("=\"x\n" + value + "\"")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// project writes a file of variables of a project.
func (m *maker) project() string {
	// Of a variable that the caller gives, and that the file sets too before it asks for it, the analyzer takes the file's.
	m.asked = []string{"DD", "E_1", given}
	m.orEmpty = m.asked
	text := m.dotenv()
	m.asked, m.orEmpty = names, names
	return text
}

// envFiles are those that services are given.
var envFiles = []string{"a.env", "b.env"}

// env makes a file of variables, once, and returns its path as it is seen from the folder.
func (m *maker) env(folder string) string {
	name := m.one(envFiles...)
	if m.chance(30) {
		name = "sub/" + name
	}
	if _, ok := m.files[folder+name]; !ok {
		// Of a variable that the project has, but empty, and the file too, the analyzer does not say which is taken.
		m.orEmpty = []string{on, "NOWHERE"}
		if folder == "inc/" { // of what an included project's file of variables says compose tells the env_files of its services nothing
			m.asked = m.orEmpty
		}
		m.files[folder+name] = m.dotenv()
		m.asked, m.orEmpty = names, names
	}
	return m.one("", "./") + name
}

// services are few, so that files meet.
var services = []string{"api", "db", "web"}

// environment returns a service's variables, as a list or a mapping.
func (m *maker) environment(anchors []string) *node {
	if len(anchors) > 0 && m.chance(20) {
		return &node{alias: m.one(anchors...)}
	}
	n := object()
	if m.chance(35) {
		n = list()
	}
	if len(anchors) > 0 && n.kind == mapping && m.chance(35) {
		merged := &node{alias: m.one(anchors...)}
		if m.chance(30) {
			merged = list(merged, &node{alias: m.one(anchors...)})
		}
		n.with("<<", merged)
	}
	for _, name := range m.some(4, names...) {
		value := m.value(0)
		if value == "$"+name || value == "${"+name+"}" { // is taken like a name without a value
			value = m.token()
		}
		switch {
		case n.kind == sequence && m.chance(20):
			n.values = append(n.values, text(name))
		case n.kind == sequence:
			n.values = append(n.values, text(name+"="+value))
		case m.chance(20):
			n.with(name, nothing())
		default:
			n.with(name, text(value))
		}
	}
	return n
}

// envFiles returns what a service has under env_file.
func (m *maker) envFiles(folder string) *node {
	if m.chance(30) {
		return text(m.env(folder))
	}
	n := list()
	for range 1 + m.IntN(3) {
		file := m.env(folder)
		if m.chance(60) {
			n.values = append(n.values, text(file))
			continue
		}
		long := object().with("path", text(file))
		if m.chance(40) {
			long.with("required", text("false"))
			if m.chance(40) {
				long.with("path", text("missing.env"))
			}
		}
		n.values = append(n.values, long)
	}
	return n
}

// tagged gives a value a tag by which it replaces what files before it say, or takes that away.
func (m *maker) tagged(n *node, percent int) *node {
	if n.alias == "" && m.chance(percent) {
		n.tag = m.one("!reset", "!override")
	}
	return n
}

// service returns what a file says of a service.
func (m *maker) service(folder string, anchors []string, over bool) *node {
	n := object()
	tags := 0
	if over {
		tags = 15
	}
	if !over || m.chance(10) {
		n.with("image", text("app"))
	}
	if m.chance(75) {
		n.with("environment", m.tagged(m.environment(anchors), tags))
	}
	if m.chance(50) {
		n.with("env_file", m.tagged(m.envFiles(folder), tags))
	}
	if m.chance(15) {
		n.with("profiles", texts(m.one("tools", "debug")))
	}
	for _, space := range []string{"secrets", "configs"} {
		if m.chance(15) {
			n.with(space, m.tagged(m.gives(space), tags))
		}
	}
	if m.chance(15) {
		n.with("volumes", m.tagged(m.volumes(folder), tags))
	}
	return n
}

// shared are the names of secrets and configs.
var shared = []string{"one", "two", "three"}

// gives returns what a service has of the secrets or configs.
func (m *maker) gives(space string) *node {
	n := list()
	for _, name := range m.some(2, shared...) {
		if m.chance(60) {
			n.values = append(n.values, text(name))
		} else {
			n.values = append(n.values, object().with("source", text(name)).with("target", text(m.one(name+"-key", "/etc/"+space+"/"+name))))
		}
	}
	return n
}

// volumes returns a service's files of the host.
func (m *maker) volumes(folder string) *node {
	n := list()
	for range 1 + m.IntN(2) {
		source := m.one("./conf", "./conf/app.conf", "./data")
		m.files[folder+"conf/app.conf"] = m.text("key: ")
		m.files[folder+"data/rows.csv"] = m.text("key,")
		target := m.one("/one", "/two")
		if m.chance(50) {
			n.values = append(n.values, text(source+":"+target+m.one("", ":ro")))
		} else {
			n.values = append(n.values, object().with("type", text("bind")).with("source", text(source)).with("target", text(target)))
		}
	}
	return n
}

// text returns a text with a token in it.
func (m *maker) text(before string) string { return before + m.token() + "\n" }

// file makes a compose file.
func (m *maker) file(folder, name string, over bool) *node {
	root := object()
	var anchors []string
	if m.chance(40) {
		for _, anchor := range m.some(2, "env", "more") {
			fragment := object()
			for _, name := range m.some(3, names...) {
				fragment.with(name, text(m.value(0)))
			}
			fragment.anchor = anchor
			root.with("x-"+anchor, fragment)
			anchors = append(anchors, anchor)
		}
	}
	all := object()
	for _, service := range services {
		if !over || m.chance(60) {
			all.with(service, m.service(folder, anchors, over))
		}
	}
	if len(all.keys) == 0 {
		all.with("api", m.service(folder, anchors, over))
	}
	if over && m.chance(4) {
		all.with("db", m.tagged(nothing(), 100))
	}
	root.with("services", all)
	for _, space := range []string{"secrets", "configs"} {
		if over && m.chance(70) {
			continue
		}
		defined := object()
		for _, name := range shared {
			n := object()
			switch { // of one name each file says the same kind of thing
			case name == "one":
				n.with("environment", text(m.name()))
			case name == "two" && space == "configs":
				n.with("content", text("key: "+m.value(0)))
			default:
				file := m.one("./", "") + "keys/" + name + ".txt"
				m.files[folder+"keys/"+name+".txt"] = m.text("")
				n.with("file", text(file))
			}
			defined.with(name, n)
		}
		root.with(space, defined)
	}
	return root
}

// extend lets some services of a file extend others: of the same file, or of one that is made for that.
func (m *maker) extend(folder string, root *node) {
	all := root.values[slices.Index(root.keys, "services")]
	other := object()
	for i, service := range all.values {
		if service.kind != mapping || !m.chance(20) {
			continue
		}
		if i > 0 && m.chance(50) {
			if m.chance(30) {
				service.with("extends", text(all.keys[i-1]))
			} else {
				service.with("extends", object().with("service", text(all.keys[i-1])))
			}
			continue
		}
		if len(other.keys) == 0 {
			other.with("base", m.service(folder+"lib/", nil, false))
			derived := m.service(folder+"lib/", nil, true)
			derived.with("extends", object().with("service", text("base")))
			other.with("derived", derived)
		}
		service.with("extends", object().with("file", text(m.one("", "./")+"lib/common.compose.yaml")).with("service", text(m.one(other.keys...))))
	}
	if len(other.keys) > 0 {
		lib := m.file(folder+"lib/", "", false)
		m.files[folder+"lib/common.compose.yaml"] = m.document(object().with("services", other).with("secrets", at(lib, "secrets")).with("configs", at(lib, "configs")))
	}
}

func at(n *node, key string) *node { return n.values[slices.Index(n.keys, key)] }

// include lets a file include another project.
func (m *maker) include(root *node) {
	inner := object().with("services", object().with("inner", m.service("inc/", nil, false)))
	inner.with("secrets", at(m.file("inc/", "", false), "secrets"))
	inner.with("configs", at(m.file("inc/", "", false), "configs"))
	m.files["inc/inner.compose.yaml"] = m.document(inner)
	if m.chance(50) {
		m.files["inc/.env"] = m.project()
	}
	if m.chance(40) {
		root.with("include", texts("inc/inner.compose.yaml"))
		return
	}
	long := object().with("path", text("inc/inner.compose.yaml"))
	if m.chance(30) {
		m.files["over/more.compose.yaml"] = m.document(object().with("services", object().with("inner", m.service("inc/", nil, true))))
		long.with("path", texts("inc/inner.compose.yaml", "over/more.compose.yaml"))
	}
	if m.chance(40) {
		m.files["inc.env"] = m.project()
		long.with("env_file", text(m.one("", "./")+"inc.env"))
		if m.chance(30) {
			m.files["inc2.env"] = m.project()
			long.with("env_file", texts("inc.env", "inc2.env"))
		}
	}
	if m.chance(20) {
		long.with("project_directory", text("inc"))
	}
	root.with("include", list(long))
}

// make makes a tree.
func (m *maker) make() tree {
	folder := ""
	names := []string{"compose.yaml", "compose.override.yaml"}
	named := m.chance(60)
	if named {
		names = []string{"base.compose.yaml", "more.compose.yaml", "last.compose.yaml"}
		if m.chance(30) {
			folder = "deploy/"
		}
	}
	names = names[:1+m.IntN(len(names))]
	for i, name := range names {
		root := m.file(folder, name, i > 0)
		if m.chance(40) {
			m.extend(folder, root)
		}
		if i == 0 && folder == "" && m.chance(25) {
			m.include(root)
		}
		m.files[folder+name] = m.document(root)
	}
	dotenv := on + "=1\n"
	if m.chance(60) {
		dotenv += m.project()
	}
	if named {
		for _, name := range names {
			m.set = append(m.set, folder+name)
		}
		if m.chance(30) && folder == "" {
			dotenv += "COMPOSE_FILE=" + strings.Join(m.set, ":") + "\n"
			m.set = nil
		} else {
			m.call()
		}
	}
	m.files[folder+".env"] = dotenv
	return m.tree
}

// script makes the caller.
func (m *maker) call() {
	var b strings.Builder
	b.WriteString("#!/bin/sh\n")
	for _, name := range m.some(3, "AA", "BB", "CC", given) {
		m.given[name] = m.token()
		b.WriteString("export " + name + "=" + m.given[name] + "\n")
	}
	b.WriteString(m.one("docker compose", "docker-compose"))
	for _, file := range m.set {
		b.WriteString(m.one(" -f ", " --file ", " --file=") + file)
	}
	if m.chance(30) {
		m.files["project.env"] = on + "=1\n" + m.project()
		m.envs = []string{"project.env"}
		if m.chance(30) {
			m.files["project2.env"] = m.project()
			m.envs = append(m.envs, "project2.env")
		}
	}
	for _, file := range m.envs {
		b.WriteString(m.one(" --env-file ", " --env-file=") + file)
	}
	b.WriteString(" up -d\n")
	m.script = "up.sh"
	m.files[m.script] = b.String()
}

// open returns the variables that nobody sets for the project.
func (t tree) open() (open []string) {
	for _, name := range append(slices.Clone(names), maybe, given) {
		_, set := t.given[name]
		assigns := regexp.MustCompile(`(?m)^(export )?` + name + `\b`)
		for file, text := range t.files {
			project := strings.HasSuffix(file, ".env") && !slices.Contains(envFiles, path.Base(file))
			set = set || project && assigns.MatchString(text)
		}
		if !set {
			open = append(open, name)
		}
	}
	return open
}

// String writes the tree down.
func (t tree) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		fmt.Fprintf(&b, "-- %s --\n%s", name, t.files[name])
	}
	return b.String()
}
