package reach

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/detectors"
)

// runs are the steps of a command that is made: it gets its arguments, and the environment that it is given.
func (w *writer) runs(c *call, row library.Row, at detectors.Place) []analyzers.Step {
	if row.Value >= len(c.Args) {
		return nil
	}
	programs, _ := w.argument1(c, row.Value).texts()
	if len(programs) == 0 {
		return w.hands(c, row.Value, detectors.Sink{Tool: "exec.Command"}, at)
	}
	var steps []analyzers.Step
	for _, program := range programs {
		sink := detectors.Sink{Tool: program[strings.LastIndexByte(program, '/')+1:]}
		var args value
		var words []analyzers.Value
		for i := row.Value; i < len(c.Args); i++ {
			v := w.argument1(c, i)
			if c.Spread && i == len(c.Args)-1 {
				v = w.listed(c, i)
			}
			args = append(args, v...)
			word := detectors.Word{}
			if texts, known := v.texts(); known && len(texts) == 1 {
				word.Text = texts[0]
			}
			sink.Argv = append(sink.Argv, word)
			if i > row.Value {
				words = append(words, w.path(v, at))
			}
		}
		child := analyzers.Step{Op: analyzers.OpRun, At: at, Says: "runs a command"}
		child.Steps, child.Isolated = w.surrounding(c, sink)
		child.Steps = append(child.Steps, w.hand(args, sink, at)...)
		child.Steps = append(child.Steps, analyzers.Step{Op: analyzers.OpCall, At: at, Sink: &sink, Says: "calls " + sink.Tool})
		if strings.ContainsAny(program, "/.") && !strings.HasPrefix(program, "/") {
			file := analyzers.Value{At: at, Parts: []analyzers.Part{{Text: program}}}
			child.Steps = append(child.Steps, analyzers.Step{
				Op: analyzers.OpRun, At: at, Ref: &analyzers.Ref{Path: file, Args: words}, Says: "runs " + program,
			})
		}
		steps = append(steps, child)
	}
	return steps
}

// surrounding returns what a command's Env sets, and whether that is all that it gets.
func (w *writer) surrounding(c *call, sink detectors.Sink) (sets []analyzers.Step, isolated bool) {
	for _, other := range w.calling() {
		if other.Callee != "os/exec.Cmd.Env=" || len(other.Args) != 2 {
			continue
		}
		commands, _ := w.objectsIn(&other.Args[0], other.in, nil, 0)
		if !slices.ContainsFunc(commands, func(o object) bool { return o.Op == summary.Result && w.called(o.Expr) == c }) {
			continue
		}
		if !w.inherits(&other.Args[1], other.in, 0) {
			isolated = true
		}
		at := w.place(other.in.pkg, other.At)
		lists, _ := w.objectsIn(&other.Args[1], other.in, nil, 0)
		for _, o := range lists {
			for i := range o.Args {
				for _, a := range w.value(&o.Args[i], o.in, o.frame, 0) {
					if set, ok := w.pair(a, at); ok {
						sets = append(sets, set)
						given := sink
						given.Variable = set.Name
						sets = append(sets, w.hand(value{a}, given, at)...)
					}
				}
			}
		}
	}
	return sets, isolated
}

// inherits reports whether the surrounding environment is in the list that an expression is.
func (w *writer) inherits(e *summary.Expr, in *function, depth int) bool {
	inherits := false
	w.surroundings(e, in, depth, func(*call) { inherits = true })
	return inherits
}

// surroundings calls visit for the calls by which the surrounding environment gets into the list that an expression is; with nil where a
// command has it by itself.
func (w *writer) surroundings(e *summary.Expr, in *function, depth int, visit func(*call)) {
	const deepest = 8
	if depth > deepest {
		return
	}
	if e.Op == summary.Result {
		if c := w.called(e); c != nil {
			if library.Of(c.Callee).Does == library.ReadsAll {
				visit(c)
				return
			}
			for _, target := range c.targets {
				for i := range target.Returns {
					for j := range target.Returns[i].Results {
						w.surroundings(&target.Returns[i].Results[j], target.function, depth+1, visit)
					}
				}
			}
		}
	}
	if e.Op == summary.Member && strings.HasSuffix(e.Text, "os/exec.Cmd.Env") {
		visit(nil) // appended to what it has, which nobody set before is the surrounding one
		return
	}
	if e.Op == summary.Name {
		for _, a := range w.assigns[e.Text] {
			if a.in != nil {
				w.surroundings(&a.From, a.in, depth+1, visit)
			}
		}
		if q, ok := w.params[e.Text]; ok {
			for _, s := range q.function.from {
				if i := q.index - s.target.skips; s.call != nil && i >= 0 && i < len(s.call.Args) {
					w.surroundings(&s.call.Args[i], s.in, depth+1, visit)
				}
			}
		}
	}
	for i := range e.Args {
		w.surroundings(&e.Args[i], in, depth+1, visit)
	}
}

// handedDown notes the calls that read the whole environment to give it to a command: what that takes of it is its own affair.
func (w *writer) handedDown() {
	for _, c := range w.calling() {
		if c.Callee == "os/exec.Cmd.Env=" && len(c.Args) == 2 {
			w.surroundings(&c.Args[1], c.in, 0, func(reads *call) { w.down[reads] = true })
		}
	}
}

// pair reads "NAME=" + value.
func (w *writer) pair(a alternative, at detectors.Place) (analyzers.Step, bool) {
	if len(a.parts) == 0 || !a.parts[0].literal {
		return analyzers.Step{}, false
	}
	first := a.parts[0]
	name, rest, ok := strings.Cut(first.text, "=")
	if !ok || name == "" {
		return analyzers.Step{}, false
	}
	rested := first.cut(len(first.text)-len(rest), len(first.text))
	b := alternative{parts: append([]part{rested}, a.parts[1:]...), opaque: a.opaque}
	v := analyzers.Value{At: at, Parts: w.Program.parts(b)}
	return analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: v, Export: true}, true
}
