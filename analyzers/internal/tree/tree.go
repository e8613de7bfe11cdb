// Package tree reads configuration files into one form, whether they are written in JSON, TOML or YAML: a tree of nodes that know the
// bytes that they are read from.
package tree

import (
	"errors"
	"path"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Read reads a file as what its name's ending says: YAML, TOML, or else JSON.
func Read(pass *analyzers.Pass) (*Node, error) {
	switch path.Ext(pass.Path) {
	case ".yml", ".yaml":
		return YAML(pass.Data)
	case ".toml":
		return TOML(pass.Data)
	}
	return JSON(pass.Data)
}

// Kind says what a node is.
type Kind uint8

const (
	Other  Kind = iota // a number, a boolean, a date, null: Text is as written
	String             // Text is decoded, Span is without quotes
	Array              // Members are the elements
	Object             // Members are the keys, in the order of the file; a key that is written twice is there twice
)

// Node is a value. A nil node is one that is not there, and all methods accept it.
type Node struct {
	Kind    Kind
	Text    string
	Span    detectors.Span // a table of TOML: its header's last key
	Key     string         // decoded; empty for an element of an array
	KeySpan detectors.Span // without quotes
	Members []*Node

	last    map[string]*Node // of the first members, by key the last one: of an object with many
	indexed int
}

// few is how many members are looked through.
const few = 16

// maxDepth bounds how deep values nest. Parsers recurse, and a stack that overflows cannot be recovered.
const maxDepth = 1000

// errDeep is returned for a file that nests deeper than maxDepth.
var errDeep = errors.New("nested too deep")

// Get returns the value under a path of keys; of a key that is written twice the last one, as readers do.
func (n *Node) Get(path ...string) *Node {
	for _, key := range path {
		n = n.member(key)
	}
	return n
}

func (n *Node) member(key string) *Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	if len(n.Members) > few {
		if n.last == nil {
			n.last = map[string]*Node{}
		}
		for ; n.indexed < len(n.Members); n.indexed++ {
			n.last[n.Members[n.indexed].Key] = n.Members[n.indexed]
		}
		return n.last[key]
	}
	for _, m := range slices.Backward(n.Members) {
		if m.Key == key {
			return m
		}
	}
	return nil
}

// Keys returns the members of an object, nothing for other nodes.
func (n *Node) Keys() []*Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	return n.Members
}

// Elements returns the elements of an array, a single value as one element, and nothing for an object.
func (n *Node) Elements() []*Node {
	switch {
	case n == nil || n.Kind == Object:
		return nil
	case n.Kind == Array:
		return n.Members
	}
	return []*Node{n}
}

// Strings returns the texts of the elements that are strings.
func (n *Node) Strings() []string {
	var texts []string
	for _, e := range n.Elements() {
		if e.Kind == String {
			texts = append(texts, e.Text)
		}
	}
	return texts
}

// Str returns a string's text, and nothing for other nodes.
func (n *Node) Str() string {
	if n == nil || n.Kind != String {
		return ""
	}
	return n.Text
}

// Is reports whether the node is the given word, a boolean or a number as written.
func (n *Node) Is(word string) bool { return n != nil && n.Kind == Other && n.Text == word }

// Part returns the literal that stands at [from, to) of the node's text. Where an escape hides the exact bytes, they are all of the
// node's.
func (n *Node) Part(data []byte, from, to int) analyzers.Part {
	span := n.Span
	if string(data[n.Span.Start:n.Span.End]) == n.Text {
		span = detectors.Span{Start: n.Span.Start + from, End: n.Span.Start + to}
	}
	return analyzers.Part{Text: n.Text[from:to], Span: span}
}

// Place returns where the node stands: at its key, if it has one.
func (n *Node) Place(pass *analyzers.Pass) detectors.Place {
	switch {
	case n == nil:
		return pass.At(0, 0)
	case !n.KeySpan.Empty():
		return pass.At(n.KeySpan.Start, n.KeySpan.End)
	}
	return pass.At(n.Span.Start, n.Span.End)
}

// Value returns the node's text as it is.
func (n *Node) Value(pass *analyzers.Pass) analyzers.Value {
	value := analyzers.Value{At: pass.At(n.Span.Start, n.Span.End)}
	if n.Text != "" {
		value.Parts = []analyzers.Part{n.Part(pass.Data, 0, len(n.Text))}
	}
	return value
}
