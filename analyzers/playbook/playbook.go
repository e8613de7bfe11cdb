// Package playbook reads Ansible's playbooks.
//
// # Analyzer playbook
//
// A play is a unit, at its entry, of kind "play". Its variables are loaded: its own, those of its vars_files and of the files that its tasks
// include, those of its roles, and those of groups and hosts beside the playbook and beside inventories; of one name the value stays that Ansible
// ranks highest. A file whose path names environments is loaded in runs for these alone, and one of a group only if the play can be for that
// group; where it is not known whether a file is loaded, what it overrides is loaded too. A command that runs a playbook runs its plays. What a
// task, a template of a role or a variable looks up in a secret store is a reference, under the name that the variables in it give it once all are there;
// the tasks of roles and of files that are included count. Passwords of vaults are asked for as the settings say.
//
//	https://docs.ansible.com/projects/ansible/latest/playbook_guide/playbooks_variables.html#understanding-variable-precedence
//	https://docs.ansible.com/projects/ansible/latest/inventory_guide/intro_inventory.html#organizing-host-and-group-variables
//
// # Environments
//
// The hosts that a play is for select it, and those of a scenario of Molecule's are made for a test; a play whose hosts say nothing runs for the
// environments of the repository's inventories.
//
// # What is not seen
//
// Which variable a task or a template reads: variables are loaded and no more. What tasks do on hosts is not followed, and of templates only what they look
// up is read, where they are a role's. What is looked up in a file that no play takes in is a gap.
package playbook

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/ansible"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

const name = "playbook"

// Analyzer reads playbooks.
var Analyzer = &analyzers.Analyzer{
	Name:    name,
	Doc:     "reads Ansible's playbooks: which variables their plays load",
	Version: 7,
	Files: []string{
		"**/playbooks/**/*.{yml,yaml}", "**/{site,playbook,playbook-*,playbook_*}.{yml,yaml}",
		"**/{group_vars,host_vars}/**", "**/{vars,defaults}/**/*.{yml,yaml}", "**/roles/**/{handlers,meta}/**/*.{yml,yaml}", "**/roles/**/templates/**",
		"**/tasks/**/*.{yml,yaml}",
	},
	Sniff: sniff,
	Run:   read,
	Join:  join,
}

// scenario is in the path of what Molecule runs: https://docs.ansible.com/projects/molecule/getting-started/#molecule-scenarios
var scenario = lazyregexp.New(`(?:^|/)molecule/[^/]+/`)

// hosts is in a play, and entry begins one: a playbook is a list.
var (
	hosts = lazyregexp.New(`(?m)^(?:- |  )hosts[ ]*:`)
	entry = lazyregexp.New(`(?m)^- `)
)

func sniff(name string, head []byte) bool {
	ext := path.Ext(name)
	return (ext == ".yml" || ext == ".yaml") && entry.Match(head) && (hosts.Match(head) || look.Match(head))
}

const (
	maxPlays = 500 // of a file
	maxDepth = 32  // of tasks in blocks
	maxFiles = 500 // that a play loads

	playPrefix = "play "
	loads      = "vars"     // the name of a step that loads files, whose path may have variables in it
	includes   = "includes" // likewise, when a task comes to it
	takes      = "role"     // the name of a step that takes a role in
	follows    = "tasks"    // the name of a step that takes in tasks of a file
	runs       = "hosts"    // the name of a step that says for which hosts a play is
)

func read(pass *analyzers.Pass) error {
	if part := inRole.FindStringSubmatch(pass.Path); part != nil {
		role(pass, part[1])
		return nil
	}
	root, err := tree.YAML(pass.Data)
	if inVariables.MatchString(pass.Path) && (root == nil || root.Kind != tree.Array) {
		if err == nil && !bytes.HasPrefix(pass.Data, []byte("$ANSIBLE_VAULT;")) {
			variables(pass, root)
		}
		return nil
	}
	if err != nil && (hosts.Match(pass.Data) || look.Match(pass.Data)) {
		pass.Gap(detectors.Place{Path: pass.Path}, "the playbook is no YAML; what its plays load is not known")
	}
	if root == nil || root.Kind != tree.Array {
		return nil
	}
	for i, n := range root.Members {
		if i == maxPlays {
			pass.Gap(n.Place(pass), "the plays are too many to follow; what the rest of them load is not known")
			break
		}
		if n.Get("hosts") == nil {
			continue
		}
		p := &play{pass: pass}
		p.read(n, i+1)
	}
	if len(pass.Facts.Units) == 0 {
		p := &play{pass: pass}
		p.tasks(root, 0)
		p.apart()
	}
	return nil
}

var inVariables = lazyregexp.New(`(?:^|/)(?:group_vars|host_vars|vars|defaults)/`)

const maxValues = 5000 // of a file of variables

// The text of a variable can be made of others, which are set to something else behind it: of a name in it, what it stands for is known once all are
// there. So whoever has variables sets them one stage after the other: to what is written, with nothing known of those that others are in; to what they
// are made of that; and in its environment, with what is looked up. A stage is the name of a program, and of the space in which it sets.
//
//	https://docs.ansible.com/projects/ansible/latest/playbook_guide/playbooks_variables.html#transforming-variables-with-jinja2-filters
const (
	written = "written variables"
	made    = "made variables"
	whole   = ""
)

// stages returns the steps by which a variable of which the value is a text has it.
func stages(pass *analyzers.Pass, n *tree.Node) (in map[string]analyzers.Step) {
	at, v := n.Place(pass), n.Value(pass)
	text, _ := v.Text()
	in = map[string]analyzers.Step{}
	for _, stage := range []string{written, made} {
		set := analyzers.Step{Op: analyzers.OpSet, At: at, Space: stage, Name: n.Key, Value: v}
		switch {
		case len(text) > maxMade || strings.Contains(text, "{%") || strings.Contains(text, "{{") && stage == written:
			set.Value.Parts = []analyzers.Part{code.Unknown()}
		case strings.Contains(text, "{{"):
			set.Value.Parts = expressions{written, v.At.Span}.text(text)
		}
		in[stage] = set
	}
	in[whole] = analyzers.Step{Op: analyzers.OpSet, At: at, Name: n.Key, Value: value(pass, n), Export: true}
	return in
}

// maxMade bounds the text of a variable that others are made of.
const maxMade = 200

// variables reads a file of variables: each is set to all that it holds.
func variables(pass *analyzers.Pass, root *tree.Node) {
	steps := map[string][]analyzers.Step{}
	count := 0
	for _, n := range root.Keys() {
		if n.Kind == tree.String && count < maxValues {
			for stage, step := range stages(pass, n) {
				steps[stage] = append(steps[stage], step)
			}
			count++
			continue
		}
		set := analyzers.Step{Op: analyzers.OpSet, At: n.Place(pass), Name: n.Key, Value: analyzers.Value{At: n.Place(pass)}, Export: true}
		var each func(n *tree.Node)
		each = func(n *tree.Node) {
			if count++; count > maxValues {
				return
			}
			if n.Kind == tree.String {
				set.Value.Parts = append(set.Value.Parts, value(pass, n).Parts...)
			}
			for _, member := range n.Members {
				each(member)
			}
		}
		each(n)
		steps[whole] = append(steps[whole], set)
	}
	if count > maxValues {
		pass.Gap(pass.At(0, 0), "the variables are too many to follow; what the rest of them hold is not known")
	}
	for _, stage := range []string{whole, written, made} {
		if len(steps[stage]) > 0 {
			pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: stage, At: pass.At(0, 1), Steps: steps[stage]})
		}
	}
}

// inRole is in the path of a file of a role that is none of variables.
var inRole = lazyregexp.New(`(?:^|/)roles/(?:[^/]+/)+?(tasks|handlers|meta|templates)/`)

// role reads a file of a role: which other roles it depends on or includes, and what it looks up.
// https://docs.ansible.com/projects/ansible/latest/playbook_guide/playbooks_reuse_roles.html#role-directory-structure
func role(pass *analyzers.Pass, part string) {
	p := &play{pass: pass}
	if part == "templates" {
		at := 0
		for line := range bytes.Lines(pass.Data) {
			place := pass.At(at, at+len(line))
			if at += len(line); bytes.Contains(line, []byte("lookup(")) || bytes.Contains(line, []byte("query(")) {
				p.asks(analyzers.Literal(string(line), place))
			}
		}
	} else {
		root, err := tree.YAML(pass.Data)
		if err != nil {
			pass.Gap(detectors.Place{Path: pass.Path}, "the file of a role is no YAML; what it looks up is not known")
		}
		p.tasks(root, 0)
		if root.Get("dependencies") != nil {
			for _, one := range root.Get("dependencies").Members {
				p.emit(takes, one)
				p.emit(takes, first(one, "role", "name"))
			}
		}
	}
	p.apart()
}

// apart notes tasks of a file that plays can take in.
func (p *play) apart() {
	if len(p.steps) > 0 {
		p.pass.Facts.Programs = append(p.pass.Facts.Programs, analyzers.Program{At: p.pass.At(0, 1), Apart: true, Steps: p.steps})
	}
}

// play is one play while it is read.
type play struct {
	pass  *analyzers.Pass
	steps []analyzers.Step
}

func (p *play) emit(name string, n *tree.Node) {
	if n.Str() == "" {
		return
	}
	at := n.Place(p.pass)
	p.steps = append(p.steps, analyzers.Step{Op: analyzers.OpSource, At: at, Name: name, Ref: new(analyzers.PathTo(n.Str(), "", at)), Optional: true})
}

// sets sets variables of the play itself.
func (p *play) sets(variables *tree.Node) {
	for _, v := range variables.Keys() {
		if v.Kind == tree.String {
			in := stages(p.pass, v)
			p.steps = append(p.steps, in[written], in[made], in[whole])
		}
	}
}

func (p *play) read(n *tree.Node, number int) {
	target := n.Get("hosts")
	for _, one := range target.Elements() {
		p.emit(runs, one)
	}
	p.sets(n.Get("vars"))
	for _, file := range n.Get("vars_files").Elements() {
		for _, one := range file.Elements() { // a list is of alternatives
			p.emit(loads, one)
		}
	}
	for _, role := range n.Get("roles").Elements() {
		p.emit(takes, role)
	}
	if roles := n.Get("roles"); roles != nil {
		for _, role := range roles.Members {
			p.emit(takes, first(role, "role", "name"))
			p.sets(role.Get("vars"))
		}
	}
	for _, list := range []string{"pre_tasks", "tasks", "post_tasks"} {
		p.tasks(n.Get(list), 0)
	}
	at := n.Get("hosts").Place(p.pass)
	name := n.Get("name").Str()
	if name == "" {
		name = "play " + strconv.Itoa(number)
	}
	u := analyzers.Unit{
		ID: p.pass.Path + "#" + strconv.Itoa(number), Name: name, Kind: "play", At: at, Runs: analyzers.PathTo(p.pass.Path, loaded(number), at),
	}
	for _, one := range target.Elements() {
		if environments := environ.Identifier(one.Str()); environments != 0 && !strings.Contains(one.Str(), "{{") {
			u.Signs = append(u.Signs, analyzers.Sign{Class: analyzers.Selector, Environments: environments, Says: "it is for the hosts " + one.Str(), At: one.Place(p.pass)})
		}
	}
	if scenario.MatchString(p.pass.Path) {
		u.Signs = append(u.Signs, analyzers.Sign{
			Class: analyzers.Declared, Environments: detectors.Test, Says: "Molecule makes the hosts of a scenario, for a test", At: at,
		})
	}
	if environments := environ.Path(p.pass.Path) &^ detectors.Test; environments != 0 {
		u.Signs = append(u.Signs, analyzers.Sign{Class: analyzers.File, Environments: environments, Says: "its file is named so", At: at})
	}
	for _, one := range target.Elements() {
		for _, name := range means(one.Str()) {
			u.Signs = append(u.Signs, analyzers.Sign{Class: analyzers.Given, Says: "it runs with an inventory of it", At: at, Value: inventoried(name, at)})
		}
	}
	p.pass.Facts.Programs = append(p.pass.Facts.Programs, analyzers.Program{Name: playPrefix + strconv.Itoa(number), At: at, Steps: p.steps})
	p.pass.Facts.Units = append(p.pass.Facts.Units, u)
}

// inventoried is the environments of the hosts that have a name in the inventories, or else those that there are inventories for.
func inventoried(name string, at detectors.Place) *analyzers.Value {
	all := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: allInventories, All: true}}}}
	return &analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: ofHosts + name, All: true, Default: &all}}}}
}

// loaded is the name of the program that loads a play's variables.
func loaded(number int) string { return "variables of " + playPrefix + strconv.Itoa(number) }

// first returns the first of the values that is there.
func first(n *tree.Node, names ...string) *tree.Node {
	for _, name := range names {
		if v := n.Get(name); v != nil {
			return v
		}
	}
	return nil
}

// tasks notes the files and roles that tasks include.
func (p *play) tasks(list *tree.Node, depth int) {
	if list == nil || list.Kind != tree.Array {
		return
	}
	if depth > maxDepth {
		p.pass.Gap(list.Place(p.pass), "the blocks nest too deeply; what the tasks in them load is not known")
		return
	}
	for _, task := range list.Members {
		for _, key := range task.Keys() {
			if key.Key != "block" && key.Key != "rescue" && key.Key != "always" {
				p.looksUp(key, depth)
			}
			switch name := strings.TrimPrefix(key.Key, "ansible.builtin."); name {
			case "include_vars":
				p.emit(includes, key)
				p.emit(includes, key.Get("file"))
			case "include_tasks", "import_tasks":
				p.emit(follows, key)
				p.emit(follows, key.Get("file"))
			case "include_role", "import_role":
				p.emit(takes, key.Get("name"))
			case "block", "rescue", "always":
				p.tasks(key, depth+1)
			}
		}
	}
}

// looksUp notes what a task's arguments look up in secret stores.
func (p *play) looksUp(n *tree.Node, depth int) {
	if n.Kind == tree.String {
		p.asks(n.Value(p.pass))
	}
	if depth > maxDepth {
		return
	}
	for _, member := range n.Members {
		p.looksUp(member, depth+1)
	}
}

// asks notes what the templates of a text look up.
func (p *play) asks(v analyzers.Value) {
	for _, part := range lookups(v) {
		if isSecret(part) {
			p.steps = append(p.steps, code.Asks(v.At, []analyzers.Part{part})...)
		} else {
			p.steps = append(p.steps, analyzers.Step{Op: analyzers.OpRead, At: v.At, Name: part.Hole.Name, Says: "looks it up in the environment"})
		}
	}
}

// join finds the files that plays load.
func join(index analyzers.Index) []*analyzers.Facts {
	var joined []*analyzers.Facts
	loads, plays := map[string]bool{}, map[string]bool{}
	inventories := &inventorySet{all: inventories(index), means: map[string]meaning{}, nears: map[string]map[string]bool{}}
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer != name || len(f.Units) == 0 {
				continue
			}
			own := &analyzers.Facts{Path: p, Analyzer: f.Analyzer}
			whole := analyzers.Program{At: f.Units[0].At}
			for i := range f.Units {
				number := strings.TrimPrefix(f.Programs[i].Name, playPrefix)
				n, _ := strconv.Atoi(number)
				l := &loader{index: index, file: p, at: f.Units[i].At, loads: loads, taken: map[string]bool{}, inventories: inventories}
				l.play(f.Programs[i].Steps)
				for _, name := range l.group {
					plays[name] = true
				}
				if l.files > maxFiles {
					own.Gaps = append(own.Gaps, analyzers.Gap{At: l.at, Says: "the files of variables that the play can load are too many; what is in the rest of them is not known"})
				}
				own.Programs = append(own.Programs, analyzers.Program{Name: loaded(n), At: l.at, Steps: l.ranked()})
				whole.Steps = append(whole.Steps, analyzers.Step{
					Op: analyzers.OpRun, At: l.at, Ref: new(analyzers.PathTo(p, loaded(n), l.at)), Says: "runs the play",
				})
			}
			own.Programs = append(own.Programs, whole)
			joined = append(joined, own)
		}
	}
	return slices.Concat(joined, inventories.signs(slices.Sorted(maps.Keys(plays))), unused(index, loads))
}

// loader finds the files that one play loads.
type loader struct {
	index analyzers.Index
	file  string
	at    detectors.Place
	group []string // that the play is for
	found []ranked
	files int

	staged bool            // something is looked up under a name that variables are in
	loads  map[string]bool // files, of all plays
	roles  []string        // the folders in which they lie
	taken  map[string]bool // files of them

	inventories *inventorySet
}

// rank orders where variables come from, the weakest first: of one name the last that is set stays.
type rank int

const (
	roleDefaults rank = iota
	inventoryAll
	playbookAll
	inventoryGroup
	playbookGroup
	inventoryHost
	playbookHost
	playOwn
	playFiles
	roleOwn
	included
)

// ranked is a step that sets variables of a rank.
type ranked struct {
	rank
	analyzers.Step
}

// ranked returns the steps in their order, stage by stage where that matters.
func (l *loader) ranked() []analyzers.Step {
	slices.SortStableFunc(l.found, func(a, b ranked) int { return int(a.rank) - int(b.rank) })
	var steps []analyzers.Step
	for _, stage := range []string{written, made, whole} {
		for _, f := range l.found {
			own := whole // of a step that is not that of a file
			if f.Space == written || f.Space == made {
				own = f.Space
			}
			switch {
			case stage != whole && !l.staged:
			case f.Op == analyzers.OpSource || f.Op == analyzers.OpBlock:
				steps = append(steps, at(stage, f.Step))
			case own == stage:
				steps = append(steps, f.Step)
			}
		}
	}
	return steps
}

// at returns the step that takes in of a file what a stage of its variables is.
func at(stage string, s analyzers.Step) analyzers.Step {
	if s.Op == analyzers.OpBlock {
		s.Steps = []analyzers.Step{at(stage, s.Steps[0])}
		return s
	}
	ref := s.Refers()
	ref.Name = stage
	s.Ref = &ref
	return s
}

// computes reports whether a step looks something up under a name that is computed.
func computes(s analyzers.Step) bool {
	return slices.ContainsFunc(s.Value.Parts, func(part analyzers.Part) bool { return isSecret(part) && part.Hole.Computed != nil })
}

func (l *loader) play(steps []analyzers.Step) {
	folder := path.Dir(l.file)
	l.roles = []string{path.Join(folder, "roles"), path.Join(folder, "../roles")}
	l.settings(folder)
	l.steps(steps, folder)
	folders := []string{folder}
	for _, i := range l.inventories.all {
		if !slices.Contains(folders, i.folder()) {
			folders = append(folders, i.folder())
		}
	}
	const says = "its hosts have these variables"
	for i, folder := range folders {
		all, group, host := inventoryAll, inventoryGroup, inventoryHost
		if i == 0 {
			all, group, host = playbookAll, playbookGroup, playbookHost
		}
		sure := func(file string) bool { // that the play is for it, and runs with the inventory
			return (i == 0 || len(folders) == 2 || environ.Path(folder) != 0) && (ofGroup(file, everyHost) || len(l.group) == 1 && ofGroup(file, l.group[0]))
		}
		l.find(path.Join(folder, "group_vars", "{all,all.*}"), all, l.at, says, sure)
		l.find(path.Join(folder, "group_vars", "all/**/*"), all, l.at, says, sure)
		l.find(path.Join(folder, "group_vars", "**/*"), group, l.at, says, sure)
		l.find(path.Join(folder, "host_vars", "**/*"), host, l.at, says, sure)
	}
}

// steps does what a play, or a role, in a folder says.
func (l *loader) steps(steps []analyzers.Step, folder string) {
	for _, s := range steps {
		text, _ := s.Refers().Path.Text()
		switch {
		case s.Op == analyzers.OpSet || s.Op == analyzers.OpRead:
			l.found = append(l.found, ranked{playOwn, s})
			l.staged = l.staged || computes(s)
		case s.Name == runs:
			l.group = append(l.group, means(text)...)
		case s.Name == loads || s.Name == includes:
			of := playFiles
			if s.Name == includes {
				of = included
			}
			pattern := path.Join(folder, "{"+fill(text)+",vars/"+fill(text)+"}")
			l.find(pattern, of, s.At, "loads variables from it", func(string) bool { return !strings.Contains(pattern, "*") })
		case s.Name == follows:
			l.tasks(path.Join(folder, "{"+fill(text)+",tasks/"+fill(text)+"}"), "")
		case s.Name == takes:
			l.role(text, s.At)
		}
	}
}

// role takes one in: its variables, and what its tasks, its handlers and its templates look up; so it does with those that it depends on or includes.
func (l *loader) role(name string, at detectors.Place) {
	computed := strings.Contains(name, "{{")
	for _, root := range l.roles {
		folder := path.Join(root, fill(name))
		for kind, of := range []rank{roleDefaults, roleOwn} {
			folder := path.Join(folder, [...]string{"defaults", "vars"}[kind])
			if l.taken[folder] {
				continue
			}
			l.taken[folder] = true
			l.find(path.Join(folder, "**/*.{yml,yaml}"), of, at, "takes the role "+name+" in", func(file string) bool {
				return strings.HasPrefix(strings.TrimPrefix(file, folder), "/main") && !computed
			})
		}
		if computed {
			continue
		}
		l.tasks(path.Join(folder, "{tasks,handlers,meta,templates}/**/*"), folder)
	}
}

// tasks takes in those of files that fit a pattern, once. They see what lies in a folder, or else beside their file.
func (l *loader) tasks(pattern, folder string) {
	if strings.HasPrefix(pattern, "..") {
		return
	}
	for _, file := range l.index.Match(pattern) {
		steps, apart := variablesIn(l.index, file)
		if !apart || l.taken[file] || l.files > maxFiles {
			continue
		}
		l.taken[file], l.loads[file] = true, true
		l.files++
		l.steps(steps, cmp.Or(folder, path.Dir(file)))
	}
}

// settings takes in those of the nearest folder that has some.
func (l *loader) settings(folder string) {
	for {
		if file := path.Join(folder, ansible.ConfigFile); l.index.Exists(file) {
			step := analyzers.Step{Op: analyzers.OpSource, At: l.at, Ref: new(analyzers.PathTo(file, "", l.at)), Optional: true, Says: "runs with these settings"}
			l.found = append(l.found, ranked{included, step})
			for _, f := range l.index.Facts(file) {
				for i := range f.Programs {
					for _, s := range f.Programs[i].Steps {
						if f.Programs[i].Name == ansible.Roles && !slices.Contains(l.roles, s.Name) {
							l.roles = append(l.roles, s.Name)
						}
					}
				}
			}
			return
		}
		if folder == "." {
			return
		}
		folder = path.Dir(folder)
	}
}

var jinja = lazyregexp.New(`\{\{[^}]*\}\}`)

// fill returns a path as a pattern, with anything for the variables in it.
func fill(text string) string {
	text = strings.NewReplacer("*", "", "?", "", "[", "", "]", "", ",", "").Replace(text)
	text = strings.TrimPrefix(strings.ReplaceAll(text, "{{ playbook_dir }}/", ""), "{{playbook_dir}}/")
	return strings.NewReplacer("{", "", "}", "").Replace(jinja.ReplaceAllString(text, "*"))
}

// find loads the files that fit a pattern, each in the runs that its path is for. Of one that is not sure to be loaded nothing is overridden: the
// variables of one host are not those of others, and of several files that a name with variables in it can mean, one is loaded.
func (l *loader) find(pattern string, of rank, at detectors.Place, says string, sure func(file string) bool) {
	if strings.HasPrefix(pattern, "..") {
		return
	}
	var files []string
	means := map[string]detectors.Environment{}
	count := map[detectors.Environment]int{}
	for _, file := range l.index.Match(pattern) {
		if l.files > maxFiles {
			l.found = append(l.found, ranked{of, analyzers.Step{
				Op: analyzers.OpGap, At: at, Says: "the play loads too many files to follow; what the rest of them hold is not known",
			}})
			break
		}
		steps, apart := variablesIn(l.index, file)
		if all := ofGroup(file, everyHost); apart || !l.concerns(file) || all && (of == inventoryGroup || of == playbookGroup) {
			continue
		}
		if strings.Contains(pattern, "*") {
			means[file] = l.environments(file)
		}
		l.files++
		l.loads[file] = true
		l.staged = l.staged || slices.ContainsFunc(steps, computes)
		files = append(files, file)
		count[means[file]]++
	}
	host := of == inventoryHost || of == playbookHost
	for _, file := range files {
		step := analyzers.Step{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(file, "", at)), Optional: true, Says: says}
		under := func(guard analyzers.Guard) {
			step = analyzers.Step{Op: analyzers.OpBlock, At: at, Guard: &guard, Steps: []analyzers.Step{step}}
		}
		environments := means[file]
		if host || !sure(file) && (environments == 0 || count[environments] > 1) {
			under(analyzers.Guard{Value: matrix.OneOf(at, nil)})
		}
		if environments != 0 {
			under(analyzers.Guard{Value: matrix.Run(at), Patterns: environments.Names()})
		}
		l.found = append(l.found, ranked{of, step})
	}
}

// variablesIn returns the steps by which a file's variables are set, at the last stage, or apart from these those that its tasks do.
func variablesIn(index analyzers.Index, file string) (steps []analyzers.Step, apart bool) {
	for _, f := range index.Facts(file) {
		if f.Analyzer == name && len(f.Units) == 0 && len(f.Programs) > 0 {
			return f.Programs[0].Steps, f.Programs[0].Apart
		}
	}
	return nil, false
}

// unused returns a gap at the first look-up of every file of variables that no play loads.
func unused(index analyzers.Index, loaded map[string]bool) []*analyzers.Facts {
	var all []*analyzers.Facts
	for _, file := range index.All() {
		if loaded[file] {
			continue
		}
		steps, apart := variablesIn(index, file)
		for _, s := range steps {
			if slices.ContainsFunc(s.Value.Parts, isSecret) {
				gap := analyzers.Gap{At: s.Value.At, Says: "a variable looks a secret up once something uses it; no play that loads the file is known"}
				if apart {
					gap.Says = "a task or a template looks a secret up; no play that takes it in is known"
				}
				all = append(all, &analyzers.Facts{Path: file, Analyzer: name, Gaps: []analyzers.Gap{gap}})
				break
			}
		}
	}
	return all
}

// means returns the groups and hosts that a pattern of hosts can mean.
// https://docs.ansible.com/projects/ansible/latest/inventory_guide/intro_patterns.html
func means(pattern string) []string {
	var names []string
	for _, one := range strings.FieldsFunc(pattern, func(r rune) bool { return strings.ContainsRune(":, ", r) }) {
		if !strings.HasPrefix(one, "!") {
			names = append(names, strings.TrimPrefix(one, "&"))
		}
	}
	return names
}

// owner returns the group or the host whose variables a file holds, "" if it holds nobody's.
func owner(file string) (name string, host bool) {
	_, rest, group := strings.Cut(file, "group_vars/")
	if !group {
		if _, rest, host = strings.Cut(file, "host_vars/"); !host {
			return "", false
		}
	}
	name, _, folder := strings.Cut(rest, "/")
	if ext := path.Ext(name); !folder && (ext == ".yml" || ext == ".yaml" || ext == ".json") {
		name = strings.TrimSuffix(name, ext)
	}
	return name, host
}

func ofGroup(file, group string) bool {
	name, host := owner(file)
	return name == group && !host
}

// environments returns those that a file of variables is for, by its path, or by what the inventories say of its group or host.
func (l *loader) environments(file string) detectors.Environment {
	if env := environ.Path(file) &^ detectors.Test; env != 0 {
		return env
	}
	if name, _ := owner(file); l.inventories.knows(name) {
		if means := l.inventories.of(name); means.known {
			return means.environments
		}
	}
	return 0
}

// concerns reports whether a file of a group's or a host's variables can be one of the play's hosts': by the inventories, where they know both; else any of a
// host or of a group that is named for an environment, and those of the groups that it is for.
func (l *loader) concerns(file string) bool {
	name, host := owner(file)
	if name == "" || name == everyHost && !host || slices.ContainsFunc(l.group, func(g string) bool { return g == everyHost || g == name || strings.ContainsAny(g, "{*~[") }) {
		return true
	}
	if l.inventories.knows(name) && slices.ContainsFunc(l.group, l.inventories.knows) {
		return l.inventories.near(l.group)[name]
	}
	return host || environ.Value(name) != 0 || slices.ContainsFunc(l.group, func(g string) bool { return environ.Value(g) != 0 })
}
