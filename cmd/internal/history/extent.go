package history

import (
	"encoding/binary"
	"math"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/stagewall/stagewall/detectors"
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
	if len(line) >= widest && ascii(line[:widest]) {
		return widest
	}
	n := 0
	blank := true
	for i := 0; i < len(line) && n < widest; n++ {
		if c := line[i]; c < utf8.RuneSelf {
			blank = blank && (c == ' ' || '\t' <= c && c <= '\r')
			i++
			continue
		}
		_, size := utf8.DecodeRune(line[i:])
		blank = false
		i += size
	}
	if blank && n < widest {
		return 0
	}
	return n
}

// ascii reports whether 32 bytes are ASCII.
func ascii(b []byte) bool {
	word := binary.LittleEndian.Uint64
	return (word(b)|word(b[8:])|word(b[16:])|word(b[24:]))&0x8080808080808080 == 0
}

// widened returns the rule as the sieve asks it: under any path, with or without partners, and, if its keywords may stand elsewhere than in its
// matches, with keywords that stand in them. tall says that there are none such, or that matches can reach further than the weight,
// so that the rule has to see whole files.
func widened(r detectors.Rule, most int) (wide detectors.Rule, tall bool) {
	r.Path, r.Required = "", nil
	re, err := syntax.Parse(r.Pattern, syntax.Perl)
	if err != nil {
		return r, true
	}
	if n, _ := extent(re); n > most {
		return r, true
	}
	if !implied(re, r.Keywords) {
		words := wordsOf(re)
		if words == nil {
			return r, true
		}
		r.Keywords = words
	}
	return r, false
}

// extent returns the extent of the expression, and whether no match of it holds a line break.
func extent(re *syntax.Regexp) (n int, inLine bool) {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune), !slices.Contains(re.Rune, '\n')
	case syntax.OpAnyChar:
		return 1, false
	case syntax.OpAnyCharNotNL:
		return 1, true
	case syntax.OpCharClass:
		return 1, !in(re.Rune, '\n')
	case syntax.OpCapture, syntax.OpQuest:
		return extent(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus:
		return repeated(re.Sub[0], -1)
	case syntax.OpRepeat:
		return repeated(re.Sub[0], re.Max)
	case syntax.OpAlternate:
		inLine = true
		for _, sub := range re.Sub {
			m, in := extent(sub)
			n, inLine = max(n, m), inLine && in
		}
		return n, inLine
	case syntax.OpConcat:
		return sequence(re.Sub)
	}
	return 0, true // assertions
}

// sequence returns the extent of expressions one after the other. Those between two that can hold line breaks stay in one line together.
func sequence(list []*syntax.Regexp) (n int, inLine bool) {
	inLine = true
	line := 0
	for _, sub := range list {
		m, in := extent(sub)
		if in {
			line = min(line+m, widest)
			continue
		}
		n, line, inLine = min(n+line+m, unbounded), 0, false
	}
	return min(n+line, unbounded), inLine
}

// repeated returns the extent of an expression that is repeated so many times, -1 for any number.
func repeated(re *syntax.Regexp, times int) (int, bool) {
	n, inLine := extent(re)
	switch {
	case inLine && times >= 0:
		return min(n*times, widest), true
	case inLine:
		return min(n, 1) * widest, true
	case white(re) && (times < 0 || times > 2*widest):
		return 2 * widest, false // the rest of a line, blank lines, and the beginning of another
	case times >= 0 && n < unbounded/max(times, 1):
		return n * times, false
	}
	return unbounded, false
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
