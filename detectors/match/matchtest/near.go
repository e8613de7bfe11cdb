package matchtest

import (
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
)

// Near returns texts that an expression nearly matches, made from its syntax: what it begins with, its longest run of one class a byte too
// short, far too long, or broken in the middle, what else it needs in the fewest and in the most bytes; and the same with letters outside ASCII that
// fold to some in it, but for the keywords. Some of them may match after all.
func Near(r *rand.Rand, re *syntax.Regexp, keywords []string) []string {
	var all []string
	for _, most := range []bool{false, true} {
		w := nearWriter{writer: writer{Rand: r}, most: most}
		w.repeat = w.repeatNear
		w.write(re)
		text := w.text.String()
		if text == "" {
			continue
		}
		all = append(all, text[:len(text)-1])
		if w.end == 0 {
			continue
		}
		before, run, after := text[:w.start], text[w.start:w.end], text[w.end:]
		half := len(run) / 2
		all = append(all,
			before,
			before+run[:max(0, w.least-1)]+after,
			before+strings.Repeat(run, 1+100/len(run)),
			before+run[:half]+"é"+run[half:]+after,
			before+run[:half]+"\xff"+run[half:max(half, w.least-1)]+after,
		)
	}
	for _, text := range all[:len(all):len(all)] {
		all = append(all, folded(text, keywords))
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(text string) bool { return text == "" })
}

// folded returns the text with a long s for every s and a Kelvin sign for every k that is not in a keyword.
func folded(text string, keywords []string) string {
	var b strings.Builder
	kept := 0 // up to where a keyword stands
	for i := range len(text) {
		for _, word := range keywords {
			if end := i + len(word); end <= len(text) && strings.EqualFold(text[i:end], word) {
				kept = max(kept, end)
			}
		}
		switch c := text[i]; {
		case i >= kept && c|0x20 == 's':
			b.WriteRune('ſ')
		case i >= kept && c|0x20 == 'k':
			b.WriteRune('\u212a')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// nearWriter writes the shortest text, or one of the longest, and notes its longest run of one class.
type nearWriter struct {
	writer
	most       bool
	start, end int // of the run
	least      int // how long it has to be, in bytes
}

const (
	longRun  = 60  // how often something is repeated at the most that may be often
	longText = 400 // and up to how many bytes
)

func (w *nearWriter) repeatNear(re *syntax.Regexp, least, most int) {
	n := least
	if w.most {
		if n = max(least, longRun); most >= 0 {
			n = max(least, min(most, longRun))
		}
	}
	start, needed := w.text.Len(), 0
	for i := range n {
		if i >= least && w.text.Len() > longText {
			break
		}
		if w.write(re); i == least-1 {
			needed = w.text.Len() - start
		}
	}
	class := re.Op == syntax.OpCharClass || re.Op == syntax.OpAnyChar || re.Op == syntax.OpAnyCharNotNL
	if end := w.text.Len(); class && needed > 0 && (needed > w.least || needed == w.least && end-start > w.end-w.start) {
		w.start, w.end, w.least = start, end, needed
	}
}
