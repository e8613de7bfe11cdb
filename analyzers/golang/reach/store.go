package reach

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// secret is what a call looks up in a store: one token for each name that it can have.
func (p *Program) secret(c *call, row library.Row, f *frame, depth int) value {
	var out value
	for _, name := range p.secretName(c, row, f, depth) {
		if name.opaque || len(name.parts) == 0 {
			continue
		}
		called := name
		called.route, called.conditions = nil, nil
		out = union(out, value{{
			parts: []part{{store: row.Store, called: value{called}, pkg: c.in.pkg, at: c.At}}, conditions: name.conditions, route: name.route,
		}})
	}
	if len(out) == 0 {
		return unknown()
	}
	return out
}

// secretName is the name of the secret that a call looks up, those of all if it is given a list.
func (p *Program) secretName(c *call, row library.Row, f *frame, depth int) value {
	if row.Value >= len(c.Args) {
		return nil
	}
	e := &c.Args[row.Value]
	if row.Fields == "" {
		name := p.value(e, c.in, f, depth+1)
		if strings.HasSuffix(c.Callee, ".Get") { // below the mount
			name = cross(cross(p.value(&c.Args[0], c.in, f, depth+1), value{{parts: []part{{text: "/", literal: true}}}}), name)
		}
		return name
	}
	var out value
	requests, _ := p.objectsIn(e, c.in, f, depth+1)
	for _, o := range requests {
		for i, key := range o.Keys {
			if o.Op != summary.Literal || key != row.Fields {
				continue
			}
			lists, _ := p.objectsIn(&o.Args[i], o.in, o.frame, depth+1)
			some := false
			for _, l := range lists {
				for j := range l.Args {
					if l.Op == summary.List {
						some = true
						out = union(out, o.of(l.of(p.value(&l.Args[j], l.in, l.frame, depth+1))))
					}
				}
			}
			if !some {
				out = union(out, o.of(p.value(&o.Args[i], o.in, o.frame, depth+1)))
			}
		}
	}
	return out
}

// looksUp are the steps of a call that looks a secret up.
func (w *writer) looksUp(c *call, row library.Row, at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	known := false
	for _, a := range w.secret(c, row, nil, 0) {
		for _, q := range a.sources() {
			asks := guarded(code.Asks(at, []analyzers.Part{w.part(q)}), a.conditions, at)
			known = true
			if a.route != nil {
				w.happens(a.route, guarded(asks, w.guard, at))
			} else {
				steps = append(steps, asks...)
			}
		}
	}
	if !known {
		f := w.of(at.Path)
		f.Gaps = append(f.Gaps, analyzers.Gap{At: at, Says: code.UnknownSecret})
	}
	return steps
}
