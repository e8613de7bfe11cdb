package match

import (
	"maps"
	"math"
	"slices"
	"unicode/utf8"
)

// entropy returns the Shannon entropy of the text's characters, in bits. As in gitleaks, whose thresholds the rules use, a character's
// frequency is its count over the number of bytes.
func entropy(text []byte) float64 {
	if len(text) == 0 {
		return 0
	}
	var ascii [utf8.RuneSelf]int
	var others map[rune]int
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			ascii[c]++
			i++
			continue
		}
		if others == nil {
			others = map[rune]int{}
		}
		r, size := utf8.DecodeRune(text[i:])
		others[r]++
		i += size
	}
	bits := 0.0
	var terms [16]float64 // most characters are there once or twice, and a logarithm takes longer than all else
	add := func(count int) {
		if count < len(terms) && terms[count] != 0 {
			bits -= terms[count]
			return
		}
		f := float64(count) / float64(len(text))
		term := f * math.Log2(f)
		if bits -= term; count < len(terms) {
			terms[count] = term
		}
	}
	for _, count := range ascii {
		if count > 0 {
			add(count)
		}
	}
	for _, count := range slices.Sorted(maps.Values(others)) { // in a fixed order, for sums depend on it
		add(count)
	}
	return bits
}
