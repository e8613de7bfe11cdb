package history

import (
	"hash/maphash"
	"regexp"
)

// bound tells to which of the paths that rules are bound a blob may lie. A blob that has no path lies nowhere.
type bound struct {
	expressions []*regexp.Regexp
	seed        maphash.Seed
	paths       map[string]uint64 // by path: a bit for each expression that matches it
	blobs       map[uint64]uint64 // the same, by the hash of a blob's name; those that would have none are left out
	blind       bool              // not all paths could be read
}

func newBound(expressions []string) (*bound, error) {
	b := &bound{seed: maphash.MakeSeed(), paths: map[string]uint64{}, blobs: map[uint64]uint64{}}
	for _, e := range expressions {
		re, err := regexp.Compile(e)
		if err != nil {
			return nil, err
		}
		b.expressions = append(b.expressions, re)
	}
	return b, nil
}

// mostPathsKnown bounds the paths that are remembered.
const mostPathsKnown = 1 << 16

// add notes that a blob, and the one before it, has a path.
func (b *bound) add(path string, blobs ...string) {
	on, ok := b.paths[path]
	if !ok {
		for i, re := range b.expressions {
			if re.MatchString(path) {
				on |= 1 << (i % mostPaths)
			}
		}
		if len(b.paths) >= mostPathsKnown {
			clear(b.paths)
		}
		b.paths[path] = on
	}
	if on == 0 {
		return
	}
	for _, blob := range blobs {
		b.blobs[maphash.String(b.seed, blob)] |= on
	}
}

// of returns a bit for each expression that one of the blob's paths matches.
func (b *bound) of(blob string) uint64 {
	if b.blind {
		return ^uint64(0)
	}
	return b.blobs[maphash.String(b.seed, blob)]
}
