package dockerfile

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers/interpolate"
)

func TestWords(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`a b  c`, `a|b|c`},
		{`a="b c" d`, `a="b c"|d`},
		{`a='b "c' d`, `a='b "c'|d`},
		{`a\ b c`, `a\ b|c`},
		{`"a\"b" c`, `"a\"b"|c`},
		{`"not closed c`, `"not closed c`},
		{`a\`, `a\`},
		{``, ``},
	} {
		var got []string
		for _, w := range words(interpolate.Plain(test.text, 0), '\\') {
			got = append(got, w.String)
		}
		if strings.Join(got, "|") != test.want {
			t.Errorf("%s: got %s, want %s", test.text, strings.Join(got, "|"), test.want)
		}
	}
}

func TestUnquote(t *testing.T) {
	for _, test := range []struct{ word, want string }{
		{`a$B`, `a <B>`},
		{`"a $B"`, `a  <B>`},
		{`$B"c$D"e`, `<B> c <D> e`},
		{`'a $B'`, `a $B`},
		{`a\$B`, `a$B`},
		{`"\$B\"\c"`, `$B"\c`},
		{`a\ b`, `a b`},
		{`"a"'$b'c`, `a $b c`},
		{`${B:-d}`, `<B>`},
		{`'`, ``},
		{`"`, ``},
		{`"a`, `a`},
	} {
		var got []string
		for _, p := range unquote(interpolate.Plain(test.word, 0), '\\', interpolate.Syntax{Escape: '\\'}) {
			if p.Hole != nil {
				got = append(got, "<"+p.Hole.Name+">")
				continue
			}
			got = append(got, p.Text.String)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %q, want %q", test.word, strings.Join(got, " "), test.want)
		}
	}
}

func TestList(t *testing.T) {
	for _, test := range []struct {
		text, want string
		ok         bool
	}{
		{`["a", "b c"]`, `a|b c`, true},
		{`["a\"b\u0041"]`, `a"bA`, true},
		{`[]`, ``, true},
		{`["a" "b"]`, ``, false},
		{`[1, "a"]`, ``, false},
		{`[ -f x ] && y`, ``, false},
		{`a`, ``, false},
	} {
		texts, ok := list(interpolate.Plain(test.text, 0))
		var got []string
		for _, w := range texts {
			got = append(got, w.String)
		}
		if ok != test.ok || ok && strings.Join(got, "|") != test.want {
			t.Errorf("%s: got %v %v", test.text, got, ok)
		}
	}
}
