package golang_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/golang"
)

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", golang.Analyzer, dotenv.Analyzer)
}

// A name that is assigned to over and over is followed as far as values go, and costs what its length does: the square of it would take
// minutes.
func TestManyAssignments(t *testing.T) {
	var src strings.Builder
	src.WriteString("package main\n\nimport \"os\"\n\nfunc main() {\n\ts := os.Getenv(\"TOKEN\")\n")
	for i := range 50_000 {
		fmt.Fprintf(&src, "\tif a { s += \"b%d\" }\n", i)
	}
	src.WriteString("\tprintln(s)\n}\n")
	pass := analyzers.NewPass("golang", "cmd/a/main.go", []byte(src.String()))
	if err := golang.Analyzer.Run(pass); err != nil || len(pass.Facts.Units) != 1 {
		t.Errorf("%d units, %v", len(pass.Facts.Units), err)
	}
}

func FuzzRun(f *testing.F) {
	for _, src := range []string{
		"package main\nimport \"os\"\nfunc main() { if os.Getenv(\"A\") == \"b\" { c(d.E, []F{{G: \"h\"}}) } }",
		"//go:build !staging\n\npackage x\nimport . \"y\"\nvar a, b = f(), map[string]string{\"Authorization\": \"Bearer \" + c.d}",
		"package x\n//go:embed a/* all:b\ntype T struct { A struct{ B string `env:\"C\"` } `envPrefix:\"D_\"` }\nfunc (t *T) f(a ...string) (e error) { t.A = a; return }",
		"package x\nfunc f() { c := exec.Command(\"sh\", \"-c\", g); c.Env = append(os.Environ(), \"K=\"+v); for k, v := range x { switch v { case 1: default: } } }",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(analyzertest.Fuzz(golang.Analyzer, "cmd/a/main.go"))
}
