package js

import (
	"path/filepath"
	"testing"

	lexer "github.com/tdewolff/parse/v2/js"
	"golang.org/x/tools/txtar"
)

// sources returns pieces of code of all kinds.
func sources(t testing.TB) (all []txtar.File) {
	for _, src := range []string{
		"a = b / c / d", "a = /b'c/.test(d)", "return /x`[/]/g.y / 2", "x = a++ / b / c; y = <p/>", "if (a) /b/.test(c)",
		"`a${b}c${ {d: 1}.d }e${`f${g}`}` + f", "<p>don't {a} – 3px #1 @x {'é'}</p>\n<b/>\nc('x')", "let é: Map<string, string[]> = y!",
		"a ?? b?.c ?.5 : d >>>= 1 >>= 2 >> 3 > 4 ** 5 &&= 6 << 7 <= 8 == 9 !== 1 => ...e -- f", "'a\nb 'c\\\nd' \"e\\\"f\"", "#!x\na.#b",
		"0x1f 0b1 1e5 1.5e-3 1_000n .5 1.toString() 1..x 3m", "a // b\r\nc /* d */ e", "this / a / super / b; typeof /c/; async / d / e",
		"/a\nb/ c", "`a${b", "/* a", "\\u0061", "a\u00a0b\ufeffc", "\xff", "a -->b", "~= ?=", "${}`", "`${@}`",
	} {
		all = append(all, txtar.File{Name: "a.ts", Data: []byte(src)})
	}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, archive.Files...)
	}
	return all
}

// What is skimmed are the tokens of the lexer.
func FuzzSkim(f *testing.F) {
	for _, src := range sources(f) {
		f.Add(src.Data)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		toks, _ := lex(src)
		s := newSkim(src)
		var n int
		for n = 0; ; n++ {
			s.next()
			if s.lost {
				return
			}
			if s.kind == end {
				break
			}
			if n == len(toks) || int(toks[n].start) != s.start || shapeOf(toks[n].kind) != s.kind || s.kind != other && int(toks[n].end) != s.end {
				t.Fatalf("%q: token %d is %q", src, n, s.text())
			}
		}
		if n != len(toks) {
			t.Errorf("%q: %d tokens of %d", src, n, len(toks))
		}
	})
}

func shapeOf(kind lexer.TokenType) shape {
	switch kind {
	case lexer.StringToken:
		return text
	case lexer.TemplateToken:
		return plain
	case lexer.TemplateStartToken:
		return templateOpen
	case lexer.TemplateMiddleToken:
		return templateNext
	case lexer.TemplateEndToken:
		return templateEnd
	case lexer.DotToken, lexer.OptChainToken:
		return dot
	case lexer.EqToken:
		return equals
	case lexer.MulToken:
		return star
	case lexer.OpenBraceToken, lexer.CloseBraceToken, lexer.OpenParenToken, lexer.CloseParenToken, lexer.OpenBracketToken,
		lexer.CloseBracketToken, lexer.CommaToken, lexer.SemicolonToken, lexer.ColonToken:
		return bracket
	}
	if lexer.IsIdentifierName(kind) {
		return word
	}
	return other
}

// Most code can be skimmed to its end.
func TestSkimWhole(t *testing.T) {
	lost := 0
	all := sources(t)
	for _, src := range all {
		s := newSkim(src.Data)
		for s.next(); s.kind != end; s.next() {
		}
		if s.lost {
			lost++
		}
	}
	if lost > 15 {
		t.Errorf("%d of %d are lost", lost, len(all))
	}
}
