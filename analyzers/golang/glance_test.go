package golang_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// What only computes, and hands on, is left at its outline; of what takes something in, it is found what that is.
func TestGlance(t *testing.T) {
	const outlined, acting, whole = "outlined", "acting", "whole"
	tests := []struct{ src, depth string }{
		{"package a\n\nimport \"example.com/b\"\n\nfunc F() { b.G(x) } // its environment is\n", outlined},
		{"package a\n\nimport \"os\"\n\nvar args = os.Args // Opened\n", outlined},
		{"//go:build ignore\n\npackage a\n", outlined},
		{"package a\n\nimport \"os\"\n\nvar x, _ = os.ReadFile(\"x\")\n", acting},
		{"package a\n\nimport e \"syscall\"\n\nvar x, _ = e.Getenv(\"X\")\n", acting},
		{"package a\n\nvar x = MustGETENV[string](\"X\")\n", acting},
		{"package main\n\nfunc main() {}\n", acting},
		{"package a\n\nimport \"os/exec\"\n", whole},
		{"package a\n\nimport _ \"embed\"\n\n//go:embed x\nvar x string\n", whole},
		{"package a\n\ntype T struct { X string `env:\"X\"` }\n", whole},
		{"//go:build staging\n\npackage a\n", whole},
		{"package {{.Name}}\n", whole},
	}
	for _, test := range tests {
		pass := analyzers.NewPass("golang", "pkg/a/a.go", []byte(test.src))
		pass.Glance = true
		if err := golang.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		depth := whole
		if o := pass.Facts.Outline; o != nil && o.Acts {
			depth = acting
		} else if o != nil {
			depth = outlined
		}
		if depth != test.depth {
			t.Errorf("%s\n%s, want %s", test.src, depth, test.depth)
		}
	}
}

// Of what takes something in, a glance leaves out what it hands on, and nothing else.
func TestActingSteps(t *testing.T) {
	src := []byte("package a\n\nimport (\n\t\"os\"\n\n\t\"example.com/b\"\n)\n\nvar Key = os.Getenv(\"KEY\")\n\n" +
		"func F() { os.Setenv(\"X\", Key); x, _ := os.ReadFile(\"dir/\" + name); b.Use(x, Key) }\n")
	full, glanced := analyzers.NewPass("golang", "pkg/a/a.go", src), analyzers.NewPass("golang", "pkg/a/a.go", src)
	glanced.Glance = true
	var steps [2]string
	for i, pass := range []*analyzers.Pass{full, glanced} {
		if err := golang.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		list := pass.Facts.Programs[0].Steps
		if o := pass.Facts.Outline; o != nil {
			list = o.Steps("pkg/a/a.go", list)
		}
		for _, s := range list {
			if s.Op != analyzers.OpUse && !(s.Op == analyzers.OpSet && strings.Contains(s.Name, "#")) {
				steps[i] += fmt.Sprintln(s.Op, s.Name, s.At.Line, s.At.Column, s.Says)
			}
		}
	}
	if n := strings.Count(steps[1], "\n"); steps[0] != steps[1] || n != 5 {
		t.Errorf("%d steps:\n%s\nof a full reading:\n%s", len(glanced.Facts.Programs[0].Steps), steps[1], steps[0])
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
	got := glanced.Facts.Outline.Steps("pkg/a/a.go", nil)
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
		if got[i].At != want[i].At || got[i].Refers().Path.At != want[i].Refers().Path.At || got[i].Refers().Path.Parts[0] != want[i].Refers().Path.Parts[0] || got[i].Says != want[i].Says {
			t.Errorf("step %d: %+v\nof a full reading: %+v", i, got[i], want[i])
		}
	}
}

// What a file sets for others stands in its text as code.Setter says, so that it is read in full where somebody asks for it.
func TestSetters(t *testing.T) {
	sets := 0
	var check func(src []byte, steps []analyzers.Step)
	check = func(src []byte, steps []analyzers.Step) {
		for _, s := range steps {
			if _, name, hashed := strings.Cut(s.Name, "#"); s.Op == analyzers.OpSet && hashed {
				sets++
				if !code.Sets(src, code.Setter(name)) {
					t.Errorf("%s:%d sets %s, and does not look so", s.At.Path, s.At.Line, s.Name)
				}
			}
			check(src, s.Steps)
		}
	}
	err := filepath.WalkDir("../..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".go" {
			return err
		}
		src, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		pass := analyzers.NewPass("golang", "pkg/"+d.Name(), src)
		if err := golang.Analyzer.Run(pass); err != nil {
			return err
		}
		for _, p := range pass.Facts.Programs {
			check(src, p.Steps)
		}
		return nil
	})
	if err != nil || sets < 500 {
		t.Errorf("%d names are set, %v", sets, err)
	}
}
