package npm

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads package.json.
var Analyzer = &analyzers.Analyzer{
	Name:    "npm",
	Doc:     "Reads the scripts of package.json, Deno's tasks, and what TypeScript's configuration calls modules.",
	Version: 3,
	Files:   []string{"**/package.json", "**/deno.json", "**/deno.jsonc", "**/tsconfig.json", "**/tsconfig.*.json", "**/jsconfig.json"},
	Run:     run,
}

func run(pass *analyzers.Pass) error {
	root, err := tree.JSON(pass.Data)
	configures := strings.HasPrefix(path.Base(pass.Path), "tsconfig.") || path.Base(pass.Path) == "jsconfig.json"
	switch {
	case configures && err == nil:
		aliases(pass, root.Get("compilerOptions"))
		return nil
	case configures:
		return nil
	case err != nil:
		pass.Gap(pass.At(0, 0), "the file is no JSON; its scripts are not seen")
		return nil
	}
	if strings.HasPrefix(path.Base(pass.Path), "deno.") {
		tasks(pass, root.Get("tasks"))
		return nil
	}
	p := &manifest{pass: pass, name: root.Get("name").Str(), scripts: map[string]*tree.Node{}}
	p.entries(root)
	for _, s := range root.Get("scripts").Keys() {
		if s.Kind == tree.String && !slices.Contains(p.names, s.Key) {
			p.names = append(p.names, s.Key)
			p.scripts[s.Key] = root.Get("scripts", s.Key) // of a key that is written twice the last counts
		}
	}
	for _, name := range p.names {
		p.script(p.scripts[name])
	}
	return nil
}

// manifest is a package.json.
type manifest struct {
	pass    *analyzers.Pass
	name    string
	names   []string // of the scripts, in the order of the file
	scripts map[string]*tree.Node
}

// entries says which files of the package its name stands for, for those that import it: a name for each path behind the package's, with the
// file that is meant. https://nodejs.org/api/packages.html#package-entry-points
func (p *manifest) entries(root *tree.Node) {
	if p.name == "" {
		return
	}
	at := p.pass.At(0, 0)
	program := analyzers.Program{Name: "@npm/package/" + p.name, At: at}
	var add func(key string, n *tree.Node)
	add = func(key string, n *tree.Node) {
		if n == nil {
			return
		}
		if n.Kind == tree.String && room(p.pass, program.Steps) {
			file := analyzers.Value{Parts: []analyzers.Part{{Text: n.Str()}}}
			program.Steps = append(program.Steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: key, Value: file})
			return
		}
		for _, inner := range n.Keys() {
			if strings.HasPrefix(inner.Key, ".") {
				add(inner.Key, inner)
			} else { // a condition
				add(key, inner)
			}
		}
	}
	for _, field := range []string{"source", "exports", "module", "main", "types"} {
		add(".", root.Get(field))
	}
	p.pass.Facts.Programs = append(p.pass.Facts.Programs, program)
}

// maxEntries bounds the files that a package's name can stand for.
const maxEntries = 200

// room reports whether a name may stand for more files than these. That it may not is a gap, once.
func room(pass *analyzers.Pass, files []analyzers.Step) bool {
	if len(files) < maxEntries {
		return true
	}
	g := analyzers.Gap{At: pass.At(0, 0), Says: "the names that modules are imported by are too many to follow; what the rest of them are is not known"}
	if !slices.Contains(pass.Facts.Gaps, g) {
		pass.Facts.Gaps = append(pass.Facts.Gaps, g)
	}
	return false
}

// aliases says which files modules are that are imported by names of the repository's own: a name, which may hold a star, for each path that it stands
// for. https://www.typescriptlang.org/tsconfig/#paths
func aliases(pass *analyzers.Pass, options *tree.Node) {
	at := pass.At(0, 0)
	program := analyzers.Program{Name: "@npm/alias/" + path.Dir(pass.Path), At: at}
	base := options.Get("baseUrl").Str()
	add := func(name, file string) {
		if room(pass, program.Steps) {
			value := analyzers.Value{Parts: []analyzers.Part{{Text: path.Join(path.Dir(pass.Path), base, file)}}}
			program.Steps = append(program.Steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: value})
		}
	}
	for _, name := range options.Get("paths").Keys() {
		for _, file := range name.Elements() {
			if file.Kind == tree.String && file.Str() != "" {
				add(name.Key, file.Str())
			}
		}
	}
	if base != "" {
		add("*", "*")
	}
	if len(program.Steps) > 0 {
		pass.Facts.Programs = append(pass.Facts.Programs, program)
	}
}

// tasks adds Deno's tasks, each a command or an object with one.
func tasks(pass *analyzers.Pass, list *tree.Node) {
	p := &manifest{pass: pass}
	for _, s := range list.Keys() {
		line := s
		if s.Kind != tree.String {
			line = s.Get("command")
		}
		if line == nil || line.Kind != tree.String {
			continue
		}
		program, signs := p.read(s, line)
		p.add(s, program, signs)
	}
}

// script adds the program and the unit of a script.
func (p *manifest) script(s *tree.Node) {
	program, signs := p.read(s, s)
	program.Steps = slices.Concat(p.hook("pre"+s.Key), program.Steps, p.hook("post"+s.Key))
	p.add(s, program, signs)
	p.share(s.Key, program)
}

// read returns the program of the script s, whose command is the string line, and its signs.
func (p *manifest) read(s, line *tree.Node) (analyzers.Program, []analyzers.Sign) {
	text, offsets := unescape(p.pass.Data, line.Span.Start, line.Span.End)
	steps, signs := shell.Read(p.pass, text, 0, shell.Options{
		Name:    "script " + s.Key,
		Map:     func(offset int) int { return offsets[max(0, min(offset, len(offsets)-1))] },
		Scripts: p.names,
	})
	at := p.pass.At(s.KeySpan.Start, s.KeySpan.End)
	return analyzers.Program{Name: s.Key, At: at, Dir: folder(p.pass.Path), Steps: steps}, signs
}

// add adds a script's program and unit.
func (p *manifest) add(s *tree.Node, program analyzers.Program, signs []analyzers.Sign) {
	p.pass.Facts.Programs = append(p.pass.Facts.Programs, program)
	if e := environ.Identifier(s.Key); e != 0 {
		named := analyzers.Sign{Class: analyzers.Selector, Environments: e, Says: "its name says " + e.String(), At: program.At}
		signs = append([]analyzers.Sign{named}, signs...)
	}
	p.pass.Facts.Units = append(p.pass.Facts.Units, analyzers.Unit{
		ID: p.pass.Path + "#" + s.Key, Name: s.Key, Kind: "package-script", At: program.At, Signs: signs,
		Runs: analyzers.PathTo(p.pass.Path, s.Key, program.At),
	})
}

// hook returns the step that runs a script before or after another one, if there is such.
func (p *manifest) hook(name string) []analyzers.Step {
	s, ok := p.scripts[name]
	if !ok {
		return nil
	}
	at := p.pass.At(s.KeySpan.Start, s.KeySpan.End)
	return []analyzers.Step{{Op: analyzers.OpRun, At: at, Ref: new(analyzers.PathTo(p.pass.Path, name, at))}}
}

// share makes the script known in the whole repository: by the package's name and its own, and among those of every package.
func (p *manifest) share(script string, program analyzers.Program) {
	runs := []analyzers.Step{{Op: analyzers.OpRun, At: program.At, Ref: new(analyzers.PathTo(p.pass.Path, script, program.At))}}
	names := []string{"@npm/*/" + script}
	if p.name != "" {
		names = append(names, "@npm/"+p.name+"/"+script)
	}
	for _, name := range names {
		p.pass.Facts.Programs = append(p.pass.Facts.Programs, analyzers.Program{Name: name, At: program.At, Steps: runs})
	}
}

// folder returns the folder of a file, empty for the root.
func folder(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return ""
}

// escapes are JSON's escapes of one letter.
var escapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', '"': '"', '\\': '\\', '/': '/'}

// unescape returns the text of a JSON string and where in the file each of its bytes is written, and where the string ends.
func unescape(data []byte, start, end int) (text []byte, offsets []int) {
	for i := start; i < end; {
		if data[i] != '\\' || i+1 >= end {
			text, offsets = append(text, data[i]), append(offsets, i)
			i++
			continue
		}
		size := 2
		decoded := []byte{escapes[data[i+1]]}
		if data[i+1] == 'u' {
			size = min(6, end-i)
			decoded = []byte(unicodeEscape(string(data[i+2 : i+size])))
		}
		for _, b := range decoded {
			text, offsets = append(text, b), append(offsets, i)
		}
		i += size
	}
	return text, append(offsets, end)
}

// unicodeEscape returns the character with a hexadecimal number. Halves of pairs become the replacement character.
func unicodeEscape(digits string) string {
	var r rune
	for _, c := range strings.ToLower(digits) {
		r <<= 4
		switch {
		case '0' <= c && c <= '9':
			r |= c - '0'
		case 'a' <= c && c <= 'f':
			r |= c - 'a' + 10
		}
	}
	return string(r)
}
