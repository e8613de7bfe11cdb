package makefile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/makefile"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", makefile.Analyzer, shell.Analyzer, dotenv.Analyzer)
}

// TestBounds has makefiles that all include each other, and so have each other's targets: a part of them is added, and what is left out is said.
func TestBounds(t *testing.T) {
	index := graph.NewIndex()
	const files = 400
	for i := range files {
		name := fmt.Sprintf("m%d.mk", i)
		text := fmt.Sprintf("include m%d.mk m%d.mk\nt%d:\n\t./x\n", (i+1)%files, (7*i+3)%files, i)
		pass := analyzers.NewPass("makefile", name, []byte(text))
		if err := makefile.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		index.AddFile(name, true)
		index.AddFacts(pass.Facts)
	}
	targets, gaps := 0, 0
	for _, f := range makefile.Analyzer.Join(index) {
		targets += len(f.Programs) / 2
		gaps += len(f.Gaps)
	}
	if targets != 20_000 || gaps != files {
		t.Errorf("%d targets and %d gaps", targets, gaps)
	}
}

// TestOpenReferences has references that nothing closes: the end of each would be looked for up to the end of the file.
func TestOpenReferences(t *testing.T) {
	pass := analyzers.NewPass("makefile", "Makefile", []byte("A = "+strings.Repeat("$(", 20_000)))
	if err := makefile.Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	if len(pass.Facts.Gaps) != 1 {
		t.Errorf("gaps %v", pass.Facts.Gaps)
	}
}

func FuzzMakefile(f *testing.F) {
	f.Add([]byte("include .env\nexport\nA ?= $(shell cat x)\nifeq ($(A),b)\nC := $(call f,$(A))\nendif\nall: b ; echo $@\nb: export K = v\nb:\n\t@$(MAKE) c D=$$E\n%.o: %.c\n\tcc $<\n"))
	f.Add([]byte("define f\n\techo $(1)\nendef\nA = $(B)\nB = $(A)$(A)\nx:\n\t$(call f,$(A))\n"))
	f.Fuzz(analyzertest.Fuzz(makefile.Analyzer, "Makefile"))
}
