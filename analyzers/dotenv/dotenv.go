package dotenv

import (
	"bytes"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads dotenv files.
var Analyzer = &analyzers.Analyzer{
	Name:    "dotenv",
	Doc:     "Reads files of environment variables: .env and its kin.",
	Version: 3,
	Files:   []string{"**/*.env", "**/.env.*", "**/.dev.vars", "**/.dev.vars.*", "**/.flaskenv"},
	Sniff:   sniff,
	Run:     run,
}

// sniff takes the files that are only called like a dotenv file (env.staging, app.env.example) or lie in a folder of such (env/prod,
// .envs/.production/.django) if their first assignment looks like one, and files called otherwise that hold nothing but assignments: whoever
// loads or sources a file says what it is.
func sniff(p string, head []byte) bool {
	base := path.Base(p)
	if plain[strings.ToLower(path.Ext(base))] && onlyAssigns(head) {
		return true
	}
	named := strings.HasPrefix(base, "env.") || strings.Contains(base, ".env.")
	if !named && (!inFolder(p) || path.Ext(base) != "" && path.Ext(base) != base) {
		return false
	}
	return dotenvName(p) && assigns(head)
}

// plain are the endings of settings that can be anything.
var plain = map[string]bool{"": true, ".conf": true, ".cfg": true, ".config": true, ".vars": true, ".secret": true, ".secrets": true, ".rc": true, ".list": true}

// onlyAssigns reports whether every whole line is an assignment with an equals sign right behind the name, a comment, or blank.
func onlyAssigns(head []byte) bool {
	p := parser{data: head}
	found := false
	for p.pos < len(head) {
		line := p.line()
		text := bytes.TrimSpace(head[line.Start:line.End])
		if len(text) == 0 || text[0] == '#' || line.End == len(head) && found {
			continue // the last line may be cut off
		}
		a, ok := p.assignment(line)
		if !ok || a.alone || head[a.name.End] != '=' {
			return false
		}
		found = true
	}
	return found
}

// inFolder reports whether the file lies in a folder of dotenv files.
func inFolder(p string) bool {
	for folder := range strings.SplitSeq(path.Dir(p), "/") {
		switch folder {
		case "env", "envs", ".env", ".envs":
			return true
		}
	}
	return false
}

// foreign are the endings of files that are called after an environment or a framework's env and hold something else.
var foreign = map[string]bool{
	".c": true, ".cjs": true, ".cs": true, ".css": true, ".dart": true, ".ejs": true, ".ex": true, ".exs": true, ".go": true, ".gpg": true,
	".hcl": true, ".html": true, ".java": true, ".js": true, ".json": true, ".jsx": true, ".kt": true, ".lua": true, ".md": true,
	".mdx": true, ".mjs": true, ".php": true, ".ps1": true, ".py": true, ".rb": true, ".rs": true, ".scala": true, ".sql": true,
	".svelte": true, ".swift": true, ".tf": true, ".toml": true, ".ts": true, ".tsx": true, ".vue": true, ".xml": true, ".yaml": true,
	".yml": true, ".zip": true,
}

// dotenvName reports whether a file so called can be one of assignments.
func dotenvName(p string) bool {
	return !foreign[strings.ToLower(path.Ext(p))] || path.Ext(p) == path.Base(p)
}

// assigns reports whether the first line that is no comment is an assignment.
func assigns(head []byte) bool {
	p := parser{data: head}
	for p.pos < len(head) {
		line := p.line()
		if text := bytes.TrimSpace(head[line.Start:line.End]); len(text) > 0 && text[0] != '#' {
			a, ok := p.assignment(line)
			return ok && !a.alone
		}
	}
	return false
}

func run(pass *analyzers.Pass) error {
	if !dotenvName(pass.Path) {
		return nil
	}
	if bytes.HasPrefix(pass.Data, []byte{0xff, 0xfe}) || bytes.HasPrefix(pass.Data, []byte{0xfe, 0xff}) {
		pass.Gap(pass.At(0, 0), "the file is UTF-16, which readers of dotenv files do not read; save it as UTF-8")
		return nil
	}
	program := analyzers.Program{At: pass.At(0, 0)}
	cipher := ciphertext{}
	p := parser{data: pass.Data, pos: markLength(pass.Data)}
	for p.pos < len(p.data) {
		a, ok := p.assignment(p.line())
		if !ok {
			continue
		}
		program.Steps = append(program.Steps, step(pass, a))
		cipher.add(pass.Data, a)
	}
	pass.Facts.Programs = []analyzers.Program{program}
	pass.Facts.Cipher = cipher.all()
	pass.Facts.Mentions = mentions(pass, program.Steps)
	return nil
}

// mentions returns what the file's name and its variables that select an environment say of environments.
func mentions(pass *analyzers.Pass, steps []analyzers.Step) []analyzers.Sign {
	var signs []analyzers.Sign
	if e := environ.Path(pass.Path); e != 0 {
		signs = append(signs, analyzers.Sign{
			Class: analyzers.File, Environments: e, Says: "a file of variables for " + e.String(), At: pass.At(0, 0),
		})
	}
	for _, s := range steps {
		text, known := s.Value.Text()
		if !known || !environ.Selector(s.Name) {
			continue
		}
		if e := environ.Value(text); e != 0 {
			signs = append(signs, analyzers.Sign{Class: code.ClassOf(s.Name), Environments: e, Says: s.Name + " says " + e.String(), At: s.At})
		}
	}
	return signs
}

// markLength returns the length of the byte order mark that the file begins with.
func markLength(data []byte) int {
	mark := []byte("\ufeff")
	if bytes.HasPrefix(data, mark) {
		return len(mark)
	}
	return 0
}

func step(pass *analyzers.Pass, a assignment) analyzers.Step {
	s := analyzers.Step{
		Op:     analyzers.OpSet,
		Name:   string(pass.Data[a.name.Start:a.name.End]),
		At:     pass.At(a.name.Start, a.name.End),
		Export: a.exported,
	}
	s.Value.At = pass.At(a.value.Start, a.value.End)
	switch {
	case a.alone:
		s.Value.Parts = []analyzers.Part{{Hole: hole(analyzers.Hole{Name: s.Name})}}
	case a.quote == '\'' || a.quote == '`':
		s.Value.Parts = text(pass.Data, a).Literal()
	default:
		syntax := interpolate.Syntax{Escape: '\\', Doubled: true, Hole: hole}
		s.Value.Parts = syntax.Parts(text(pass.Data, a))
	}
	if place, ok := s.Value.Text(); ok && strings.HasPrefix(place, "op://") { // https://developer.1password.com/docs/cli/secrets-environment-variables/
		s.Value.Parts = []analyzers.Part{{Hole: &analyzers.Hole{Space: detectors.OnePassword, Name: place, Store: detectors.OnePassword}}}
	}
	return s
}

// projectSpace is where a compose file's own variables are; those of a service's env_file may stand for them.
const projectSpace = "project"

// hole is a variable in a value: in an env_file of compose what the project has; else what the file, or the process that loads it, has
// under the name; else the default.
func hole(own analyzers.Hole) *analyzers.Hole {
	otherwise := analyzers.Value{Parts: []analyzers.Part{{Hole: &own}}}
	return &analyzers.Hole{Space: projectSpace, Name: own.Name, Default: &otherwise, Unset: own.Default == nil || own.Unset}
}

// ciphertext counts what a file's values are.
type ciphertext struct{ plain, encrypted int }

func (c *ciphertext) add(data []byte, a assignment) {
	name, value := string(data[a.name.Start:a.name.End]), string(data[a.value.Start:a.value.End])
	switch {
	case strings.HasPrefix(value, "encrypted:"), strings.HasPrefix(value, "ENC[AES256_GCM,"):
		c.encrypted++
	case value == "", strings.HasPrefix(name, "DOTENV_PUBLIC_KEY"), strings.HasPrefix(name, "sops_"):
	default:
		c.plain++
	}
}

// all reports whether every value is encrypted. One that is not may be a token, and then the file is no ciphertext.
func (c *ciphertext) all() bool { return c.encrypted > 0 && c.plain == 0 }

// text returns the assignment's value as it is read.
func text(data []byte, a assignment) interpolate.Text {
	raw := data[a.value.Start:a.value.End]
	if a.quote == '\'' || a.quote == '`' || !bytes.ContainsAny(raw, "\\\r") {
		return interpolate.Plain(string(raw), a.value.Start)
	}
	var t interpolate.Text
	for i := a.value.Start; i < a.value.End; {
		n, read := character(data[i:a.value.End], a.quote)
		t.Append(read, i, i+n)
		i += n
	}
	return t
}

// character returns how many bytes the first character is written in, and what it is read as. A backslash before a dollar sign is
// left for interpolation.
func character(raw []byte, quote byte) (int, string) {
	if raw[0] == '\r' && len(raw) > 1 && raw[1] == '\n' {
		return 2, "\n"
	}
	if raw[0] != '\\' || len(raw) == 1 || quote != '"' {
		return 1, string(raw[:1])
	}
	switch raw[1] {
	case 'n':
		return 2, "\n"
	case 'r':
		return 2, "\r"
	case 't':
		return 2, "\t"
	case '"', '\\':
		return 2, string(raw[1:2])
	}
	return 1, `\`
}
