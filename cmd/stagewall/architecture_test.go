package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/stagewall/stagewall/"

// imports returns what a package imports, and with deps all that it depends on.
func imports(t *testing.T, pattern string, deps bool) map[string][]string {
	t.Helper()
	field := `{{join .Imports " "}}`
	if deps {
		field = `{{join .Deps " "}}`
	}
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} "+field, pattern).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", pattern, err)
	}
	list := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		list[words[0]] = words[1:]
	}
	return list
}

// TestDependencies states the architecture: what must not import what, and why.
func TestDependencies(t *testing.T) {
	for _, rule := range []struct {
		packages string
		deps     bool
		never    []string
		why      string
	}{
		{module + "detectors", false, []string{"regexp", "os", "os/exec", "net", module},
			"the root of the first room is vocabulary: everything imports it"},
		{module + "analyzers", false, []string{"regexp", "os", "os/exec", "net", "go.yaml.in/yaml/v3"},
			"the root of the second room is vocabulary: everything imports it"},
		{module + "detectors/providers", false, []string{module + "analyzers", module + "cmd"},
			"what a token is does not depend on who can reach it"},
		{module + "detectors/...", false, []string{module + "analyzers", module + "cmd"},
			"results flow down from the rooms to cmd, and never back"},
		{module + "analyzers/...", false, []string{module + "detectors/providers", module + "detectors/match", module + "detectors/gitleaks", module + "cmd"},
			"an analyzer never sees a token, and what it needs to know of providers reaches it as values"},
		{module + "analyzers/...", false, []string{"regexp"},
			"every start of the program would pay for expressions that are compiled before main: internal/lazyregexp compiles them when they are needed"},
		{module + "analyzers/golang/passes", true, []string{"golang.org/x/tools/go/packages", "golang.org/x/tools/go/ssa", "mvdan.cc/sh/v3"},
			"drivers load packages by themselves, and link what is needed for that and no more"},
		{module + "cmd/internal/staged", true, []string{"golang.org/x/tools/go/packages", "golang.org/x/tools/go/ssa"},
			"a commit must not wait for Go packages to be loaded"},
	} {
		for pkg, imported := range imports(t, rule.packages, rule.deps) {
			for _, i := range imported {
				for _, never := range rule.never {
					if pkg == module+"analyzers/internal/lazyregexp" && i == "regexp" {
						continue
					}
					if i == never || strings.HasPrefix(i, strings.TrimSuffix(never, "/")+"/") && i != pkg {
						t.Errorf("%s imports %s: %s", pkg, i, rule.why)
					}
				}
			}
		}
	}
}

// TestAnalyzersStandAlone: an analyzer may call another where a file holds a piece of the other's language (a recipe is shell), but no
// analyzer knows the linker, but for the one that is asked for paths and not for facts.
func TestAnalyzersStandAlone(t *testing.T) {
	allowed := []string{"analyzertest", "graph", "verdict", "suite", "stagingreach"}
	for pkg, imported := range imports(t, module+"analyzers/...", false) {
		if slices.Contains(allowed, filepath.Base(pkg)) {
			continue
		}
		for _, i := range imported {
			if i == module+"analyzers/graph" || i == module+"analyzers/suite" {
				t.Errorf("%s imports %s: facts are linked after they are written, not while", pkg, i)
			}
		}
	}
}

// TestNames: a package's name says what it does.
func TestNames(t *testing.T) {
	for pkg := range imports(t, module+"...", false) {
		if slices.Contains([]string{"util", "utils", "common", "helpers", "types", "models", "core", "manager"}, filepath.Base(pkg)) {
			t.Errorf("%s has a name that says nothing", pkg)
		}
	}
}

// TestPackages: the page on the architecture names every package of cmd.
func TestPackages(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for line := range strings.Lines(string(page)) {
		if row, ok := strings.CutPrefix(line, "| | internal/"); ok {
			names, _, _ := strings.Cut(row, " |")
			for name := range strings.SplitSeq(names, ", ") {
				named[name] = true
			}
		} else if row, ok := strings.CutPrefix(line, "| cmd | internal/"); ok {
			names, _, _ := strings.Cut(row, " |")
			named[names] = true
		}
	}
	entries, err := os.ReadDir("../internal")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !named[e.Name()] {
			t.Errorf("README.md does not name internal/%s", e.Name())
		}
		delete(named, e.Name())
	}
	for name := range named {
		t.Errorf("README.md names internal/%s, which is not there", name)
	}
}

// TestTopLevel: the top level is the user's.
func TestTopLevel(t *testing.T) {
	allowed := []string{
		"cmd", "analyzers", "detectors", "testdata", "go.mod", "go.sum", ".golangci.yml", "README.md", "LICENSE", ".ci", ".git", ".github",
		".pre-commit-hooks.yaml", ".custom-gcl.yml",
	}
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s stands at the top level, which is for what users look for", e.Name())
		}
	}
}
