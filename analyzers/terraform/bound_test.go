package terraform_test

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/terraform"
)

// TestBounds has texts that the parser would overflow its stack with, or take minutes for, and some that look alike and are read.
func TestBounds(t *testing.T) {
	times := strings.Repeat
	for name, c := range map[string]struct {
		text string
		gap  bool
	}{
		"brackets":              {"a = " + times("[", 2000), true},
		"not":                   {"a = " + times("!", 900_000) + "b\n", true},
		"minus":                 {"a = " + times("-", 900_000) + "1\n", true},
		"conditions":            {"a = " + times("b ? c : ", 100_000) + "d\n", true},
		"conditions over lines": {"a = (" + times("b ?\n c :\n ", 2000) + "d)\n", true},
		"splats":                {"a = b" + times("[*]", 300_000) + "\n", true},
		"indices":               {"a = b" + times("[0]", 300_000) + "\n", true},
		"directives":            {"a = \"" + times("%{if b}", 100_000) + "\"\n", true},
		"directives over lines": {"a = <<E\n" + times("%{if b}\n", 2000) + times("%{endif}\n", 2000) + "E\n", true},
		"a long heredoc":        {"a = <<-E\n" + times("text\n", 100_000) + "  E\n", true},
		"an open heredoc":       {"a = <<E\n" + times("<<E2\n", 100_000), true},
		"signs in a text":       {"a = \"" + times("<%", 100_000) + "\"\n", true},
		"signs in a heredoc":    {"a = <<E\n" + times(times("$a ", 20)+"\n", 4000) + "E\n", true},
		"a large file":          {times("# text\n", 1<<20), true},

		"many conditions":   {times("b {\n a = b ? c : d\n}\n", 2000), false},
		"an object of many": {"a = {\n" + times("  b = !c ? -1 : d[*].e\n", 2000) + "}\n", false},
		"a list of many":    {"a = [" + times("b[0] ? -1 : !c,\n", 2000) + "]\n", false},
		"lines":             {times("#"+times("-", 300)+"\n", 500), false},
		"a script":          {"a = <<E\n" + times("export A=\"$B\"\n", 1000) + "E\n", false},
		"heredocs":          {times("a {\n b = <<E\n"+times("-- text?\n", 100)+"E\n}\n", 500), false},
	} {
		pass := analyzers.NewPass(terraform.Analyzer.Name, "main.tf", []byte(c.text))
		if err := terraform.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if gap := len(pass.Facts.Gaps) > 0; gap != c.gap {
			t.Errorf("%s: gaps %v", name, pass.Facts.Gaps)
		}
	}
}
