package serverless

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

// maxDepth bounds how deep variables stand in each other and lead to each other.
const maxDepth = 12

// resolver resolves variables for one stage.
type resolver struct {
	*file
	stage string // empty where none is given
	used  bool   // the stage was asked for
	steps int    // variables so far
}

// maxVariables bounds the variables that one value leads to.
const maxVariables = 500

// value returns what a scalar comes to.
func (r *resolver) value(n *tree.Node, depth int) analyzers.Value {
	v := analyzers.Value{At: n.Place(r.pass)}
	text := interpolate.Plain(n.Text, n.Span.Start)
	if len(n.Text) != n.Span.End-n.Span.Start {
		text = interpolate.Text{}
		text.Append(n.Text, n.Span.Start, n.Span.End)
	}
	v.Parts = r.parts(text, v.At, depth)
	return v
}

// parts returns what a text with variables comes to.
func (r *resolver) parts(text interpolate.Text, at detectors.Place, depth int) []analyzers.Part {
	var parts []analyzers.Part
	from := 0
	for i := 0; i+1 < len(text.String); i++ {
		if text.String[i] != '$' || text.String[i+1] != '{' {
			continue
		}
		end := closing(text.String, i+2)
		if end < 0 {
			break
		}
		parts = append(parts, text.Slice(from, i).Literal()...)
		parts = append(parts, r.variable(text.Slice(i+2, end), at, depth+1)...)
		i, from = end, end+1
	}
	return append(parts, text.Slice(from, len(text.String)).Literal()...)
}

// closing returns the index of the brace that ends a variable whose text begins at an index, -1 if none does.
func closing(text string, from int) int {
	depth := 1
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// alternatives cuts a variable at the commas that stand in no other one and in no quotes.
func alternatives(text interpolate.Text) []interpolate.Text {
	var all []interpolate.Text
	depth, from := 0, 0
	var quote byte
	for i := range len(text.String) {
		switch c := text.String[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '{' || c == '(':
			depth++
		case c == '}' || c == ')':
			depth--
		case c == ',' && depth == 0:
			all = append(all, text.Slice(from, i))
			from = i + 1
		}
	}
	return append(all, text.Slice(from, len(text.String)))
}

// variable returns what the first of a variable's alternatives that is there comes to.
func (r *resolver) variable(text interpolate.Text, at detectors.Place, depth int) []analyzers.Part {
	if r.steps++; depth > maxDepth || r.steps > maxVariables {
		return unknown()
	}
	all := alternatives(text)
	for i, one := range all {
		parts, found := r.alternative(one, at, depth)
		if !found {
			continue
		}
		if h := parts[0].Hole; len(parts) == 1 && h != nil && h.Space == project && i+1 < len(all) {
			rest := analyzers.Value{At: at}
			for _, other := range all[i+1:] {
				if p, ok := r.alternative(other, at, depth); ok {
					rest.Parts = p
					break
				}
			}
			h.Default = &rest
		}
		return parts
	}
	return unknown()
}

func unknown() []analyzers.Part {
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: "unknown"}}}
}

var (
	fileAddress = lazyregexp.New(`^file\(([^()]*)\)(?::(.+))?$`)
	address     = lazyregexp.New(`^([a-zA-Z]+)(?:\(([^()]*)\))?:(.+)$`)
)

// alternative returns what one address comes to; it is not found if nothing is there.
func (r *resolver) alternative(text interpolate.Text, at detectors.Place, depth int) (parts []analyzers.Part, found bool) {
	trimmed := strings.TrimSpace(text.String)
	if n := len(trimmed); n >= 2 && (trimmed[0] == '\'' || trimmed[0] == '"') && trimmed[n-1] == trimmed[0] {
		start := strings.IndexByte(text.String, trimmed[0]) + 1
		return filled(text.Slice(start, start+n-2).Literal()), true
	}
	where, known := r.text(text, at, depth)
	if !known {
		return unknown(), true
	}
	where = strings.TrimSpace(where)
	if m := fileAddress.FindStringSubmatch(where); m != nil {
		name := path.Join(path.Dir(r.pass.Path), m[1])
		h := &analyzers.Hole{Space: "file", File: &analyzers.Value{At: at, Parts: []analyzers.Part{{Text: name}}}}
		if m[2] != "" {
			h.Keys = strings.Split(m[2], ".")
		}
		return []analyzers.Part{{Hole: h}}, true
	}
	m := address.FindStringSubmatch(where)
	if m == nil {
		return nil, false
	}
	switch kind, name := m[1], m[3]; kind {
	case "self":
		return r.scalar(r.root.Get(strings.Split(name, ".")...), depth)
	case "opt", "sls":
		if name != "stage" {
			return unknown(), kind == "sls"
		}
		r.used = true
		if r.stage != "" {
			return []analyzers.Part{{Text: r.stage}}, true
		}
		if kind == "sls" {
			return []analyzers.Part{{Text: r.file.usual()}}, true
		}
		return nil, false
	case "param":
		r.used = true
		for _, own := range []*tree.Node{
			r.root.Get("stages", r.stage, "params", name), r.root.Get("params", r.stage, name),
			r.root.Get("stages", "default", "params", name), r.root.Get("params", "default", name),
		} {
			if parts, found := r.scalar(own, depth); found {
				return parts, true
			}
		}
		return nil, false
	case "env":
		return []analyzers.Part{{Hole: &analyzers.Hole{Space: project, Name: name}}}, true
	case "ssm":
		name = strings.TrimSuffix(strings.TrimSuffix(name, "~true"), "~split")
		return []analyzers.Part{{Hole: &analyzers.Hole{Space: detectors.ParameterStore, Name: name, Store: detectors.ParameterStore}}}, true
	}
	return unknown(), true
}

// filled returns an empty literal for none, since whoever has parts looks at the first.
func filled(parts []analyzers.Part) []analyzers.Part {
	if len(parts) == 0 {
		return []analyzers.Part{{}}
	}
	return parts
}

// scalar returns what a node comes to; it is not found if there is none. Of an object nothing is known.
func (r *resolver) scalar(n *tree.Node, depth int) ([]analyzers.Part, bool) {
	switch {
	case n == nil:
		return nil, false
	case n.Kind == tree.Object || n.Kind == tree.Array:
		return unknown(), true
	}
	return filled(r.value(n, depth+1).Parts), true
}

// text returns the text that a text with variables comes to, if that is known.
func (r *resolver) text(text interpolate.Text, at detectors.Place, depth int) (string, bool) {
	var b strings.Builder
	for _, p := range r.parts(text, at, depth) {
		if p.Hole != nil {
			return "", false
		}
		b.WriteString(p.Text)
	}
	return b.String(), true
}

var wholeSelf = lazyregexp.New(`^\$\{self:([^,]*)\}$`)

// node returns the node that a value stands for: itself, or the one that it names.
func (r *resolver) node(n *tree.Node, depth int) *tree.Node {
	if n == nil || n.Kind != tree.String || depth > maxDepth {
		return n
	}
	m := wholeSelf.FindStringSubmatch(strings.TrimSpace(n.Text))
	if m == nil {
		return n
	}
	where, known := r.text(interpolate.Plain(m[1], 0), detectors.Place{}, depth)
	if !known {
		return n
	}
	if other := r.root.Get(strings.Split(where, ".")...); other != nil {
		return r.node(other, depth+1)
	}
	return n
}
