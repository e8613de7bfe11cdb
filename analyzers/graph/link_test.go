package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// The cases are programs in a small notation, one step a line, since what is tested is what steps mean and not how files are read:
//
//	A=one        set      export A=one     set and export      A?=one   set if unset
//	unset A      unset    export A         export the name     set -a / set +a
//	load f       load     load? f          load, first wins    source f
//	run f        run      run f with A=x   run with a set      box f    run isolated
//	read A       read     use $A           use                 call t   call of a program      read *   read of all names
//	if P … fi    a block guarded by the environment words P (of $ENV)
//
// In values @t is a token, $A a hole, and the rest a literal.
func parse(name, text string) (*analyzers.Facts, []Stand) {
	c := &compiler{file: name}
	program := analyzers.Program{Shell: strings.HasSuffix(name, ".sh")}
	var stack []*analyzers.Step
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		c.line = i + 1
		line = strings.TrimSpace(line)
		if line == "fi" {
			done := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if len(stack) == 0 {
				program.Steps = append(program.Steps, *done)
			} else {
				stack[len(stack)-1].Steps = append(stack[len(stack)-1].Steps, *done)
			}
			continue
		}
		step := c.step(line)
		switch {
		case step.Op == analyzers.OpBlock:
			stack = append(stack, &step)
		case len(stack) > 0:
			stack[len(stack)-1].Steps = append(stack[len(stack)-1].Steps, step)
		default:
			program.Steps = append(program.Steps, step)
		}
	}
	return &analyzers.Facts{Path: name, Programs: []analyzers.Program{program}}, c.stands
}

type compiler struct {
	file   string
	line   int
	offset int
	stands []Stand
}

func (c *compiler) at() detectors.Place {
	c.offset += 10
	return detectors.Place{Path: c.file, Line: c.line, Span: detectors.Span{Start: c.offset, End: c.offset + 5}}
}

func (c *compiler) value(text string) analyzers.Value {
	at := c.at()
	v := analyzers.Value{At: at}
	for word := range strings.SplitSeq(text, "+") {
		switch {
		case strings.HasPrefix(word, "@"):
			c.stands = append(c.stands, Stand{Token: word[1:], At: at})
			v.Parts = append(v.Parts, analyzers.Part{Span: at.Span})
		case strings.HasPrefix(word, "$"):
			v.Parts = append(v.Parts, analyzers.Part{Hole: &analyzers.Hole{Name: word[1:]}})
		default:
			v.Parts = append(v.Parts, analyzers.Part{Text: word})
		}
	}
	return v
}

func (c *compiler) step(line string) analyzers.Step {
	verb, rest, _ := strings.Cut(line, " ")
	s := analyzers.Step{At: detectors.Place{Path: c.file, Line: c.line}}
	switch verb {
	case "unset":
		s.Op, s.Name = analyzers.OpUnset, rest
	case "set":
		s.Op, s.Export = analyzers.OpExport, rest == "-a"
	case "load", "load?":
		s.Op, s.Ref, s.IfUnset, s.Export = analyzers.OpLoad, &analyzers.Ref{Path: c.value(rest)}, verb == "load?", true
	case "source":
		s.Op, s.Ref = analyzers.OpSource, &analyzers.Ref{Path: c.value(rest)}
	case "run", "box":
		file, with, given := strings.Cut(rest, " with ")
		s.Op, s.Ref, s.Isolated = analyzers.OpRun, &analyzers.Ref{Path: c.value(file)}, verb == "box"
		if given {
			set := c.step("export " + with)
			s.Steps = append(s.Steps, set)
		}
	case "read":
		s.Op = analyzers.OpRead
		s.Name, s.All = strings.CutSuffix(rest, "*")
	case "use":
		s.Op, s.Value = analyzers.OpUse, c.value(rest)
	case "call":
		s.Op, s.Sink = analyzers.OpCall, &detectors.Sink{Tool: rest}
	case "if":
		s.Op = analyzers.OpBlock
		s.Guard = &analyzers.Guard{Value: c.value("$ENV"), Patterns: strings.Split(strings.TrimPrefix(rest, "!"), "|"), Not: strings.HasPrefix(rest, "!")}
	case "export":
		s.Op, s.Name = analyzers.OpExport, rest
		if name, value, ok := strings.Cut(rest, "="); ok {
			s.Op, s.Name, s.Value, s.Export = analyzers.OpSet, name, c.value(value), true
		}
	default:
		name, value, _ := strings.Cut(line, "=")
		s.Op, s.Name, s.Value = analyzers.OpSet, strings.TrimSuffix(name, "?"), c.value(value)
		s.IfUnset = strings.HasSuffix(name, "?")
	}
	return s
}

func TestLinking(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		env   detectors.Environment
		want  string // what unit main.sh gets
	}{
		{"a read of what was set", map[string]string{"main.sh": "A=@t\nread A"}, 0, "t flow"},
		{"what is set and not read is loaded", map[string]string{"main.sh": "A=@t"}, 0, "t loaded"},
		{"a value that is overridden before anybody reads it is not loaded", map[string]string{"main.sh": "A=@t\nA=@s\nread A"}, 0, "s flow"},
		{"a value that is read before it is overridden", map[string]string{"main.sh": "A=@t\nread A\nA=@s\nread A"}, 0, "s flow, t flow"},
		{"unset before anybody reads", map[string]string{"main.sh": "A=@t\nunset A\nread A"}, 0, ""},
		{"a read of all names", map[string]string{"main.sh": "A=@t\nB=@s\nread *"}, 0, "s flow, t flow"},
		{"a mounted file is no name of the environment", map[string]string{"main.sh": "A=@t\n/keys/tls.key=@s\nread *"}, 0, "s loaded, t flow"},
		{"a name bound to a name", map[string]string{"main.sh": "A=@t\nB=x+$A\nread B"}, 0, "t flow"},
		{"binding is by value: a later change of A leaves B", map[string]string{"main.sh": "A=@t\nB=$A\nA=@s\nread B"}, 0, "s loaded, t flow"},
		{"a child sees what is exported", map[string]string{"main.sh": "export A=@t\nrun b.sh", "b.sh": "read A"}, 0, "t flow"},
		{"and not what is not", map[string]string{"main.sh": "A=@t\nrun b.sh", "b.sh": "read A"}, 0, "t loaded"},
		{"export after the assignment", map[string]string{"main.sh": "A=@t\nexport A\nrun b.sh", "b.sh": "read A"}, 0, "t flow"},
		{"export before the assignment", map[string]string{"main.sh": "export A\nA=@t\nrun b.sh", "b.sh": "read A"}, 0, "t flow"},
		{"set -a exports what follows", map[string]string{"main.sh": "set -a\nA=@t\nset +a\nrun b.sh", "b.sh": "read A"}, 0, "t flow"},
		{"and not what follows set +a", map[string]string{"main.sh": "set -a\nset +a\nA=@t\nrun b.sh", "b.sh": "read A"}, 0, "t loaded"},
		{"a child's assignment does not come back", map[string]string{"main.sh": "run b.sh\nread A", "b.sh": "export A=@t"}, 0, "t loaded"},
		{"a sourced file's does", map[string]string{"main.sh": "source b.sh\nread A", "b.sh": "A=@t"}, 0, "t flow"},
		{"a set for one command", map[string]string{"main.sh": "run b.sh with A=@t\nread A", "b.sh": "read A"}, 0, "t flow"},
		{"… is gone afterwards", map[string]string{"main.sh": "run b.sh with A=@t\nread A", "b.sh": "B=1"}, 0, "t loaded"},
		{"the last file loaded wins", map[string]string{"main.sh": "load a.env\nload b.env\nread A", "a.env": "A=@t", "b.env": "A=@s"}, 0, "s flow"},
		{"of one file the last wins without override", map[string]string{"main.sh": "load? a.env\nload? b.env\nread A", "a.env": "A=@t\nA=@s", "b.env": "A=@r"}, 0, "s flow"},
		{"the first wins without override", map[string]string{"main.sh": "load? a.env\nload? b.env\nread A", "a.env": "A=@t", "b.env": "A=@s"}, 0, "t flow"},
		{"A? leaves what is set", map[string]string{"main.sh": "A=@t\nA?=@s\nread A"}, 0, "t flow"},
		{"a box inherits nothing", map[string]string{"main.sh": "export A=@t\nbox b.sh", "b.sh": "read A"}, 0, "t loaded"},
		{"but what it is given", map[string]string{"main.sh": "A=@t\nbox b.sh with B=$A", "b.sh": "read B"}, 0, "t flow"},
		{"two callers with other values", map[string]string{"main.sh": "run b.sh with A=@t", "other.sh": "run b.sh with A=@s", "b.sh": "read A"}, 0, "t flow"},
		{"a block for another environment is left out", map[string]string{"main.sh": "if production\nA=@t\nfi\nif staging\nA=@s\nfi\nread A"}, detectors.Staging, "s flow"},
		{"… in each environment", map[string]string{"main.sh": "if production\nA=@t\nfi\nif staging\nA=@s\nfi\nread A"}, detectors.Production, "t flow"},
		{"not production", map[string]string{"main.sh": "if !production\nuse @t\nfi\nif !staging\nuse @s\nfi"}, detectors.Staging, "t flow"},
		{"what a name had before an undecided block it may still have", map[string]string{"main.sh": "A=@t\nif production\nA=@s\nfi\nread A"}, 0, "s flow, t flow"},
		{"and not after a decided one", map[string]string{"main.sh": "ENV=production\nA=@t\nif production\nA=@s\nfi\nread A"}, 0, "s flow"},
		{"either arm", map[string]string{"main.sh": "if production\nA=@t\nfi\nif !production\nA=@s\nfi\nread A"}, 0, "s flow, t flow"},
		{"without an environment both", map[string]string{"main.sh": "if production\nuse @t\nfi\nif staging\nuse @s\nfi"}, 0, "s flow, t flow"},
		{"a known value decides", map[string]string{"main.sh": "ENV=staging\nif production\nuse @t\nfi\nif staging\nuse @s\nfi"}, 0, "s flow"},
		{"a computed path with a known value", map[string]string{"main.sh": "E=staging\nload +.env.+$E\nread A", ".env.staging": "A=@s", ".env.production": "A=@t"}, 0, "s flow"},
		{"a computed path in an environment", map[string]string{"main.sh": "load .env.+$E\nread A", ".env.staging": "A=@s", ".env.production": "A=@t"}, detectors.Staging, "s flow"},
		{"a call takes what it documents, if exported", map[string]string{"main.sh": "export FLY=@t\ncall fly"}, 0, "t flow"},
		{"… and not otherwise", map[string]string{"main.sh": "FLY=@t\ncall fly"}, 0, "t loaded"},
		{"programs that run each other end", map[string]string{"main.sh": "A=@t\nrun main.sh\nrun b.sh", "b.sh": "run main.sh"}, 0, "t loaded"},
		{"files that source each other end", map[string]string{"main.sh": "source b.sh", "b.sh": "source main.sh\nA=@t"}, 0, "t loaded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := reach(link(t, c.files, c.env), "main.sh", c.env); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func link(t *testing.T, files map[string]string, env detectors.Environment) *Graph {
	t.Helper()
	in := input(files, env)
	g, err := Link(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	linkAgain(t, in, g)
	return g
}

func input(files map[string]string, env detectors.Environment) Input {
	index, stands := NewIndex(), map[string][]Stand{}
	for name, text := range files {
		facts, stood := parse(name, text)
		if strings.HasSuffix(name, ".sh") {
			facts.Units = []analyzers.Unit{{
				ID: name, Name: name, Kind: "script", At: detectors.Place{Path: name, Line: 1}, Runs: analyzers.PathTo(name, "", detectors.Place{}),
				Signs: []analyzers.Sign{{Class: analyzers.Declared, Environments: env}},
			}}
		}
		index.AddFile(name, true)
		index.AddFacts(facts)
		stands[name] = stood
	}
	return Input{
		Index: index, Stands: stands,
		Takes: func(s detectors.Sink) []string { return map[string][]string{"fly": {"FLY"}}[s.Tool] },
	}
}

func reach(g *Graph, unit string, env detectors.Environment) string {
	got := map[string]string{}
	for _, p := range g.Paths(unit, env, analyzers.Ambient) {
		got[p.Token] = p.Strength.String()
	}
	var parts []string
	for _, token := range slices.Sorted(maps.Keys(got)) {
		parts = append(parts, token+" "+got[token])
	}
	return strings.Join(parts, ", ")
}

// What lies in a module that was copied is run by what this repository runs it with, and is nothing by itself.
func TestVendored(t *testing.T) {
	index := NewIndex()
	for _, file := range []string{"vendor/example.com/a/run.sh", "vendor/run.sh", "api/vendor/example.com/run.sh", "vendor/assets/run.sh", "run.sh"} {
		index.AddFile(file, true)
		index.AddFacts(&analyzers.Facts{
			Path: file, Units: []analyzers.Unit{{ID: "unit:" + file, Runs: analyzers.PathTo(file, "", detectors.Place{Path: file})}},
			Gaps: []analyzers.Gap{{At: detectors.Place{Path: file}, Says: "a gap"}},
		})
	}
	g, err := Link(context.Background(), Input{Index: index})
	if err != nil {
		t.Fatal(err)
	}
	var units, gaps []string
	for _, u := range g.Units {
		units = append(units, u.ID)
	}
	for _, gap := range g.Gaps {
		gaps = append(gaps, gap.At.Path)
	}
	if want := []string{"unit:run.sh", "unit:vendor/assets/run.sh", "unit:vendor/run.sh"}; !slices.Equal(units[1:], want) {
		t.Errorf("units %v", units)
	}
	if want := []string{"run.sh", "vendor/assets/run.sh", "vendor/run.sh"}; !slices.Equal(gaps, want) {
		t.Errorf("gaps %v", gaps)
	}
}

// A folder of Go in which every file is a program costs what its files do: their square, for each program, would take minutes.
func TestFolderOfPrograms(t *testing.T) {
	index := NewIndex()
	for i := range 2000 {
		file := fmt.Sprintf("scripts/%04d.go", i)
		at := detectors.Place{Path: file}
		index.AddFile(file, true)
		index.AddFacts(&analyzers.Facts{
			Path: file,
			Programs: []analyzers.Program{{At: at, Steps: []analyzers.Step{
				{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo("package:.", "", at))}, {Op: analyzers.OpRun, At: at, Says: "runs a command"},
			}}},
			Units: []analyzers.Unit{{ID: "unit:" + file, Kind: "go-main", At: at, Runs: analyzers.PathTo(file, "", at)}},
		})
	}
	g, err := Link(context.Background(), Input{Index: index})
	if err != nil || len(g.Units) != 2001 {
		t.Errorf("%d units, %v", len(g.Units), err)
	}
}

// An unrelated file takes no path away and adds none to others' units.
func TestUnrelatedFile(t *testing.T) {
	files := map[string]string{"main.sh": "export A=@t\nrun b.sh", "b.sh": "read A"}
	before := reach(link(t, files, 0), "main.sh", 0)
	files["c.sh"] = "A=@s\nexport A\nrun b.sh"
	if after := reach(link(t, files, 0), "main.sh", 0); after != before {
		t.Errorf("%q, then %q", before, after)
	}
}

// Every file that a path passes through is in it.
func TestWitness(t *testing.T) {
	g := link(t, map[string]string{"main.sh": "source mid.sh\nread A", "mid.sh": "source .env", ".env": "A=@t"}, 0)
	paths := g.Paths("main.sh", 0, analyzers.Ambient)
	if len(paths) != 1 {
		t.Fatalf("%d paths", len(paths))
	}
	var got []string
	for _, h := range paths[0].Hops {
		got = append(got, fmt.Sprintf("%s %s:%d", h.Verb, h.At.Path, h.At.Line))
	}
	want := []string{"reads main.sh:2", "binds main.sh:1", "binds mid.sh:1", "holds .env:1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDoubtful(t *testing.T) {
	for _, c := range []struct {
		name  string
		class analyzers.Class
		want  bool
	}{
		{"download-prod-db", analyzers.Selector, true}, {"db:prod:pull", analyzers.Display, false}, {"pull-prod", analyzers.Declared, false},
		{"test", analyzers.File, true}, {"test", analyzers.Selector, false}, {"test-staging", analyzers.Selector, true},
		{"staging-and-production", analyzers.Selector, false}, {"test-staging", analyzers.Declared, false}, {"deploy", analyzers.Selector, false},
	} {
		u := Unit{Unit: analyzers.Unit{Name: c.name}, Class: c.class}
		if u.doubtful() != c.want {
			t.Errorf("%s, class %d: %v", c.name, c.class, !c.want)
		}
	}
}

// TestBounds: what units have of each other is followed up to a bound, and said to be; what lies in the checkout always is.
func TestBounds(t *testing.T) {
	const many = 500
	lines := func(line string) string {
		var b strings.Builder
		for i := range many {
			b.WriteString(strings.ReplaceAll(line, "#", strconv.Itoa(i)) + "\n")
		}
		return b.String()
	}
	for name, files := range map[string]map[string]string{
		"programs that are handed many names": {"main.sh": lines("export A#=@t#") + lines("run b#.sh")},
		"units that load many names":          {"a.env": lines("A#=@t#")},
		"steps that change a copy":            {"main.sh": lines("export A#=@t#\nrun a.sh\nrun a.sh with B=@s")},
	} {
		for i := range many {
			files[fmt.Sprintf("b%d.sh", i)] = "load a.env\nread A1"
		}
		files["a.sh"] = "C=1"
		in := input(files, detectors.Staging)
		in.Everything = true
		g, err := Link(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, p := range g.Paths(Checkout, detectors.Development, analyzers.Ambient) {
			if p.Strength == analyzers.Ambient {
				seen++
			}
		}
		if len(g.Edges) > maxEdges+20*many || len(g.Gaps) == 0 || seen < many {
			t.Errorf("%s: %d edges, gaps %v, %d tokens are seen", name, len(g.Edges), g.Gaps, seen)
		}
	}
}

// TestWork: where the steps of all units are too many, each file of which units are not followed is named.
func TestWork(t *testing.T) {
	l := newLinker(input(map[string]string{"a.sh": "run lib.sh", "b.sh": "run lib.sh", "c.sh": "read A", "lib.sh": "A=1"}, detectors.Staging))
	l.all = maxAll - 1
	g, err := Linker{l}.Link(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, gap := range g.Gaps {
		paths = append(paths, gap.At.Path)
	}
	if want := []string{"b.sh", "c.sh", "lib.sh"}; !slices.Equal(paths, want) {
		t.Errorf("gaps in %q, want %q: %v", paths, want, g.Gaps)
	}
}

// TestManyShares: what programs that are known in the whole repository are given by each other is found once for a unit, however many ways lead to it.
func TestManyShares(t *testing.T) {
	const levels = 30
	hole := func(level int) analyzers.Part {
		return analyzers.Part{Hole: &analyzers.Hole{Space: fmt.Sprintf("@inputs/%d", level), Name: "x"}}
	}
	at := detectors.Place{Path: "a.yml", Line: 1}
	f := &analyzers.Facts{Path: "a.yml", Analyzer: "x"}
	for level := range levels {
		for range 2 {
			set := analyzers.Step{Op: analyzers.OpSet, At: at, Name: "x", Value: analyzers.Value{At: at, Parts: []analyzers.Part{hole(level + 1)}}}
			f.Programs = append(f.Programs, analyzers.Program{Name: fmt.Sprintf("@inputs/%d", level), At: at, Steps: []analyzers.Step{set}})
		}
	}
	last := analyzers.Step{Op: analyzers.OpSet, At: at, Name: "x", Value: analyzers.Value{At: at, Parts: []analyzers.Part{{Text: "y"}}}}
	f.Programs = append(f.Programs, analyzers.Program{Name: fmt.Sprintf("@inputs/%d", levels), At: at, Steps: []analyzers.Step{last}})
	index := NewIndex()
	index.AddFile(f.Path, true)
	index.AddFacts(f)
	l := newLinker(Input{Index: index})
	p := &process{linker: l, spaces: map[string]bindings{}, sourced: map[*analyzers.Program]int{}}
	p.fill(hole(0).Hole, at)
	if l.all > 10*levels*sharedWork {
		t.Errorf("%d steps", l.all)
	}
}

// TestCircleOfShares: programs that are known in the whole repository and all ask each other are followed up to a bound for the signs of units, and said to be.
func TestCircleOfShares(t *testing.T) {
	const many = 20
	at := detectors.Place{Path: "a.yml", Line: 1}
	f := &analyzers.Facts{Path: "a.yml", Analyzer: "x"}
	for i := range many {
		p := analyzers.Program{Name: fmt.Sprintf("@names/%d", i), At: at}
		for j := range many {
			all := analyzers.Part{Hole: &analyzers.Hole{Space: fmt.Sprintf("@names/%d", j), All: true}}
			p.Steps = append(p.Steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: strconv.Itoa(j), Value: analyzers.Value{At: at, Parts: []analyzers.Part{all}}})
		}
		f.Programs = append(f.Programs, p)
	}
	index := NewIndex()
	index.AddFile(f.Path, true)
	index.AddFacts(f)
	l := newLinker(Input{Index: index})
	l.shares = maxShares - many
	l.template(analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "@names/0", All: true}}}}, nil)
	if l.all > 10*many*sharedWork || len(l.graph.Gaps) != 1 {
		t.Errorf("%d steps, gaps %v", l.all, l.graph.Gaps)
	}
}

// TestManyIgnored: where too many paths are compared with too many patterns, an ignore file takes no more out, and a gap says so.
func TestManyIgnored(t *testing.T) {
	index := NewIndex()
	index.AddFile(".dockerignore", true)
	index.AddFacts(&analyzers.Facts{Path: ".dockerignore", Analyzer: "x", Ignores: &analyzers.Ignores{Syntax: "docker", Patterns: []string{"a", "b"}}})
	l := newLinker(Input{Index: index})
	l.compared = maxIgnored - 2
	excludes := (&process{linker: l}).ignored(".dockerignore")
	if !excludes("a") || !excludes("a") || excludes("b") || len(l.graph.Gaps) != 1 {
		t.Errorf("%d patterns compared, gaps %v", l.compared, l.graph.Gaps)
	}
}

// TestManyArms: a name that may be one of many values, one after the other, leads to all of them, and by no path that is as long as there are arms.
func TestManyArms(t *testing.T) {
	const arms = 3000
	var text strings.Builder
	for i := range arms {
		fmt.Fprintf(&text, "if a%d\nA=@t%d\nfi\n", i, i)
	}
	g := link(t, map[string]string{"main.sh": text.String() + "read A"}, 0)
	read := 0
	for _, p := range g.Paths("main.sh", 0, analyzers.Ambient) {
		if p.Strength == analyzers.Flow {
			read++
		}
		if len(p.Hops) > maxAlternatives+10 {
			t.Fatalf("a path of %d hops", len(p.Hops))
		}
	}
	if read != arms {
		t.Errorf("%d tokens are read, want %d", read, arms)
	}
}
