package source

import (
	"io/fs"
	"syscall"
	"time"
)

// VersionOf returns the version of a file of which that is known.
func VersionOf(info fs.FileInfo) Version {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return Version{}
	}
	return versionOf(stat.Size, stat.Ino, time.Unix(stat.Mtimespec.Unix()), time.Unix(stat.Ctimespec.Unix()))
}
