package match

import "math/rand/v2"

// texts returns random texts, the same at every run, of characters of the alphabet.
func texts(alphabet string, n, longest int) []string {
	r := rand.New(rand.NewPCG(uint64(n), uint64(longest)))
	var runes []string
	for _, c := range alphabet {
		runes = append(runes, string(c))
	}
	runes = append(runes, "\xff")
	all := make([]string, n)
	for i := range all {
		for range r.IntN(longest + 1) {
			all[i] += runes[r.IntN(len(runes)-1+i%2)]
		}
	}
	return all
}
