package compose

import (
	"maps"
	"slices"
	"strings"
)

// shrink leaves out of a tree what does not matter to it: lines and files without which it still fails.
func (t tree) shrink(fails func(tree) bool) tree {
	for smaller := true; smaller; {
		smaller = false
		for _, name := range slices.Sorted(maps.Keys(t.files)) {
			if name == t.script {
				continue
			}
			lines := strings.SplitAfter(strings.TrimSuffix(t.files[name], "\n"), "\n")
			for size := len(lines); size > 0; size /= 2 {
				for start := 0; start+size <= len(lines); {
					less := t
					less.files = maps.Clone(t.files)
					rest := slices.Delete(slices.Clone(lines), start, start+size)
					if less.files[name] = strings.Join(rest, ""); len(rest) == 0 || less.files[name] == "" {
						delete(less.files, name)
					}
					if !fails(less) {
						start += size
						continue
					}
					t, lines, smaller = less, rest, true
				}
			}
		}
	}
	return t
}
