package gitcrypt

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/graph"
)

// TestJoin has the attributes of repositories, and which keys open whose files by them.
func TestJoin(t *testing.T) {
	const attributes = ".gitattributes"
	for _, test := range []struct {
		name  string
		files map[string]string // with their text, if they are attributes
		want  string
	}{
		{"one key", map[string]string{attributes: "secrets/** filter=git-crypt diff=git-crypt\n", "secrets/production.env": "", "secrets/staging/a": "", "secrets/x": "", "production.env": ""},
			"default production secrets/production.env, default staging secrets/staging/a, default unknown secrets/x"},
		{"a key by name", map[string]string{attributes: "*.env filter=git-crypt\nproduction/*.env filter=git-crypt-prod\n", "production/a.env": "", "staging/b.env": ""},
			"default staging staging/b.env, prod production production/a.env"},
		{"taken back", map[string]string{attributes: "secrets/** filter=git-crypt\nsecrets/production* !filter !diff\nsecrets/staging* -filter\n", "secrets/production.env": "", "secrets/staging.env": "", "secrets/test.env": ""},
			"default test secrets/test.env"},
		{"another filter", map[string]string{attributes: "*.env filter=git-crypt\n*.env filter=lfs\n", "production.env": ""}, ""},
		{"nearer attributes", map[string]string{attributes: "** filter=git-crypt\n", "deploy/" + attributes: "/production/** filter=git-crypt-prod\n", "deploy/production/a": "", "production/b": ""},
			"default production production/b, prod production deploy/production/a"},
		{"a remark and quotes", map[string]string{attributes: "# *.env filter=git-crypt\n\"a b.env\" filter=git-crypt\n", "production.env": ""}, ""},
		{"itself", map[string]string{attributes: "* filter=git-crypt\n"}, ""},
	} {
		index := graph.NewIndex()
		for p, text := range test.files {
			index.AddFile(p, true)
			if !strings.HasSuffix(p, attributes) {
				continue
			}
			pass := analyzers.NewPass(name, p, []byte(text))
			if err := Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
			index.AddFacts(pass.Facts)
		}
		var got []string
		for _, f := range Analyzer.Join(index) {
			for _, row := range f.Bindings {
				got = append(got, fmt.Sprint(row.Value, " ", row.Environments, " ", row.At.Path))
			}
		}
		slices.Sort(got)
		if got := strings.Join(got, ", "); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// TestTooManyPatterns: what is cut is said.
func TestTooManyPatterns(t *testing.T) {
	index := graph.NewIndex()
	for _, p := range []string{"a/.gitattributes", "b/.gitattributes"} {
		pass := analyzers.NewPass(name, p, []byte(strings.Repeat("* filter=git-crypt\n", maxPatterns+1)))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Gaps) != 1 || pass.Facts.Gaps[0].At.Line != maxPatterns+1 {
			t.Errorf("%s: %v", p, pass.Facts.Gaps)
		}
		index.AddFacts(pass.Facts)
	}
	for _, f := range Analyzer.Join(index) {
		if said := len(f.Gaps) == 1; said != (f.Path == "b/.gitattributes") {
			t.Errorf("%s: %v", f.Path, f.Gaps)
		}
	}
}

func FuzzRun(f *testing.F) {
	f.Add([]byte("secrets/** filter=git-crypt diff=git-crypt\n* !filter\n\"a\" -filter\r\n#"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "a/.gitattributes"))
}
