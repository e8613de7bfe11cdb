package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
)

// An element of an array that has a key is a variable of its own, called NAME[KEY]: ${TOKENS[$env]} is the one of the environment, and not all of them.
//
//	https://www.gnu.org/software/bash/manual/html_node/Arrays.html

// array is what the piece says of one whose elements have keys.
type array struct {
	keys  []string
	loose bool // an element has a key that is not known, or there are more than are kept
}

// element is one that an assignment gives a key.
type element struct {
	key   analyzers.Value
	value analyzers.Value
}

// setElements gives the elements of an array their values. Without its keys an array is the one variable that it was.
func (r *reader) setElements(name string, elements []element) {
	for _, e := range elements {
		a := r.arrays[name]
		if a == nil {
			a = &array{}
			r.arrays[name] = a
		}
		key, known := r.resolve(e.key)
		if a.loose = a.loose || !known || len(a.keys) >= maxPatterns; a.loose {
			return
		}
		if !slices.Contains(a.keys, key) {
			a.keys = append(a.keys, key)
		}
		r.assign(elementOf(name, key), e.value, e.value.At)
	}
}

func elementOf(name, key string) string { return name + "[" + key + "]" }

// key returns what stands in the brackets behind an array's name.
func (r *reader) key(x syntax.ArithmExpr) analyzers.Value {
	if w, ok := x.(*syntax.Word); ok {
		return r.value(w)
	}
	start, end := int(x.Pos().Offset()), int(x.End().Offset()) // eu-west, which it takes for a subtraction
	if start >= end || end > len(r.text.bytes) || strings.ContainsAny(string(r.text.bytes[start:end]), "$`\"'\\") {
		return analyzers.Value{Parts: r.unknown(start)}
	}
	return analyzers.Value{Parts: r.literal(start, end, raw)}
}

// element returns what ${name[key]} expands to: the element with that key, or on the condition that the key is that any of those that there are.
func (r *reader) element(name string, key analyzers.Value, start int) []analyzers.Part {
	a := r.arrays[name]
	if a == nil && r.sourced { // which may say the keys
		of := slices.Concat(synthetic(name+"["), key.Parts, synthetic("]"))
		return []analyzers.Part{{Hole: &analyzers.Hole{Computed: &analyzers.Value{Parts: of}, Default: &analyzers.Value{Parts: r.named(name, start)}}}}
	}
	if a == nil || a.loose {
		return r.named(name, start)
	}
	if text, known := r.resolve(key); known {
		return r.named(elementOf(name, text), start)
	}
	if *r.budget <= len(a.keys) || slices.ContainsFunc(key.Parts, isChoice) {
		return r.named(name, start)
	}
	*r.budget -= len(a.keys)
	hole := &analyzers.Hole{Space: "choice"}
	for _, k := range a.keys {
		hole.Values = append(hole.Values, analyzers.Value{
			Parts: r.named(elementOf(name, k), start), If: &analyzers.Guard{Value: key, Patterns: []string{k}},
		})
	}
	return []analyzers.Part{{Hole: hole}}
}

// isChoice reports whether a part is one of several: of such a key there would be as many elements again.
func isChoice(p analyzers.Part) bool { return p.Hole != nil && len(p.Hole.Values) > 1 }

// isElement reports whether a hole is filled with the element of an array whose key is known when the piece runs.
func isElement(h *analyzers.Hole) bool {
	return len(h.Values) > 0 && !slices.ContainsFunc(h.Values, func(v analyzers.Value) bool { return v.If == nil })
}

// otherElement is what such a hole is filled with if there is no element with that key.
func otherElement(h *analyzers.Hole, fallback analyzers.Value) analyzers.Value {
	other := analyzers.Guard{Value: h.Values[0].If.Value, Not: true}
	for _, v := range h.Values {
		other.Patterns = append(other.Patterns, v.If.Patterns...)
	}
	fallback.If = &other
	return fallback
}

// keys returns those that ${!name[@]} expands to.
func (r *reader) keys(p *syntax.ParamExp) []analyzers.Value {
	a := r.arrays[p.Param.Value]
	if !p.Excl || a == nil || a.loose {
		return nil
	}
	var all []analyzers.Value
	for _, key := range a.keys {
		all = append(all, analyzers.Value{Parts: synthetic(key), At: r.at(p)})
	}
	return all
}
