package gitlabci

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/makefile"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer, makefile.Analyzer)
}

func TestBroken(t *testing.T) {
	for name, want := range map[string]int{".gitlab-ci.yml": 1, "other.yml": 0} {
		pass := analyzers.NewPass("gitlabci", name, []byte("a:\n  script: [\n"))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Gaps) != want {
			t.Errorf("%s: gaps %v, want %d", name, pass.Facts.Gaps, want)
		}
	}
}

// FuzzRead reads a pipeline and puts it together.
func FuzzRead(f *testing.F) {
	f.Add([]byte("variables: {A: b}\n.a:\n  script: [x]\n  extends: .b\nc:\n  extends: .a\n  script:\n  - !reference [.a, script]\n  - echo A=$B >> x.env\n  artifacts: {reports: {dotenv: x.env}}\n  parallel: {matrix: [{A: [b, c]}]}\n  rules: [{if: '$A == \"staging\"', variables: {B: c}}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pass := analyzers.NewPass("gitlabci", ".gitlab-ci.yml", data)
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		index := graph.NewIndex()
		index.AddFile(pass.Path, true)
		index.AddFacts(pass.Facts)
		join(index)
	})
}
