//go:build !unix

package cache

import "io/fs"

// own reports whether a file is the user's: the folder that it lies in is.
func own(fs.FileInfo) bool { return true }
