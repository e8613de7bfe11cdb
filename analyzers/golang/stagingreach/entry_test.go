package stagingreach

import (
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/detectors"
)

func TestEnvironments(t *testing.T) {
	for _, test := range []struct {
		path, module, file string
		want               detectors.Environment
	}{
		{"example.com/acme/cmd/staging-sync", "example.com/acme", "cmd/staging-sync/main.go", detectors.Staging},
		{"example.com/acme/cmd/worker", "example.com/acme", "cmd/worker/main.go", 0},
		{"example.com/acme-staging/cmd/worker", "example.com/acme-staging", "cmd/worker/main.go", 0},
		{"example.com/staging-worker/v2", "example.com/staging-worker/v2", "main.go", detectors.Staging},
		{"example.com/acme/tools/x", "example.com/acme", "tools/x/main.go", detectors.Staging},
		{"example.com/acme/tools/staging-prod", "example.com/acme", "tools/staging-prod/main.go", detectors.Staging},
		{"example.com/acme/ops/staging-prod", "example.com/acme", "ops/staging-prod/main.go", detectors.Production},
	} {
		u := &unit{
			Pass:    &analysis.Pass{Pkg: types.NewPackage(test.path, "main"), Module: &analysis.Module{Path: test.module}},
			Options: tokens.Options{Staging: []string{"./tools/*"}, Production: []string{"**/staging-prod/"}},
		}
		if got := u.environments(test.file); got != test.want {
			t.Errorf("%s is %s, want %s", test.file, got, test.want)
		}
	}
}

// TestInRepository: a program is called by its file in the repository, whichever module it is of.
func TestInRepository(t *testing.T) {
	root := t.TempDir()
	name := filepath.Join(root, "services", "api", "cmd", "sync", "main.go")
	u := &unit{Pass: &analysis.Pass{Fset: token.NewFileSet()}}
	f, err := parser.ParseFile(u.Fset, name, "package main", 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := u.inRepository(f, "cmd/sync/main.go"), "cmd/sync/main.go"; got != want {
		t.Errorf("outside a repository the program is %s, want %s", got, want)
	}
	if err := os.MkdirAll(filepath.Join(root, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got, want := u.inRepository(f, "cmd/sync/main.go"), "services/api/cmd/sync/main.go"; got != want {
		t.Errorf("in a repository the program is %s, want %s", got, want)
	}
}
