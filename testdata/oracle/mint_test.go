package oracle

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// minter makes texts that expressions match, the same at every run.
type minter struct {
	*rand.Rand
	text strings.Builder
}

// mint returns a text that the expression matches, but for assertions at its ends that its surroundings must fulfil.
func mint(r *rand.Rand, re *syntax.Regexp) string {
	m := minter{Rand: r}
	m.write(re)
	return m.text.String()
}

func (m *minter) write(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if re.Flags&syntax.FoldCase != 0 && m.IntN(2) == 0 {
				r = []rune(strings.ToUpper(string(r)))[0]
			}
			m.text.WriteRune(r)
		}
	case syntax.OpCharClass:
		m.text.WriteRune(m.member(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		m.text.WriteByte("abcdefXYZ0189_-.:/ "[m.IntN(19)])
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			m.write(sub)
		}
	case syntax.OpAlternate:
		m.write(re.Sub[m.IntN(len(re.Sub))])
	case syntax.OpStar:
		m.repeat(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		m.repeat(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		m.repeat(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		m.repeat(re.Sub[0], re.Min, re.Max)
	}
}

// repeat writes few repetitions more often than many.
func (m *minter) repeat(re *syntax.Regexp, least, most int) {
	if most < 0 {
		most = least + 6
	}
	n := least
	if m.IntN(3) > 0 {
		n += m.IntN(min(most-least, 40) + 1)
	}
	for range n {
		m.write(re)
	}
}

// member returns a character of a class: mostly a printable one in ASCII, if there is any.
func (m *minter) member(ranges []rune) rune {
	var printable []rune
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1] && r < utf8.RuneSelf; r++ {
			if r >= ' ' && r < 0x7f {
				printable = append(printable, r)
			}
		}
	}
	if len(printable) > 0 && m.IntN(50) > 0 {
		return printable[m.IntN(len(printable))]
	}
	i := 2 * m.IntN(len(ranges)/2)
	return ranges[i] + rune(m.IntN(int(min(ranges[i+1]-ranges[i], 1000))+1))
}

// spoil returns the text with a small error in it.
func spoil(r *rand.Rand, text string) string {
	if text == "" {
		return text
	}
	i := r.IntN(len(text))
	switch r.IntN(4) {
	case 0:
		return text[:i] + text[i+1:]
	case 1:
		return text[:i] + string("!é\n\x00\xffA0 "[r.IntN(8)]) + text[i:]
	case 2:
		return text[:i]
	default:
		return text[:i] + "\xe2\x84" + text[i:]
	}
}

// spellings are ways to write a text into a file.
var spellings = []func(r *rand.Rand, text string) string{
	func(r *rand.Rand, text string) string { return text },
	func(r *rand.Rand, text string) string { return " " + text + " \n" },
	func(r *rand.Rand, text string) string { return fmt.Sprintf("\tkey = %q;\r\n", text) },
	func(r *rand.Rand, text string) string { return "export SECRET_TOKEN='" + text + "'\n" },
	func(r *rand.Rand, text string) string { return "{\"a\": \"b\", \"api_key\": \"" + text + "\"}" },
	func(r *rand.Rand, text string) string { return "password: " + text + "\n\n" },
	func(r *rand.Rand, text string) string { return text + text + "\n" },
	func(r *rand.Rand, text string) string { return "x" + text + "x\n" },
	func(r *rand.Rand, text string) string { return "é" + text + "é" + text + "\n" },
	func(r *rand.Rand, text string) string { return spoil(r, text) + "\n" },
	func(r *rand.Rand, text string) string { return spoil(r, text) + spoil(r, text) },
	func(r *rand.Rand, text string) string {
		return "a: " + base64.StdEncoding.EncodeToString([]byte(text)) + "\n"
	},
	func(r *rand.Rand, text string) string {
		return "token=" + base64.RawURLEncoding.EncodeToString([]byte("k = '"+text+"'")) + ";"
	},
	func(r *rand.Rand, text string) string { return "0x" + hex.EncodeToString([]byte(text+" ")) + "\n" },
	func(r *rand.Rand, text string) string { return hex.EncodeToString([]byte("key: '"+text+"' ")) + " " },
	func(r *rand.Rand, text string) string {
		return "http://h/?q=" + url.QueryEscape("a b "+text+" ") + "&r=%20\n"
	},
	func(r *rand.Rand, text string) string { return percentAll(text) + "\n" },
	func(r *rand.Rand, text string) string { return "s = \"" + escapes(text, `\u%04x`) + "\"\n" },
	func(r *rand.Rand, text string) string { return escapes(text, `\\U%04X`) + " " },
	func(r *rand.Rand, text string) string { return escapes(text, "U+%04X ") + "\n" },
	func(r *rand.Rand, text string) string {
		return "x: " + base64.StdEncoding.EncodeToString([]byte(percentAll("auth='"+text+"'"))) + "\n"
	},
	func(r *rand.Rand, text string) string {
		return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(text+"\n")))) + "\n"
	},
	func(r *rand.Rand, text string) string {
		half := len(text) / 2
		return text[:half] + url.PathEscape(text[half:]) + " %41\n"
	},
	func(r *rand.Rand, text string) string {
		half := len(text) / 2
		return hex.EncodeToString([]byte("0123456789abcdef"+text[:half])) + text[half:] + "\n"
	},
}

func percentAll(text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, "%%%02X", text[i])
	}
	return b.String()
}

func escapes(text, format string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}
