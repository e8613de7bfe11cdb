// Package settings says under which keys something stands in a file that a program reads its settings from: JSON, YAML, TOML, or a list of
// assignments (dotenv, properties, ini).
package settings

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
)

// Longest is how many bytes a file of settings may have. Longer ones hold data.
const Longest = 1 << 20

// File is a file of settings that was read. It is for one goroutine.
type File struct {
	data []byte
	root *tree.Node // nil for a list of assignments

	leaves []leaf // of the tree, made on first need
	signs  []sign // of a list of assignments, made on first need
}

// Read reads a file. What it is is told by its name, or else by how it begins; ok is false if it cannot be read.
func Read(name string, data []byte) (f *File, ok bool) {
	if len(data) > Longest {
		return nil, false
	}
	f = &File{data: data}
	begins := bytes.TrimSpace(data)
	var err error
	switch ext := strings.ToLower(path.Ext(name)); {
	case ext == ".json", ext == ".jsonc", ext == ".json5", ext == "" && len(begins) > 0 && begins[0] == '{':
		f.root, err = tree.JSON(data)
	case ext == ".toml":
		f.root, err = tree.TOML(data)
	case ext == ".yaml", ext == ".yml":
		f.root, err = tree.YAML(data)
	case !assignment.Match(data):
		f.root, err = tree.YAML(data)
	}
	return f, err == nil
}

var (
	assignment = lazyregexp.New(`(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=`)
	section    = lazyregexp.New(`(?m)^[ \t]*\[([^\]\r\n]+)\]`)
)

// Keys returns the keys under which the bytes at a span stand, outermost first, none for the whole; elements of lists have none of their own.
func (f *File) Keys(at detectors.Span) []string {
	if f.root == nil {
		return f.assigned(at.Start)
	}
	if f.leaves == nil {
		f.flatten()
	}
	var first *leaf
	i, _ := slices.BinarySearchFunc(f.leaves, at.Start+1, func(l leaf, start int) int { return cmp.Compare(l.reach, start) })
	for ; i < len(f.leaves) && f.leaves[i].span.Start < at.End; i++ {
		if l := &f.leaves[i]; l.span.Overlaps(at) && (first == nil || l.order < first.order) {
			first = l
		}
	}
	if first == nil {
		return nil
	}
	var keys []string
	for u := first.under; u != nil; u = u.above {
		keys = append(keys, u.key)
	}
	slices.Reverse(keys)
	return keys
}

// leaf is a node without members. A table of TOML has the span of its header, so that only those tell where something stands.
type leaf struct {
	span  detectors.Span
	order int // in the tree
	reach int // how far this one and those before it reach
	under *under
}

// under is a key, and those above it.
type under struct {
	key   string
	above *under
}

// flatten sorts the leaves of the tree by where they stand.
func (f *File) flatten() {
	f.leaves = []leaf{}
	var visit func(n *tree.Node, above *under)
	visit = func(n *tree.Node, above *under) {
		if len(n.Members) == 0 {
			f.leaves = append(f.leaves, leaf{span: n.Span, order: len(f.leaves), under: above})
		}
		for _, m := range n.Members {
			if m.Key != "" {
				visit(m, &under{m.Key, above})
			} else {
				visit(m, above)
			}
		}
	}
	visit(f.root, nil)
	slices.SortStableFunc(f.leaves, func(a, b leaf) int { return cmp.Compare(a.span.Start, b.span.Start) })
	reach := 0
	for i := range f.leaves {
		reach = max(reach, f.leaves[i].span.End)
		f.leaves[i].reach = reach
	}
}

// sign is a heading, or the name of an assignment, of a list of assignments.
type sign struct {
	end           int
	section, name string // the heading, if there is one, and the name, if it is one
}

// assigned returns the heading and the name of the assignment before an offset.
func (f *File) assigned(at int) []string {
	if f.signs == nil {
		f.signs = []sign{}
		heading := ""
		add := func(from, to int) {
			for _, m := range assignment.FindAllSubmatchIndex(f.data[from:to], -1) {
				f.signs = append(f.signs, sign{end: from + m[1], section: heading, name: string(f.data[from+m[2] : from+m[3]])})
			}
		}
		from := 0
		for _, m := range section.FindAllSubmatchIndex(f.data, -1) {
			add(from, m[0])
			heading, from = string(f.data[m[2]:m[3]]), m[1]
			f.signs = append(f.signs, sign{end: from, section: heading})
		}
		add(from, len(f.data))
	}
	i, _ := slices.BinarySearchFunc(f.signs, at+1, func(s sign, end int) int { return cmp.Compare(s.end, end) })
	if i == 0 {
		return nil
	}
	return slices.DeleteFunc([]string{f.signs[i-1].section, f.signs[i-1].name}, func(key string) bool { return key == "" })
}

// Values returns where the values stand that have exactly these keys.
func (f *File) Values(under []string) []detectors.Span {
	var found []detectors.Span
	if f.root != nil {
		var visit func(n *tree.Node, under []string)
		visit = func(n *tree.Node, under []string) {
			if n.Key != "" {
				if len(under) == 0 || under[0] != Any && !strings.EqualFold(under[0], n.Key) {
					return
				}
				under = under[1:]
			}
			if len(n.Members) == 0 && len(under) == 0 && n.Kind <= tree.String {
				found = append(found, n.Span)
			}
			for _, m := range n.Members {
				visit(m, under)
			}
		}
		visit(f.root, under)
		return found
	}
	for _, m := range assignment.FindAllSubmatchIndex(f.data, -1) {
		value := f.data[m[1]:]
		if i := bytes.IndexAny(value, "\r\n"); i >= 0 {
			value = value[:i]
		}
		at := detectors.Span{Start: m[1] + len(value) - len(bytes.TrimLeft(value, " \t'\""))}
		at.End = m[1] + len(bytes.TrimRight(value, " \t'\""))
		if at.End > at.Start && slices.EqualFunc(under, f.Keys(at), func(key, k string) bool { return key == Any || strings.EqualFold(key, k) }) {
			found = append(found, at)
		}
	}
	return found
}

// Any stands for any key.
const Any = "*"

// Under reports whether what stands under some keys is part of what is read under others. Readers of settings do not tell case, or hardly ever
// meet two keys that differ by it alone.
func Under(read, stands []string) bool {
	if len(read) > len(stands) {
		return false
	}
	for i, key := range read {
		if key != Any && !strings.EqualFold(key, stands[i]) {
			return false
		}
	}
	return true
}
