package compat

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
)

// TestHabits: what is wanted is what gitleaks 8.30.1 reports, also of rules and texts that nobody means to write.
func TestHabits(t *testing.T) {
	for _, c := range []struct{ name, config, text, want string }{
		{
			"matches without a character", "[[rules]]\nid='r'\nregex='''x*'''", "ax\n\nb",
			`r 1:1-1:0 ""; r 1:2-1:2 "x"; r 3:1-3:0 ""; r 3:2-3:1 ""; r 3:3-3:2 ""`,
		},
		{"line breaks alone", "[[rules]]\nid='r'\nregex='''\\n'''", "gitleaks:allow\nb\n\nlast", `r 2:1-2:14 ""; r 3:1-3:2 ""`},
		{"an allowed last line", "[[rules]]\nid='r'\nregex='''last'''", "gitleaks:allow\nlast", ""},
		{"an empty group", "[[rules]]\nid='r'\nregex='''a(x?)'''\nsecretGroup=1", "a", `r 1:1-1:1 "a"`},
		{"words that are none", "[[rules]]\nid='r'\nregex='''a'''\n[[rules.allowlists]]\nstopwords=['']\n[[rules]]\nid='s'\nregex='''a'''\nkeywords=['']", "a", `r 1:1-1:1 "a"`},
		{"tags", "[[rules]]\nid='r'\nregex='''a'''\ntags=['t']", "a", `r 1:1-1:1 "a" [t]`},
		{"a folder that is allowed", "[[allowlists]]\ncondition='AND'\npaths=['^folder$']\nstopwords=['z']\n[[rules]]\nid='r'\nregex='''a'''", "a", ""},
		{"letters in another case", "[[rules]]\nid='r'\nregex='''(?i)key=\\w'''\nkeywords=['key']\n[[rules]]\nid='s'\nregex='''İ.'''\nkeywords=['İ']", "\u212aey=1\nİx", "r 1:1-1:7 \"\u212aey=1\"; s 2:2-2:4 \"İx\""},
		{
			"a path's rule with a partner", "[[rules]]\nid='r'\npath='file'\n[[rules.required]]\nid='s'\n[[rules]]\nid='s'\nregex='''s'''\nskipReport=true", "a",
			`r 0:0-0:0 "file detected: folder/file"`,
		},
		{
			"a path's rule for a partner", "[[rules]]\nid='r'\nregex='''a'''\n[[rules.required]]\nid='s'\nwithinLines=1\n[[rules]]\nid='s'\npath='file'\nskipReport=true", "a\na\n",
			`r 1:1-1:1 "a"`,
		},
		{
			"columns of partners", "[[rules]]\nid='r'\nregex='''a'''\n[[rules.required]]\nid='s'\nwithinColumns=0\n[[rules]]\nid='s'\nregex='''s'''\nskipReport=true", "  s\n a\n  a\n",
			`r 2:3-2:3 "a"`,
		},
		{
			"an allowed partner", "[[rules]]\nid='r'\nregex='''a\\d'''\n[[rules.required]]\nid='s'\n[[rules]]\nid='s'\nregex='''s\\d'''\nskipReport=true", "s1 gitleaks:allow\na1\n",
			"",
		},
		{
			"an allowed rival", "[[rules]]\nid='generic'\nregex='''ab'''\n[[rules]]\nid='r'\nregex='''(?s)ab.*z'''", "ab\nz gitleaks:allow\n",
			`generic 1:1-1:2 "ab"`,
		},
		{
			"a word for a path's rule in the second fragment", "[[rules]]\nid='r'\npath='file'\nkeywords=['word']", strings.Repeat("line\n", 30_000) + "\n\nword",
			`r 0:0-0:0 "file detected: folder/file"`,
		},
		{
			"a path's rule for a partner in the second fragment", "[[rules]]\nid='r'\nregex='''a'''\n[[rules.required]]\nid='s'\n[[rules]]\nid='s'\npath='file'\nskipReport=true",
			strings.Repeat("line\n", 30_000) + "\n\na", `r 30003:2-30003:2 "a"`,
		},
		{"a generic path's rule", "[[rules]]\nid='generic'\npath='file'\n[[rules]]\nid='r'\nregex='''a'''", "a", `generic 0:0-0:0 "file detected: folder/file"; r 1:1-1:1 "a"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "file"), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			config, err := gitleaks.Load([]byte(c.config), ".gitleaks.toml", nil)
			if err != nil {
				t.Fatal(err)
			}
			engine, err := match.New(config.Rules, match.Options{DecodeDepth: 5, Global: config.Global, Gitleaks: true})
			if err != nil {
				t.Fatal(err)
			}
			tree, err := source.OpenTree(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			result, err := Run(t.Context(), Options{Source: tree, Root: "folder", Walked: true, Engine: engine})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range result.Findings {
				one := fmt.Sprintf("%s %d:%d-%d:%d %q", f.RuleID, f.StartLine, f.StartColumn, f.EndLine, f.EndColumn, f.Match)
				if len(f.Tags) > 0 {
					one += fmt.Sprint(" ", f.Tags)
				}
				got = append(got, one)
			}
			if got := strings.Join(got, "; "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
