package history

import (
	"slices"

	"github.com/stagewall/stagewall/cmd/internal/git"
)

// origins is where blobs that hold something come from.
type origins struct {
	blobs  map[string]holds
	known  map[string]bool // the blobs that some version is of
	news   map[version]*news
	merges []git.Change
}

// version is a version of a file.
type version struct{ blob, path, commit string }

// news is what a version holds that none of those before it did, and which these are.
type news struct {
	holds
	before []string
}

func newOrigins(blobs map[string]holds) *origins {
	return &origins{blobs: blobs, known: map[string]bool{}, news: map[version]*news{}}
}

// add notes a change.
func (o *origins) add(c git.Change) {
	switch _, ok := o.blobs[c.New]; {
	case !ok:
	case c.Merged:
		o.merges = append(o.merges, c)
	default:
		o.known[c.New] = true
		o.note(c)
	}
}

// addMerged notes what merges made that no other commit has.
func (o *origins) addMerged() {
	for _, c := range o.merges {
		if !o.known[c.New] {
			o.note(c)
		}
	}
	for _, c := range o.merges {
		o.known[c.New] = true
	}
	o.merges = nil
}

// addIndex notes what is staged.
func (o *origins) addIndex(entries []git.Entry) {
	for _, e := range entries {
		if _, ok := o.blobs[e.ID]; ok && !o.known[e.ID] {
			o.known[e.ID] = true
			o.note(git.Change{Path: e.Path, New: e.ID})
		}
	}
}

// note takes from what is new in a version what the old one holds.
func (o *origins) note(c git.Change) {
	v := version{c.New, c.Path, c.Commit}
	n, ok := o.news[v]
	if !ok {
		n = &news{holds: o.blobs[c.New]}
		o.news[v] = n
	}
	old, ok := o.blobs[c.Old]
	if !ok {
		return
	}
	n.before = append(n.before, c.Old)
	if !n.all && !old.all {
		n.values = slices.DeleteFunc(slices.Clone(n.values), func(value uint32) bool {
			_, held := slices.BinarySearch(old.values, value)
			return held
		})
	}
}

// versions returns the versions that may bring something and, if asked for them, the blobs that no version is of.
func (o *origins) versions(lost bool) []Version {
	var list []Version
	for v, n := range o.news {
		if n.all || worth(n.values, o.blobs[v.blob].values) {
			list = append(list, Version{Blob: v.blob, Path: v.path, Commit: v.commit, Before: n.before, holds: n.holds})
		}
	}
	for id, holds := range o.blobs {
		if lost && !o.known[id] {
			list = append(list, Version{Blob: id, Path: id, Lost: true, holds: holds})
		}
	}
	return list
}
