package scan_test

import (
	"bytes"
	"context"
	"maps"
	"testing"
	"time"

	"github.com/stagewall/stagewall/analyzers"
	analyzersuite "github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/cache"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/match"
)

// Facts are refined once, and again when a file, or what refining depends on, is another, or when there is reason to try again.
func TestRefinedOnce(t *testing.T) {
	engine, knowledge := detection(t)
	dir := t.TempDir()
	token, _ := detectortest.Expand("{{stripe-live}}")
	files := map[string]string{
		"main.go": "package main\n\nfunc main() {}\n", "staging.env": "KEY=" + token + "\n", "notes.md": "nothing\n",
	}
	run := func(files map[string]string, by string, whole bool) (calls int, says string) {
		from := &folder{memory: memory(files), versions: map[string]source.Version{}}
		for name, content := range files {
			from.versions[name] = versions["by content"](name, content, 0)
		}
		opt := scan.Options{
			Source: from, Target: report.Target{Mode: "tree"}, Engine: engine, Match: match.Options{DecodeDepth: 5}, Knowledge: knowledge,
			Analyzers: analyzersuite.Analyzers(), Now: time.Unix(0, 0), Jobs: 2,
			RefinesBy: func(context.Context, []scan.Read) []byte { return []byte(by) },
			Refine: func(context.Context, []scan.Read) ([]*analyzers.Facts, bool, error) {
				calls++
				at := detectors.Place{Path: "main.go", Line: 3}
				return []*analyzers.Facts{{Path: "main.go", Analyzer: "golang", Units: []analyzers.Unit{{
					ID: "main.go", Name: "refined", Kind: "go-main", At: at, Runs: analyzers.PathTo("main.go", "", at),
				}}}}, whole, nil
			},
		}
		settings, err := scan.Settings(opt)
		if err != nil {
			t.Fatal(err)
		}
		if opt.Cache, err = cache.Open(dir, cache.Of{Root: "/refined", Settings: settings}); err != nil {
			t.Fatal(err)
		}
		result, err := scan.Run(t.Context(), opt)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := result.Send(report.New("json", &out, report.Style{})); err != nil {
			t.Fatal(err)
		}
		return calls, out.String()
	}
	with := func(name, content string) map[string]string {
		other := maps.Clone(files)
		other[name] = content
		return other
	}
	_, first := run(files, "go1", true)
	if !bytes.Contains([]byte(first), []byte(`"refined"`)) {
		t.Fatal("what refines has no effect:", first)
	}
	inCode := with("token.go", "package main\n\nconst key = \""+token+"\"\n")
	for i, step := range []struct {
		files map[string]string
		by    string
		whole bool
		calls int
	}{
		{files, "go1", true, 0},
		{files, "go2", true, 1},
		{files, "go2", true, 0},
		{with("notes.md", "something\n"), "go2", true, 1},
		{with("notes.md", "something\n"), "go2", true, 0},
		{files, "go2", false, 1},
		{files, "go2", false, 1},
		{inCode, "go2", true, 1},
		{inCode, "go2", true, 1},
	} {
		calls, says := run(step.files, step.by, step.whole)
		if calls != step.calls {
			t.Errorf("step %d: refined %d times, want %d", i, calls, step.calls)
		}
		if len(step.files) == len(files) && len(step.files["notes.md"]) == len(files["notes.md"]) && says != first {
			t.Errorf("step %d:\n%s\nwant:\n%s", i, says, first)
		}
	}
}
