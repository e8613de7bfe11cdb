package reach

import (
	"path"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// called returns the call that a result is of, within its function.
func (p *Program) called(e *summary.Expr) *call {
	f := p.funcs[e.Text]
	if f == nil || e.Call >= len(f.calls) {
		return nil
	}
	return f.calls[e.Call]
}

// frameOf is the frame of a call's target, nil where calls are too deep to tell apart, and where there is nothing to tell apart.
func (p *Program) frameOf(c *call, t target, f *frame) *frame {
	one := frame{function: t.function, call: c, closure: t.closure, foreign: t.apart || t.route != nil}
	if f != nil {
		one.depth = f.depth
		if f.function != c.in {
			f = nil
		}
	}
	one.outer = f
	one.depth++
	if t.bound.Expr != nil && t.bound.route == nil && !t.bound.apart {
		one.recv, one.recvIn, one.recvOf = t.bound.Expr, t.bound.in, t.bound.frame
	}
	plain := len(t.Params) == 0 || !slices.ContainsFunc(c.Args, func(e summary.Expr) bool { return e.Op != summary.Unknown })
	if one.depth > maxFrames || plain && t.closure == nil && one.recv == nil || t.skips > 0 && one.recv == nil {
		return nil
	}
	if g, ok := p.frames[one]; ok {
		return g
	}
	p.frames[one] = &one
	return &one
}

// callees are the functions that a call can call in a frame, or whoever calls the function that it stands in.
func (p *Program) callees(c *call, f *frame) []target {
	if f == nil || c.Callee != "" && c.Method == "" || len(c.targets) < 2 && !slices.ContainsFunc(c.targets, func(t target) bool { return t.closure != nil || t.bound.Expr != nil }) {
		return c.targets
	}
	if list := p.resolveIn(c, f); len(list) > 0 {
		return list
	}
	return c.targets
}

// result is the value of a call's result.
func (p *Program) result(e *summary.Expr, f *frame, depth int) value {
	c := p.called(e)
	if c == nil {
		return nil
	}
	if f != nil && f.function != c.in {
		f = nil
	}
	key := outcome{c, e.N, f}
	if v, ok := p.results[key]; ok {
		return v
	}
	v := p.resultOf(c, e, f, depth)
	p.results[key] = v
	return v
}

func (p *Program) resultOf(c *call, e *summary.Expr, f *frame, depth int) value {
	if len(c.targets) == 0 {
		return p.yield(c, e, f, depth)
	}
	var out sum
	for _, target := range p.callees(c, f) {
		inner := p.frameOf(c, target, f)
		key := busy{"result", target.ID, nil}
		if p.busy[key] {
			continue // recursion
		}
		p.busy[key] = true
		for i := range target.Returns {
			r := &target.Returns[i]
			if e.N < len(r.Results) {
				v := under(p.value(&r.Results[e.N], target.function, inner, depth+1), p.guards(target.function, r.Guard, inner, depth))
				if inner == nil {
					v = apart(v)
				}
				out.add(v)
			}
		}
		delete(p.busy, key)
	}
	return out.all()
}

func (p *Program) objectsResult(e *summary.Expr, in *function, f *frame, depth int) (all []object, complete bool) {
	c := p.called(e)
	if c == nil {
		return nil, false
	}
	if f != nil && f.function != c.in {
		f = nil
	}
	return p.once(outcome{c, e.N, f}, func() ([]object, bool) { return p.findResult(c, e, f, depth) })
}

func (p *Program) findResult(c *call, e *summary.Expr, f *frame, depth int) (all []object, complete bool) {
	if len(c.targets) == 0 {
		row := library.Of(c.Callee)
		switch {
		case c.Value != nil:
			return nil, false
		case row.Yields == library.Same && row.Value < len(c.Args):
			return p.objectsIn(&c.Args[row.Value], c.in, f, depth+1)
		case row.Yields == library.Request || row.Yields == library.Command || row.Does == library.Hands || row.Yields == library.Computed:
			return []object{{Expr: e, in: c.in, frame: f}}, false
		}
		return nil, false
	}
	complete = true
	for _, target := range p.callees(c, f) {
		if p.search.isOpen(target.function) {
			continue // recursion
		}
		p.search.opened(target.function, func() {
			inner := p.frameOf(c, target, f)
			for i := range target.Returns {
				r := &target.Returns[i]
				if e.N >= len(r.Results) {
					continue
				}
				if p.full(&all) {
					complete = false
					break
				}
				some, whole := p.objectsIn(&r.Results[e.N], target.function, inner, depth+1)
				if inner == nil {
					some = moved(some)
				}
				all, complete = append(all, p.guarded(some, target.function, r.Guard, inner, depth)...), complete && whole
			}
		})
	}
	return all, complete
}

// yield is the result of a library's function.
func (p *Program) yield(c *call, e *summary.Expr, f *frame, depth int) value {
	arg := func(i int) value {
		if i < 0 || i >= len(c.Args) {
			return nil
		}
		return p.value(&c.Args[i], c.in, f, depth+1)
	}
	row := library.Row{Yields: library.Computed}
	if c.Value == nil {
		row = library.Of(c.Callee)
	}
	switch row.Yields {
	case library.Same:
		return arg(row.Value)
	case library.Upper:
		return arg(row.Value).cased(analyzers.Upper)
	case library.Lower:
		return arg(row.Value).cased(analyzers.Lower)
	case library.Nothing:
		return nil
	case library.Variable:
		return variables(arg(row.Value), nil)
	case library.Expanded:
		return expanded(arg(row.Value))
	case library.Formatted:
		return p.formatted(c, row.Value, arg)
	case library.Path:
		out := value{{}}
		for i := row.Value; i < len(c.Args); i++ {
			if i > row.Value {
				out = cross(out, value{{parts: []part{{text: "/", literal: true}}}})
			}
			v := arg(i)
			if len(v) == 0 {
				v = unknown()
			}
			out = cross(out, v)
		}
		return out
	case library.First:
		return p.first(c, arg)
	case library.Content:
		return contents(arg(row.Value), c)
	case library.Document:
		if row.File > 0 {
			var files value
			for i := row.File - 1; i < len(c.Args); i++ {
				files = union(files, arg(i))
			}
			return decoded(contents(files, c))
		}
		return decoded(arg(row.Value))
	case library.Encoded:
		return p.encoded(&c.Args[row.Value], c.in, f, row.Tags, depth)
	case library.Embed:
		return p.embedded(c, row, f, depth)
	case library.Flag:
		return p.flag(c, row, arg)
	case library.Setting:
		if row.Tags == "koanf" {
			return p.koanfAt(arg(row.Value))
		}
		return p.setting(arg(row.Value))
	case library.Option:
		return p.option(arg(row.Value))
	case library.Secret:
		return p.secret(c, row, f, depth)
	case library.Request, library.Command, library.Source:
		return nil
	}
	var out value
	for i := range c.Args {
		out = union(out, arg(i))
	}
	return opaque(out)
}

// variables is the value of the variable that a value names.
func variables(names, fallback value) value {
	texts, _ := names.texts()
	var out value
	for _, name := range texts {
		out = union(out, value{{parts: []part{{variable: name, fallback: fallback}}}})
	}
	if computed := slices.DeleteFunc(slices.Clone(names), func(a alternative) bool { return !a.computed() }); len(computed) > 0 {
		out = union(out, value{{parts: []part{{naming: computed, fallback: fallback}}}})
	}
	if len(out) == 0 {
		return unknown()
	}
	return out
}

// expanded is a text in which variables of the environment are replaced.
func expanded(v value) value {
	out := opaque(v)
	texts, _ := v.texts()
	for _, text := range texts {
		for _, m := range expansion.FindAllStringSubmatch(text, maxParts) {
			out = union(out, value{{parts: []part{{variable: m[1] + m[2]}}, opaque: true}})
		}
	}
	return out
}

// formatted is the text of a format.
func (p *Program) formatted(c *call, at int, arg func(int) value) value {
	formats := arg(at)
	if len(formats) != 1 || len(formats[0].parts) != 1 || !formats[0].parts[0].literal {
		out := opaque(formats)
		for i := at + 1; i < len(c.Args); i++ {
			out = union(out, opaque(arg(i)))
		}
		return out
	}
	whole := formats[0].parts[0]
	out := value{{}}
	from, next := 0, at+1
	literal := func(to int) {
		if to > from {
			out = cross(out, value{{parts: []part{whole.cut(from, to)}}})
		}
	}
	for _, m := range verb.FindAllStringSubmatchIndex(whole.text, maxParts) {
		literal(m[0])
		from = m[1]
		if whole.text[m[2]] == '%' {
			out = cross(out, value{{parts: []part{{text: "%", literal: true}}}})
			continue
		}
		v := arg(next)
		if len(v) == 0 {
			v = unknown()
			v[0].parts = []part{{}}
		}
		out = cross(out, v)
		next++
	}
	literal(len(whole.text))
	return out
}

// cut is a piece of a literal.
func (q part) cut(from, to int) part {
	if q.at.End-q.at.Start == len(q.text) {
		q.at.End, q.at.Start = q.at.Start+to, q.at.Start+from
		q.at.Column += from
	}
	q.text = q.text[from:to]
	return q
}

// first is the first argument that is not empty: a variable with what follows as its default.
func (p *Program) first(c *call, arg func(int) value) value {
	var out value
	for i := len(c.Args) - 1; i >= 0; i-- {
		v := arg(i)
		if len(v) == 1 && len(v[0].parts) == 1 && v[0].parts[0].variable != "" && len(out) > 0 {
			q := v[0].parts[0]
			q.fallback = out
			out = value{{parts: []part{q}, conditions: v[0].conditions}}
			continue
		}
		out = union(v, out)
	}
	return out
}

// embedded is what an embedded file holds.
func (p *Program) embedded(c *call, row library.Row, f *frame, depth int) value {
	if len(c.Args) <= row.Value {
		return nil
	}
	systems, _ := p.objectsIn(&c.Args[row.Into], c.in, f, depth+1)
	name := p.value(&c.Args[row.Value], c.in, f, depth+1)
	var out value
	for _, o := range systems {
		if o.Op != summary.Embedded {
			continue
		}
		file := cross(value{{parts: []part{{text: path.Dir(p.Path(o.in.pkg.Files[o.At.File])) + "/", literal: true}}}}, name)
		out = union(out, contents(file, c))
	}
	return out
}

// flag is the value of a flag: what the user gives is not known.
func (p *Program) flag(c *call, row library.Row, arg func(int) value) value {
	name := "flag"
	if row.Value > 0 {
		if texts, ok := arg(row.Value - 1).texts(); ok && len(texts) == 1 {
			name = texts[0]
		}
	}
	return value{{parts: []part{{variable: "--" + name, fallback: arg(row.Value)}}}}
}
