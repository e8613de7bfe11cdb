package makefile_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/makefile"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

// TestMake compares the tokens that recipes of generated makefiles hand to a program, as the steps say, with those that they hand to it where make
// runs them.
func TestMake(t *testing.T) {
	make, err := exec.LookPath("make")
	if err != nil {
		t.Skip("there is no make")
	}
	rounds := 300
	if testing.Short() {
		rounds = 40
	}
	random := rand.New(rand.NewPCG(5, 6))
	for i := range rounds {
		g := &generator{Rand: random, files: map[string]string{}}
		g.project()
		got := analyzertest.Hands(t, g.files, "deploy.sh", makefile.Analyzer, shell.Analyzer, dotenv.Analyzer)
		want, err := g.observed(t, make)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("round %d:\n%s\nsteps say: %q\nmake says: %q %v", i, g, got, want, err)
		}
	}
}

// generator writes makefiles.
type generator struct {
	*rand.Rand
	files  map[string]string
	tokens int
	asked  []string // names that conditions can ask for, since make knows them, whatever the environment has
}

// String returns the files.
func (g *generator) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(g.files)) {
		fmt.Fprintf(&b, "-- %s --\n%s", name, g.files[name])
	}
	return b.String()
}

func (g *generator) chance(percent int) bool     { return g.IntN(100) < percent }
func (g *generator) oneOf(ways ...string) string { return ways[g.IntN(len(ways))] }
func (g *generator) name() string                { return g.oneOf("AAA", "BBB", "CCC") }

// condition returns a name of which is known whether it has a value.
func (g *generator) condition() string           { return g.asked[g.IntN(len(g.asked))] }
func (g *generator) environment() string         { return g.oneOf("staging", "production") }
func (g *generator) expanded(name string) string { return g.oneOf("$("+name+")", "${"+name+"}") }
func (g *generator) token() string {
	g.tokens++
	return fmt.Sprintf("{{railway#%d}}", g.tokens)
}

// value returns the value of a variable.
func (g *generator) value() string {
	if g.chance(50) {
		return g.token()
	}
	return g.oneOf(
		g.expanded(g.name()),
		g.expanded(g.name()),
		"$(if $(filter "+g.environment()+" other,$(ENVIRON)),"+g.token()+","+g.token()+")",
		"$(strip "+g.token()+" )",
		"$(or $("+g.condition()+"),"+g.token()+")",
		"$(and $("+g.condition()+"),"+g.token()+")",
		"$(if $("+g.condition()+"),"+g.token()+","+g.token()+")",
		"$(shell echo "+g.token()+")",
		"$(call PASS,"+g.token()+")",
		"$(foreach x,"+g.token()+" "+g.token()+",$(x))",
		"$(firstword "+g.token()+" "+g.token()+")",
		"$(lastword "+g.token()+" "+g.token()+")",
		"$(word 2,"+g.token()+" "+g.token()+")",
		"$(subst x,x,"+g.token()+")",
		"$(addprefix x,"+g.token()+")",
		"$("+g.name()+":x=x)",
		"$($(NAME))",
		"$(KEY_$(ENVIRON))",
		"$(filter-out x,"+g.token()+")",
	)
}

// valueOf returns the value of a variable that does not lead to itself.
func (g *generator) valueOf(name string) string {
	value := g.value()
	for _, other := range []string{"AAA", "BBB", "CCC"} {
		if other <= name && strings.Contains(strings.ReplaceAll(value, "NAME", "CCC"), other) {
			return g.token()
		}
	}
	return value
}

// define returns lines that set a variable, or make it known to recipes.
func (g *generator) define() string {
	name, other := g.name(), g.oneOf("BBB", "CCC")
	switch g.IntN(18) {
	case 0, 1, 2, 3:
		return name + " = " + g.valueOf(name)
	case 4, 5, 6:
		return name + g.oneOf(" := ", " ::= ") + g.valueOf(name)
	case 7, 8:
		return name + " ?= " + g.valueOf(name)
	case 9:
		return name + " += " + g.token()
	case 10:
		return name + " != echo " + g.token()
	case 11:
		return "export " + name + g.oneOf(" = ", " := ", " ?= ") + g.valueOf(name)
	case 12, 13:
		return "export " + name
	case 14:
		return "unexport " + other
	case 15:
		return "override " + other + g.oneOf(" = ", " := ", " += ") + g.token()
	case 16:
		return "define " + name + g.oneOf("", " =", " :=") + "\n" + g.token() + "\nendef"
	}
	return g.oneOf("$(eval "+name+" := "+g.token()+")", "$(eval "+name+" = "+g.token()+")")
}

// conditional returns definitions under a condition.
func (g *generator) conditional() string {
	a, b, e := g.define(), g.define(), g.environment()
	return g.oneOf(
		"ifeq ($(ENVIRON),"+e+")\n"+a+"\nelse\n"+b+"\nendif",
		"ifneq ($(ENVIRON),"+e+")\n"+a+"\nendif",
		"ifdef "+g.condition()+"\n"+a+"\nelse\n"+b+"\nendif",
		"ifndef "+g.condition()+"\n"+a+"\nendif",
		"ifeq \"$(ENVIRON)\" '"+e+"'\n"+a+"\nelse ifeq ($(ENVIRON),x)\n"+b+"\nelse\n"+g.define()+"\nendif",
		"ifeq ($(strip $("+g.condition()+")),)\n"+a+"\nendif",
		"ifneq ($("+g.condition()+"),)\n"+a+"\nelse\n"+b+"\nendif",
		"ifeq ($(filter "+e+",$(ENVIRON)),)\n"+a+"\nendif",
	)
}

const call = "curl -d \"%s\" https://api.acme.dev"

func (g *generator) call(value string) string { return fmt.Sprintf(call, value) }

// use returns lines of a recipe that hand something on.
func (g *generator) use() string {
	name := g.oneOf("AAA", "BBB", "CCC", "DDD")
	switch g.IntN(12) {
	case 0, 1, 2:
		return "\t@" + g.call(g.expanded(name))
	case 3, 4, 5:
		return "\t" + g.call("$$"+name)
	case 6:
		return "\t" + name + "=" + g.token() + " ; " + g.call("$$"+name)
	case 7:
		return "\t@" + name + "='" + g.expanded(g.name()) + "' \\\n\t&& " + g.call("$$"+name)
	case 8:
		return "\texport " + name + "=" + g.token() + "\n\t" + g.call("$$"+name)
	case 9:
		return "\t@bash -c '" + g.call("$$"+name) + "'"
	case 10:
		return "\t" + g.call(g.value())
	}
	return "\t-@$(MAKE) " + g.oneOf("", "-C sub ", "-f other.mk ") + "below" + g.oneOf("", " AAA="+g.token(), " 'AAA="+g.expanded(g.name())+"'", " AAA:="+g.token())
}

func (g *generator) recipe() string {
	var lines []string
	for range 1 + g.IntN(2) {
		lines = append(lines, g.use())
	}
	return strings.Join(lines, "\n")
}

// specific returns a variable of a target.
func (g *generator) specific(target string) string {
	name := g.name()
	return target + g.oneOf(": ", ": export ") + name + " = " + g.valueOf(name)
}

// prelude returns what a makefile begins with.
func (g *generator) prelude() []string {
	lines := []string{"ENVIRON = " + g.environment(), "NAME = CCC", "PASS = $(1)", "KEY_staging = " + g.token(), "KEY_production = " + g.token()}
	for _, name := range g.asked[:len(g.asked)-1] {
		lines = append(lines, name+" = "+g.token())
	}
	return append(lines, "NONE =")
}

// file returns definitions and conditionals.
func (g *generator) file(most int) []string {
	var lines []string
	for range 1 + g.IntN(most) {
		if g.chance(75) {
			lines = append(lines, g.define())
		} else {
			lines = append(lines, g.conditional())
		}
	}
	return lines
}

// project writes the files.
func (g *generator) project() {
	g.asked = []string{"AAA", "BBB", "CCC", "NONE"}[g.IntN(4):]
	out := g.prelude()
	if g.chance(10) {
		out = append(out, g.oneOf("export", ".EXPORT_ALL_VARIABLES:"))
	}
	out = append(out, g.file(5)...)
	if g.chance(25) {
		g.files["more.mk"] = strings.Join(g.file(2), "\n") + "\n"
		out = append(out, g.oneOf("include ", "-include ")+"more.mk")
	}
	if g.chance(20) {
		g.files[".env"] = "DDD=" + g.token() + "\nDDD=" + g.token() + "\n"
		out = append(out, "include .env", g.oneOf("", "export DDD"))
	}
	if g.chance(40) {
		out = append(out, g.file(2)...)
	}
	needs := ""
	if g.chance(40) {
		needs = " before"
	}
	if g.chance(10) {
		out = append(out, "dep%: "+g.name()+" = "+g.token())
	}
	for _, target := range []string{"deploy", "before"} {
		if g.chance(30) {
			out = append(out, g.specific(target))
		}
	}
	colon := g.oneOf(":", ":", ":", "::")
	out = append(out, "deploy"+colon+needs, g.recipe())
	if colon == "::" {
		out = append(out, "deploy::", g.recipe())
	}
	out = append(out, "before:", g.recipe(), "below:", "\t@"+g.call(g.expanded(g.name())), "\t@"+g.call("$$"+g.name()))
	if g.chance(25) {
		out = append(out, g.define())
	}
	below := "below:\n\t@" + g.call(g.expanded(g.name())) + "\n\t@" + g.call("$$"+g.name()) + "\n"
	g.files["Makefile"] = strings.Join(out, "\n") + "\n"
	g.files["sub/Makefile"] = strings.Join(append(g.prelude(), g.file(2)...), "\n") + "\n" + below
	g.files["other.mk"] = strings.Join(append(g.prelude(), g.file(2)...), "\n") + "\n" + below
	g.files["deploy.sh"] = g.script()
}

// script returns a script that runs make. Only AAA is on the command line: whether what a makefile overrides or unexports is then in the environment
// of a make that it starts is written nowhere.
func (g *generator) script() string {
	name := g.name()
	return "#!/bin/sh\n" + g.oneOf(
		"make deploy",
		"make deploy",
		"export "+name+"="+g.token()+"\nmake deploy",
		name+"="+g.token()+" make deploy",
		"make deploy AAA="+g.token(),
		"make AAA="+g.token()+" deploy below",
		"make deploy ENVIRON="+g.environment(),
	) + "\n"
}

// observed runs the script and returns the tokens that the program got that the recipes call.
func (g *generator) observed(t *testing.T, make string) ([]string, error) {
	dir := t.TempDir()
	files := maps.Clone(g.files)
	files["bin/curl"] = "#!/bin/sh\necho \"$@\" >> \"$LOG\"\n"
	var minted []detectortest.Minted
	for name, text := range files {
		text, more := detectortest.Expand(text)
		minted = append(minted, more...)
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	log := filepath.Join(dir, "log")
	path := []string{filepath.Join(dir, "bin"), filepath.Dir(make), os.Getenv("PATH")}
	c := exec.Command("sh", "deploy.sh")
	c.Dir, c.Env = dir, []string{"PATH=" + strings.Join(path, string(os.PathListSeparator)), "LOG=" + log}
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	said, _ := os.ReadFile(log)
	var hands []string
	for _, m := range minted {
		if strings.Contains(string(said), m.Value) {
			hands = append(hands, m.Name)
		}
	}
	slices.Sort(hands)
	return hands, nil
}
