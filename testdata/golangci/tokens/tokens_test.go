// Package tokens_test runs the analyzer of package tokens as analysistest does, which needs golang.org/x/tools/go/packages and what that
// links. The modules that it runs on lie beside the package.
package tokens_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/gob"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/analyzers/golang/stagingreach"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/detectors"
)

// sample is what tokens look like in these tests: sample-everywhere-1. The middle says what the token is.
var sample = regexp.MustCompile(`sample-(everywhere|staging|unknown|public|allowed)-[0-9]+`)

// find is a finder of samples.
func find(_ context.Context, files []tokens.File) ([]tokens.Token, error) {
	found := map[string]tokens.Token{}
	for _, f := range files {
		for _, m := range sample.FindAllSubmatchIndex(f.Data, -1) {
			value, is := string(f.Data[m[0]:m[1]]), string(f.Data[m[2]:m[3]])
			t, ok := found[value]
			if !ok {
				t = tokens.Token{Title: "Acme " + is + " token", Token: detectors.Token{
					ID: "tok_" + value, Provider: "acme", Kind: is, Secret: detectors.NewSecret(value), AtMost: detectors.Full,
					Reach:  map[string]detectors.Reach{"staging": {Known: true, Environments: detectors.Staging}, "unknown": {}}[is],
					Public: is == "public",
				}}
				if is == "everywhere" || is == "allowed" {
					t.Reach = detectors.Reach{Known: true, Environments: detectors.Unscoped}
					t.Operations = []detectors.Operation{{Name: "erase", Does: detectors.Destroy, Undo: "no undo"}}
					t.Cut = "use a staging token"
				}
				if is == "allowed" {
					t.Allowed = "stagewall:allow"
				}
			}
			t.Places = append(t.Places, detectors.Place{Path: f.Path, Span: detectors.Span{Start: m[0], End: m[1]}})
			found[value] = t
		}
	}
	var list []tokens.Token
	for _, t := range found {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b tokens.Token) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// The comments of one module say what two analyzers report: tokens where they stand, with facts, and programs at their package clauses.
var (
	wanted = regexp.MustCompile("(?m)^(.*) // want (.*)$")
	fact   = regexp.MustCompile(`package:"[^"]*" ?`)
)

func ofTokens(line, want string) string {
	if line == "package main" {
		return fact.FindString(want)
	}
	return want
}

func ofPrograms(line, want string) string {
	if line == "package main" {
		return fact.ReplaceAllString(want, "")
	}
	return ""
}

// reach returns the analyzer of programs, and what it requires.
func reach(opt tokens.Options) *analysis.Analyzer {
	t := tokens.New(find, opt)
	return stagingreach.New(t, summary.New(t), nil, opt)
}

// unpack writes a module to a new folder, with one analyzer's share of what is wanted.
func unpack(t *testing.T, name string, share func(line, want string) string) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("../../../analyzers/golang/tokens/testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.Files {
		archive.Files[i].Data = wanted.ReplaceAllFunc(f.Data, func(all []byte) []byte {
			m := wanted.FindSubmatch(all)
			if want := share(string(m[1]), string(m[2])); want != "" {
				return []byte(string(m[1]) + " // want " + want)
			}
			return m[1]
		})
	}
	files, err := txtar.FS(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestAnalyzer runs the analyzer on modules whose comments say what it is to report.
func TestAnalyzer(t *testing.T) {
	for name, opt := range map[string]tokens.Options{
		"literals": {},
		"entries":  {},
		"outside":  {},
		"tests":    {},
		"options": {
			Staging: []string{"cmd/nightly", "tools/**"}, Production: []string{"cmd/staging-but-not"},
			Accept:   []string{"tok_sample-everywhere-2", "x_0000000000000000"},
			Severity: verdict.High,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			analysistest.Run(t, unpack(t, name, ofTokens), tokens.New(find, opt), "./...")
			analysistest.Run(t, unpack(t, name, ofPrograms), reach(opt), "./...")
		})
	}
}

// TestFlags: the options can be given as flags, which change one analyzer and no other.
func TestFlags(t *testing.T) {
	a, b := reach(tokens.Options{}), reach(tokens.Options{})
	if err := a.Flags.Parse([]string{"-staging=cmd/nightly", "-staging=tools/**", "-production=cmd/staging-but-not", "-accept=tok_sample-everywhere-2", "-severity=high"}); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, unpack(t, "options", ofPrograms), a, "./...")
	analysistest.Run(t, unpack(t, "outside", ofPrograms), b, "./...")
	one := tokens.New(find, tokens.Options{})
	if err := one.Flags.Parse([]string{"-accept=tok_sample-everywhere-2", "-severity=high"}); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, unpack(t, "options", ofTokens), one, "./...")
	a.Flags.SetOutput(io.Discard)
	for _, wrong := range []string{"-severity=enormous", "-staging=cmd/[", "-accept"} {
		if err := a.Flags.Parse([]string{wrong}); err == nil {
			t.Errorf("%s is accepted", wrong)
		}
	}
}

// TestFact: a fact is the same however often it is computed, survives encoding, and holds no secret.
func TestFact(t *testing.T) {
	encoded := func() map[string][]byte {
		all := map[string][]byte{}
		for _, r := range analysistest.Run(t, unpack(t, "entries", ofTokens), tokens.New(find, tokens.Options{}), "./...") {
			for _, fact := range r.Facts[nil] {
				var buf bytes.Buffer
				if err := gob.NewEncoder(&buf).Encode(fact); err != nil {
					t.Fatal(err)
				}
				all[r.Pass.Pkg.Path()] = bytes.Clone(buf.Bytes())
				var again tokens.Holds
				if err := gob.NewDecoder(&buf).Decode(&again); err != nil || again.String() != fact.(*tokens.Holds).String() {
					t.Errorf("%v came back as %v: %v", fact, &again, err)
				}
			}
		}
		return all
	}
	first, second := encoded(), encoded()
	if len(first) == 0 {
		t.Error("no facts")
	}
	for path, data := range first {
		if !bytes.Equal(data, second[path]) {
			t.Errorf("two runs yield two facts of %s", path)
		}
		if bytes.Contains(data, []byte(`"sample-`)) {
			t.Errorf("the fact of %s holds a secret", path)
		}
	}
}

// TestMessage: what a diagnostic says, whole.
func TestMessage(t *testing.T) {
	want := []string{
		"Acme everywhere token sa•••••••••••••••-1 (tok_sample-everywhere-1): reaches every environment; can read, write, admin, destroy (erase, undo: no undo); " +
			"to cut it: use a staging token; run `stagewall scan` for the paths through files",
		"the staging program cmd/staging-sync has compiled in what touches production: Acme everywhere token (tok_sample-everywhere-1) at creds/creds.go:4 " +
			"by importing client > creds, which reaches every environment and can read, write, admin, destroy (erase, undo: no undo): critical, x_",
	}
	var got []string
	for _, r := range slices.Concat(
		analysistest.Run(t, unpack(t, "entries", ofTokens), tokens.New(find, tokens.Options{}), "./creds"),
		analysistest.Run(t, unpack(t, "entries", ofPrograms), reach(tokens.Options{}), "./cmd/staging-sync"),
	) {
		for _, d := range r.Diagnostics {
			got = append(got, d.Message)
		}
	}
	for _, w := range want {
		if !slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, w) }) {
			t.Errorf("nothing says %q, but %q", w, got)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := analysis.Validate([]*analysis.Analyzer{reach(tokens.Options{})}); err != nil {
		t.Error(err)
	}
}
