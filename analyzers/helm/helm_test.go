package helm

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/graph"
)

func TestCases(t *testing.T) { analyzertest.Run(t, "testdata/*.txtar", Analyzer) }

func FuzzRead(f *testing.F) {
	f.Add([]byte("a: {b: [c, null]}\n"))
	f.Add([]byte("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: {path: b, helm: {valueFiles: [c, $d/e], values: 'f: g', parameters: [{name: h, value: i}]}}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		index := graph.NewIndex()
		for _, path := range []string{"a/Chart.yaml", "a/values-staging.yaml"} {
			pass := analyzers.NewPass("helm", path, data)
			if err := Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
			index.AddFacts(pass.Facts)
		}
		join(index)
	})
}

// What is too much to follow is said, and what is just not too much is followed whole.
func TestBounds(t *testing.T) {
	for _, test := range []struct {
		data string
		gaps int
	}{
		{strings.Repeat("- a\n", maxValues), 0},
		{strings.Repeat("- a\n", maxValues+1), 1},
		{strings.Repeat("[", maxDepth+1) + "a" + strings.Repeat("]", maxDepth+1), 1},
	} {
		pass := analyzers.NewPass("helm", "a/values.yaml", []byte(test.data))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Gaps) != test.gaps {
			t.Errorf("%.20q: gaps %v, want %d", test.data, pass.Facts.Gaps, test.gaps)
		}
	}
}
