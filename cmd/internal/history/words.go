package history

import (
	"bytes"
	"math"
	"strings"
)

// words tells which of some words stand in a text, whatever their case. Most places in a text are dismissed by two bytes.
type words struct {
	everywhere uint16         // what words say that stand everywhere, as far as this can tell
	starts     [1 << 16]uint8 // by two bytes, in any case: which group has the words that begin so; 0: none
	groups     [][]said       // words that begin alike
}

// said is a word in lower case and what it says, in bits.
type said struct {
	word []byte
	says uint16
}

func newWords() *words { return &words{groups: make([][]said, 1)} }

// add adds a word that says something.
func (w *words) add(word string, says uint16) {
	lower := []byte(strings.ToLower(word))
	if len(lower) < 2 {
		w.everywhere |= says
		return
	}
	n := w.starts[int(lower[0])<<8|int(lower[1])]
	if n == 0 && len(w.groups) <= math.MaxUint8 {
		n = uint8(len(w.groups))
		w.groups = append(w.groups, nil)
		for _, a := range cases(lower[0]) {
			for _, b := range cases(lower[1]) {
				w.starts[int(a)<<8|int(b)] = n
			}
		}
	}
	if n == 0 { // too many beginnings: a user's many rules
		w.everywhere |= says
		return
	}
	for i, other := range w.groups[n] {
		if bytes.Equal(other.word, lower) {
			w.groups[n][i].says |= says
			return
		}
	}
	w.groups[n] = append(w.groups[n], said{lower, says})
}

// cases returns a byte in both cases.
func cases(b byte) []byte {
	if 'a' <= b && b <= 'z' {
		return []byte{b, b - 'a' + 'A'}
	}
	return []byte{b}
}

// in returns what the words say that stand in the text.
func (w *words) in(text []byte) uint16 {
	all := w.everywhere
	two := 0
	for i, b := range text {
		two = two<<8&0xffff | int(b)
		n := w.starts[two]
		if n == 0 || i == 0 {
			continue
		}
		rest := text[i-1:]
		for _, s := range w.groups[n] {
			if s.says&^all != 0 && len(rest) >= len(s.word) && equalFold(rest[:len(s.word)], s.word) {
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
