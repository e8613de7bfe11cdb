package history

import (
	"bytes"
	"math"
	"slices"
	"strings"
)

// words tells whether one of some words stands in a text, whatever their case. Most places in a text are dismissed by two bytes.
type words struct {
	any    bool           // one stands everywhere, as far as this can tell
	starts [1 << 16]uint8 // by two bytes, in any case: which group has the words that begin so; 0: none
	groups [][][]byte     // words in lower case that begin alike
}

func newWords(list []string) *words {
	w := &words{groups: make([][][]byte, 1)}
	for _, word := range list {
		lower := []byte(strings.ToLower(word))
		if len(lower) < 2 {
			w.any = true
			continue
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
		if n == 0 {
			w.any = true // too many beginnings: a user's many rules
			continue
		}
		if !slices.ContainsFunc(w.groups[n], func(other []byte) bool { return bytes.Equal(other, lower) }) {
			w.groups[n] = append(w.groups[n], lower)
		}
	}
	return w
}

// cases returns a byte in both cases.
func cases(b byte) []byte {
	if 'a' <= b && b <= 'z' {
		return []byte{b, b - 'a' + 'A'}
	}
	return []byte{b}
}

// in reports whether a word stands in the text.
func (w *words) in(text []byte) bool {
	if w.any {
		return true
	}
	two := 0
	for i, b := range text {
		two = two<<8&0xffff | int(b)
		n := w.starts[two]
		if n == 0 || i == 0 {
			continue
		}
		rest := text[i-1:]
		for _, word := range w.groups[n] {
			if len(rest) >= len(word) && equalFold(rest[:len(word)], word) {
				return true
			}
		}
	}
	return false
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
