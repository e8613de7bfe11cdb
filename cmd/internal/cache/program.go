package cache

import (
	"crypto/sha256"
	"fmt"
	"os"
	"runtime/debug"
	"slices"

	"github.com/stagewall/stagewall/cmd/internal/source"
)

// Program returns a digest that identifies the program. A release is what its modules' checksums say; of what was built from a checkout,
// only the very file is known to be the same.
func Program() []byte {
	h := sha256.New()
	info, ok := debug.ReadBuildInfo()
	if ok {
		fmt.Fprint(h, info)
	}
	if !ok || !released(info) {
		if name, err := os.Executable(); err == nil {
			if stat, err := os.Stat(name); err == nil {
				fmt.Fprint(h, name, stat.Size(), stat.ModTime().UnixNano(), source.VersionOf(stat))
			}
		}
	}
	return h.Sum(nil)
}

// released reports whether checksums say of all modules what they hold.
func released(info *debug.BuildInfo) bool {
	return info.Main.Sum != "" && !slices.ContainsFunc(info.Deps, func(m *debug.Module) bool {
		if m.Replace != nil {
			m = m.Replace
		}
		return m.Sum == ""
	})
}
