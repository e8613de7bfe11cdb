package golangci

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// corpus is where the labelled cases of package stagingreach are.
const corpus = "../../analyzers/golang/stagingreach/testdata/corpus"

// newCorpus writes the corpus as one module.
func newCorpus(t *testing.T) module {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpus, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	all := &txtar.Archive{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if name, rooted := strings.CutPrefix(f.Name, "/"); rooted {
				f.Name = name
			} else if topic := strings.TrimSuffix(filepath.Base(file), ".txtar"); topic != "acme" {
				f.Name = topic + "/" + f.Name
			}
			all.Files = append(all.Files, f)
		}
	}
	return newModule(t, all)
}

// said is what a driver says: messages by analyzer, file and line.
type said map[string]bool

func (s said) add(dir, analyzer, file string, line, column any, message string) {
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsAbs(file) {
		file = filepath.ToSlash(rel)
	}
	s[fmt.Sprintf("%s:%v:%v: %s: %s", file, line, column, analyzer, message)] = true
}

// environment is the one in which all drivers see the same files of packages.
func environment(m module, more ...string) []string {
	return append(os.Environ(), append(more, "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=vendor", "PWD="+m.dir)...)
}

// vet runs go vet with the program as its tool.
func (m module) vet(t *testing.T, tool string) said {
	t.Helper()
	command := exec.Command("go", "vet", "-vettool="+tool, "-json", "./...")
	command.Dir, command.Env = m.dir, environment(m)
	out, err := command.CombinedOutput() // go vet prints the packages' objects to its standard error
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	s := said{}
	for decoder := json.NewDecoder(strings.NewReader(regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(string(out), ""))); decoder.More(); {
		var packages map[string]map[string]json.RawMessage
		if err := decoder.Decode(&packages); err != nil {
			t.Fatalf("go vet prints\n%.3000s\n%v", out, err)
		}
		for _, analyzers := range packages {
			for name, raw := range analyzers {
				var list []struct{ Posn, Message string }
				if err := json.Unmarshal(raw, &list); err != nil {
					t.Fatalf("%s: %s", name, raw)
				}
				for _, d := range list {
					at := position.FindStringSubmatch(d.Posn)
					s.add(m.dir, name, at[1], at[2], at[3], d.Message)
				}
			}
		}
	}
	return s
}

var position = regexp.MustCompile(`^(.*):([0-9]+):([0-9]+)$`)

// lint runs golangci-lint.
func (m module) lint(t *testing.T) said {
	t.Helper()
	config := "version: \"2\"\nissues: {uniq-by-line: false, max-issues-per-linter: 0, max-same-issues: 0}\nlinters:\n  default: none\n  enable: [stagewall]\n" +
		"  settings:\n    custom:\n      stagewall: {type: module, settings: {}}\n"
	if err := os.WriteFile(filepath.Join(m.dir, ".golangci.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(self, "run", "--allow-parallel-runners", "--show-stats=false", "--output.json.path=stdout", "--output.text.path=stderr", "./...")
	command.Dir, command.Env = m.dir, environment(m, lints+"=1", "GOLANGCI_LINT_CACHE="+m.cache)
	var log strings.Builder
	command.Stderr = &log
	out, err := command.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var report struct {
		Issues []struct {
			Text string
			Pos  struct {
				Filename     string
				Line, Column int
			}
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("golangci-lint prints\n%.3000s\n%.3000s\n%v", out, &log, err)
	}
	s := said{}
	for _, i := range report.Issues {
		name, message, _ := strings.Cut(i.Text, ": ")
		s.add(m.dir, name, i.Pos.Filename, i.Pos.Line, i.Pos.Column, message)
	}
	return s
}

// TestDrivers runs the corpus through the drivers: what one says, all say.
func TestDrivers(t *testing.T) {
	if testing.Short() {
		t.Skip("three drivers type-check the standard library's network packages")
	}
	tool := filepath.Join(t.TempDir(), "stagewall")
	build := exec.Command("go", "build", "-o", tool, "./cmd/stagewall")
	build.Dir = "../.." // the program's own module
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	m := newCorpus(t)
	vetted, linted := m.vet(t, tool), m.lint(t)
	if len(vetted) < 100 {
		t.Errorf("go vet says %d things", len(vetted))
	}
	differ(t, "go vet", vetted, "golangci-lint", linted)
	scanned := m.scan(t, tool, "module")
	differ(t, "go vet", vetted.crossings(), "stagewall scan", scanned)
	ids := scanned.ids()
	for crossing, id := range m.scan(t, tool, "syntax").ids() {
		if other, ok := ids[crossing]; ok && other != id {
			t.Errorf("with types the crossing of %s is %s, by syntax %s", crossing, other, id)
		}
	}
}

// ids returns the ids of crossings by program and token, however the one gets the other.
func (s said) ids() map[string]string {
	all := map[string]string{}
	for line := range s {
		words := strings.Fields(line)
		all[words[0]+" "+words[len(words)-2]] = words[len(words)-1]
	}
	return all
}

// crossing is how the analyzer says that a program gets tokens: the program's folder, the tokens.
var crossing = regexp.MustCompile(`: stagewallreach: the [a-z, ]+ program (\S+) (hands on|has compiled in) what touches production: (.*)`)

// id is a token's, and that of the crossing to it.
var id = regexp.MustCompile(`\((tok_[0-9a-f]{16})\) at .*?, (x_[0-9a-f]{16})`)

// crossings returns which programs get which tokens, how, and by which id.
func (s said) crossings() said {
	all := said{}
	for line := range s {
		if m := crossing.FindStringSubmatch(line); m != nil {
			for _, ids := range id.FindAllStringSubmatch(m[3], -1) {
				all[m[1]+" "+m[2]+" "+ids[1]+" "+ids[2]] = true
			}
		}
	}
	return all
}

// scan runs the program itself and returns which Go programs get which tokens, how, and by which id.
func (m module) scan(t *testing.T, tool, mode string) said {
	t.Helper()
	command := exec.Command(tool, "scan", "--go="+mode, "--fail-on=never", "--no-cache", "-f=json", ".")
	command.Dir, command.Env = m.dir, environment(m)
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Units     []struct{ ID, Kind, Path string }
		Crossings []struct{ ID, From, Token, Strength string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	programs := map[string]string{} // folders, by unit
	for _, u := range report.Units {
		if u.Kind == "go-main" {
			programs[u.ID] = path.Dir(u.Path)
		}
	}
	s := said{}
	for _, c := range report.Crossings {
		if dir, ok := programs[c.From]; ok {
			s[dir+" "+map[string]string{"flow": "hands on", "loaded": "has compiled in"}[c.Strength]+" "+c.Token+" "+c.ID] = true
		}
	}
	return s
}

// differ reports what only one of two says.
func differ(t *testing.T, a string, saysA said, b string, saysB said) {
	t.Helper()
	for _, line := range slices.Sorted(maps.Keys(saysA)) {
		if !saysB[line] {
			t.Errorf("only %s says %.400s", a, line)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(saysB)) {
		if !saysA[line] {
			t.Errorf("only %s says %.400s", b, line)
		}
	}
}
