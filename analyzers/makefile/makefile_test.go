package makefile_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/makefile"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", makefile.Analyzer, shell.Analyzer, dotenv.Analyzer)
}

func FuzzMakefile(f *testing.F) {
	f.Add([]byte("include .env\nexport\nA ?= $(shell cat x)\nifeq ($(A),b)\nC := $(call f,$(A))\nendif\nall: b ; echo $@\nb: export K = v\nb:\n\t@$(MAKE) c D=$$E\n%.o: %.c\n\tcc $<\n"))
	f.Add([]byte("define f\n\techo $(1)\nendef\nA = $(B)\nB = $(A)$(A)\nx:\n\t$(call f,$(A))\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pass := analyzers.NewPass("makefile", "Makefile", data)
		if err := makefile.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
	})
}
