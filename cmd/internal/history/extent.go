package history

import (
	"encoding/binary"
	"math"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// A line weighs as many characters as it has, but no more than widest, and nothing if it is blank. The extent of an expression is the
// greatest weight of the lines that lie wholly within a match. What can be repeated without end but holds no line break stays in one
// line, and so adds no more than one line weighs; that makes the extent of nearly all rules small, whatever the length of their matches.
const (
	widest    = 32
	unbounded = math.MaxInt32
)

// weight returns what a line weighs.
func weight(line []byte) int {
	first := 0
	for first < len(line) && (line[first] == ' ' || '\t' <= line[first] && line[first] <= '\r') {
		first++
	}
	switch {
	case first == len(line):
		return 0
	case len(line) >= widest && ascii(line[:widest]):
		return widest
	}
	return min(utf8.RuneCount(line[:min(len(line), utf8.UTFMax*widest)]), widest)
}

// ascii reports whether 32 bytes are ASCII.
func ascii(b []byte) bool {
	word := binary.LittleEndian.Uint64
	return (word(b)|word(b[8:])|word(b[16:])|word(b[24:]))&0x8080808080808080 == 0
}

// measure bounds the weight of what the matches of an expression hold.
type measure struct {
	flat             int // of a match without a line break; -1 if there is none
	breaks           bool
	first, mid, last int // of a match with line breaks: up to the first, between, and behind the last
	total            int // of any match
}

// extent returns the extent of the expression.
func extent(re *syntax.Regexp) int {
	m := measured(re)
	if !m.breaks {
		return m.flat
	}
	return min(m.total, max(m.flat, m.first+m.mid+m.last))
}

func measured(re *syntax.Regexp) measure {
	switch re.Op {
	case syntax.OpLiteral:
		all := measure{}
		for _, r := range re.Rune {
			all = all.then(character(r != '\n', r == '\n'))
		}
		return all
	case syntax.OpAnyChar:
		return character(true, true)
	case syntax.OpAnyCharNotNL:
		return character(true, false)
	case syntax.OpCharClass:
		return character(!slices.Equal(re.Rune, []rune{'\n', '\n'}), in(re.Rune, '\n'))
	case syntax.OpCapture:
		return measured(re.Sub[0])
	case syntax.OpQuest:
		return measured(re.Sub[0]).or(measure{})
	case syntax.OpStar, syntax.OpPlus:
		return repeated(re.Sub[0], 0, -1)
	case syntax.OpRepeat:
		return repeated(re.Sub[0], re.Min, re.Max)
	case syntax.OpAlternate:
		all := measured(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			all = all.or(measured(sub))
		}
		return all
	case syntax.OpConcat:
		all := measure{}
		for _, sub := range re.Sub {
			all = all.then(measured(sub))
		}
		return all
	}
	return measure{} // assertions
}

// character is the measure of one character, which may be none that breaks a line, or one that does.
func character(other, breaks bool) measure {
	m := measure{flat: -1, breaks: breaks, total: 1}
	if other {
		m.flat = 1
	}
	if breaks {
		m.first = 1
	}
	return m
}

// or is the measure of what one of two expressions matches.
func (m measure) or(n measure) measure {
	m.flat, m.total = max(m.flat, n.flat), max(m.total, n.total)
	if n.breaks {
		m.breaks, m.first, m.mid, m.last = true, max(m.first, n.first), max(m.mid, n.mid), max(m.last, n.last)
	}
	return m
}

// then is the measure of what two expressions match one after the other.
func (m measure) then(n measure) measure {
	all := measure{flat: -1, total: min(m.total+n.total, unbounded)}
	if m.flat >= 0 && n.flat >= 0 {
		all.flat = min(m.flat+n.flat, widest)
	}
	broken := func(first, mid, last int) {
		all = all.or(measure{-1, true, min(first, widest), min(mid, all.total), min(last, widest), all.total})
	}
	if m.breaks && n.flat >= 0 {
		broken(m.first, m.mid, m.last+n.flat)
	}
	if m.flat >= 0 && n.breaks {
		broken(m.flat+n.first, n.mid, n.last)
	}
	if m.breaks && n.breaks {
		broken(m.first, m.mid+min(m.last+n.first, widest)+n.mid, n.last)
	}
	if !all.breaks {
		all.total = max(all.flat, 0)
	}
	return all
}

// repeated returns the measure of an expression that is repeated so many times, at most any number if that is -1.
func repeated(re *syntax.Regexp, least, most int) measure {
	one := measured(re)
	switch {
	case !one.breaks && most < 0:
		n := min(one.flat, 1) * widest
		return measure{flat: n, total: n}
	case !one.breaks:
		n := min(one.flat*most, widest)
		return measure{flat: n, total: n}
	case white(re): // the rest of a line, blank lines, and the beginning of another
		n := widest
		if most >= 0 {
			n = min(most, widest)
		}
		return measure{n, true, n, 0, n, 2 * n}
	case most < 0:
		return measure{widest, true, widest, unbounded, widest, unbounded}
	}
	all, run := measure{flat: -1}, measure{}
	for n := 0; ; n++ {
		if n >= least {
			all = all.or(run)
		}
		if n == most {
			return all
		}
		run = run.then(one)
	}
}

// in reports whether a class, pairs of first and last, holds the character.
func in(class []rune, r rune) bool {
	for i := 0; i+1 < len(class); i += 2 {
		if class[i] <= r && r <= class[i+1] {
			return true
		}
	}
	return false
}

// white reports whether the expression is a class of white space.
func white(re *syntax.Regexp) bool {
	if re.Op != syntax.OpCharClass {
		return false
	}
	for i := 0; i+1 < len(re.Rune); i += 2 {
		first, last := re.Rune[i], re.Rune[i+1]
		if !(first == ' ' && last == ' ' || '\t' <= first && last <= '\r') {
			return false
		}
	}
	return true
}

// implied reports whether every match holds one of the keywords, as far as it can be told; true if there are none.
func implied(re *syntax.Regexp, keywords []string) bool {
	if len(keywords) == 0 {
		return true
	}
	if texts := spelled(re); texts != nil {
		return !slices.ContainsFunc(texts, func(text string) bool {
			return !slices.ContainsFunc(keywords, func(w string) bool { return strings.Contains(text, strings.ToLower(w)) })
		})
	}
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return implied(re.Sub[0], keywords)
	case syntax.OpRepeat:
		return re.Min > 0 && implied(re.Sub[0], keywords)
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !implied(sub, keywords) })
	case syntax.OpConcat:
		for i := range re.Sub {
			if implied(re.Sub[i], keywords) || impliedFrom(re.Sub[i:], keywords) {
				return true
			}
		}
	}
	return false
}

// impliedFrom reports whether the first of the expressions that can be spelled out hold a keyword together.
func impliedFrom(list []*syntax.Regexp, keywords []string) bool {
	for n := 2; n <= len(list); n++ {
		run := &syntax.Regexp{Op: syntax.OpConcat, Sub: list[:n]}
		if spelled(run) == nil {
			return false
		}
		if implied(run, keywords) {
			return true
		}
	}
	return false
}

// wordsOf returns words of which every match holds one, in lower case, nil if there are none that are long enough to be rare.
func wordsOf(re *syntax.Regexp) []string {
	const short = 3
	if texts := spelled(re); texts != nil {
		if slices.ContainsFunc(texts, func(text string) bool { return len(text) < short }) {
			return nil
		}
		return texts
	}
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return wordsOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return wordsOf(re.Sub[0])
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			words := wordsOf(sub)
			if words == nil {
				return nil
			}
			all = append(all, words...)
		}
		return distinct(all)
	case syntax.OpConcat:
		var best []string
		for i := range re.Sub {
			for n := i + 1; n <= len(re.Sub); n++ {
				part := re.Sub[i]
				if n > i+1 {
					if part = (&syntax.Regexp{Op: syntax.OpConcat, Sub: re.Sub[i:n]}); spelled(part) == nil {
						break
					}
				}
				if words := wordsOf(part); words != nil && (best == nil || shortest(words) > shortest(best)) {
					best = words
				}
			}
		}
		return best
	}
	return nil
}

// shortest returns the length of the shortest of the words.
func shortest(words []string) int {
	return len(slices.MinFunc(words, func(a, b string) int { return len(a) - len(b) }))
}

// mostSpelled bounds the texts that an expression is spelled out to.
const mostSpelled = 128

// spelled returns all texts that the expression matches, in lower case, nil if they are many.
func spelled(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(re.Rune))}
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}
	case syntax.OpCharClass:
		return spelledClass(re.Rune)
	case syntax.OpCapture:
		return spelled(re.Sub[0])
	case syntax.OpQuest:
		if texts := spelled(re.Sub[0]); texts != nil {
			return append([]string{""}, texts...)
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			texts := spelled(sub)
			if texts == nil || len(all)+len(texts) > mostSpelled {
				return nil
			}
			all = append(all, texts...)
		}
		return distinct(all)
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			texts := spelled(sub)
			if texts == nil || len(all)*len(texts) > mostSpelled {
				return nil
			}
			var next []string
			for _, before := range all {
				for _, text := range texts {
					next = append(next, before+text)
				}
			}
			all = distinct(next)
		}
		return all
	}
	return nil
}

func spelledClass(class []rune) []string {
	var texts []string
	for i := 0; i+1 < len(class); i += 2 {
		for r := class[i]; r <= class[i+1]; r++ {
			if len(texts) == mostSpelled {
				return nil
			}
			texts = append(texts, strings.ToLower(string(r)))
		}
	}
	return distinct(texts)
}

func distinct(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}
