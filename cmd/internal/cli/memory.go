package cli

import (
	"os"
	"runtime"
	"runtime/debug"
)

// spareCollections lets the first garbage collection wait until the heap has some 32 MB, and then has things as usual. A hook or a scan of
// one file ends before: without this, collecting is a fifth of what it costs.
func spareCollections() {
	const percent, usual = 800, 100 // of what lives, 4 MB at least (runtime, GOGC)
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(percent)
	runtime.AddCleanup(new([16]byte), func(int) { debug.SetGCPercent(usual) }, 0)
}
