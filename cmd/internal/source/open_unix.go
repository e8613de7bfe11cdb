//go:build unix

package source

import "syscall"

// atOnce has a pipe that lies where a file was expected opened without a wait for somebody who writes to it.
const atOnce = syscall.O_NONBLOCK
