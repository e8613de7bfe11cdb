package match

import (
	"syscall"
	"time"
	"unsafe"
)

// spent returns the processor time of the thread: what else the machine does is not in it.
func spent() time.Duration {
	const ofThread = 3 // CLOCK_THREAD_CPUTIME_ID, see clock_gettime(2)
	var t syscall.Timespec
	if _, _, failed := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, ofThread, uintptr(unsafe.Pointer(&t)), 0); failed != 0 {
		panic(failed)
	}
	return time.Duration(t.Nano())
}
