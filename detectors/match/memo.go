package match

import (
	"hash/maphash"
	"math/bits"
)

// memo remembers what expressions match in short texts.
//
// The idea: versions of a file, and copies of it, have the same windows, and an expression costs some hundred times what it takes to hash the
// window. It is valid because matches depend on nothing but the expression and the text that it is run on; hashes are of 64 bits and seeded anew for
// every scanner. A scan of gitleaks' own history takes a tenth less.
type memo struct {
	seed    maphash.Seed
	matches map[uint64][][]int
	size    int // of the matches, in bytes
}

const (
	longestMemo = 1 << 12 // bytes of a text
	mostMemos   = 1 << 13 // texts; half a megabyte if one in three has a match
	largestMemo = 1 << 21 // bytes of matches: texts may be full of them
)

// find returns what a rule's expression matches in the text, which match tells. It must not be changed.
func (m *memo) find(rule int32, text []byte, match func([]byte) [][]int) [][]int {
	if len(text) > longestMemo {
		return match(text)
	}
	if m.matches == nil {
		m.seed, m.matches = maphash.MakeSeed(), map[uint64][][]int{}
	}
	key := maphash.Bytes(m.seed, text) + uint64(rule)*0x9e3779b97f4a7c15
	matches, ok := m.matches[key]
	if !ok {
		matches = match(text)
		if len(m.matches) >= mostMemos || m.size >= largestMemo {
			clear(m.matches)
			m.size = 0
		}
		m.matches[key] = matches
		for _, groups := range matches {
			m.size += (3 + len(groups)) * bits.UintSize / 8
		}
	}
	return matches
}
