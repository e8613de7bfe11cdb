package history

import (
	"hash/maphash"
	"slices"
	"sync"

	"github.com/stagewall/stagewall/detectors"
)

// numbers numbers values, which it knows by their hashes only.
type numbers struct {
	seed      maphash.Seed
	numbering sync.Mutex
	values    map[uint64]uint32 // by hash
}

// Marks of the numbers of values. A value that needs a partner may be brought by the version that brings the partner: so partners that are nothing
// by themselves have numbers too. Values that are found by two rules have two numbers, if these are marked in different ways.
const (
	isPartner   = 1 << 31 // and nothing else
	needs       = 1 << 30 // a partner
	mostNumbers = 1 << 30
)

// markOf returns the mark of the values that a rule finds.
func markOf(r detectors.Rule) uint32 {
	switch {
	case r.SkipReport:
		return isPartner
	case len(r.Required) > 0:
		return needs
	}
	return 0
}

// worth reports whether a version that brings the values may bring a token, if it is one of a blob that holds all of these.
func worth(brings, all []uint32) bool {
	isToken := func(value uint32) bool { return value&isPartner == 0 }
	return slices.ContainsFunc(brings, isToken) || len(brings) > 0 && slices.ContainsFunc(all, isNeedy)
}

// isNeedy reports whether a value needs a partner.
func isNeedy(value uint32) bool { return value&needs != 0 }

// number returns the number of a value, a new one if it has none.
func (n *numbers) number(value []byte) uint32 {
	key := maphash.Bytes(n.seed, value)
	n.numbering.Lock()
	defer n.numbering.Unlock()
	number, ok := n.values[key]
	if !ok {
		number = uint32(len(n.values) % mostNumbers)
		n.values[key] = number
	}
	return number
}

// numberOf returns the number of a value, if it has one.
func (n *numbers) numberOf(value []byte) (number uint32, ok bool) {
	key := maphash.Bytes(n.seed, value)
	n.numbering.Lock()
	defer n.numbering.Unlock()
	number, ok = n.values[key]
	return number, ok
}
