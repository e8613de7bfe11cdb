package scan_test

import (
	"context"
	"encoding/json"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/analyzers"
	analyzersuite "github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
	"github.com/stagewall/stagewall/detectors/tag"
)

// reading returns analyzers that read every file in full.
func reading(list []*analyzers.Analyzer) []*analyzers.Analyzer {
	all := make([]*analyzers.Analyzer, len(list))
	for i, a := range list {
		one := *a
		one.Run = func(pass *analyzers.Pass) error {
			pass.Glance = false
			return a.Run(pass)
		}
		all[i] = &one
	}
	return all
}

// A scan that glances at files finds what one finds that reads them all.
func TestGlance(t *testing.T) {
	if testing.Short() {
		t.Skip("scans all cases twice")
	}
	standard, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := match.New(suite.Rules(suite.Providers(), standard), match.Options{DecodeDepth: 5, Global: suite.Passed()})
	if err != nil {
		t.Fatal(err)
	}
	knowledge := tag.NewKnowledge(suite.Providers())
	for name, files := range repositories(t) {
		find := func(list []*analyzers.Analyzer) string {
			result, err := scan.Run(context.Background(), scan.Options{
				Source: memory(files), Target: report.Target{Mode: "tree"}, Engine: engine, Knowledge: knowledge, Analyzers: list,
				Now: time.Unix(0, 0), Jobs: 1,
			})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			found, err := json.MarshalIndent([]any{result.Crossings, result.Tokens, result.Units}, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			return string(found)
		}
		if got, want := find(analyzersuite.Analyzers()), find(reading(analyzersuite.Analyzers())); got != want {
			t.Errorf("%s:\n%s\nwith all files read in full:\n%s", name, got, want)
		}
	}
}

// repositories returns the files of all archives that are a test's, by name: of those of scripts, and of analyzers' cases.
func repositories(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, pattern := range []string{
		"../../../testdata/script/*.txtar", "../../../testdata/corpus/*/*/*.txtar", "../../../analyzers/*/testdata/*.txtar",
	} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{}
			for _, f := range archive.Files {
				if p := path.Clean(f.Name); !path.IsAbs(p) && !strings.HasPrefix(p, "..") {
					files[p], _ = detectortest.Expand(string(f.Data))
				}
			}
			all[name] = files
		}
	}
	return all
}
