package workflow

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/js"
	"github.com/stagewall/stagewall/detectors"
)

// handed returns the steps by which what a script of actions/github-script hands on is there for the steps after it, and notes its outputs. sets
// are the variables that it is given.
func (r *reader) handed(n *yamltree.Node, sets []analyzers.Step) []analyzers.Step {
	script := n.Get("with", "script").Source()
	if script.String == "" {
		return nil
	}
	code := detectors.Span{Start: script.Span(0, 1).Start, End: offsetIn(script, len(script.String))}
	flat := *r.evaluator
	flat.flat = true
	given, flatly := carry.Carrier{Local: map[string]analyzers.Value{}}, carry.Carrier{Local: map[string]analyzers.Value{}}
	for _, s := range sets {
		given.Local[s.Name] = s.Value
	}
	for name, v := range n.Get("env").Pairs() {
		flatly.Local[name.Str()] = flat.scalar(v)
	}
	id := lower(n.Get("id"))
	var steps []analyzers.Step
	for _, o := range js.Outputs(r.withoutPlaceholders(), code) {
		if o.Name == "" && o.Text && n.Get("with", "result-encoding").Str() != "string" {
			o.Value.Parts = quoted(o.Value.Parts)
		}
		out := set("", o.Name, given.Substitute(r.filled(o.Value)))
		out.Says = "is exported by the script"
		switch {
		case o.Exported:
		case id == "":
			continue // nobody can read it
		default:
			out.Space, out.Name = r.steps, id+".outputs."+strings.ToLower(cmp.Or(o.Name, "result"))
			r.written[out.Name] = append(r.written[out.Name], flatly.Substitute(flat.filled(o.Value)))
		}
		out.At = o.Value.At
		steps = append(append(steps, r.flush()...), out)
	}
	return alternating(steps)
}

// alternating has a name that is set several times, nobody knows when, be one of all that it is set to.
func alternating(steps []analyzers.Step) []analyzers.Step {
	all := map[[2]string][]analyzers.Value{}
	for _, s := range steps {
		if s.Op == analyzers.OpSet {
			key := [2]string{s.Space, s.Name}
			all[key] = append(all[key], s.Value)
		}
	}
	for i, s := range steps {
		if values := all[[2]string{s.Space, s.Name}]; s.Op == analyzers.OpSet && len(values) > 1 {
			steps[i].Value = matrix.OneOf(s.At, values)
		}
	}
	return steps
}

// withoutPlaceholders returns a pass over the file in which words of the same length stand for placeholders: what they come to is put in before a
// script is read, and their quotes are not the script's.
func (f *file) withoutPlaceholders() *analyzers.Pass {
	if f.scripts == nil {
		f.scripts = f.pass.Apart(f.pass.Facts.Analyzer)
		f.scripts.Data = slices.Clone(f.pass.Data)
		for _, p := range placeholders(string(f.pass.Data)) {
			for i := p.start; i < p.end; i++ {
				if f.scripts.Data[i] != '\n' {
					f.scripts.Data[i] = '_'
				}
			}
		}
	}
	return f.scripts
}

// filled returns a value of a script with what the placeholders in its texts come to.
func (e *evaluator) filled(v analyzers.Value) analyzers.Value {
	var parts []analyzers.Part
	for _, p := range v.Parts {
		if p.Hole != nil {
			hole := *p.Hole
			hole.Values = nil
			for _, one := range p.Hole.Values {
				hole.Values = append(hole.Values, e.filled(one))
			}
			parts = append(parts, analyzers.Part{Hole: &hole})
			continue
		}
		text, at := p.Text, v.At.Span
		if !p.Span.Empty() {
			text, at = string(e.pass.Data[p.Span.Start:p.Span.End]), p.Span
		}
		if !strings.Contains(text, "${{") {
			parts = append(parts, p)
			continue
		}
		var source interpolate.Text
		source.Append(text, at.Start, at.End)
		parts = append(parts, e.template(source).Parts...)
	}
	v.Parts = parts
	return v
}

// quoted returns a text as JSON.
func quoted(text []analyzers.Part) []analyzers.Part {
	mark := analyzers.Part{Text: `"`}
	return append(append([]analyzers.Part{mark}, text...), mark)
}
