package justfile_test

import (
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

func FuzzJustfile(f *testing.F) {
	f.Add([]byte("set dotenv-load := true\nexport a := \"b\" + `c` / env('d', \"e\")\nf := if a == 'b' { a } else { \"x\" }\n[private]\n@g h='i' *$j: k (l f \"m\") && n\n    -@echo {{h}} {{if a == \"\" { f } else { 'q' }}} \\\n      o\n"))
	f.Add([]byte("a:\n    #!/bin/sh\n    cat <<X\n    {{ a\n    X\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pass := analyzers.NewPass("justfile", "justfile", data)
		if err := justfile.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
	})
}
