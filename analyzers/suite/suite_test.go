package suite

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
)

// TestReaches has the cases in which artefacts of several kinds have a part.
func TestReaches(t *testing.T) { analyzertest.Run(t, "testdata/*.txtar", Analyzers()...) }

// TestEveryAnalyzerIsListed reads the folders beside this one: who writes an analyzer and forgets its line here is told so.
func TestEveryAnalyzerIsListed(t *testing.T) {
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	declares := regexp.MustCompile(`(?m)^var Analyzer = `)
	var found []string
	for _, file := range files {
		if data, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		} else if declares.Match(data) && !strings.HasSuffix(file, "_test.go") {
			found = append(found, filepath.Base(filepath.Dir(file)))
		}
	}
	var listed []string
	for _, a := range Analyzers() {
		listed = append(listed, a.Name)
		if a.Name == "" || a.Doc == "" || a.Run == nil || len(a.Files) == 0 && a.Sniff == nil {
			t.Errorf("analyzer %q is not complete", a.Name)
		}
		for _, pattern := range a.Files {
			if !doublestar.ValidatePattern(pattern) {
				t.Errorf("analyzer %s: %q is no pattern", a.Name, pattern)
			}
		}
	}
	slices.Sort(found)
	if !slices.Equal(found, listed) {
		t.Errorf("declared: %v, listed: %v (the list is sorted)", found, listed)
	}
}

// A file that an analyzer does not read since it is too large is a gap, unless it would not read it anyway.
func TestTooLarge(t *testing.T) {
	manifest := "apiVersion: v1\nkind: Pod\n"
	for _, c := range []struct {
		analyzer, path, begins string
		length                 int
		want                   string
	}{
		{"js", "src/a.ts", "", 2 << 20, "the file is too large to be read as JavaScript; what it reads and sends is not known"},
		{"js", "dist/a.js", "", 2 << 20, ""},
		{"python", "a.py", "", 1 << 20, "the file is too large to be read as Python; what its code reads and sends is not known"},
		{"python", "venv/a.py", "", 1 << 20, ""},
		{"python", "a.ipynb", "", 32 << 20, "the file is too large to be read as a notebook; what its code reads and sends is not known"},
		{"golang", "a.go", "", 2 << 20, "the file is too large to be read as Go; what it reads and sends is not known"},
		{"golang", "vendor/x/a.go", "", 2 << 20, ""},
		{"kube", "a.yaml", manifest, 16 << 20, "the file is too large to be read as manifests; what their workloads reach is not known"},
		{"kube", "a.yaml", "", 16 << 20, ""},
		{"cloudformation", "template.yaml", "# AWS::IAM::Role\n", 1 << 20,
			"the file is too large to be read as a template; whom its roles trust, and which secrets it looks up, is not known"},
	} {
		i := slices.IndexFunc(Analyzers(), func(a *analyzers.Analyzer) bool { return a.Name == c.analyzer })
		data := append([]byte(c.begins), bytes.Repeat([]byte("#\n"), c.length/2+1)...)
		pass := analyzers.NewPass(c.analyzer, c.path, data)
		if err := Analyzers()[i].Run(pass); err != nil {
			t.Fatal(err)
		}
		var want []analyzers.Gap
		if c.want != "" {
			want = []analyzers.Gap{{At: pass.At(0, 0), Says: c.want}}
		}
		if !slices.Equal(pass.Facts.Gaps, want) {
			t.Errorf("%s of %s: %v, want %v", c.analyzer, c.path, pass.Facts.Gaps, want)
		}
	}
}
