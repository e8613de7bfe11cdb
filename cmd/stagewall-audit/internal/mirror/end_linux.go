package mirror

import (
	"os/exec"
	"syscall"
)

// endWithUs has a program end when this process is killed, so that nobody works in a mirror whose lock is free.
func endWithUs(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
