package circleci

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// placeholder is "<< parameters.x >>"; a backslash before it, or before any "<<", is written to keep it as it is
// (https://circleci.com/docs/reference/reusing-config/#using-parameters-in-executors).
var placeholder = lazyregexp.New(`\\<<|<<\s*((?:parameters|pipeline|matrix)\.[A-Za-z0-9_.-]+)\s*>>`)

// scope holds what parameters are where a text stands.
type scope struct {
	*job
	values map[string]analyzers.Value // by name
	steps  map[string]given           // parameters of the type steps
	depth  int

	decided bool // a parameter says the environment, whatever scripts could do in others
}

// given are steps that a parameter stands for, and the scope in which they are written.
type given struct {
	items []*yamltree.Node
	scope *scope
}

// lookUp returns the value of a placeholder.
func (s *scope) lookUp(name string, at detectors.Place) analyzers.Value {
	space, rest, _ := strings.Cut(name, ".")
	switch {
	case space == "parameters":
		if v, ok := s.values[rest]; ok {
			return v
		}
	case space == "matrix":
		return hole(at, analyzers.Hole{Space: "matrix", Name: rest, Values: matrix.Distinct(s.matrix, rest)})
	case strings.HasPrefix(rest, "parameters."):
		return s.pipeline(strings.TrimPrefix(rest, "parameters."), at)
	}
	return hole(at, analyzers.Hole{Space: space, Name: rest})
}

// template returns the value of a scalar with placeholders.
func (s *scope) template(n *yamltree.Node) analyzers.Value {
	return s.value(n.Source(), interpolate.Text.Literal)
}

// expanded is [scope.template] for a text in which somebody also replaces variables: $NAME and ${NAME}.
func (s *scope) expanded(n *yamltree.Node) analyzers.Value {
	return s.value(n.Source(), interpolate.Syntax{Escape: '\\'}.Parts)
}

func (s *scope) value(text interpolate.Text, read func(interpolate.Text) []analyzers.Part) analyzers.Value {
	if text.String == "" {
		return analyzers.Value{}
	}
	span := text.Span(0, len(text.String))
	v := analyzers.Value{At: s.pass.At(span.Start, span.End)}
	from := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(text.String, -1) {
		v.Parts = append(v.Parts, read(text.Slice(from, m[0]))...)
		from = m[0] + 1 // without the backslash
		if m[2] >= 0 {
			v.Parts = append(v.Parts, s.lookUp(text.String[m[2]:m[3]], v.At).Parts...)
			from = m[1]
		}
	}
	v.Parts = append(v.Parts, read(text.Slice(from, len(text.String)))...)
	return v
}

// script returns a script's text. Names are put in their placeholders as they are, since they can be parts of words of the shell; other
// values stay apart as fills.
func (s *scope) script(text interpolate.Text) (interpolate.Text, []shell.Fill) {
	var out interpolate.Text
	var fills []shell.Fill
	from := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(text.String, -1) {
		out.Add(text.Slice(from, m[0]))
		from = m[0] + 1
		if m[2] < 0 {
			continue
		}
		from = m[1]
		span := text.Span(m[0], m[1])
		v := s.lookUp(text.String[m[2]:m[3]], s.pass.At(span.Start, span.End))
		if name, known := v.Text(); known && isName(name) {
			out.Append(name, span.Start, span.End)
			continue
		}
		start := len(out.String)
		out.Add(text.Slice(m[0], m[1]))
		fills = append(fills, shell.Fill{Start: start, End: len(out.String), Value: v})
	}
	out.Add(text.Slice(from, len(text.String)))
	return out, fills
}

var plain = lazyregexp.New(`^[A-Za-z0-9_./-]{0,32}$`)

// isName reports whether a text is plain and short enough to be a name, and no credential.
func isName(text string) bool {
	return plain.MatchString(text) && (len(text) <= 12 || !strings.ContainsAny(text, "0123456789"))
}

// described says for people what a value is. What may hold more than names is not repeated.
func described(v analyzers.Value) string {
	all, known := texts(v)
	for _, text := range all {
		known = known && isName(text)
	}
	if known && len(all) > 0 {
		return "is " + strings.Join(all, " or ")
	}
	return "is computed"
}

// texts returns all texts that a value can have, if they are known.
func texts(v analyzers.Value) (all []string, known bool) {
	all, open := alternatives(v)
	return all, !open && len(all) > 0
}

// alternatives returns the texts that a value can have. open says that it can have others.
func alternatives(v analyzers.Value) (all []string, open bool) {
	all = []string{""}
	for _, part := range v.Parts {
		found := []string{part.Text}
		if part.Hole != nil {
			found = nil
			for _, one := range part.Hole.Values {
				text, known := one.Text()
				if !known {
					open = true
				} else if !slices.Contains(found, text) {
					found = append(found, text)
				}
			}
			open = open || len(found) == 0
		} else if part.Text == "" && !part.Span.Empty() {
			return nil, true // withheld
		}
		var next []string
		for _, head := range all {
			for _, tail := range found {
				next = append(next, head+tail)
			}
		}
		if all = next; len(all) > maxValues {
			return nil, true
		}
	}
	return all, open
}

// pipeline returns the value of a parameter of the pipeline: one of an enum's, or the default unless whoever starts it gives another.
func (j *job) pipeline(name string, at detectors.Place) analyzers.Value {
	values := j.choices(j.root.Get("parameters", name))
	if len(values) == 0 {
		return hole(at, analyzers.Hole{Space: "pipeline", Name: name})
	}
	j.used[name] = true
	return hole(at, analyzers.Hole{Space: "pipeline", Name: name, Values: values})
}

// choices returns the values that a declared parameter can have if nobody gives one.
func (j *job) choices(n *yamltree.Node) []analyzers.Value {
	var values []analyzers.Value
	for _, item := range n.Get("enum").Items() {
		if len(values) == maxValues {
			j.pass.Gap(j.at(item), "the parameter can have more values than are followed; what jobs do with the rest of them is not known")
			break
		}
		if item.Kind == yamltree.Scalar {
			values = append(values, analyzers.Literal(item.Str(), j.at(item)))
		}
	}
	if d := n.Get("default"); len(values) == 0 && d.Str() != "" {
		return []analyzers.Value{analyzers.Literal(d.Str(), j.at(d)), hole(j.at(d), analyzers.Hole{Space: "unknown"})}
	}
	return values
}

// declared returns the values of the parameters that a job, command or executor declares: what is given, and else their defaults.
func (s *scope) declared(n, arguments *yamltree.Node) *scope {
	inner := &scope{job: s.job, values: map[string]analyzers.Value{}, steps: map[string]given{}, depth: s.depth + 1, decided: s.decided}
	for key, settings := range n.Get("parameters").Pairs() {
		name := key.Str()
		own, from := arguments.Get(name), s
		if own == nil {
			if values := matrix.Distinct(s.matrix, name); len(values) > 0 && s.depth == 0 {
				inner.values[name] = hole(s.at(key), analyzers.Hole{Space: "matrix", Name: name, Values: values})
				continue
			}
			own, from = settings.Get("default"), inner
		}
		switch {
		case own == nil:
			inner.values[name] = matrix.OneOf(s.at(key), s.choices(settings))
		case own.Kind == yamltree.Scalar:
			inner.values[name] = from.template(own)
			if matrix.Selects(name) && !s.decided {
				s.sign(analyzers.Selector, "the parameter "+name+" "+described(inner.values[name]), inner.values[name])
				inner.decided = inner.decided || decides(inner.values[name])
			}
		default:
			inner.steps[name] = given{own.Items(), from}
		}
	}
	return inner
}

// decides reports whether a value names an environment.
func decides(v analyzers.Value) bool {
	all, known := texts(v)
	return known && slices.ContainsFunc(all, func(text string) bool { return environ.Value(text) != 0 })
}

// selectors adds the variables that select an environment.
func (s *scope) selectors(env *yamltree.Node) {
	for key, n := range env.Pairs() {
		if environ.Selector(key.Str()) {
			v := s.template(n)
			s.sign(code.ClassOf(key.Str()), key.Str()+" "+described(v), v)
		}
	}
}
