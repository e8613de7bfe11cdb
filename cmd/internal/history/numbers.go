package history

import (
	"hash/maphash"
	"sync"
)

// numbers numbers values, which it knows by their hashes only.
type numbers struct {
	seed      maphash.Seed
	numbering sync.Mutex
	values    map[uint64]uint32 // by hash
}

// number returns the number of a value, a new one if it has none.
func (n *numbers) number(value []byte) uint32 {
	key := maphash.Bytes(n.seed, value)
	n.numbering.Lock()
	defer n.numbering.Unlock()
	number, ok := n.values[key]
	if !ok {
		number = uint32(len(n.values))
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
