package scan_test

import (
	"context"
	"encoding/json"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/analyzers"
	analyzersuite "github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/config"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
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

// A scan that glances at files finds what one finds that reads them all, and one that passes over idle steps what one finds that does them all.
func TestGlance(t *testing.T) {
	if testing.Short() {
		t.Skip("scans all cases three times")
	}
	engine, knowledge := detection(t)
	staging := config.Config{Units: []config.UnitRule{{Pattern: "**", Environments: detectors.Staging}}} // so that what any unit gets is reported
	all, _ := repositories(t)
	for name, files := range all {
		for _, inventory := range []config.Config{{}, staging} {
			find := func(list []*analyzers.Analyzer, everything bool) string {
				opt := scan.Options{
					Source: memory(files), Target: report.Target{Mode: "tree"}, Engine: engine, Knowledge: knowledge, Analyzers: list, Config: inventory,
					Now: time.Unix(0, 0), Jobs: 1,
				}
				if everything {
					opt.DoEverything()
				}
				result, err := scan.Run(context.Background(), opt)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				found, err := json.MarshalIndent([]any{result.Crossings, result.Tokens, result.Units, result.Gaps}, "", " ")
				if err != nil {
					t.Fatal(err)
				}
				return string(found)
			}
			full := reading(analyzersuite.Analyzers())
			want := find(full, true)
			if got := find(full, false); got != want {
				t.Errorf("%s: passing over idle steps:\n%s", name, changes(want, got))
			} else if got := find(analyzersuite.Analyzers(), false); got != want {
				t.Errorf("%s: glancing:\n%s", name, changes(want, got))
			}
		}
	}
}

// changes returns the lines that only one of two texts has.
func changes(want, got string) string {
	var b strings.Builder
	only := func(sign, one, other string) {
		lines := map[string]bool{}
		for line := range strings.SplitSeq(other, "\n") {
			lines[line] = true
		}
		for line := range strings.SplitSeq(one, "\n") {
			if !lines[line] {
				b.WriteString(sign + line + "\n")
			}
		}
	}
	only("-", want, got)
	only("+", got, want)
	return b.String()
}

// bare are tokens in cases which no rule finds without a name beside them.
var bare = regexp.MustCompile(`\{\{railway([}#@])`)

// glued are tokens in cases that stand within a word, where no rule finds them.
var glued = regexp.MustCompile(`([a-z])(\{\{stripe-)`)

// repositories returns the files of all archives that are a test's, by name: of those of scripts, and of analyzers' cases; and the tokens
// that stand in them.
func repositories(t *testing.T) (all map[string]map[string]string, tokens map[string]bool) {
	t.Helper()
	all, tokens = map[string]map[string]string{}, map[string]bool{}
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
					// The cases of analyzers say where tokens stand; here rules must find them without a name beside them.
					text := glued.ReplaceAllString(bare.ReplaceAllString(string(f.Data), "{{stripe-live$1"), "$1/$2")
					text, minted := detectortest.Expand(text)
					files[p] = text
					for _, m := range minted {
						tokens[m.Value] = true
					}
				}
			}
			all[name] = files
		}
	}
	return all, tokens
}
