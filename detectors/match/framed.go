package match

import (
	"bytes"
	"regexp"
)

// This file finds the matches within matches that begin as PEM does.
//
// The idea: where a key was cut out of its block, an expression goes on to the block of the next one, and passes over that. From the first block
// within a match on the search finds all that begin behind it, so that it is made once for each match. Mostly it goes as far as the next one. But
// where one end serves many beginnings, each match goes as far as the first did, and there may be as many as there are blocks. So once such matches
// have some times as many bytes as the text has, the ways that led to them are remembered: one that comes to where another was goes on as that did.
//
// It is valid because what a way finds from an instruction and an offset on depends on nothing else, but for the text's edges: a search that begins
// at an offset takes it for the text's beginning, and what was found there is not remembered. For the same reason a search is over where a
// known match ends: from there on it finds what is known.
//
// With an expression that goes on to the only END, 52 KB and 104 KB of beginnings took 0.8 and 2.3 s of the thread's processor time, and take 0.06 and 0.08 s
// since, nearly all of it for the 1,900 candidates that are not too long.

const passesFramed = 8 // how often as many bytes as the text has may be in matches within matches before ways are remembered

// framed returns the matches that begin as PEM does within one that does so.
func (s *Scanner) framed(q *search, r *rule, re *regexp.Regexp, text []byte, matches [][]int) [][]int {
	begin := []byte("-----BEGIN ")
	var more [][]int
	var known seen
	var ways *knownWays
	looked := 0
	visit := func(m []int) {
		if !bytes.HasPrefix(text[m[0]:m[1]], begin) {
			return
		}
		i := bytes.Index(text[m[0]+1:m[1]], begin)
		if i < 0 {
			return
		}
		if known.begun == nil {
			known = seenOf(matches)
		}
		each := func(text []byte, yield func([]int) bool) { s.findEach(q, r, re, text, yield) }
		if b := r.pattern.backtrack(); looked > passesFramed*len(text)+s.engine.patience && b != nil && !s.engine.plain {
			if ways == nil {
				ways = &knownWays{at: make([]onWay, len(text)+1)}
			}
			each = func(rest []byte, yield func([]int) bool) {
				ways.offset = len(text) - len(rest)
				s.trial.known = ways
				s.findEachBy(b, re, rest, yield)
				s.trial.known = nil
			}
		}
		first := len(more)
		more = behind(each, text, m[0]+1+i, known, more)
		for _, m := range more[first:] {
			looked += m[1] - m[0]
		}
	}
	for _, m := range matches {
		visit(m)
	}
	for i := 0; i < len(more); i++ {
		visit(more[i])
	}
	return more
}

// knownWays are ways through an expression that led to matches in a text.
type knownWays struct {
	at     []onWay // by offset
	ways   []knownWay
	offset int // in the text: where the part begins that is searched
}

// knownWay is one of them.
type knownWay struct {
	end    int
	groups []lastStep // what they were at the end
}

// step is a branch that a way came to, or what it made of an offset of a group.
type step struct {
	pc    uint32
	group int32 // -1 for a branch
	at    int
}

// onWay says that a way came to a branch.
type onWay struct {
	pc   uint32
	way  int32 // 0 for none, or one more than its index
	step int32
}

// lastStep is the last step that made something of an offset of a group.
type lastStep struct {
	step int32
	at   int // in the text; -1 if there was none
}

// note remembers a way that led to a match, by offsets in the part.
func (k *knownWays) note(steps []step, match []int) {
	w := knownWay{end: match[1] + k.offset, groups: make([]lastStep, len(match))}
	for i, s := range steps {
		switch {
		case s.group >= 0:
			w.groups[s.group] = lastStep{int32(i), s.at + k.offset}
		case s.at > 0:
			k.at[s.at+k.offset] = onWay{s.pc, int32(len(k.ways) + 1), int32(i)}
		}
	}
	k.ways = append(k.ways, w)
}

// rest returns the match that the way comes to which is at the branch, and began at the start, if one that is known was there; or nil.
func (k *knownWays) rest(pc uint32, at, start int, groups []int) []int {
	on := k.at[at+k.offset]
	if on.way == 0 || on.pc != pc || at == 0 {
		return nil
	}
	w := &k.ways[on.way-1]
	match := append([]int(nil), groups...)
	for group, last := range w.groups {
		if last.step > on.step {
			match[group] = last.at - k.offset
		}
	}
	match[0], match[1] = start, w.end-k.offset
	return match
}
