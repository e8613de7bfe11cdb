package tree

import (
	"math"

	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/stagewall/stagewall/detectors"
)

// TOML reads TOML. The parser bounds how deep values nest by itself; keys are bounded here. What stands before an error is returned
// with it.
func TOML(data []byte) (*Node, error) {
	root := &Node{Kind: Object}
	if len(data) > math.MaxInt32 {
		return root, errDeep
	}
	var p unstable.Parser
	p.Reset(data)
	table := root
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table:
			table = root.descend(keys(e.Key()))
		case unstable.ArrayTable:
			table = root.element(keys(e.Key()))
		case unstable.KeyValue:
			table.set(e, data)
		}
	}
	return root, p.Error()
}

// key is one key of a dotted key.
type key struct {
	text string
	span detectors.Span
}

func keys(it unstable.Iterator) []key {
	var path []key
	for it.Next() {
		n := it.Node()
		path = append(path, key{string(n.Data), unquoted(n.Raw, int(n.Raw.Length) > len(n.Data))})
	}
	return path
}

// descend returns the table under the path and makes what is missing. Of an array of tables the last one is meant.
func (n *Node) descend(path []key) *Node {
	for _, k := range path[:min(len(path), maxDepth)] {
		next := n.member(k.text)
		if next == nil {
			next = &Node{Kind: Object, Span: k.span, Key: k.text, KeySpan: k.span}
			n.Members = append(n.Members, next)
		}
		if next.Kind == Array && len(next.Members) > 0 {
			next = next.Members[len(next.Members)-1]
		}
		next.Kind = Object // whoever writes a value and a table under one key has written no TOML
		n = next
	}
	return n
}

// element returns a new table at the end of the array of tables under the path.
func (n *Node) element(path []key) *Node {
	if len(path) == 0 {
		return n
	}
	last := path[len(path)-1]
	parent := n.descend(path[:len(path)-1])
	array := parent.member(last.text)
	if array == nil {
		array = &Node{Kind: Array, Span: last.span, Key: last.text, KeySpan: last.span}
		parent.Members = append(parent.Members, array)
	}
	array.Kind = Array
	table := &Node{Kind: Object, Span: last.span}
	array.Members = append(array.Members, table)
	return table
}

// set adds what a key and its value say to the table.
func (n *Node) set(e *unstable.Node, data []byte) {
	path := keys(e.Key())
	if len(path) == 0 {
		return
	}
	last := path[len(path)-1]
	value := fromTOML(e.Value(), last.span, data)
	value.Key, value.KeySpan = last.text, last.span
	parent := n.descend(path[:len(path)-1])
	parent.Members = append(parent.Members, value)
}

// fromTOML returns the value; near is where it is if the parser does not say.
func fromTOML(e *unstable.Node, near detectors.Span, data []byte) *Node {
	n := &Node{Text: string(e.Data), Span: near}
	if e.Raw.Length > 0 {
		n.Span = unquoted(e.Raw, false)
	}
	switch e.Kind {
	case unstable.String:
		n.Kind, n.Span = String, inside(n.Span, data)
	case unstable.Array:
		n.Kind = Array
		for it := e.Children(); it.Next(); {
			n.Members = append(n.Members, fromTOML(it.Node(), near, data))
		}
	case unstable.InlineTable:
		n.Kind = Object
		for it := e.Children(); it.Next(); {
			n.set(it.Node(), data)
		}
	}
	return n
}

// unquoted returns the range's bytes, without one byte on either side if they are quotes.
func unquoted(r unstable.Range, quoted bool) detectors.Span {
	span := detectors.Span{Start: int(r.Offset), End: int(r.Offset + r.Length)}
	if quoted && span.End-span.Start >= 2 {
		span.Start++
		span.End--
	}
	return span
}

// inside returns a string's bytes without its quotes, of which there are one or three on either side.
func inside(span detectors.Span, data []byte) detectors.Span {
	quotes := 0
	for quotes < 3 && span.Start+quotes < span.End-quotes-1 {
		c := data[span.Start+quotes]
		if c != '"' && c != '\'' || c != data[span.End-1-quotes] {
			break
		}
		quotes++
	}
	if quotes == 2 { // an empty string, or one that begins and ends with its own quote
		quotes = 1
	}
	return detectors.Span{Start: span.Start + quotes, End: span.End - quotes}
}
