package suite

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"

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
