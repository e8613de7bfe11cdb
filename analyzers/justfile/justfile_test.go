package justfile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/justfile"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", justfile.Analyzer, shell.Analyzer, dotenv.Analyzer)
}

// TestBounds has variables that stand for each other: each of many recipes would follow all of them to read its commands.
func TestBounds(t *testing.T) {
	var file strings.Builder
	for i := range 200 {
		fmt.Fprintf(&file, "v%d := v%d\nt%d:\n  ./x {{v%d}}\n", i, i+1, i, i)
	}
	pass := analyzers.NewPass("justfile", "justfile", []byte(file.String()))
	if err := justfile.Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(pass.Facts.Gaps, func(g analyzers.Gap) bool { return strings.HasPrefix(g.Says, "variables stand for each other") }) {
		t.Errorf("gaps %v", pass.Facts.Gaps)
	}
}

func FuzzJustfile(f *testing.F) {
	f.Add([]byte("set dotenv-load := true\nexport a := \"b\" + `c` / env('d', \"e\")\nf := if a == 'b' { a } else { \"x\" }\n[private]\n@g h='i' *$j: k (l f \"m\") && n\n    -@echo {{h}} {{if a == \"\" { f } else { 'q' }}} \\\n      o\n"))
	f.Add([]byte("a:\n    #!/bin/sh\n    cat <<X\n    {{ a\n    X\n"))
	f.Fuzz(analyzertest.Fuzz(justfile.Analyzer, "justfile"))
}
