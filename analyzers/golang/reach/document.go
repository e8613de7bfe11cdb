package reach

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/settings"
	"github.com/stagewall/stagewall/detectors"
)

// document is a text of the program's own in which settings stand. Tokens in it are withheld; something as long stands for each.
type document struct {
	parts []part
	spans []detectors.Span // of the parts, in the text
	file  *settings.File   // nil if it cannot be read
}

// newDocument reads a text.
func newDocument(parts []part) *document {
	d := &document{parts: parts}
	var b strings.Builder
	for _, q := range parts {
		from := b.Len()
		b.WriteString(q.text)
		if q.withheld() {
			b.WriteString(strings.Repeat("x", q.at.End-q.at.Start))
		}
		d.spans = append(d.spans, detectors.Span{Start: from, End: b.Len()})
	}
	if f, ok := settings.Read("", []byte(b.String())); ok {
		d.file = f
	}
	return d
}

// under returns the parts with tokens that stand under some keys.
func (d *document) under(keys []string) []part {
	var found []part
	for i, q := range d.parts {
		if q.withheld() && (d.file == nil || settings.Under(keys, d.file.Keys(d.spans[i]))) {
			found = append(found, q)
		}
	}
	return found
}

// value is what stands under exactly these keys: one text, or several.
func (d *document) value(keys []string) value {
	if d.file == nil {
		return nil
	}
	var out value
	for _, at := range d.file.Values(keys) {
		var a alternative
		for i, q := range d.parts {
			from, to := max(at.Start, d.spans[i].Start), min(at.End, d.spans[i].End)
			switch {
			case from >= to:
			case q.withheld():
				a.parts = append(a.parts, q)
			default:
				a.parts = append(a.parts, q.cut(from-d.spans[i].Start, to-d.spans[i].Start))
			}
		}
		out = union(out, value{a})
	}
	return out
}

// decoded is what is read of a text as settings: of a file, or of a text of the program's own. Of anything else it is computed.
func decoded(v value) value {
	var out sum
	for _, a := range v {
		switch {
		case a.opaque:
		case len(a.parts) == 1 && a.parts[0].file != nil:
			a.parts = slices.Clone(a.parts)
			a.parts[0].decoded = true
		case len(a.parts) > 0 && !slices.ContainsFunc(a.parts, func(q part) bool { return !q.literal }):
			a.parts = []part{{document: newDocument(a.parts), decoded: true}}
		default:
			a.opaque = true
		}
		out.add(value{a})
	}
	return out.all()
}

// keyed is what stands in settings under keys.
func keyed(v value, keys ...string) value {
	var out sum
	for _, a := range v {
		if len(a.parts) != 1 || !a.parts[0].decoded {
			a.opaque = true
			out.add(value{a})
			continue
		}
		q := a.parts[0]
		q.keys = append(slices.Clip(q.keys), keys...)
		if q.document != nil {
			if leaf := q.document.value(q.keys); len(leaf) > 0 {
				for i := range leaf {
					leaf[i].conditions, leaf[i].route = a.conditions, a.route
				}
				out.add(leaf)
				continue
			}
		}
		a.parts = []part{q}
		out.add(value{a})
	}
	return out.all()
}

// content is a hole that is filled with what a file holds.
func (w *writer) content(q part) []analyzers.Part {
	var parts []analyzers.Part
	for _, a := range q.file {
		if !slices.ContainsFunc(a.parts, func(q part) bool { return q.literal && q.text != "" || q.variable != "" && len(q.fallback) > 0 }) {
			continue
		}
		file := w.path(value{a}, w.place(q.pkg, q.at))
		parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{File: &file, Keys: q.keys}})
	}
	return parts
}
