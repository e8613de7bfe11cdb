package cli

import (
	"os"
	"runtime"
	"runtime/debug"
)

const (
	atFirst = 800 // of what lives, 4 MB at least (runtime, GOGC)
	usual   = 100
	often   = 25
)

// spareCollections lets the first garbage collection wait until the heap has some 32 MB, and then has things as usual. A hook or a scan of
// one file ends before: without this, collecting is a fifth of what it costs.
func spareCollections() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(atFirst)
	runtime.AddCleanup(new([16]byte), func(int) {
		if changed := debug.SetGCPercent(usual); changed != atFirst {
			debug.SetGCPercent(changed)
		}
	}, 0)
}

// collectOften bounds the memory of a long run whose heap is tables that live: a quarter more than these, not as much again. It costs a
// tenth.
func collectOften() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(often)
	}
}
