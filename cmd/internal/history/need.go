package history

import (
	"regexp/syntax"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// need is what a text must hold for a rule to match: of each of some sets of words, one, wherever. One word of a rule is often common where two
// are rare: a password and a host stand in many texts, "password=" and "host=" in few of them.
type need struct {
	all  [][]string // sets of words
	bits uint64     // one for each set
}

// needOf returns what a text must hold for a rule that looks at whole texts; keywords are those that it was given.
func needOf(r detectors.Rule, keywords []string) need {
	var n need
	if len(keywords) > 0 {
		n.all = append(n.all, keywords)
	}
	if re, err := syntax.Parse(r.Pattern, syntax.Perl); err == nil {
		n.all = append(n.all, held(re)...)
	}
	return n
}

// add has the words of the sets looked for.
func (n *need) add(words *words) {
	for _, set := range n.all {
		bit := words.bit()
		n.bits |= bit
		for _, word := range set {
			words.add(word, bit)
		}
	}
}

// met reports whether the text meets the need in which the words stand.
func (n need) met(standing uint64) bool { return standing&n.bits == n.bits }

// mostSets bounds the sets of words that are asked of a text for one rule.
const mostSets = 2

// held returns sets of words of each of which every match holds one, those with the longest words first.
func held(re *syntax.Regexp) [][]string {
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return held(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return held(re.Sub[0])
		}
		return nil
	case syntax.OpAlternate:
		all := held(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			sets := held(sub)
			all = all[:min(len(all), len(sets))]
			for i := range all {
				all[i] = distinct(slices.Concat(all[i], sets[i]))
			}
		}
		return all
	case syntax.OpConcat:
		var all [][]string
		for i := 0; i < len(re.Sub); {
			n := i + 1
			for ; n < len(re.Sub) && spelled(&syntax.Regexp{Op: syntax.OpConcat, Sub: re.Sub[i : n+1]}) != nil; n++ {
			}
			if n > i+1 {
				if words := wordsOf(&syntax.Regexp{Op: syntax.OpConcat, Sub: re.Sub[i:n]}); words != nil {
					all = append(all, words)
				}
			} else {
				all = append(all, held(re.Sub[i])...)
			}
			i = n
		}
		slices.SortStableFunc(all, func(a, b []string) int { return shortest(b) - shortest(a) })
		return all[:min(len(all), mostSets)]
	}
	if words := wordsOf(re); words != nil {
		return [][]string{words}
	}
	return nil
}
