package reach

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// hands are the steps by which a call hands its arguments on, from the given one.
func (w *writer) hands(c *call, from int, sink detectors.Sink, at detectors.Place) []analyzers.Step {
	var v value
	for i := from; i < len(c.Args); i++ {
		v = append(v, w.whole(&c.Args[i], c.in)...)
	}
	return w.hand(v, sink, at)
}

// credentials are the arguments of a call, or the fields of structs, that it hands on.
func (w *writer) credentials(c *call, row library.Row) value {
	var v value
	for i := row.Value; i < len(c.Args) && (row.Count == 0 || i < row.Value+row.Count); i++ {
		if row.Fields == "" {
			v = append(v, w.whole(&c.Args[i], c.in)...)
			continue
		}
		objects, complete := w.objectsIn(&c.Args[i], c.in, nil, 0)
		if !complete {
			v = append(v, w.value(&c.Args[i], c.in, nil, 0)...)
		}
		for _, o := range objects {
			for j, name := range o.Keys {
				if o.Op == summary.Literal && slices.Contains(strings.Fields(row.Fields), name) {
					v = append(v, o.of(w.whole(&o.Args[j], o.in))...)
				}
			}
		}
	}
	return v
}

// whole is the value of an expression with all that is in it, if it is a literal of a struct or a list.
func (w *writer) whole(e *summary.Expr, in *function) value {
	v := slices.Clone(w.value(e, in, nil, 0))
	objects, _ := w.objectsIn(e, in, nil, 0)
	for _, o := range objects {
		if o.Op == summary.Literal || o.Op == summary.List {
			v = append(v, w.value(o.Expr, o.in, o.frame, 0)...)
		}
	}
	return v
}

// hand are the steps by which a value is handed to a sink: for each alternative that can hold a token, under its conditions.
func (w *writer) hand(v value, sink detectors.Sink, at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	var said []alternative
	for _, a := range v {
		if !slices.ContainsFunc(a.parts, part.source) || slices.ContainsFunc(said, a.same) {
			continue
		}
		said = append(said, a)
		use := guarded(w.use(a, sink, at), a.conditions, at)
		if a.route != nil {
			w.happens(a.route, guarded(use, w.guard, at))
		} else {
			steps = append(steps, use...)
		}
	}
	return steps
}

// same reports whether an alternative has the same sources under the same conditions.
func (a alternative) same(b alternative) bool {
	return slices.EqualFunc(a.sources(), b.sources(), part.same) && slices.EqualFunc(a.conditions, b.conditions, sameGuard) && a.route == b.route
}

func (a alternative) sources() []part {
	return slices.DeleteFunc(slices.Clone(a.parts), func(q part) bool { return !q.source() })
}

// plainSources are the sources, those in documents by themselves.
func (a alternative) plainSources() []part {
	var all []part
	for _, q := range a.sources() {
		if q.document != nil {
			all = append(all, q.document.under(q.keys)...)
		} else {
			all = append(all, q)
		}
	}
	return all
}

// use are the steps for one alternative: the names that its literals were given to are hops of their own.
func (w *writer) use(a alternative, sink detectors.Sink, at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	v := analyzers.Value{At: at}
	for _, q := range a.plainSources() {
		if q.file != nil {
			v.Parts = append(v.Parts, w.content(q)...)
			continue
		}
		if q.variable != "" && len(a.conditions) == 0 && w.certain {
			w.passed[q.variable] = true
		}
		hole := w.part(q)
		if q.withheld() && q.name != "" {
			named := w.place(q.namedIn, q.named)
			if named.Path == "" {
				named = w.place(q.pkg, q.at)
			}
			if named.Path != at.Path || named.Line != at.Line {
				steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: named, Space: "go", Name: q.name, Value: analyzers.Value{At: named, Parts: []analyzers.Part{hole}}})
				hole = analyzers.Part{Hole: &analyzers.Hole{Space: "go", Name: q.name}}
			}
		}
		v.Parts = append(v.Parts, hole)
	}
	if len(v.Parts) == 0 {
		return steps
	}
	return append(steps, analyzers.Step{Op: analyzers.OpUse, At: at, Value: v, Sink: &sink, Says: says(sink)})
}

// says says what a value is handed to.
func says(s detectors.Sink) string {
	switch {
	case s.Header != "" && s.Host != "":
		return "header " + s.Header + " of a request to " + s.Host
	case s.Header != "":
		return "header " + s.Header
	case s.Host != "":
		return "a request to " + s.Host
	}
	return s.Tool
}

// header are the steps of a call that sets a header.
func (w *writer) header(c *call, row library.Row, at detectors.Place) []analyzers.Step {
	if row.Value+1 >= len(c.Args) {
		return nil
	}
	keys, _ := w.argument1(c, row.Value).texts()
	if len(keys) == 0 {
		return w.hands(c, row.Value+1, w.tool(c), at)
	}
	v := w.whole(&c.Args[row.Value+1], c.in)
	var steps []analyzers.Step
	for _, a := range v {
		sink := w.target(c, 0)
		sink.Header, sink.Scheme = keys[0], code.Scheme(a.plain())
		steps = append(steps, w.hand(value{a}, sink, at)...)
	}
	return steps
}

// headers are the steps of an assignment of all headers.
func (w *writer) headers(c *call, row library.Row, at detectors.Place) []analyzers.Step {
	if row.Value >= len(c.Args) {
		return nil
	}
	var steps []analyzers.Step
	lists, _ := w.objectsIn(&c.Args[row.Value], c.in, nil, 0)
	for _, o := range lists {
		for i := range o.Args {
			if o.Op != summary.List || i >= len(o.Keys) || o.Keys[i] == "" || o.Keys[i] == summary.MapKey {
				continue
			}
			for _, a := range w.whole(&o.Args[i], o.in) {
				sink := w.target(c, 0)
				sink.Header, sink.Scheme = o.Keys[i], code.Scheme(a.plain())
				steps = append(steps, w.hand(value{a}, sink, at)...)
			}
		}
	}
	return steps
}

// target returns where the request goes that an argument is, or whose header it is.
func (w *writer) target(c *call, i int) detectors.Sink {
	if i >= len(c.Args) {
		return detectors.Sink{}
	}
	e := &c.Args[i]
	for e.Op == summary.Member && len(e.Args) > 0 {
		e = &e.Args[0]
	}
	objects, _ := w.objectsIn(e, c.in, nil, 0)
	for _, o := range objects {
		if o.Op != summary.Result {
			continue
		}
		made := w.called(o.Expr)
		if made == nil {
			continue
		}
		if row := library.Of(made.Callee); row.Yields == library.Request {
			return w.request(made, row, o.frame)
		}
	}
	return detectors.Sink{}
}

// request returns where a request goes.
func (w *writer) request(c *call, row library.Row, f *frame) detectors.Sink {
	arg := func(i int) value {
		if i < 0 || i >= len(c.Args) {
			return nil
		}
		return w.value(&c.Args[i], c.in, f, 0)
	}
	sink := detectors.Sink{Tool: "http.NewRequest"}
	if methods, known := arg(row.Value - 1).texts(); known && len(methods) == 1 {
		sink.Method = strings.ToUpper(methods[0])
		if sink.Method == "" {
			sink.Method = "GET"
		}
	}
	w.address(&sink, arg(row.Value))
	for _, a := range arg(row.Value + 1) {
		for _, q := range a.parts {
			if q.literal && sink.Fields == nil {
				sink.Fields = shifted(code.Document([]byte(q.text), detectors.Span{End: len(q.text)}), q.at.Start)
			}
		}
	}
	if sink.Fields == nil && strings.Contains(sink.Path.Text, "graphql") {
		sink.Fields = w.documents(c.in)
	}
	return sink
}

// documents returns the identifiers of the GraphQL documents that a function's calls are given, and those that call it.
func (w *writer) documents(f *function) []detectors.Word {
	var words []detectors.Word
	add := func(f *function) {
		for _, c := range f.calls {
			for i := range c.Args {
				for _, a := range w.whole(&c.Args[i], f) {
					for _, q := range a.parts {
						if q.literal && len(words) < maxParts {
							words = append(words, shifted(code.Document([]byte(q.text), detectors.Span{End: len(q.text)}), q.at.Start)...)
						}
					}
				}
			}
		}
	}
	add(f)
	for _, s := range f.from {
		if s.in != nil && len(words) == 0 {
			add(s.in)
		}
	}
	return words
}

// shifted moves words by where their text begins in its file.
func shifted(words []detectors.Word, by int) []detectors.Word {
	for i := range words {
		words[i].Span.Start += by
		words[i].Span.End += by
	}
	return words
}

func statement(text string) []detectors.Word {
	return code.Statement([]byte(text), detectors.Span{End: len(text)})
}

// address notes where an address leads.
func (w *writer) address(sink *detectors.Sink, v value) {
	for _, a := range v {
		if at := code.Locate(a.plain()); at.Host != "" || at.Path.Text != "" {
			sink.Host, sink.Path = at.Host, at.Path
			return
		}
	}
}

// sends are the steps of a call that makes or sends a request: what is in its address, and in its body.
func (w *writer) sends(c *call, row library.Row, at detectors.Place) []analyzers.Step {
	var sink detectors.Sink
	if row.Yields == library.Request {
		sink = w.request(c, row, nil)
	} else {
		name := c.Callee[strings.LastIndexByte(c.Callee, '.')+1:]
		sink = detectors.Sink{Tool: "http." + name, Method: strings.ToUpper(strings.TrimSuffix(name, "Form"))}
		w.address(&sink, w.argument1(c, row.Value))
	}
	var steps []analyzers.Step
	for _, a := range w.argument1(c, row.Value) {
		carried := sink
		carried.Query = code.Query(a.plain())
		steps = append(steps, w.hand(value{a}, carried, at)...)
	}
	return append(steps, w.hands(c, row.Value+1, sink, at)...)
}
