// Package matchtest makes texts to try expressions on: texts that an expression matches, nearly matches, and matches once something is
// decoded. They are random, and the same at every run.
package matchtest

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// Text returns a text that the expression matches, if what stands around it fulfils the assertions at its ends.
func Text(r *rand.Rand, re *syntax.Regexp) string {
	w := writer{Rand: r}
	w.repeat = w.repeatFew
	w.write(re)
	return w.text.String()
}

type writer struct {
	*rand.Rand
	text   strings.Builder
	repeat func(re *syntax.Regexp, least, most int) // writes what is repeated; most is -1 if there is no limit
}

func (w *writer) write(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if re.Flags&syntax.FoldCase != 0 && w.IntN(2) == 0 {
				r = []rune(strings.ToUpper(string(r)))[0]
			}
			w.text.WriteRune(r)
		}
	case syntax.OpCharClass:
		w.text.WriteRune(w.member(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.text.WriteByte("abcdefXYZ0189_-.:/ "[w.IntN(19)])
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			w.write(sub)
		}
	case syntax.OpAlternate:
		w.write(re.Sub[w.IntN(len(re.Sub))])
	case syntax.OpStar:
		w.repeat(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		w.repeat(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		w.repeat(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		w.repeat(re.Sub[0], re.Min, re.Max)
	}
}

// repeatFew writes the fewest repetitions more often than others.
func (w *writer) repeatFew(re *syntax.Regexp, least, most int) {
	if most < 0 {
		most = least + 6
	}
	n := least
	if w.IntN(3) > 0 {
		n += w.IntN(min(most-least, 40) + 1)
	}
	for range n {
		w.write(re)
	}
}

// member returns a character of a class: mostly a printable one in ASCII, if there is any.
func (w *writer) member(ranges []rune) rune {
	var printable []rune
	for i := 0; i < len(ranges); i += 2 {
		for r := max(ranges[i], ' '); r <= min(ranges[i+1], '~'); r++ {
			printable = append(printable, r)
		}
	}
	if len(printable) > 0 && w.IntN(50) > 0 {
		return printable[w.IntN(len(printable))]
	}
	i := 2 * w.IntN(len(ranges)/2)
	r := ranges[i] + rune(w.IntN(int(min(ranges[i+1]-ranges[i], 1000))+1))
	if !utf8.ValidRune(r) {
		return ranges[i]
	}
	return r
}

// Spoil returns the text with a small error in it: a byte lost, added or broken, or the rest cut off.
func Spoil(r *rand.Rand, text string) string {
	if text == "" {
		return text
	}
	i := r.IntN(len(text))
	switch r.IntN(4) {
	case 0:
		return text[:i] + text[i+1:]
	case 1:
		more := []string{"!", "é", "\n", "\x00", "\xff", "A", "0", " "}
		return text[:i] + more[r.IntN(len(more))] + text[i:]
	case 2:
		return text[:i]
	}
	return text[:i] + "\xe2\x84" + text[i:]
}
