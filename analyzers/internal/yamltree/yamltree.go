// Package yamltree reads YAML into nodes that know the bytes that they are read from.
//
// Parsers of YAML say where a scalar begins and what its value is, and no more. The value need not lie in the file as it is: quotes,
// escapes, folded lines and the indentation of blocks are gone. [Node.Source] gives the value with the bytes of the file behind each of
// its own. Aliases are followed, merge keys are merged, and a document that expands to much more than its size is refused.
//
//	https://yaml.org/spec/1.2.2/
//	https://yaml.org/type/merge.html
package yamltree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

// Kind says what a node is.
type Kind uint8

const (
	Scalar Kind = iota
	Sequence
	Mapping
)

// Node is a value of a document. A nil node is one that is not there, and all methods accept it.
type Node struct {
	Kind  Kind
	Text  string         // a scalar's value; "" for a null
	Tag   string         // the type, as written or by the form: "!!str", "!!null", "!!bool", "!reference"
	Start int            // the offset at which the node begins, behind its anchor and tag
	Span  detectors.Span // a scalar's bytes, without quotes

	source interpolate.Text
	keys   []*Node // a mapping's keys
	values []*Node // a mapping's values, a sequence's elements
}

// What bounds a document.
const (
	maxDepth     = 500     // how deep nodes nest; walking them recurses
	maxExpansion = 250_000 // nodes that aliases and merge keys repeat, beside those that are written
)

var (
	errDeep   = errors.New("nested too deep")
	errExpand = errors.New("aliases repeat too much")
)

// Read returns the documents of a file. Those before one that does not parse are returned with the error.
func Read(data []byte) (documents []*Node, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("no YAML: %v", cause)
		}
	}()
	f := &file{data: data, text: string(data), seen: map[*yaml.Node]*Node{}, size: map[*Node]int{}}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); err == io.EOF {
			return documents, nil
		} else if err != nil {
			return documents, err
		}
		if len(document.Content) == 0 {
			continue
		}
		f.merged, f.written = 0, 0
		root, err := f.node(document.Content[0], 0)
		if err != nil {
			return documents, err
		}
		if f.expanded(root) > f.written+maxExpansion {
			return documents, errExpand
		}
		documents = append(documents, root)
	}
}

// ReadWithin is like [Read] for a text of a file, such as a string of JSON. The nodes know the bytes of the file.
func ReadWithin(text interpolate.Text) ([]*Node, error) {
	documents, err := Read([]byte(text.String))
	moved := map[*Node]bool{}
	for _, n := range documents {
		n.move(text, moved)
	}
	return documents, err
}

// move makes the places of a node, and of those in it, which lie in a text those that the text's bytes lie at.
func (n *Node) move(text interpolate.Text, moved map[*Node]bool) {
	if n == nil || moved[n] {
		return
	}
	moved[n] = true
	start := min(n.Start, len(text.String)-1) // a null can stand behind the end
	n.Start = text.Span(start, start+1).Start
	n.Span = detectors.Span{Start: n.Start, End: n.Start}
	if n.Text != "" {
		n.source = text.Within(n.source)
		n.Span = n.source.Span(0, len(n.source.String))
	}
	for _, inner := range slices.Concat(n.keys, n.values) {
		inner.move(text, moved)
	}
}

// file is one file while it is read.
type file struct {
	data   []byte
	text   string // the same
	lines  []int
	cursor cursor
	seen   map[*yaml.Node]*Node // nodes with an anchor; nil while they are read
	size   map[*Node]int
	merged int // keys that merge keys brought

	written int // nodes of the document, with keys
}

func (f *file) node(n *yaml.Node, depth int) (*Node, error) {
	if depth > maxDepth {
		return nil, errDeep
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Anchor != "" {
		if known, ok := f.seen[n]; ok {
			if known == nil {
				return nil, errExpand // the node is a part of itself
			}
			return known, nil
		}
		f.seen[n] = nil
	}
	one, err := f.read(n, depth)
	if err == nil && n.Anchor != "" {
		f.seen[n] = one
	}
	return one, err
}

func (f *file) read(n *yaml.Node, depth int) (*Node, error) {
	f.written++
	one := &Node{Start: f.skipProperties(f.offset(n.Line, n.Column)), Tag: n.Tag}
	one.Span = detectors.Span{Start: one.Start, End: one.Start}
	if n.Kind == yaml.ScalarNode {
		if n.Tag != "!!null" {
			one.Text = n.Value
		}
		one.source = f.source(n, one.Start)
		if one.Text != "" {
			one.Span = one.source.Span(0, len(one.source.String))
		}
		return one, nil
	}
	children := make([]*Node, len(n.Content))
	for i, c := range n.Content {
		child, err := f.node(c, depth+1)
		if err != nil {
			return nil, err
		}
		children[i] = child
	}
	one.Kind = Sequence
	one.values = children
	if n.Kind == yaml.MappingNode {
		one.Kind = Mapping
		if !f.merge(one, children) {
			return nil, errExpand
		}
	}
	return one, nil
}

// merge makes a mapping of keys and values in turn, unless merge keys bring too much. What one brings stands before the mapping's own keys, which win.
func (f *file) merge(n *Node, children []*Node) bool {
	n.keys, n.values = nil, nil
	add := func(key, value *Node) {
		n.keys, n.values = append(n.keys, key), append(n.values, value)
	}
	own := map[string]bool{}
	for i := 0; i+1 < len(children); i += 2 {
		own[children[i].Text] = true
	}
	for i := 0; i+1 < len(children); i += 2 {
		if children[i].Tag != "!!merge" {
			continue
		}
		merged := children[i+1 : i+2]
		if merged[0].Kind == Sequence {
			merged = merged[0].values
		}
		for _, m := range merged { // of several, the earlier wins
			if f.merged += len(m.keys); f.merged > maxExpansion {
				return false
			}
			for k, v := range m.Pairs() {
				if !own[k.Text] {
					own[k.Text] = true
					add(k, v)
				}
			}
		}
	}
	for i := 0; i+1 < len(children); i += 2 {
		if children[i].Tag != "!!merge" {
			add(children[i], children[i+1])
		}
	}
	return true
}

// expanded returns how many nodes a walk over the node meets, or more than may be.
func (f *file) expanded(n *Node) int {
	if size, ok := f.size[n]; ok {
		return size
	}
	size := 1 + len(n.keys)
	for _, v := range n.values {
		size = min(size+f.expanded(v), f.written+maxExpansion+1)
	}
	f.size[n] = size
	return size
}

// Get returns the value under a path of keys; of a key that is written twice, the last one.
func (n *Node) Get(path ...string) *Node {
	for _, key := range path {
		if n == nil {
			return nil
		}
		next := (*Node)(nil)
		for i := len(n.keys) - 1; i >= 0 && next == nil; i-- {
			if n.keys[i].Kind == Scalar && n.keys[i].Text == key {
				next = n.values[i]
			}
		}
		n = next
	}
	return n
}

// Key returns the node of a mapping's key.
func (n *Node) Key(key string) *Node {
	for k := range n.Pairs() {
		if k.Text == key {
			return k
		}
	}
	return nil
}

// Pairs yields a mapping's keys and values, in order; nothing for other nodes. Keys that are no scalars are left out.
func (n *Node) Pairs() iter.Seq2[*Node, *Node] {
	return func(yield func(*Node, *Node) bool) {
		if n == nil {
			return
		}
		for i, k := range n.keys {
			if k.Kind == Scalar && !yield(k, n.values[i]) {
				return
			}
		}
	}
}

// Items returns a sequence's elements, nothing for other nodes.
func (n *Node) Items() []*Node {
	if n == nil || n.Kind != Sequence {
		return nil
	}
	return n.values
}

// List returns a sequence's elements, and another node that is there as the only element.
func (n *Node) List() []*Node {
	if n == nil || n.Kind == Sequence {
		return n.Items()
	}
	return []*Node{n}
}

// Str returns a scalar's text, and nothing for other nodes.
func (n *Node) Str() string {
	if n == nil || n.Kind != Scalar {
		return ""
	}
	return n.Text
}

// IsMapping reports whether the node is a mapping.
func (n *Node) IsMapping() bool { return n != nil && n.Kind == Mapping }

// Source returns a scalar's text and where its bytes lie.
func (n *Node) Source() interpolate.Text {
	if n == nil || n.Text == "" {
		return interpolate.Text{}
	}
	return n.source
}

var errorLine = lazyregexp.New(`^yaml: line ([0-9]+):`)

// Broken returns the place at which a pass' file stops being YAML, by the error of [Read].
func Broken(pass *analyzers.Pass, err error) detectors.Place {
	at := pass.Offset(Line(err), 1)
	return pass.At(at, at)
}

// Line returns the line, from 1, at which a file stops being YAML, by the error of [Read]. 1 if the error does not say.
func Line(err error) int {
	if m := errorLine.FindStringSubmatch(err.Error()); m != nil {
		if line, err := strconv.Atoi(m[1]); err == nil {
			return max(line, 1)
		}
	}
	return 1
}
