package reach

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

var (
	expansion = lazyregexp.New(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))`)
	verb      = lazyregexp.New(`%[-+# 0]*[0-9]*(?:\.[0-9]+)?([a-zA-Z%])`)
)

// texts returns the texts that a value can have, as far as they are known, and whether these are all.
func (v value) texts() (all []string, known bool) {
	known = len(v) > 0
	for _, a := range v {
		text, ok := a.text()
		known = known && ok
		if ok && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all, known
}

// text is the text of an alternative, if it is known.
func (a alternative) text() (string, bool) {
	if a.opaque {
		return "", false
	}
	var b strings.Builder
	for _, q := range a.parts {
		if !q.literal || q.text == "" && q.at.End > q.at.Start {
			return "", false
		}
		b.WriteString(q.text)
	}
	return b.String(), true
}

// computed reports whether the alternative is put together from variables of the environment: whoever runs the program tells the text.
func (a alternative) computed() bool {
	_, known := a.text()
	return !known && !a.opaque && !slices.ContainsFunc(a.parts, func(q part) bool { return q.variable == "" && (!q.literal || q.withheld()) })
}

// cased is a value in capitals, or in small letters, as [analyzers.Upper] and [analyzers.Lower] say.
func (v value) cased(as string) value {
	hole := analyzers.Hole{Space: as}
	out := slices.Clone(v)
	for i, a := range v {
		out[i].parts = slices.Clone(a.parts)
		for j, q := range a.parts {
			switch text := hole.Cased(q.text); {
			case q.variable != "":
				out[i].parts[j].cased = as
			case q.literal && len(text) == len(q.text): // each byte stays where it is
				out[i].parts[j].text = text
			}
		}
	}
	return out
}

// compared reports whether a value is worth comparing: it has a variable in it that says more than how the code was built.
func (v value) compared() bool {
	some := false
	for _, a := range v {
		for _, q := range a.parts {
			switch q.variable {
			case "":
			case "NODE_ENV", "GIN_MODE", "GO_TEST":
				return false
			default:
				some = true
			}
		}
	}
	return some
}

// place is where something is written.
func (p *Program) place(pkg *summary.Package, at summary.At) detectors.Place {
	if pkg == nil || at.Line == 0 || at.File >= len(pkg.Files) {
		return detectors.Place{}
	}
	return detectors.Place{
		Path: p.Path(pkg.Files[at.File]), Line: at.Line, Column: at.Column, EndLine: at.Line, EndColumn: at.Column + at.End - at.Start,
		Span: detectors.Span{Start: at.Start, End: at.End},
	}
}

// nothing is the space of holes that nothing fills.
const nothing = "unknown"

// template writes a value as one of a step. The same value is the subject of many conditions, and is written once: what is written of it nobody
// changes.
func (p *Program) template(v value) analyzers.Value {
	if len(v) == 0 {
		return analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: nothing}}}}
	}
	key := template{&v[0], len(v)}
	t, ok := p.templates[key]
	if !ok {
		t = p.newTemplate(v)
		p.templates[key] = t
	}
	return t
}

// template is a value that is written.
type template struct {
	first *alternative
	count int
}

func (p *Program) newTemplate(v value) analyzers.Value {
	if len(v) == 1 {
		return analyzers.Value{Parts: p.parts(v[0])}
	}
	hole := &analyzers.Hole{Space: nothing}
	for _, a := range v {
		hole.Values = append(hole.Values, analyzers.Value{Parts: p.parts(a)})
	}
	return analyzers.Value{Parts: []analyzers.Part{{Hole: hole}}}
}

func (p *Program) parts(a alternative) []analyzers.Part {
	var parts []analyzers.Part
	for _, q := range a.parts {
		parts = append(parts, p.part(q))
	}
	if a.opaque || len(parts) == 0 && len(a.parts) == 0 && a.opaque {
		parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{Space: nothing}})
	}
	return parts
}

// part writes a piece. A literal stands in a file of its own, and so in a value of its own.
func (p *Program) part(q part) analyzers.Part {
	switch {
	case q.variable != "", q.naming != nil:
		hole := &analyzers.Hole{Name: q.variable}
		if q.naming != nil {
			name := p.template(q.naming)
			hole.Computed = &name
		}
		if len(q.fallback) > 0 {
			fallback := p.template(q.fallback)
			hole.Default = &fallback
		}
		if q.cased != "" {
			hole = &analyzers.Hole{Space: q.cased, Values: []analyzers.Value{{Parts: []analyzers.Part{{Hole: hole}}}}}
		}
		return analyzers.Part{Hole: hole}
	case q.store != "":
		name := p.template(q.called)
		name.At = p.place(q.pkg, q.at)
		if parts := code.Secret(q.store, name); len(parts) == 1 {
			return parts[0]
		}
	case q.literal:
		at := p.place(q.pkg, q.at)
		if at.Path == "" {
			return analyzers.Part{Text: q.text}
		}
		lit := analyzers.Value{At: at, Parts: []analyzers.Part{{Text: q.text, Span: at.Span}}}
		return analyzers.Part{Hole: &analyzers.Hole{Space: nothing, Values: []analyzers.Value{lit}}}
	}
	return analyzers.Part{Hole: &analyzers.Hole{Space: nothing}}
}

// plain returns the parts of an alternative as they are written, for those who read their text.
func (a alternative) plain() []analyzers.Part {
	var parts []analyzers.Part
	for _, q := range a.parts {
		switch {
		case q.withheld():
			parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{Space: nothing}})
		case q.literal:
			parts = append(parts, analyzers.Part{Text: q.text, Span: detectors.Span{Start: q.at.Start, End: q.at.End}})
		case q.variable != "" && len(q.fallback) > 0:
			fallback := analyzers.Value{Parts: q.fallback[0].plain()}
			parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{Name: q.variable, Default: &fallback}})
		default:
			parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{Space: nothing, Name: q.variable}})
		}
	}
	return parts
}
