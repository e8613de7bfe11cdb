package history

import "sync"

// known remembers what was scanned and which values it was found to hold, by hashes. It is bounded: what falls into a slot that is full takes the
// place of the oldest there, which then is scanned once more when it comes again.
//
// Hashes are of 61 bits or more and seeded anew in every run, so that nobody can make two texts that have the same; that it happens by chance is
// less likely than one in 10⁸ for ten million lines.
type known struct {
	mu    sync.Mutex
	table []uint64            // slots; the lowest bit of a hash says that held has something
	next  []uint8             // by slot: which of its hashes is forgotten next
	held  map[uint64][]uint32 // never changed in place
}

const (
	slots    = 1 << 17 // 8 MB
	perSlot  = 8       // one line of a processor's cache
	mostHeld = 1 << 16 // hashes under which something is held, some 5 MB
)

func newKnown() *known {
	return &known{table: make([]uint64, slots*perSlot), next: make([]uint8, slots), held: map[uint64][]uint32{}}
}

// slot returns the hashes of which one may be the given one.
func (k *known) slot(hash uint64) []uint64 {
	n := hash >> 1 % slots
	return k.table[n*perSlot : (n+1)*perSlot]
}

// touch reads what has will look at. The table is larger than a processor's cache, and so to look something up is to wait for memory; of touches in
// a row, on whose outcome nothing depends, many wait at the same time.
func (k *known) touch(hash uint64) uint64 { return k.table[hash>>1%slots*perSlot] }

// has reports whether what the hash stands for is known, and what it holds. The caller holds the lock.
func (k *known) has(hash uint64) ([]uint32, bool) {
	for _, h := range k.slot(hash) {
		if h == hash|1 {
			return k.held[h], true
		}
		if h == hash&^1 && h != 0 {
			return nil, true
		}
	}
	return nil, false
}

// note remembers what the hash stands for, and what it holds. The caller holds the lock.
func (k *known) note(hash uint64, values []uint32) {
	hash &^= 1
	if len(values) > 0 {
		if len(k.held) >= mostHeld {
			clear(k.held)
			clear(k.table)
		}
		hash |= 1
		k.held[hash] = values
	}
	slot := k.slot(hash)
	for i, h := range slot {
		if h|1 == hash|1 || h == 0 {
			slot[i] = hash
			return
		}
	}
	n := hash >> 1 % slots
	slot[k.next[n]] = hash
	k.next[n] = (k.next[n] + 1) % perSlot
}
