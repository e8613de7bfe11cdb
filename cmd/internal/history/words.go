package history

import (
	"bytes"
	"math"
	"strings"
)

// words tells which of some words stand in a text, whatever their case. Most places in a text are dismissed by two bytes, which are the rarest
// that follow one another in the word.
type words struct {
	everywhere uint64         // what words say that stand everywhere, as far as this can tell
	starts     [1 << 16]uint8 // by two bytes, in any case: which group has the words that are found by them; 0: none
	groups     [][]said       // words that are found by the same bytes
	bits       int            // that were given out
}

// said is a word in lower case and what it says, in bits.
type said struct {
	word []byte
	at   int // where the two bytes stand in it
	says uint64
}

func newWords() *words { return &words{groups: make([][]said, 1)} }

// bit returns a bit that no word says yet; when there is none left, one that is said to stand everywhere.
func (w *words) bit() uint64 {
	if w.bits == 63 {
		w.everywhere |= 1 << 63
		return 1 << 63
	}
	w.bits++
	return 1 << (w.bits - 1)
}

// add adds a word that says something.
func (w *words) add(word string, says uint64) {
	lower := []byte(strings.ToLower(word))
	if len(lower) < 2 {
		w.everywhere |= says
		return
	}
	at := rarest(lower)
	n := w.starts[int(lower[at])<<8|int(lower[at+1])]
	if n == 0 && len(w.groups) <= math.MaxUint8 {
		n = uint8(len(w.groups))
		w.groups = append(w.groups, nil)
		for _, a := range cases(lower[at]) {
			for _, b := range cases(lower[at+1]) {
				w.starts[int(a)<<8|int(b)] = n
			}
		}
	}
	if n == 0 { // too many groups: a user's many rules
		w.everywhere |= says
		return
	}
	for i, other := range w.groups[n] {
		if bytes.Equal(other.word, lower) {
			w.groups[n][i].says |= says
			return
		}
	}
	w.groups[n] = append(w.groups[n], said{lower, at, says})
}

// rarest returns where the two bytes stand in a word that are rarest in text.
func rarest(word []byte) (at int) {
	rarity := func(b byte) int {
		if n := strings.IndexByte(" etaoinsrhldcupmgfbywvkxjqz", b); n >= 0 {
			return n
		}
		return 20 // digits, punctuation
	}
	best := -1
	for i := range len(word) - 1 {
		if sum := rarity(word[i]) + rarity(word[i+1]); sum > best {
			at, best = i, sum
		}
	}
	return at
}

// cases returns a byte in both cases.
func cases(b byte) []byte {
	if 'a' <= b && b <= 'z' {
		return []byte{b, b - 'a' + 'A'}
	}
	return []byte{b}
}

// in returns what the words say that stand in the text.
func (w *words) in(text []byte) uint64 {
	all := w.everywhere
	two := 0
	for i, b := range text {
		two = two<<8&0xffff | int(b)
		n := w.starts[two]
		if n == 0 || i == 0 {
			continue
		}
		for _, s := range w.groups[n] {
			start := i - 1 - s.at
			if s.says&^all != 0 && start >= 0 && start+len(s.word) <= len(text) && equalFold(text[start:start+len(s.word)], s.word) {
				all |= s.says
			}
		}
	}
	return all
}

// equalFold reports whether the text is the word, which is in lower case. Letters outside ASCII have one case.
func equalFold(text, word []byte) bool {
	for i, b := range word {
		if fold(text[i]) != b {
			return false
		}
	}
	return true
}

func fold(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b - 'A' + 'a'
	}
	return b
}
