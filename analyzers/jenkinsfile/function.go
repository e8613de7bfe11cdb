package jenkinsfile

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// function is one that the file defines. What it does is done by whoever calls it, with what it is called with put in.
type function struct {
	parameters []parameter
	block      []*statement
	called     bool
}

type parameter struct {
	name      string
	otherwise *word // its default
}

// maxCopied bounds the bytes that are done again for calls, of a file: functions can call each other in many ways.
const maxCopied = 4 << 20

// define takes the definitions of functions out of the statements outside of all blocks.
func (r *reader) define(all []*statement) []*statement {
	r.functions = map[string]*function{}
	return slices.DeleteFunc(slices.Clone(all), func(s *statement) bool {
		name, parameters := definition(s)
		if name == "" || r.functions[name] != nil {
			return false
		}
		f := &function{parameters: parameters, block: s.block}
		r.functions[name], r.defined = f, append(r.defined, f)
		return true
	})
}

// definition reads MODIFIERS TYPE NAME(TYPE PARAMETER = DEFAULT, …) { … } (https://groovy-lang.org/objectorientation.html#_methods).
func definition(s *statement) (name string, parameters []parameter) {
	open := slices.IndexFunc(s.words, func(w word) bool { return w.is("(") })
	if !s.open || open < 2 || !s.words[len(s.words)-1].is(")") {
		return "", nil
	}
	for _, w := range s.words[:open] {
		if w.quoted || !isName(w.text.String[0]) || w.is("else") || w.is("new") {
			return "", nil
		}
	}
	for _, words := range arguments(s.words[open:]) {
		p := parameter{}
		for i, w := range words {
			if w.is("=") {
				p.otherwise = single(words[i+1:])
				break
			}
			p.name = w.text.String
		}
		if p.name != "" {
			parameters = append(parameters, p)
		}
	}
	return s.words[open-1].text.String, parameters
}

// arguments cuts what stands in parentheses or brackets, or what follows a name without any, at its commas.
func arguments(words []word) [][]word {
	if len(words) > 0 && (words[0].is("(") || words[0].is("[")) {
		words = words[1:]
	}
	return cut(words)
}

// cut cuts words at the commas that stand in no bracket, up to a bracket that closes.
func cut(words []word) [][]word {
	var all [][]word
	depth, from := 0, 0
	for i, w := range words {
		switch {
		case w.is("(") || w.is("["):
			depth++
		case w.is(")") || w.is("]"):
			if depth--; depth < 0 {
				return append(all, words[from:i])
			}
		case w.is(",") && depth == 0:
			all, from = append(all, words[from:i]), i+1
		}
	}
	return append(all, words[from:])
}

// first returns what stands before the first of those commas. Longer ones than anybody writes are cut off.
func first(words []word) []word {
	return cut(words[:min(len(words), longestList)])[0]
}

// single returns the one word that a value is, nil if it is more.
func single(words []word) *word {
	if len(words) != 1 {
		return nil
	}
	return &words[0]
}

// calls does what the functions do that a statement calls.
func (r *reader) calls(s *statement, in place, depth int) {
	for i, w := range s.words {
		f := r.functions[w.text.String]
		if f == nil || w.quoted || i+1 == len(s.words) || i > 0 && s.words[i-1].is("def") {
			continue
		}
		if next := s.words[i+1]; !next.is("(") && !next.quoted && !isName(next.text.String[0]) {
			continue
		}
		f.called = true
		if slices.Contains(in.within, f) {
			continue // what it calls itself with is not followed
		}
		inner := in
		inner.within = append(in.within[:len(in.within):len(in.within)], f)
		r.call(f, arguments(s.words[i+1:]), func(block []*statement) { r.block(block, inner, depth+1) })
	}
}

// call does the block of a function with what it is given in the place of its parameters: words, or what an expression comes to. What it
// sets is its own.
func (r *reader) call(f *function, all [][]word, do func(block []*statement)) {
	computed := map[string]thing{}
	for i, p := range f.parameters {
		if i < len(all) && single(all[i]) == nil {
			computed[p.name] = r.evaluate(all[i])
		}
	}
	before := r.bound
	r.bound = maps.Clone(before)
	maps.Copy(r.bound, computed)
	do(r.filled(f.block, f.given(all)))
	r.bound = before
}

// returned is what a function returns: what stands behind return, on the conditions on which it gets there, or what its last statement comes to.
func (r *reader) returned(f *function, all [][]word) thing {
	if slices.Contains(r.returning, f) {
		return unknown()
	}
	r.returning = append(r.returning, f)
	defer func() { r.returning = r.returning[:len(r.returning)-1] }()
	var result thing
	r.call(f, all, func(block []*statement) {
		result.choices = r.returns(block, place{}, 0)
		if n := len(block); n > 0 && result.choices == nil && !block[n-1].open {
			result = r.evaluate(block[n-1].words)
		}
	})
	if len(result.choices) == 1 && result.choices[0].guard == nil {
		return result.choices[0].thing
	}
	return result
}

// returns are the things that statements return. What returned before does not come to those behind.
func (r *reader) returns(all []*statement, in place, depth int) (found []choice) {
	if depth > maxDepth {
		return nil
	}
	var left *analyzers.Guard
	r.conditional(all, in, func(s *statement, in place) {
		if len(s.words) > 0 && s.words[0].is("return") {
			guard := in.guard()
			if guard == nil {
				guard = left
			}
			found, left = append(found, choice{guard, r.evaluate(s.words[1:])}), opposite(guard)
			return
		}
		r.assign(s, in)
		inner := r.returns(s.block, in, depth+1)
		if len(inner) > 0 {
			found, left = append(found, inner...), opposite(inner[len(inner)-1].guard)
		}
	})
	return found
}

// given returns what the names of parameters come to in a call. Of a map, and of named arguments, which Groovy makes one of, each entry has a name.
func (f *function) given(all [][]word) map[string]word {
	given := map[string]word{}
	next := 0
	entries := func(of string, all [][]word) bool {
		for _, words := range all {
			if len(words) < 3 || !words[1].is(":") {
				return false
			}
			if v := single(words[2:]); v != nil {
				given[of+"."+words[0].text.String] = *v
			}
		}
		return true
	}
	named := len(f.parameters) > 0 && len(all) > 0 && entries(f.parameters[0].name, all)
	for _, p := range f.parameters {
		if p.otherwise != nil {
			given[p.name] = *p.otherwise
		}
		if named {
			continue
		}
		if next < len(all) {
			switch words := all[next]; {
			case len(words) > 1 && words[0].is("["):
				entries(p.name, arguments(words))
			case single(words) != nil:
				given[p.name] = words[0]
			default:
				delete(given, p.name)
			}
			next++
		}
	}
	return given
}

// filled returns statements with what is given in the place of names. Once too much was put in, there is nothing more, and a gap says so.
func (r *reader) filled(all []*statement, given map[string]word) []*statement {
	copies := make([]*statement, 0, len(all))
	for _, s := range all {
		for _, w := range s.words {
			r.copied += len(w.text.String) + 1
		}
		if r.copied++; r.copied > maxCopied {
			if !r.over {
				r.over = true
				r.Pass.Gap(r.Pass.At(0, 0), "the functions of the pipeline call each other too often; what the last calls reach is not known")
			}
			return nil
		}
		one := &statement{open: s.open, words: slices.Clone(s.words), block: r.filled(s.block, given)}
		for i, w := range s.words {
			if w.quoted || i+1 == len(s.words) || !s.words[i+1].is(":") { // not the name of an argument
				if one.words[i] = w.with(given); len(one.words[i].fillers) > 0 {
					r.copied += len(one.words[i].string())
				}
			}
		}
		copies = append(copies, one)
	}
	return copies
}

// filler is what stands in the place of a part of a string: what a function is given for a name.
type filler struct {
	start, end int
	word       word
}

// with returns the word with what is given in the place of names: for the name itself, and for what a string is filled with.
func (w word) with(given map[string]word) word {
	if !w.quoted {
		if v, ok := given[w.text.String]; ok {
			return v
		}
		return w
	}
	if !w.filled {
		return w
	}
	for _, m := range put.FindAllStringIndex(w.text.String, -1) {
		if v, ok := given[strings.Trim(w.text.String[m[0]:m[1]], "${}")]; ok && v.quoted && !escaped(w.text, m[0]) {
			w.fillers = append(w.fillers, filler{m[0], m[1], v})
		}
	}
	return w
}

// after returns the string behind its first bytes.
func (w word) after(n int) word {
	rest := w
	rest.text, rest.fillers = w.text.Slice(n, len(w.text.String)), nil
	for _, f := range w.fillers {
		if f.start >= n {
			rest.fillers = append(rest.fillers, filler{f.start - n, f.end - n, f.word})
		}
	}
	return rest
}

// Bounds of what a string can be made of. What a function is given can be made of what another one was given, twice.
const (
	maxPieces = 64
	maxFilled = 1 << 14 // bytes, of a string that is filled at all
)

// pieces returns what the string is made of: strings without fillers, each with a place of its own.
func (w word) pieces() []word {
	if len(w.fillers) == 0 {
		return []word{w}
	}
	var all []word
	length := 0
	var add func(w word)
	add = func(w word) {
		from := 0
		piece := func(end int) {
			if length += end - from; end > from && length <= maxFilled {
				all = append(all, word{text: w.text.Slice(from, end), quoted: true, filled: w.filled, start: w.start})
			}
		}
		for _, f := range w.fillers {
			if len(all) >= maxPieces || length > maxFilled {
				return
			}
			piece(f.start)
			add(f.word)
			from = f.end
		}
		piece(len(w.text.String))
	}
	add(w)
	return all
}

// string returns the text of a string.
func (w word) string() string {
	if len(w.fillers) == 0 {
		return w.text.String
	}
	var b strings.Builder
	for _, p := range w.pieces() {
		b.WriteString(p.text.String)
	}
	return b.String()
}
