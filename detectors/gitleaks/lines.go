package gitleaks

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// keyLines returns the line of every key of a TOML document, by its path in lower case with the indices of arrays: the second
// [[rules]] is "rules.1", its expression "rules.1.regex", the first of an allowlist's "rules.1.allowlists.0.regexes.0". Where the
// document is broken the lines end.
func keyLines(data []byte) map[string]int {
	k := keys{data: data, lines: map[string]int{}, arrays: map[string]int{}}
	k.parser.Reset(data)
	table := ""
	for k.parser.NextExpression() {
		switch e := k.parser.Expression(); e.Kind {
		case unstable.Table:
			table = k.table(e, false)
		case unstable.ArrayTable:
			table = k.table(e, true)
		case unstable.KeyValue:
			k.keyValue(table, e)
		}
	}
	return k.lines
}

type keys struct {
	parser unstable.Parser
	data   []byte
	lines  map[string]int
	arrays map[string]int // by path: how many tables the array has so far
	offset int            // where the last line was asked for
	line   int            // and which it is, counted from 0
}

// table returns the path of a table's header.
func (k *keys) table(e *unstable.Node, element bool) string {
	path := ""
	for part := e.Key(); part.Next(); {
		node := part.Node()
		path = join(path, string(node.Data))
		if part.IsLast() && element {
			k.arrays[path]++
		}
		if n := k.arrays[path]; n > 0 {
			path = fmt.Sprintf("%s.%d", path, n-1)
		}
		if part.IsLast() {
			k.note(path, node)
		}
	}
	return path
}

func (k *keys) keyValue(path string, e *unstable.Node) {
	for part := e.Key(); part.Next(); {
		path = join(path, string(part.Node().Data))
		k.note(path, part.Node())
	}
	k.value(path, e.Value())
}

func (k *keys) value(path string, v *unstable.Node) {
	switch v.Kind {
	case unstable.InlineTable:
		for e := v.Children(); e.Next(); {
			k.keyValue(path, e.Node())
		}
	case unstable.Array:
		n := 0
		for e := v.Children(); e.Next(); {
			if e.Node().Kind == unstable.Comment {
				continue
			}
			element := fmt.Sprintf("%s.%d", path, n)
			if e.Node().Raw.Length > 0 {
				k.note(element, e.Node())
			} else if line, ok := k.lines[path]; ok {
				k.lines[element] = line
			}
			k.value(element, e.Node())
			n++
		}
	}
}

// note records the node's line for the path.
func (k *keys) note(path string, node *unstable.Node) {
	offset := min(int(node.Raw.Offset), len(k.data))
	if offset < k.offset {
		k.offset, k.line = 0, 0
	}
	k.line += bytes.Count(k.data[k.offset:offset], []byte("\n"))
	k.offset = offset
	k.lines[path] = k.line + 1
}

func join(path, key string) string {
	if path == "" {
		return strings.ToLower(key)
	}
	return path + "." + strings.ToLower(key)
}
