package python

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// What modules have at their top stands in the map of the process under names with a hash in them, which no variable of the environment
// has: "creds#TOKEN" is TOKEN of creds.py, or of creds/__init__.py.

// moduleKey returns the name under which a file's module is known.
func moduleKey(file string) string {
	base := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if base == "__init__" {
		base = path.Base(path.Dir(file))
	}
	return base
}

// moduleValue is what a dotted name stands for that was imported: a module, or something in one. One that begins with a dot is relative.
func (s *source) moduleValue(full string) value {
	if standard[strings.SplitN(strings.TrimLeft(full, "."), ".", 2)[0]] && full[0] != '.' {
		return value{}
	}
	words := strings.Split(strings.TrimLeft(full, "."), ".")
	last := words[len(words)-1]
	if len(words) == 1 && full[0] != '.' {
		return value{module: last + "#"}
	}
	parent := path.Base(s.folder())
	if len(words) > 1 {
		parent = words[len(words)-2]
	}
	return value{module: parent + "#" + last, also: last + "#"}
}

// standard are modules that hold nothing of the repository's.
var standard = map[string]bool{
	"__future__": true, "abc": true, "argparse": true, "asyncio": true, "base64": true, "collections": true, "contextlib": true,
	"copy": true, "csv": true, "dataclasses": true, "datetime": true, "decimal": true, "enum": true, "functools": true, "glob": true,
	"hashlib": true, "hmac": true, "http": true, "importlib": true, "inspect": true, "io": true, "itertools": true, "json": true,
	"logging": true, "math": true, "multiprocessing": true, "operator": true, "os": true, "pathlib": true, "pickle": true, "platform": true,
	"pprint": true, "queue": true, "random": true, "re": true, "shlex": true, "shutil": true, "signal": true, "socket": true,
	"sqlite3": true, "ssl": true, "string": true, "subprocess": true, "sys": true, "tempfile": true, "textwrap": true, "threading": true,
	"time": true, "traceback": true, "types": true, "typing": true, "typing_extensions": true, "unittest": true, "urllib": true,
	"uuid": true, "warnings": true, "xml": true, "zipfile": true, "numpy": true, "pandas": true, "pytest": true, "requests": true,
	"httpx": true, "boto3": true, "yaml": true, "dotenv": true,
}

// imports walks the lines and notes what is imported, and from where.
func (s *source) imports() {
	for _, line := range s.lines {
		i := line.from
		switch {
		case s.is(i, "import"):
			s.importing(i+1, line.to)
		case s.is(i, "from"):
			s.importingFrom(i, line.to)
		}
	}
}

// importing reads import a.b as c, d.
func (s *source) importing(i, to int) {
	for i < to {
		full, next := s.dotted(i)
		if full == "" {
			return
		}
		if s.is(next, "as") {
			s.imported[s.text(next+1)] = full
			next += 2
		} else {
			first, _, _ := strings.Cut(full, ".")
			s.imported[full], s.imported[first] = full, first
		}
		s.take(i, 0, full, nil)
		if !s.is(next, ",") {
			return
		}
		i = next + 1
	}
}

// importingFrom reads from ..a.b import (c as d, e).
func (s *source) importingFrom(start, to int) {
	i := start + 1
	dots := 0
	for s.is(i, ".") || s.is(i, "...") {
		dots += len(s.text(i))
		i++
	}
	full := ""
	if !s.is(i, "import") {
		full, i = s.dotted(i)
	}
	if !s.is(i, "import") {
		return
	}
	if s.typeChecking(start) {
		return
	}
	var names []string
	for j := i + 1; j < to; j++ {
		name := s.name(j)
		if name == "" {
			continue
		}
		as := name
		if s.is(j+1, "as") {
			as = s.text(j + 2)
			j += 2
		}
		names = append(names, name)
		s.imported[as] = strings.Repeat(".", dots) + strings.TrimPrefix(full+"."+name, ".")
	}
	s.take(start, dots, full, names)
}

// typeChecking reports whether an import is one that only a type checker does.
func (s *source) typeChecking(i int) bool {
	line := s.toks[i].line
	for n := line - 1; n >= 0; n-- {
		if head := s.lines[n]; head.indent < s.lines[line].indent {
			return s.is(head.from, "if", "TYPE_CHECKING") || s.is(head.from, "if", "typing", ".", "TYPE_CHECKING")
		}
	}
	return false
}

// maxFolders bounds the folders above a file in which a module is looked for, and maxNames the names that can be modules.
const (
	maxFolders = 6
	maxNames   = 8
)

// take notes a module, and those of the names that are modules in it, as something that the program takes in.
func (s *source) take(i, dots int, full string, names []string) {
	if dots == 0 && standard[strings.SplitN(full, ".", 2)[0]] {
		return
	}
	relative := strings.ReplaceAll(full, ".", "/")
	t := taken{token: i, path: relative, rooted: dots == 0, endings: moduleEndings}
	if relative == "" {
		t.endings = moduleEndings[1:]
	}
	for _, name := range names[:min(len(names), maxNames)] {
		t.endings = append(t.endings[:len(t.endings):len(t.endings)], "/"+name+".py")
	}
	if dots > 0 {
		folder := s.folder()
		for range dots - 1 {
			folder = path.Dir(folder)
		}
		t.path = path.Join(folder, relative)
	}
	s.taken = append(s.taken, t)
}

var moduleEndings = []string{".py", "/__init__.py"}

// taken is a module that the program takes in.
type taken struct {
	token   int
	path    string
	rooted  bool // the path lies below one of the folders around the file
	endings []string
}

const importsIt = "imports it"

// roots returns the folders around a file below which its imports are looked for.
func roots(file string) (folders []string) {
	for folder := path.Dir(file); len(folders) < maxFolders; folder = path.Dir(folder) {
		folders = append(folders, folder)
		if folder == "." {
			break
		}
	}
	return folders
}

// takes makes the program take in what it imports.
func (s *source) takes() {
	for _, t := range s.taken {
		s.emit(t.token, importing, s.taking(t))
	}
}

// taking returns the step that takes a module in.
func (s *source) taking(t taken) analyzers.Step {
	var folders, endings [][]analyzers.Part
	if t.rooted {
		for _, folder := range roots(s.pass.Path) {
			folders = append(folders, []analyzers.Part{{Text: path.Join(folder, t.path)}})
		}
	} else {
		folders = append(folders, []analyzers.Part{{Text: t.path}})
	}
	for _, ending := range t.endings {
		endings = append(endings, []analyzers.Part{{Text: ending}})
	}
	parts := []analyzers.Part{code.Alternatives(folders...), code.Alternatives(endings...)}
	return analyzers.Step{
		Op: analyzers.OpSource, Ref: &analyzers.Ref{Path: analyzers.Value{At: s.place(t.token, t.token), Parts: parts}}, Optional: true, Says: importsIt,
	}
}

// settingsModule makes the program take in the settings that the environment names for Django.
// https://docs.djangoproject.com/en/stable/topics/settings/
func (s *source) settingsModule(i int) {
	s.configured = true
	at := s.place(i, i)
	named := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "DJANGO_SETTINGS_MODULE"}}}}
	s.emit(i, loading, analyzers.Step{
		Op: analyzers.OpSource, Ref: &analyzers.Ref{Path: named, Name: analyzers.ModuleOf}, Optional: true, Says: "its settings",
	})
}

// exports sets what the file has at its top: values, results of functions, attributes of classes.
func (s *source) exports() {
	keys := []string{moduleKey(s.pass.Path)}
	if strings.Contains(s.pass.Path, "settings") && keys[0] != "settings" {
		keys = append(keys, "settings") // as django.conf calls the module, whichever it is
	}
	done := map[string]bool{}
	for n, line := range s.lines {
		if line.indent > 0 {
			continue
		}
		i := line.from
		name := ""
		switch {
		case s.is(i, "def"):
			name = s.text(i + 1)
		case s.is(i, "class"):
			s.exportClass(keys, n)
			continue
		case s.name(i) != "" && (s.is(i+1, "=") || s.is(i+1, ":")):
			name = s.text(i)
		}
		if name == "" || done[name] {
			continue
		}
		done[name] = true
		for _, key := range keys {
			s.export(i, key+"#"+name, s.known(name, 0, 0), 0)
		}
	}
}

// exportClass sets the attributes of a class.
func (s *source) exportClass(keys []string, line int) {
	head := s.lines[line]
	name := s.text(head.from + 1)
	for n := line + 1; n < len(s.lines) && s.lines[n].indent > head.indent; n++ {
		i := s.lines[n].from
		if s.lines[n].indent > s.lines[line+1].indent || s.name(i) == "" || !s.is(i+1, "=") && !s.is(i+1, ":") {
			continue
		}
		for _, key := range keys {
			s.export(i, key+"#"+name+"."+s.text(i), s.known(name+"."+s.text(i), 0, 0), 0)
		}
	}
}

// export sets a name that other modules know, and the entries of one that is a dictionary.
func (s *source) export(i int, name string, v value, depth int) {
	if v.function != nil {
		v = s.result(v.function, 0)
	}
	const deepest = 4
	if v.object != 0 && depth < deepest {
		for _, m := range s.membersOf(v, 0) {
			if m.key != "" {
				s.export(m.token, name+"."+m.key, s.memberOf(v, m), depth+1)
			}
		}
	}
	if parts := v.whole(); code.Telling(parts) || code.Looked(parts) {
		s.emit(i, running, analyzers.Step{Op: analyzers.OpSet, Name: name, Value: s.of(i, code.Exported(parts))})
	}
}
