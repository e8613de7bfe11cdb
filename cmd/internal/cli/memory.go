package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// The garbage collector lets a heap grow to twice of what lives. That is little for a hook that lives for ten milliseconds, and much for a
// scan that shares a machine.
//
// Idea: no collection comes before the heap has some 32 MB. Later ones come when the heap has what a scan of a usual repository should do with,
// but not before it has grown by a part of what lives. A scan of which much more lives gains little by being thrifty; and what the heap once had, it
// has again before it is collected, since the peak is what counts: once modules of Go are loaded with their types, little of that lives.
//
// Gain: a hook or a scan of one file ends before the first collection, which is a fifth of what it costs. Of Kubernetes' tree the peak is 3 MB less
// when the cache is filled than with 56 MB and 23 percent, for two percent more processor time, and histories stay below 120 MB. When kops is linked,
// after its modules were loaded, its heap is collected once, not ten times, and its peak is six sevenths.
type pace struct {
	wanted int // bytes of the heap before it is collected; the program itself and the collector have some 40 MB beside it
	least  int // percent of what lives
}

var (
	ofTrees     = pace{wanted: 53 << 20, least: 20}
	ofHistories = pace{wanted: 70 << 20, least: 25} // most of what lives are tables, and it is no more at the end than soon after the start
)

const (
	atFirst = 800       // percent of what lives, 4 MB at least (runtime, GOGC)
	small   = 32 << 20  // bytes of a heap that is not worth a collection
	usual   = 100       // percent
	large   = 60        // percent, of a heap that is large anyway
	beyond  = 120 << 20 // bytes that live: if there are more, nothing is gained by collecting often
)

// present is the pace of collections, nil if the user says it.
var present atomic.Pointer[pace]

// paceCollections has garbage collected as said above, unless the user says how.
func paceCollections() {
	if os.Getenv("GOGC") != "" {
		return
	}
	present.Store(&ofTrees)
	debug.SetGCPercent(atFirst)
	most := 0
	afterCollection(func() {
		heap := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(heap)
		live := int(heap[0].Value.Uint64())
		percent := present.Load().percent(live, most)
		if live > beyond {
			most = max(most, live+live*percent/100)
		}
		debug.SetGCPercent(percent)
	})
}

// keep changes the pace, unless the user says it.
func (p *pace) keep() {
	if present.Load() != nil {
		present.Store(p)
	}
}

// afterCollection has f called after every collection.
func afterCollection(f func()) {
	runtime.AddCleanup(new([16]byte), func(int) {
		f()
		afterCollection(f)
	}, 0)
}

// percent returns by how much a heap of which some bytes live, and which once had most bytes, may grow.
func (p *pace) percent(live, most int) int {
	switch {
	case live == 0:
		return usual
	case live > beyond:
		return max(large, (most-live)*100/live)
	}
	return max(p.least, min(usual, (p.wanted-live)*100/live), min((max(small, most)-live)*100/live, atFirst))
}
