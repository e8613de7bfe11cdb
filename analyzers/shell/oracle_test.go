package shell_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/shell"
)

// names are the variables that the generated scripts use.
var names = []string{"A", "B", "C"}

// fixtures are the files beside the generated scripts.
var fixtures = map[string]string{
	"plain.sh":  "A=plain\nB=sourced\n",
	"export.sh": "export A=given\nC=kept\n",
	"child.sh":  "#!/bin/bash\necho \"$*:${A-},${B-},${C-}\" >> log\n",
}

// TestBash compares the environments that the children of generated scripts have, as the steps say, with those that bash gives them.
func TestBash(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	rounds := 150
	if testing.Short() {
		rounds = 20
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range rounds {
		g := &generator{Rand: random}
		script := g.block(6, 0)
		got, want := simulated(t, script), observed(t, bash, script)
		if !slices.Equal(got, want) {
			t.Fatalf("script %d:\n%s\nsteps say: %q\nbash says: %q", i, script, got, want)
		}
	}
}

// TestFunctions does the same for variables of functions, with scripts that are written by hand.
func TestFunctions(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	for _, script := range []string{
		"A=one\nf() { local A=two; ./child.sh 1; export A; ./child.sh 2; }\nf\n./child.sh 3\nexport A\n./child.sh 4",
		"export A=one\nf() { local A=two; ./child.sh 1; }\nf\n./child.sh 2",
		"f() { local A=\"$1\" B; B=two; g; ./child.sh 1; }\ng() { local A=three; export A B; ./child.sh 2; }\nf one\n./child.sh 3",
		"f() { A=one; declare -g B=two; export A B; }\nf\n./child.sh 1",
		"set -a\nf() { local A=one; ./child.sh 1; }\nf\n./child.sh 2",
		"f() { [ \"$1\" = one ] || return 0; export A=two; }\nf two\n./child.sh 1\nf one\n./child.sh 2",
		"f() { shift; export A=$1 B=\"$*\"; }\nf one two\n./child.sh 1\nset -- three one\nexport C=$2\n./child.sh 2",
		"f() { while [ $# -gt 0 ]; do case \"$1\" in -a) A=$2; shift ;; -b) B=one ;; esac; shift; done; export A B; }\nf -b -a two\n./child.sh 1",
		"f() { for x in \"$@\"; do case $x in A=*) A=two ;; esac; done; export A; }\nf B=one A=three\n./child.sh 1",
		"f() { case $A in one) A=two ;; *) exit 1 ;; esac; export A; ./child.sh 1; }\nA=one\nf\n./child.sh 2",
		"trap './child.sh 2' EXIT\nexport A=one\n./child.sh 1",
		"printf -v A '%s-%s' one two\nexport A\n./child.sh 1",
		"read -r A <<< one\nexport B=$(cat <<END\ntwo\nEND\n)\n./child.sh 1",
	} {
		if got, want := simulated(t, script), observed(t, bash, script); !slices.Equal(got, want) {
			t.Errorf("%s\nsteps say: %q\nbash says: %q", script, got, want)
		}
	}
}

// generator writes scripts.
type generator struct {
	*rand.Rand
	calls, functions int
}

func (g *generator) name() string  { return names[g.IntN(len(names))] }
func (g *generator) value() string { return []string{"one", "two", "three"}[g.IntN(3)] }

func (g *generator) child() string {
	g.calls++
	return "./child.sh " + strconv.Itoa(g.calls)
}

// block returns some statements, each on a line.
func (g *generator) block(n, depth int) string {
	var b strings.Builder
	for range 1 + g.IntN(n) {
		b.WriteString(g.statement(depth) + "\n")
	}
	return b.String() + g.child() + "\n"
}

func (g *generator) statement(depth int) string {
	kinds := 20
	if depth < 2 {
		kinds = 30
	}
	switch g.IntN(kinds) {
	case 0, 1:
		return g.name() + "=" + g.value()
	case 2:
		return "export " + g.name() + "=" + g.value()
	case 3:
		return "export " + g.name()
	case 4:
		return "unset " + g.name()
	case 5:
		return "set -a"
	case 6:
		return "set +a"
	case 7:
		return g.name() + "=" + g.value() + " " + g.child()
	case 8:
		return "env " + g.name() + "=" + g.value() + " " + g.child()
	case 9:
		return ". ./plain.sh"
	case 10:
		return "source ./export.sh"
	case 11:
		return g.name() + "=\"$" + g.name() + "\""
	case 12:
		return g.name() + "=${" + g.name() + ":-" + g.value() + "}"
	case 13:
		return g.name() + "=$(echo " + g.value() + "$" + g.name() + ")"
	case 14:
		if depth > 0 {
			return "true" // in a function declare makes a variable of its own; see the table of functions
		}
		return "declare -x " + g.name() + "=" + g.value()
	case 15:
		return "eval \"" + g.name() + "=" + g.value() + "\""
	case 16:
		return "bash -c '" + g.name() + "=" + g.value() + "; " + g.child() + "'"
	case 17:
		return "export " + g.name() + "=\"$" + g.name() + g.value() + "\""
	case 18:
		return "export -n " + g.name()
	case 19:
		return "env -i " + g.name() + "=\"$" + g.name() + "\" " + g.child()
	case 20, 21:
		return "(\n" + g.block(3, depth+1) + ")"
	case 22:
		return "{\n" + g.block(3, depth+1) + "}"
	case 23:
		return "if [ \"$" + g.name() + "\" = " + g.value() + " ]; then\n" + g.statement(2) + "\nelse\n" + g.statement(2) + "\nfi"
	case 24:
		return "case \"$" + g.name() + "\" in\none) " + g.statement(2) + " ;;\nt*) " + g.statement(2) + " ;;\n*) " + g.statement(2) + " ;;\nesac"
	case 25:
		return "[[ $" + g.name() + " != " + g.value() + " ]] && " + g.statement(2)
	case 26:
		return "[ \"$" + g.name() + "\" = " + g.value() + " ] || " + g.statement(2)
	case 27:
		g.functions++
		f := "f" + strconv.Itoa(g.functions)
		return f + "() {\n" + g.name() + "=\"$1\"\n" + g.block(2, depth+1) + "}\n" + f + " " + g.value()
	case 28:
		if depth > 0 {
			return "true" // what follows a shell that may have ended inside an arm is read as happening
		}
		return "if [ \"$" + g.name() + "\" = " + g.value() + " ]; then\n" + g.child() + "\nexit 1\nfi"
	}
	return "bash <<'END'\n" + g.block(2, 2) + "END"
}

// observed runs a script and returns what its children had.
func observed(t *testing.T, bash, script string) []string {
	dir := t.TempDir()
	for name, text := range fixtures {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(bash, "-c", script)
	c.Dir, c.Env = dir, []string{"PATH=" + os.Getenv("PATH")}
	out, err := c.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited || len(out) > 0 && strings.Contains(string(out), "syntax") {
		t.Fatalf("bash: %v\n%s\n%s", err, out, script)
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	return strings.Fields(string(log))
}

// simulated does the steps of a script and returns what its children have.
func simulated(t *testing.T, script string) []string {
	s := &simulation{programs: map[string][]analyzers.Step{}}
	for name, text := range fixtures {
		s.read(t, name, text)
	}
	s.read(t, "script.sh", script)
	p := &process{simulation: s, env: map[string]variable{}, spaces: map[string]map[string]string{}}
	p.run(s.programs["script.sh#"])
	return s.log
}

// simulation executes steps of which every value is known.
type simulation struct {
	programs map[string][]analyzers.Step
	log      []string
}

func (s *simulation) read(t *testing.T, name, text string) {
	pass := analyzers.NewPass("shell", name, []byte(text))
	if err := shell.Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	for _, g := range pass.Facts.Gaps {
		t.Fatalf("%s:%d: %s\n%s", name, g.At.Line, g.Says, text)
	}
	for _, p := range pass.Facts.Programs {
		s.programs[name+"#"+p.Name] = p.Steps
	}
}

type variable struct {
	text          string
	set, exported bool
}

type process struct {
	*simulation
	env    map[string]variable
	spaces map[string]map[string]string
	all    bool
}

func (p *process) run(steps []analyzers.Step) {
	for _, s := range steps {
		p.step(s)
	}
}

func (p *process) step(s analyzers.Step) {
	switch s.Op {
	case analyzers.OpSet:
		p.set(s)
	case analyzers.OpUnset:
		delete(p.env, s.Name)
	case analyzers.OpExport:
		if s.Name == "" {
			p.all = s.Export
			return
		}
		v := p.env[s.Name]
		v.exported = s.Export
		p.env[s.Name] = v
	case analyzers.OpSource:
		p.run(p.program(s.Refers()))
	case analyzers.OpBlock:
		if s.Guard == nil || p.holds(*s.Guard) {
			before := maps.Clone(p.env)
			p.run(s.Steps)
			for _, name := range s.Own {
				p.env[name] = before[name]
			}
		}
	case analyzers.OpRun:
		p.child(s)
	}
}

func (p *process) set(s analyzers.Step) {
	text := p.text(s.Value)
	if s.Space != "" {
		if p.spaces[s.Space] == nil {
			p.spaces[s.Space] = map[string]string{}
		}
		p.spaces[s.Space][s.Name] = text
		return
	}
	old := p.env[s.Name]
	if s.IfUnset && old.set {
		return
	}
	p.env[s.Name] = variable{text, true, s.Export || p.all || old.exported}
}

func (p *process) program(r analyzers.Ref) []analyzers.Step {
	return p.programs[strings.TrimPrefix(p.text(r.Path), "./")+"#"+r.Name]
}

// child does a step OpRun as it is documented.
func (p *process) child(s analyzers.Step) {
	c := &process{simulation: p.simulation, env: map[string]variable{}, spaces: map[string]map[string]string{}}
	for name, m := range p.spaces {
		c.spaces[name] = maps.Clone(m)
	}
	inline := len(s.Refers().Path.Parts) == 0
	for name, v := range p.env {
		if !s.Isolated && (inline || v.exported && v.set) {
			c.env[name] = v
		}
	}
	if inline {
		c.all = p.all
		c.run(s.Steps)
		return
	}
	given := &process{simulation: p.simulation, env: maps.Clone(p.env), spaces: c.spaces}
	for _, one := range s.Steps {
		given.step(one)
		if one.Space == "" {
			v := given.env[one.Name]
			v.exported = true
			c.env[one.Name] = v
		}
	}
	args := map[string]string{}
	for i, a := range s.Refers().Args {
		args[strconv.Itoa(i+1)] = p.text(a)
	}
	if p.text(s.Refers().Path) == "./child.sh" {
		var has []string
		for _, name := range names {
			text := ""
			if c.env[name].exported {
				text = c.env[name].text
			}
			has = append(has, text)
		}
		p.log = append(p.log, fmt.Sprintf("%s:%s", args["1"], strings.Join(has, ",")))
		return
	}
	c.spaces["args"] = args
	c.run(p.program(s.Refers()))
}

func (p *process) text(v analyzers.Value) string {
	var b strings.Builder
	for _, part := range v.Parts {
		if part.Hole == nil {
			b.WriteString(part.Text)
			continue
		}
		text := p.spaces[part.Hole.Space][part.Hole.Name]
		if part.Hole.Space == "" {
			text = p.env[part.Hole.Name].text
		}
		if text == "" && part.Hole.Default != nil {
			text = p.text(*part.Hole.Default)
		}
		b.WriteString(text)
	}
	return b.String()
}

func (p *process) holds(g analyzers.Guard) bool {
	if len(g.Patterns) == 0 {
		return true
	}
	text := p.text(g.Value)
	matched := slices.ContainsFunc(g.Patterns, func(pattern string) bool {
		ok, err := filepath.Match(pattern, text)
		return ok && err == nil
	})
	return matched != g.Not
}
