package scan

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	analyzers "github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
	"github.com/stagewall/stagewall/detectors/tag"
)

// scanTree scans the files of an archive, whose {{names}} are minted.
func scanTree(t *testing.T, archive string) *Result {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		text, _ := detectortest.Expand(string(f.Data))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	config, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := match.New(suite.Rules(suite.Providers(), config), match.Options{DecodeDepth: 5})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := source.OpenTree(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(context.Background(), Options{
		Source: tree, Target: report.Target{Mode: "tree"}, Engine: engine, Analyzers: analyzers.Analyzers(),
		Knowledge: tag.NewKnowledge(suite.Providers()), Now: time.Unix(0, 0),
	})
	if err != nil || len(result.Errors) > 0 {
		t.Fatal(err, result.Errors)
	}
	return result
}

// token returns the token whose masked form, for a reference its store and name, ends so.
func (r *Result) token(t *testing.T, masked string) *report.Token {
	t.Helper()
	for _, token := range r.Tokens {
		if strings.HasSuffix(token.Masked, masked) {
			return token
		}
	}
	t.Fatalf("no token %s", masked)
	return nil
}
