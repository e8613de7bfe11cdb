//go:build !linux

package match

import "time"

var began = time.Now()

// spent returns the time of the wall.
func spent() time.Duration { return time.Since(began) }
