//go:build unix

package cluster

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// own gives the folder to the user that the server runs as.
func (c *Cluster) own() error {
	uid, gid, err := server()
	if err != nil || uid < 0 {
		return err
	}
	return os.Chown(c.dir, uid, gid)
}

// as has a program run as the server's user.
func as(cmd *exec.Cmd) {
	if uid, gid, err := server(); err == nil && uid >= 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
}

// server returns the user that the server runs as: it refuses to be run by root; -1 is who runs the test.
func server() (uid, gid int, err error) {
	if os.Geteuid() != 0 {
		return -1, -1, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, errors.New("there is no user postgres, and root must not run the server")
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	return uid, gid, errors.Join(err1, err2)
}
