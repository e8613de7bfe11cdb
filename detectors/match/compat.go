package match

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"index/suffixarray"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/stagewall/stagewall/detectors"
)

// This file holds what Options.Gitleaks changes: the habits of gitleaks v8 (https://github.com/gitleaks/gitleaks, packages detect and
// sources) that decide which findings it reports, and that the native mode does without.

// Gitleaks is what gitleaks says of a candidate, as far as it says something else.
type Gitleaks struct {
	Fragment   detectors.Span // in the data
	Begin, End int            // in the data: what its lines and columns are counted for, of a decoded match the encoded text
	Text       []byte         // the match, decoded; valid until the callback returns; nil for a rule that looks at paths only
}

// gitleaks returns what gitleaks says of a finding in the fragment. What it calls the match begins with the line breaks that it trims
// later, but is no longer than what is left.
func (f *finding) gitleaks(fragment detectors.Span) Gitleaks {
	return Gitleaks{Fragment: fragment, Begin: f.begin, End: f.begin + f.match.End - f.match.Start, Text: f.text}
}

// The sizes, in bytes, by which gitleaks cuts a file into fragments.
const (
	fragmentSize   = 100_000 // what is read at once
	fragmentExcess = 25_000  // how far it is read on to find a blank line
	fragmentBuffer = 4096    // what is read ahead meanwhile, and taken first for the next fragment
)

// pieces yields the ranges of the data that are scanned one by one: the whole, or gitleaks' fragments.
func (e *Engine) pieces(data []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		if !e.options.Gitleaks || len(data) == 0 {
			yield(0, len(data))
			return
		}
		ahead := 0
		for start := 0; start < len(data); {
			size := ahead
			if ahead == 0 {
				size = fragmentSize
			}
			var end int
			end, ahead = fragmentEnd(data, start, min(size, len(data)-start))
			if !yield(start, end) {
				return
			}
			start = end
		}
	}
}

// fragmentEnd returns where the fragment ends whose first n bytes were read, and how many bytes after it were read ahead. It ends after
// two line breaks with nothing but blanks between, if there are any within reach.
func fragmentEnd(data []byte, start, n int) (end, ahead int) {
	end = start + n
	if endsInBlankLine(data[start:end]) {
		return end, 0
	}
	breaks := 0
	for {
		switch c := data[end-1]; {
		case c == '\n':
			if breaks++; breaks == 2 {
				return end, ahead
			}
		case c != ' ' && c != '\t' && c != '\r':
			breaks = 0
		}
		if end-start-n >= fragmentExcess || end == len(data) {
			return end, ahead
		}
		if ahead == 0 {
			ahead = min(fragmentBuffer, len(data)-end)
		}
		end++
		ahead--
	}
}

func endsInBlankLine(text []byte) bool {
	blanks := text[len(bytes.TrimRight(text, " \t\r\n")):]
	return bytes.Count(blanks, newline) >= 2
}

// gitleaksOrigin returns where gitleaks says that a span of the text after so many passes comes from: what holds the first segment that
// contains it; or else the segments that touch it with what sticks out of them, one pass back, and so on; or, where none touches it,
// the span itself, as if nothing had moved.
func (s *Scanner) gitleaksOrigin(depth int, span detectors.Span) detectors.Span {
	for ; depth > 0; depth-- {
		l := s.layers[depth-1]
		first := l.from(span.Start - 1)
		if first == len(l) || l[first].to.Start > span.End {
			return span
		}
		origin := detectors.Span{Start: len(s.in.Data)}
		for i := first; i < len(l) && l[i].to.Start <= span.End; i++ {
			p := &l[i]
			if p.to.Contains(span) {
				return p.origin
			}
			origin.Start = min(origin.Start, p.from.Start+min(span.Start-p.to.Start, 0))
			origin.End = max(origin.End, p.from.End+max(span.End-p.to.End, 0))
		}
		span = origin
	}
	return span
}

// The letters outside ASCII that are one of ASCII in another case: to gitleaks, which makes texts lower case to find keywords, and two of them to
// expressions.
const (
	dottedI = "\u0130"
	longS   = "\u017f"
	kelvin  = "\u212a"
)

// isOdd reports whether the text has such a letter, and folds whether it has one that expressions take for one of ASCII.
func isOdd(text []byte) (odd, folds bool) {
	if isASCII(text) {
		return false, false
	}
	folds = bytes.Contains(text, []byte(longS)) || bytes.Contains(text, []byte(kelvin))
	return folds || bytes.Contains(text, []byte(dottedI)), folds
}

// isASCII reports whether the text has no other letters, which most texts have not.
func isASCII(text []byte) bool {
	const high = 0x8080808080808080
	for ; len(text) >= 8; text = text[8:] {
		if binary.LittleEndian.Uint64(text)&high != 0 {
			return false
		}
	}
	return !slices.ContainsFunc(text, func(c byte) bool { return c >= utf8.RuneSelf })
}

// allKeywords finds the keywords of all rules that are looked for by themselves, in texts in lower case.
type allKeywords struct {
	words *fewWords
	rules [][]int32 // by word
}

func newAllKeywords(rules []detectors.Rule) *allKeywords {
	a := &allKeywords{}
	var words []string
	numbers := map[string]int{}
	for n := range rules {
		if rules[n].SkipReport {
			continue
		}
		for _, word := range rules[n].Keywords {
			word = strings.ToLower(word)
			number, ok := numbers[word]
			if !ok {
				number = len(words)
				numbers[word] = number
				words, a.rules = append(words, word), append(a.rules, nil)
			}
			a.rules[number] = append(a.rules[number], int32(n))
		}
	}
	a.words = newFewWords(words)
	return a
}

// markOdd calls for every rule of which a keyword stands in such a text, and if expressions fold its letters has it look everywhere.
func (s *Scanner) markOdd(folds bool) {
	for n := range s.engine.rules {
		if q := s.enter(int32(n)); folds {
			q.whole = true
		}
	}
	odd := s.engine.odd()
	odd.words.scan(bytes.ToLower(s.text), func(word int32, _ int) bool {
		for _, n := range odd.rules[word] {
			s.activate(&s.searches[n], n)
		}
		return true
	})
}

// regroup finds the groups of a match again as gitleaks does: in the match alone, without what stands around it. If the expression does
// not match there, the match is the secret.
func (s *Scanner) regroup(n int32, re *regexp.Regexp, match detectors.Span) []int {
	groups := s.findFirst(&s.searches[n], s.engine.compiled[n], re, s.text[match.Start:match.End])
	for i := range groups {
		if groups[i] >= 0 {
			groups[i] += match.Start
		}
	}
	return groups
}

// gitleaksLine returns what gitleaks takes for the line of a match, which begins at a line break if there is one before, and is everything
// if there is none behind. Of a decoded match it is the line or lines of the segments that it touches.
func (s *Scanner) gitleaksLine(m *subject) detectors.Span {
	if s.depth > 0 {
		l := s.layers[s.depth-1]
		first := l.from(m.whole.Start - 1)
		last := first
		for last+1 < len(l) && l[last+1].to.Start <= m.whole.End {
			last++
		}
		return detectors.Span{Start: s.lineBreak(l[first].to.Start), End: s.lineEnd(l[last].to.End)}
	}
	match := detectors.Span{Start: m.whole.Start, End: m.whole.Start + m.match.End - m.match.Start}
	last := s.breaksAt(len(s.text) - 1).lastBreak
	if last <= match.Start {
		end := len(s.text)
		switch {
		case last == match.End:
			end = last
		case last >= 0:
			end = s.breaks.returns.next(s.text, match.End)
		}
		return detectors.Span{End: end}
	}
	end := s.lineEnd(max(match.End, match.Start+1))
	if match.End > last {
		end = max(match.End, s.lineEnd(match.Start+1))
	}
	return detectors.Span{Start: s.lineBreak(match.Start), End: end}
}

// dropAllowed drops the findings from the first on that a comment allows: they are neither partners, nor do generic ones yield to them.
func (s *Scanner) dropAllowed(first int) {
	if s.in.Allows == nil {
		return
	}
	kept := slices.DeleteFunc(s.found[first:], func(f finding) bool {
		return s.engine.rules[f.rule].Pattern != "" && s.in.Allows(f.gitleaks(detectors.Span{Start: s.start, End: s.end}))
	})
	s.found = s.found[:first+len(kept)]
}

// gitleaksSpot returns where gitleaks says that a finding begins: with the line breaks that it trims, of which each is the first column of the next
// line, and nowhere if the rule looks at paths only.
func (s *Scanner) gitleaksSpot(f *finding, lines *lineCounter) spot {
	if s.engine.rules[f.rule].Pattern == "" {
		return spot{-1, -1}
	}
	line := lines.at(min(f.begin+1, len(s.in.Data)))
	if lines.start <= s.start {
		return spot{line, f.begin - s.start}
	}
	return spot{line, f.begin - lines.start + 1}
}

// breaks is what is known of a text's line breaks. A line may hold many matches, and is looked through once for all of them.
type breaks struct {
	pass          uint32 // the text that it is of
	lastBreak     int    // -1 if there is none
	before, after int    // two line breaks, or -1 and the length of the text, with none between
	returns       next   // the carriage returns
}

// breaksAt returns the line breaks before the offset or at it, and after it.
func (s *Scanner) breaksAt(offset int) *breaks {
	b := &s.breaks
	if b.pass != s.pass {
		last := bytes.LastIndexByte(s.text, '\n')
		*b = breaks{pass: s.pass, lastBreak: last, before: last, after: len(s.text), returns: next{of: '\r'}}
	}
	if offset < b.before || offset >= b.after {
		b.before = bytes.LastIndexByte(s.text[:min(offset+1, len(s.text))], '\n')
		b.after = len(s.text)
		if i := bytes.IndexByte(s.text[min(offset+1, len(s.text)):], '\n'); i >= 0 {
			b.after = offset + 1 + i
		}
	}
	return b
}

// lineBreak returns the offset of the last line break at or before the offset, or 0.
func (s *Scanner) lineBreak(offset int) int { return max(0, s.breaksAt(offset).before) }

// lineEnd returns the offset of the first line break at or after the offset, or the length of the text.
func (s *Scanner) lineEnd(offset int) int {
	if b := s.breaksAt(offset); b.before != offset || offset < 0 {
		return b.after
	}
	return offset
}

// next finds the next byte of a kind. It is fast for offsets that ascend, more or less.
type next struct {
	of       byte
	from, at int // the first one at the offset or after it; nothing is known if both are 0
}

// next returns the offset of the first byte at the offset or after it, or the length of the text.
func (n *next) next(text []byte, offset int) int {
	switch {
	case n.from <= offset && offset <= n.at && n.at > 0:
		return n.at
	case offset < n.from:
		if i := bytes.IndexByte(text[offset:n.from], n.of); i >= 0 {
			n.at = offset + i
		}
	default:
		n.at = len(text)
		if i := bytes.IndexByte(text[offset:], n.of); i >= 0 {
			n.at = offset + i
		}
	}
	n.from = offset
	return n.at
}

// yieldToNamed drops the findings of generic rules whose secret is part of a named rule's secret that begins on the same line.
func (e *Engine) yieldToNamed(found []finding, data []byte) []finding {
	slices.SortStableFunc(found, func(a, b finding) int { return cmp.Compare(a.begin, b.begin) })
	lines := lineCounter{data: data}
	line := func(f finding) int {
		if e.rules[f.rule].Pattern == "" {
			return -1 // it is in no line
		}
		return lines.at(min(f.begin+1, len(data))) // a match that begins with a line break is in the next line
	}
	named := map[int]*namedSecrets{} // by line
	for _, f := range found {
		if !e.rules[f.rule].Generic {
			n := line(f)
			if named[n] == nil {
				named[n] = &namedSecrets{}
			}
			named[n].secrets = append(named[n].secrets, f.value)
		}
	}
	return slices.DeleteFunc(found, func(f finding) bool {
		if !e.rules[f.rule].Generic {
			return false
		}
		n := named[line(f)]
		return n != nil && n.hold(f.value)
	})
}

// namedSecrets are the secrets of named rules in a line.
type namedSecrets struct {
	secrets [][]byte
	sorted  *suffixarray.Index // of many, with a line break after each
}

const manySecrets = 16

// hold reports whether the value is a part of a secret.
func (n *namedSecrets) hold(value []byte) bool {
	if len(n.secrets) < manySecrets || len(value) == 0 || bytes.IndexByte(value, '\n') >= 0 {
		return slices.ContainsFunc(n.secrets, func(secret []byte) bool { return bytes.Contains(secret, value) })
	}
	if n.sorted == nil {
		n.sorted = suffixarray.New(bytes.Join(n.secrets, newline))
	}
	return len(n.sorted.Lookup(value, 1)) > 0
}
