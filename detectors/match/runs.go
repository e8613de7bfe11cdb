package match

import (
	"math"
	"math/bits"
	"regexp/syntax"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/stagewall/stagewall/detectors"
)

// This file dismisses places behind which a token's bytes are missing.
//
// The idea: what nearly all tokens have in common is that they are long: forty hexadecimal digits, or twenty of base64's letters behind a prefix. Of
// what a match has from a word on it is known how many bytes in a row are of few kinds, and how far from the word they can be. Such runs are
// rare in sources, and to find the next one takes one look at every twentieth byte or so, as a byte that is none of the kinds ends every run that
// would hold it. So most words in a text are dismissed without an automaton for what is behind them, and for most rules none is ever made: these
// are what is large of a rule, since they count.
//
// It is valid because every match holds such a run. What the next run is, is found out once for all rules that ask for the same kinds and the same
// length. Between a name and its value there may be as many blanks as one likes, so that a run could be anywhere. But where there are many of them in a row
// that is seen, too, and nothing is dismissed before them.
//
// Where a rule's own words are searched for, that is done before such runs only.
//
// Measured over the sources of Go's library with all rules: of 59 automata for what is behind words 17 are not made, and of their 8,800 states 3,700.
// Three rules whose words need not be keywords are no longer searched for again and again, which took 10 of 320 ms. Over Kubernetes 1.34, since it is known how
// far from the word a run can be, and rules' own words are searched for before runs only: to find runs takes a fifth of the looks, a tenth of the places pass, of
// 15 MB that were searched for rules' own words 7 are left, and searching with all rules takes 4 % fewer instructions.

// run is some bytes of a set in a row, no fewer than least. It is nothing if least is 0.
type run struct {
	set   byteSet
	least int
}

// manyBlanks is how many blanks in a row are taken for the most that a match has, until more are seen.
const manyBlanks = 100

// blanks are the bytes that separate words.
var blanks = func() (set byteSet) {
	for _, b := range []byte("\t\n\v\f\r ") {
		set.add(b)
	}
	return set
}()

// runAhead is a run that stands in every match, and how many bytes of the match can be before it; unbounded if there is no limit. In a match with
// more than [manyBlanks] in a row there can be more before it, but no more before those.
type runAhead struct {
	run
	reach int
}

// rareEnough is how rare a run has to be to be looked for, in eighths of a bit.
const rareEnough = 8 * 40

// rare returns how much a run of this kind would tell if every byte were as frequent as any other, in eighths of a bit.
func (r *run) rare() int { return r.least * tells[r.set.count()] }

// tells has what one byte of a set tells, by the size of the set.
var tells = func() (all [257]int) {
	for n := range all {
		all[n] = int(8 * (8 - math.Log2(float64(max(n, 1)))))
	}
	return all
}()

// measures are what is known of expressions, by their trees: the rules' have many parts in common.
type measures struct{ extents, runs sync.Map }

// runOf returns the rarest run that all texts hold that the sequence matches, or none if it is not rare enough. The word that it begins with
// counts for nothing: it stands there anyway, and then rules with other words can share the run.
func (m *measures) runOf(seq []*syntax.Regexp) runAhead {
	var word extent
	if len(seq) > 0 && seq[0].Op == syntax.OpLiteral {
		word = m.extentOf(seq[0])
		seq = seq[1:]
	}
	r := m.runWithin(seq)
	if r.rare() < rareEnough {
		return runAhead{}
	}
	r.reach = min(unbounded, r.reach+word.most)
	return r
}

// runWithin returns the rarest run that all texts hold that the sequence matches.
func (m *measures) runWithin(seq []*syntax.Regexp) (best runAhead) {
	before := 0 // the most bytes that can stand before what is looked at
	try := func(r run, reach int) {
		if r.rare() > best.rare() {
			best = runAhead{r, min(unbounded, reach)}
		}
	}
	extents := make([]extent, len(seq))
	for i, re := range seq {
		extents[i] = m.extentOf(re)
	}
	for i, re := range seq {
		inside := m.runInside(re)
		try(inside.run, before+inside.reach)
		var r run
		for _, x := range extents[i:] {
			r.set.join(&x.set)
			if tells[r.set.count()] == 0 {
				break // and more tells no more
			}
			if r.least += x.least; x.least > 0 {
				try(r, before)
			}
		}
		before = min(unbounded, before+extents[i].most)
	}
	return best
}

// runInside returns the rarest run within what an expression matches, if that has parts.
func (m *measures) runInside(re *syntax.Regexp) runAhead {
	if len(re.Sub) == 0 {
		return runAhead{}
	}
	known, ok := m.runs.Load(re)
	if !ok {
		known, _ = m.runs.LoadOrStore(re, m.findRunInside(re))
	}
	return known.(runAhead)
}

func (m *measures) findRunInside(re *syntax.Regexp) (either runAhead) {
	switch re.Op {
	case syntax.OpCapture, syntax.OpConcat, syntax.OpPlus:
		return m.runWithin(re.Sub)
	case syntax.OpRepeat:
		if re.Min > 0 {
			return m.runWithin(re.Sub)
		}
	case syntax.OpAlternate:
		either = m.runWithin(re.Sub[:1])
		for i := range re.Sub[1:] {
			r := m.runWithin(re.Sub[1+i : 2+i])
			either.set.join(&r.set)
			either.least = min(either.least, r.least)
			either.reach = max(either.reach, r.reach)
		}
	}
	return either
}

// extent says of what an expression can match which bytes that can have, and how many.
type extent struct {
	set         byteSet
	least, most int // the most is unbounded if there is no limit
}

func (m *measures) extentOf(re *syntax.Regexp) extent {
	if len(re.Sub) == 0 {
		return m.findExtent(re)
	}
	known, ok := m.extents.Load(re)
	if !ok {
		known, _ = m.extents.LoadOrStore(re, m.findExtent(re))
	}
	return known.(extent)
}

func (m *measures) findExtent(re *syntax.Regexp) (x extent) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			c := extent{least: 1, most: width(r)}
			c.set.addRange(r, r)
			if re.Flags&syntax.FoldCase != 0 {
				for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
					c.set.addRange(f, f)
					c.most = max(c.most, width(f))
				}
			}
			x.follow(&c)
		}
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			x.set.addRange(re.Rune[i], re.Rune[i+1])
			x.least, x.most = 1, max(x.most, width(re.Rune[i+1]))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		x = extent{everyByte, 1, utf8.UTFMax}
		if re.Op == syntax.OpAnyCharNotNL {
			x.set.remove('\n')
		}
	case syntax.OpCapture, syntax.OpConcat:
		return m.extentOfAll(re.Sub)
	case syntax.OpAlternate:
		x.least = unbounded
		for _, sub := range re.Sub {
			y := m.extentOf(sub)
			x.set.join(&y.set)
			x.least, x.most = min(x.least, y.least), max(x.most, y.most)
		}
	case syntax.OpQuest:
		x = m.extentOf(re.Sub[0])
		x.least = 0
	case syntax.OpStar:
		x = m.extentOf(re.Sub[0])
		x.least, x.most = 0, x.endless()
	case syntax.OpPlus:
		x = m.extentOf(re.Sub[0])
		x.most = x.endless()
	case syntax.OpRepeat:
		x = m.extentOf(re.Sub[0])
		x.least = times(x.least, re.Min)
		if re.Max >= 0 {
			x.most = times(x.most, re.Max)
		} else {
			x.most = x.endless()
		}
	}
	return x
}

// endless returns how many bytes there can be at the most if what has this extent is repeated without end.
func (x *extent) endless() int {
	if x.set.in(&blanks) {
		return max(manyBlanks, x.least)
	}
	return times(x.most, unbounded)
}

// extentOfAll returns the extent of a sequence.
func (m *measures) extentOfAll(seq []*syntax.Regexp) (x extent) {
	for _, re := range seq {
		y := m.extentOf(re)
		x.follow(&y)
	}
	return x
}

// follow extends an extent by what follows.
func (x *extent) follow(y *extent) {
	x.set.join(&y.set)
	x.least, x.most = min(unbounded, x.least+y.least), min(unbounded, x.most+y.most)
}

// times returns the product, unless that is beyond bounds.
func times(n, factor int) int {
	if n > 0 && factor > unbounded/n {
		return unbounded
	}
	return n * factor
}

// near reports whether the run begins near what it is ahead of.
func (r *runAhead) near() bool { return r.least > 0 && r.reach < unbounded }

// before appends the parts of a text that hold every word, of so many bytes at the most, behind whose beginning the run is near enough.
func (r *runAhead) before(parts spans, text []byte, longest int) spans {
	n := nearest{run: r.run}
	for at := 0; ; at = n.end {
		if n.find(text, at, at, len(text)); n.start == never {
			return parts
		}
		for n.end < len(text) && n.set.has(text[n.end]) {
			n.end++
		}
		parts = append(parts, detectors.Span{Start: max(0, n.start-r.reach), End: min(len(text), n.end+longest)})
	}
}

// nearest is the run that was found last in the text that a scanner is at: the first that begins at an offset or after it.
type nearest struct {
	run
	pass       uint32
	from       int  // the offset
	start, end int  // the bytes between are of the set, enough of them; never if there is no run
	open       bool // it was not looked further: no run begins before the start
}

// nearest returns what is known of runs like this one, which all rules share.
func (s *Scanner) nearest(r run) *nearest {
	n, ok := s.runs[r]
	if !ok {
		n = &nearest{run: r}
		s.runs[r] = n
	}
	return n
}

// reaches reports whether so many bytes in a row begin at the offset or after it, but no further from it than the reach. It is fast for offsets that
// ascend, more or less, and looks no further than it has to: few words are visited in most texts.
func (n *nearest) reaches(text []byte, pass uint32, at, reach int) bool {
	last := at + reach
	switch {
	case n.pass != pass:
		n.pass = pass
		n.find(text, at, at, last)
	case at < n.from:
		later := *n
		if n.find(text[:min(len(text), n.from+n.least-1)], at, at, last); n.start == never {
			n.start, n.end, n.open = later.start, later.end, later.open
		}
	case at > n.start && n.open:
		n.find(text, at, at, last)
	case at > n.start:
		n.find(text, at, max(at, n.end), last)
	}
	n.from = at
	if n.open && n.start <= last {
		n.find(text, n.start, n.start, last)
	}
	return !n.open && n.start <= last
}

// find finds the first run that begins at an offset or after it, up to the last; the bytes up to known are of the set.
func (n *nearest) find(text []byte, start, known, last int) {
	for n.open = false; start <= last; {
		end := start + n.least
		if end > len(text) {
			n.start, n.end = never, never
			return
		}
		i := end - 1
		for i >= known && n.set.has(text[i]) {
			i--
		}
		if i < known {
			n.start, n.end = start, max(end, known)
			return
		}
		start, known = i+1, end
	}
	n.start, n.open = start, true
}

// count returns how many bytes the set has.
func (s *byteSet) count() (n int) {
	for _, part := range s {
		n += bits.OnesCount64(part)
	}
	return n
}
