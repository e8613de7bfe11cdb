package golang_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang"
)

// What takes something in is read at once; what only computes, and hands on, is left at its outline.
func TestGlance(t *testing.T) {
	tests := []struct {
		src      string
		outlined bool
	}{
		{"package a\n\nimport \"example.com/b\"\n\nfunc F() { b.G(x) } // its environment is\n", true},
		{"package a\n\nimport \"os\"\n\nvar args = os.Args // Opened\n", true},
		{"package a\n\nimport \"os\"\n\nvar x, _ = os.ReadFile(\"x\")\n", false},
		{"package a\n\nimport e \"syscall\"\n\nvar x, _ = e.Getenv(\"X\")\n", false},
		{"package a\n\nvar x = MustGETENV[string](\"X\")\n", false},
		{"package a\n\nimport \"os/exec\"\n", false},
		{"package a\n\nimport _ \"embed\"\n\n//go:embed x\nvar x string\n", false},
		{"package a\n\ntype T struct { X string `env:\"X\"` }\n", false},
		{"package main\n\nfunc main() {}\n", false},
		{"//go:build staging\n\npackage a\n", false},
		{"//go:build ignore\n\npackage a\n", true},
		{"package {{.Name}}\n", false},
	}
	for _, test := range tests {
		pass := analyzers.NewPass("golang", "pkg/a/a.go", []byte(test.src))
		pass.Glance = true
		if err := golang.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if got := pass.Facts.Outline != nil; got != test.outlined {
			t.Errorf("%s\noutlined: %v", test.src, got)
		}
	}
}

// An outline's steps are those that a full reading finds.
func TestOutlineSteps(t *testing.T) {
	src := []byte("package a\n\nimport (\n\t\"fmt\"\n\tx \"example.com/b/v2\"\n\t. \"example.com/c\"\n)\n\nfunc F() { fmt.Println(x.Y) }\n")
	full, glanced := analyzers.NewPass("golang", "pkg/a/a.go", src), analyzers.NewPass("golang", "pkg/a/a.go", src)
	glanced.Glance = true
	for _, pass := range []*analyzers.Pass{full, glanced} {
		if err := golang.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
	}
	got := glanced.Facts.Outline.Steps("pkg/a/a.go")
	var want []analyzers.Step
	for _, s := range full.Facts.Programs[0].Steps {
		if s.Op == analyzers.OpSource {
			want = append(want, s)
		}
	}
	if len(got) != 3 || len(want) != 3 {
		t.Fatalf("%d steps, %d of a full reading", len(got), len(want))
	}
	for i := range got {
		if got[i].At != want[i].At || got[i].Ref.Path.At != want[i].Ref.Path.At || got[i].Ref.Path.Parts[0] != want[i].Ref.Path.Parts[0] || got[i].Says != want[i].Says {
			t.Errorf("step %d: %+v\nof a full reading: %+v", i, got[i], want[i])
		}
	}
}
