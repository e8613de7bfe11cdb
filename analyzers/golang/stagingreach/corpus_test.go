package stagingreach_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path"
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
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

// The corpus is labelled by what Go does, whatever the analyzer can see. A case is a folder of an archive, such as calls/direct: in
// its folder staging stands a program with what is to be reported, and beside it, in staging-twin, one that differs in what matters and
// of which nothing is to be reported. testdata/unmet.txt lists the cases in which the analyzer differs from the labels. It only shrinks: a case
// that is listed and met fails the test, as one does that is neither.

// TestCorpus runs the analyzer over the corpus.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks the standard library's network packages")
	}
	t.Setenv("CGO_ENABLED", "0")
	cases := map[string][]string{} // what differs, by case
	dir := t.TempDir()
	archives, err := filepath.Glob("testdata/corpus/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	minted := map[string]string{}
	for _, file := range archives {
		topic := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if topic == "acme" {
			topic = "" // what all share stands at the root of the module
		}
		unpack(t, file, dir, topic, minted, cases)
	}
	run(t, dir, minted, cases)

	t.Setenv("GOFLAGS", cmp.Or(os.Getenv("GOFLAGS"), "-trimpath")+" -tags=staging")
	workspace := t.TempDir()
	minted = map[string]string{}
	unpack(t, "testdata/workspace.txtar", workspace, "", minted, cases)
	run(t, workspace, minted, cases)

	unmet := unmetCases(t)
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		differs := cases[name]
		switch listed := unmet[name]; {
		case len(differs) > 0 && listed:
			t.Logf("not yet met: %s\n%s", name, strings.Join(differs, "\n"))
		case len(differs) > 0:
			t.Errorf("%s\n%s", name, strings.Join(differs, "\n"))
		case listed:
			t.Errorf("%s is met: take it out of testdata/unmet.txt", name)
		}
		delete(unmet, name)
	}
	for name := range unmet {
		t.Errorf("testdata/unmet.txt lists %s, which is no case", name)
	}
	if len(cases) < 80 {
		t.Errorf("the corpus has %d cases", len(cases))
	}
}

// unmetCases reads the list of cases that are not yet met.
func unmetCases(t *testing.T) map[string]bool {
	t.Helper()
	data, err := os.ReadFile("testdata/unmet.txt")
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list[line] = true
		}
	}
	return list
}

// unpack writes an archive's files, tokens minted, to a folder of the module, those whose names begin with a slash to its root, and adds
// its cases.
func unpack(t *testing.T, file, root, topic string, minted map[string]string, cases map[string][]string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wants, twins := map[string]bool{}, map[string]bool{}
	for _, f := range archive.Files {
		name, isRooted := strings.CutPrefix(f.Name, "/")
		if !isRooted {
			name = path.Join(topic, name)
		}
		text, tokens := detectortest.Expand(string(f.Data))
		for _, m := range tokens {
			minted[m.Value] = m.Name
		}
		if dir := path.Dir(name); strings.HasSuffix(dir, "-twin") {
			twins[caseOf(name)] = true
			if strings.Contains(text, "// want") {
				t.Errorf("%s is a twin, and something is wanted of it", name)
			}
		} else if strings.Contains(text, "// want") {
			wants[caseOf(name)] = true
		}
		to := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !maps.Equal(wants, twins) {
		t.Errorf("%s: not every case has a twin", file)
	}
	for name := range wants {
		cases[name] = nil
	}
}

// caseOf returns the case that a file of the module belongs to: the folder that the programs' folders are in.
func caseOf(name string) string {
	topic, rest, _ := strings.Cut(name, "/")
	folder, rest, deeper := strings.Cut(rest, "/")
	if !deeper || !strings.Contains(rest, "/") && (folder == "staging" || folder == "staging-twin") {
		return topic
	}
	return topic + "/" + folder
}

// differences takes what analysistest has to say.
type differences []string

func (d *differences) Errorf(format string, args ...any) {
	*d = append(*d, fmt.Sprintf(format, args...))
}

// where is how analysistest begins what it has to say of a file.
var where = regexp.MustCompile(`^(.+?\.go):[0-9]+(?::[0-9]+)?: (.*)$`)

// run runs the analyzer and adds to each case what differs from its labels.
func run(t *testing.T, root string, minted map[string]string, cases map[string][]string) {
	t.Helper()
	var all differences
	analysistest.Run(&all, root, newAnalyzer(minted), "./...")
	for _, d := range all {
		m := where.FindStringSubmatch(d)
		if m == nil {
			t.Error(d)
			continue
		}
		if strings.HasPrefix(m[2], "unexpected diagnostic") && strings.Contains(m[2], "has compiled in") {
			continue // that a token is compiled in, used or not, is no question of this corpus
		}
		d = strings.TrimPrefix(d, root+string(filepath.Separator))
		name := caseOf(filepath.ToSlash(strings.TrimPrefix(m[1], root+string(filepath.Separator))))
		if _, ok := cases[name]; !ok {
			t.Errorf("%s is in no case: %s", name, d)
			continue
		}
		cases[name] = append(cases[name], d)
	}
}

// finder finds the tokens that the kit minted, and no others: what a token looks like is no question of this corpus.
func finder(minted map[string]string) tokens.Finder {
	return func(_ context.Context, files []tokens.File) ([]tokens.Token, error) {
		var list []tokens.Token
		for _, value := range slices.Sorted(maps.Keys(minted)) {
			t := token(minted[value], value)
			for _, f := range files {
				for from := 0; ; {
					i := bytes.Index(f.Data[from:], []byte(value))
					if i < 0 {
						break
					}
					at := detectors.Span{Start: from + i, End: from + i + len(value)}
					t.Places = append(t.Places, detectors.Place{Path: f.Path, Span: at})
					from = at.End
				}
			}
			if len(t.Places) > 0 {
				list = append(list, t)
			}
		}
		return list, nil
	}
}

// token says what a minted token is.
func token(name, value string) tokens.Token {
	kind, _, _ := strings.Cut(name, "#")
	t := tokens.Token{Title: map[string]string{
		"github-classic": "GitHub classic personal access token", "stripe-test": "Stripe test key", "password": "PostgreSQL password",
	}[kind], Token: detectors.Token{
		ID: "tok_" + value[:8], Provider: kind, Secret: detectors.NewSecret(value), AtMost: detectors.Full,
		Reach: detectors.Reach{Known: true, Environments: detectors.Unscoped},
	}}
	if kind == "stripe-test" {
		t.Reach.Environments = detectors.Staging
	}
	return t
}

// newAnalyzer returns the analyzer, with a finder of the minted tokens in it.
func newAnalyzer(minted map[string]string) *analysis.Analyzer {
	t := tokens.New(finder(minted), tokens.Options{})
	return stagingreach.New(t, summary.New(t), takes, tokens.Options{})
}

// takes knows the programs that the corpus starts.
func takes(s detectors.Sink) []string {
	if s.Tool == "gh" {
		return []string{"GH_TOKEN"}
	}
	return nil
}
