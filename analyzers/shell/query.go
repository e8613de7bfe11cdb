package shell

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
)

// This file reads what jq and yq take out of a file of settings: of one that holds staging's token and production's, jq .staging.token takes one.
//
// Only filters are understood that begin with a path of keys, and compute what they print of what stands there: https://jqlang.org/manual/#basic-filters,
// https://mikefarah.gitbook.io/yq/operators/traverse-read.

// isQuery reports whether a statement is a call of jq or yq.
func isQuery(s *syntax.Stmt) bool {
	if s == nil {
		return false
	}
	call, ok := s.Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	name := tool(call.Args[0].Lit())
	return name == "jq" || name == "yq"
}

// queried returns the keys, outermost first, of what a filter takes from its input: none if it takes all, or nobody knows. variables are what jq is given
// by name. Names of keys can have dashes in yq's filters; in jq's these subtract.
func queried(filter word, variables map[string]word, dashes bool) (keys []analyzers.Named) {
	q := query{variables: variables, dashes: dashes}
	for _, p := range filter.value.Parts {
		if p.Hole != nil {
			q.pieces = append(q.pieces, p)
			continue
		}
		for i := range len(p.Text) {
			q.pieces = append(q.pieces, cut(p, i, i+1)...)
		}
	}
	q.skip()
	for q.next() == '.' || q.next() == '[' && len(keys) > 0 {
		key, ok := q.key()
		if !ok {
			break
		}
		if len(key) > 0 {
			keys = append(keys, analyzers.Named{Value: analyzers.Value{At: filter.value.At, Parts: key}})
		}
	}
	if !q.computes() {
		return nil
	}
	return keys
}

// made returns what a filter makes of nothing: JSON in which variables stand for texts, or an array of the arguments behind it.
//
//	https://jqlang.org/manual/#invoking-jq
func made(filter word, arguments []word, variables map[string]word) (v analyzers.Value, ok bool) {
	mark := analyzers.Part{Text: `"`}
	v.At = filter.value.At
	if filter.text == "$ARGS.positional" {
		separator := "["
		for _, a := range arguments {
			v.Parts = append(append(v.Parts, analyzers.Part{Text: separator}, mark), append(slices.Clip(a.value.Parts), mark)...)
			separator = ","
		}
		v.Parts = append(v.Parts, synthetic("]")...)
		return v, len(arguments) > 0
	}
	if !filter.literal {
		return v, false
	}
	form := "" // with a text in the place of each variable
	for rest := filter.text; ; {
		text, name, found := strings.Cut(rest, "$")
		v.Parts, form = append(v.Parts, synthetic(text)...), form+text
		if !found {
			v.Parts = together(v.Parts)
			return v, json.Valid([]byte(form))
		}
		end := strings.IndexFunc(name, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
		if end < 0 {
			end = len(name)
		}
		w, known := variables[name[:end]]
		if !known {
			return v, false
		}
		v.Parts, form = append(append(append(v.Parts, mark), w.value.Parts...), mark), form+`""`
		rest = name[end:]
	}
}

// query is what is left of a filter: its characters, and what the shell puts in.
type query struct {
	pieces    []analyzers.Part
	variables map[string]word
	dashes    bool
}

// next returns the next character; 0 at the end, 1 for what the shell puts in.
func (q *query) next() byte {
	switch {
	case len(q.pieces) == 0:
		return 0
	case q.pieces[0].Hole != nil:
		return 1
	}
	return q.pieces[0].Text[0]
}

func (q *query) take() (p analyzers.Part) {
	p, q.pieces = q.pieces[0], q.pieces[1:]
	return p
}

func (q *query) skip() {
	for strings.IndexByte(" \t\n", q.next()) >= 0 && q.next() != 0 {
		q.take()
	}
}

// key takes a step of a path: .key, ."key", ["key"], .[$variable], and .[] or [0], which have no key.
func (q *query) key() (key []analyzers.Part, ok bool) {
	if q.next() == '.' {
		q.take()
	}
	switch c := q.next(); {
	case c == '[':
		q.take()
		q.skip()
		switch c = q.next(); {
		case c == '"':
			key, ok = q.quoted()
		case c == '$':
			q.take()
			key, ok = q.variable()
		default:
			for '0' <= q.next() && q.next() <= '9' {
				q.take()
			}
			ok = true
		}
		q.skip()
		if q.next() != ']' {
			return nil, false
		}
		q.take()
	case c == '"':
		key, ok = q.quoted()
	default:
		key = q.name()
		ok = len(key) > 0
	}
	if q.next() == '?' {
		q.take()
	}
	return together(key), ok
}

// name takes the characters of a name.
func (q *query) name() (name []analyzers.Part) {
	for c := q.next(); c == 1 || c == '_' || c == '-' && q.dashes || 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'; c = q.next() {
		name = append(name, q.take())
	}
	return name
}

func (q *query) quoted() (text []analyzers.Part, ok bool) {
	q.take()
	for c := q.next(); c != '"'; c = q.next() {
		if c == 0 || c == '\\' {
			return nil, false
		}
		text = append(text, q.take())
	}
	q.take()
	return text, true
}

func (q *query) variable() (value []analyzers.Part, ok bool) {
	name, _ := analyzers.Value{Parts: together(q.name())}.Text()
	w, ok := q.variables[name]
	return w.value.Parts, ok
}

// computes reports whether the rest of a filter computes what it prints of what the path led to: nothing is left, it is piped on, or a constant stands in for
// it.
func (q *query) computes() bool {
	q.skip()
	switch q.next() {
	case 0:
		return true
	case '|': // what can hold more than is piped: variables, and what reads other inputs
		return !slices.ContainsFunc(together(q.pieces), func(p analyzers.Part) bool { return strings.Contains(p.Text, "$") || strings.Contains(p.Text, "input") })
	case '/':
		rest, known := analyzers.Value{Parts: together(q.pieces)}.Text()
		rest = strings.TrimSpace(strings.TrimPrefix(rest, "//"))
		return known && (rest == "empty" || rest == "null" || strings.HasPrefix(rest, `"`) && strings.IndexByte(rest[1:], '"') == len(rest)-2)
	}
	return false
}

// together returns parts of which none is a literal behind another.
func together(parts []analyzers.Part) (out []analyzers.Part) {
	for _, p := range parts {
		if n := len(out); n > 0 && p.Hole == nil && out[n-1].Hole == nil {
			out[n-1].Text += p.Text
			out[n-1].Span.End = max(out[n-1].Span.End, p.Span.End)
			continue
		}
		out = append(out, p)
	}
	return out
}

// takesOut notes that of files only what stands under keys is read, and has the value of a command substitution be that.
func (r *reader) takesOut(files []analyzers.Value, keys []analyzers.Named) {
	if r.out == nil || r.out.held == nil {
		return
	}
	var under []string
	for _, k := range keys {
		text, known := k.Value.Text()
		if !known {
			return
		}
		under = append(under, text)
	}
	for _, file := range files {
		r.out.value.Parts = append(r.out.value.Parts, analyzers.Part{Hole: &analyzers.Hole{Space: "file", File: new(file), Keys: under}})
	}
}

// reads has the program read of the files that its input comes from what stands under keys, or all.
func (r *reader) reads(keys []analyzers.Named) {
	if r.in == nil {
		return
	}
	for _, s := range r.in.unread {
		s.Named = keys
		r.emit(s)
	}
	r.in.unread = nil
}
