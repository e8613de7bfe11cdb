// Package settings says under which keys something stands in a file that a program reads its settings from: JSON, YAML, TOML, or a list of
// assignments (dotenv, properties, ini).
package settings

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
)

// Longest is how many bytes a file of settings may have. Longer ones hold data.
const Longest = 1 << 20

// File is a file of settings that was read.
type File struct {
	data []byte
	root *tree.Node // nil for a list of assignments
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
	if f.root != nil {
		return keys(f.root, at)
	}
	before := f.data[:min(max(at.Start, 0), len(f.data))]
	var found []string
	from := 0
	if all := section.FindAllSubmatchIndex(before, -1); all != nil {
		last := all[len(all)-1]
		found, from = append(found, string(before[last[2]:last[3]])), last[1]
	}
	if all := assignment.FindAllSubmatch(before[from:], -1); all != nil {
		found = append(found, string(all[len(all)-1][1]))
	}
	return found
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

// keys returns the keys on the way to the node that holds a span.
func keys(n *tree.Node, at detectors.Span) []string {
	var found []string
	for {
		i := slices.IndexFunc(n.Members, func(m *tree.Node) bool { return holds(m, at) })
		if i < 0 {
			return found
		}
		n = n.Members[i]
		if n.Key != "" {
			found = append(found, n.Key)
		}
	}
}

// holds reports whether a span is in a node or in one of its members. A table of TOML has the span of its header.
func holds(n *tree.Node, at detectors.Span) bool {
	return n.Span.Overlaps(at) && len(n.Members) == 0 || slices.ContainsFunc(n.Members, func(m *tree.Node) bool { return holds(m, at) })
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
