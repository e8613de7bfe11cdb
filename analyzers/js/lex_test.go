package js

import (
	"strings"
	"testing"
)

func sourceWords(src string) []string {
	toks, _ := lex([]byte(src))
	var words []string
	for _, t := range toks {
		words = append(words, src[t.start:t.end])
	}
	return words
}

func TestLex(t *testing.T) {
	tests := []struct{ src, want string }{
		{"a = b / c / d", "a = b / c / d"},
		{"a = /b'c/.test(d)", "a = /b'c/ . test ( d )"},
		{"return /x`/g", "return /x`/g"},
		{"`a${b}c${ {d: 1}.d }e` + f", "`a${ b }c${ { d : 1 } . d }e` + f"},
		{"`a${`b${c}`}d`", "`a${ `b${ c }` }d`"},
		{"// it's\nb /* 'c */ d", "b d"},
		{"<p>don't {a}</p>\n<b/>\nc('x')", "< p > don t { a } < / p > < b / > c ( 'x' )"},
		{"let x: Map<string, string[]> = y!", "let x : Map < string , string [ ] > = y !"},
		{"a ?? b?.c", "a ?? b ?. c"},
		{"'a\nb", "a b"},
		{"#!x\na", "a"},
	}
	for _, test := range tests {
		if got := strings.Join(sourceWords(test.src), " "); got != test.want {
			t.Errorf("%q\ngot  %s\nwant %s", test.src, got, test.want)
		}
	}
}

// TestLexEnds has texts of which every piece is an error that costs much, which are given up, and some that look alike and are read to their end.
func TestLexEnds(t *testing.T) {
	for piece, want := range map[string]bool{
		"/*": true, "=/[": false, "\\\n": false, "'\"": true, "`${": true, "`": true, "(": true, "}": true, "\x00": false, "\xff": false, "${`": true, "1a": false,
	} {
		toks, whole := lex([]byte(strings.Repeat(piece, 1<<18/len(piece))))
		blocks(toks, pairs(toks))
		if whole != want {
			t.Errorf("%q: whole is %v", piece, whole)
		}
	}
}

func TestPairs(t *testing.T) {
	src := "f({a: [`${g()}${h}`]}, (b))"
	toks, _ := lex([]byte(src))
	for i, p := range pairs(toks) {
		if p < 0 {
			continue
		}
		if from := src[toks[i].start:toks[i].end]; isTemplate(toks[i].kind) != strings.HasSuffix(from, "${") {
			t.Errorf("%s is paired with %s", from, src[toks[p].start:toks[p].end])
		}
	}
}
