package shell

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// command is a simple command: a program and its arguments, and what its environment has beside what is exported.
type command struct {
	words    []word // the program first; never empty
	sets     []analyzers.Step
	isolated bool // nothing is inherited: sudo, env -i
	bare     bool // no function is meant, only what is installed: command, env
	folder   word // in which it works, where that is not where the shell does; empty if it does
	at       detectors.Place
}

// name returns the program's name, empty if it is computed.
func (c command) name() string { return c.words[0].text }

// args returns the words after the first n.
func (c command) args() []word { return c.words[1:] }

// after returns the command that is left when the first n words are taken off.
func (c command) after(n int) command {
	c.words = c.words[min(n, len(c.words)):]
	return c
}

// simple reads assignments and a command.
func (r *reader) simple(n *syntax.CallExpr) flow {
	if len(n.Args) == 0 {
		for _, a := range n.Assigns {
			r.assignment(a, false)
		}
		return flow{}
	}
	start, end := len(r.words), len(r.words)+len(n.Args)
	r.words = slices.Grow(r.words, len(n.Args))[:end]
	defer func() { r.words = r.words[:start] }()
	c := command{at: r.at(n), words: r.words[start:start:end]}
	for _, a := range n.Args {
		w := r.word(a)
		if w.literal || isQuoted(a) && !isArray(a) {
			c.words = append(c.words, w)
		} else {
			c.words = append(c.words, r.spread(w)...)
		}
	}
	if len(c.words) == 0 {
		return flow{}
	}
	for _, a := range n.Assigns {
		if a.Name != nil {
			value, _ := r.assigned(a)
			c.sets = append(c.sets, set(a.Name.Value, value, r.at(a)))
		}
	}
	r.notes(c.sets)
	return r.command(c)
}

// isArray reports whether a word is all elements of an array, "${X[@]}".
func isArray(w *syntax.Word) bool {
	if len(w.Parts) != 1 {
		return false
	}
	q, ok := w.Parts[0].(*syntax.DblQuoted)
	if !ok || len(q.Parts) != 1 {
		return false
	}
	p, ok := q.Parts[0].(*syntax.ParamExp)
	if !ok || p.Index == nil {
		return false
	}
	index, ok := p.Index.(*syntax.Word)
	return ok && index.Lit() == "@"
}

// isQuoted reports whether nothing in a word is split.
func isQuoted(w *syntax.Word) bool {
	for _, part := range w.Parts {
		switch part.(type) {
		case *syntax.DblQuoted, *syntax.SglQuoted:
		default:
			return false
		}
	}
	return true
}

// set returns the step that sets and exports a name.
func set(name string, value analyzers.Value, at detectors.Place) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: value, Export: true}
}

// notes notes the signs of the variables that a command is given.
func (r *reader) notes(sets []analyzers.Step) {
	for _, s := range sets {
		if s.Op == analyzers.OpSet {
			r.assigns(s.Name, s.Value, s.At)
		}
	}
}

// assigned returns the value that an assignment gives, and the elements of an array that it gives a key.
func (r *reader) assigned(a *syntax.Assign) (value analyzers.Value, elements []element) {
	value = r.value(a.Value)
	if a.Index != nil {
		elements = []element{{r.key(a.Index), value}}
	}
	if a.Array != nil {
		var all []analyzers.Value
		for _, e := range a.Array.Elems {
			if e.Value == nil {
				continue
			}
			one := r.value(e.Value)
			if all = append(all, one); e.Index != nil {
				elements = append(elements, element{r.key(e.Index), one})
			}
		}
		value = join(all)
	}
	if (a.Append || a.Index != nil) && a.Name != nil {
		value.Parts = append([]analyzers.Part{{Hole: &analyzers.Hole{Name: a.Name.Value}}}, value.Parts...)
	}
	value.At = r.at(a)
	return value, elements
}

// assignment reads NAME=value.
func (r *reader) assignment(a *syntax.Assign, export bool) {
	if a.Name == nil {
		return
	}
	value, elements := r.assigned(a)
	r.assign(a.Name.Value, value, r.at(a))
	if export && len(r.steps) > r.begun {
		r.steps[len(r.steps)-1].Export = true
		r.exported.set(a.Name.Value, true)
	}
	r.setElements(a.Name.Value, elements)
}

// assign gives a variable of the shell a value.
func (r *reader) assign(name string, value analyzers.Value, at detectors.Place) {
	r.assigns(name, value, at)
	k := r.know(value)
	k.value = value
	k.selects = r.selecting(value)
	if k.whole {
		r.guesses.change(name, &k)
	}
	if k.whole || k.prefix != "" || k.selects {
		r.known.change(name, &k)
	} else {
		r.known.delete(name)
	}
	r.lines.delete(name)
	exported, _ := r.exported.get(name)
	r.exported.set(name, exported || r.exportAll)
	r.emit(analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: value})
}

// declaration reads export, declare, local, readonly and typeset.
func (r *reader) declaration(n *syntax.DeclClause) {
	variant := n.Variant.Value
	export, off, reference := variant == "export", false, false
	local := variant != "export" && variant != "readonly" && r.locals != nil
	for _, a := range n.Args {
		if local && a.Name != nil {
			r.local(a.Name.Value)
		}
		if a.Name == nil {
			flag := a.Value.Lit()
			switch {
			case strings.HasPrefix(flag, "-") && strings.ContainsAny(flag, "pfF") && variant != "export":
				return // it only prints
			case strings.HasPrefix(flag, "-") && variant == "export":
				off = off || strings.Contains(flag, "n")
			case strings.HasPrefix(flag, "-"):
				export = export || strings.Contains(flag, "x")
				reference = reference || strings.Contains(flag, "n") // it stands for the variable of that name
				local = local && !strings.Contains(flag, "g")
			case strings.HasPrefix(flag, "+"):
				off = off || strings.Contains(flag, "x")
			default:
				r.exportWord(a.Value, export && !off)
			}
			continue
		}
		switch {
		case reference && a.Value != nil:
			of := r.value(a.Value)
			r.assign(a.Name.Value, analyzers.Value{At: of.At, Parts: r.namedBy(of, int(a.Pos().Offset()))}, r.at(a))
		case !a.Naked:
			r.assignment(a, export && !off)
		}
		if a.Naked && export || off {
			r.exported.set(a.Name.Value, !off)
			r.emit(analyzers.Step{Op: analyzers.OpExport, At: r.at(a), Name: a.Name.Value, Export: !off})
		}
	}
}

// local makes a variable the function's own: it is what it was before when the function returns. Under a condition it counts as the
// shell's.
func (r *reader) local(name string) {
	if r.blocks == r.entered {
		r.locals = append(r.locals, name)
	}
}

// owned emits a function's steps such that the variables that are its own are afterwards what they were before. Where all that the function
// does is to set these, it does nothing.
func (r *reader) owned(steps []analyzers.Step, entered int, at detectors.Place) {
	if len(r.locals) == 0 {
		r.steps = append(r.steps, steps...)
		return
	}
	own := slices.Clone(r.locals)
	slices.Sort(own)
	own = slices.Compact(own)
	for _, name := range own {
		r.known.delete(name)
		was, _ := r.exported.at(entered, name)
		r.exported.set(name, was)
	}
	if does(steps, own) {
		r.steps = append(r.steps, analyzers.Step{Op: analyzers.OpBlock, At: at, Own: own, Steps: steps})
	}
}

// does reports whether steps do anything beside setting a function's own variables.
func does(steps []analyzers.Step, own []string) bool {
	return slices.ContainsFunc(steps, func(s analyzers.Step) bool {
		switch s.Op {
		case analyzers.OpSet, analyzers.OpUnset:
			return s.Space != "" || !slices.Contains(own, s.Name)
		case analyzers.OpBlock:
			return does(s.Steps, append(own[:len(own):len(own)], s.Own...))
		}
		return true
	})
}

// exportWord reads a word after export that expands to assignments: those of a file, export $(grep -v '^#' .env | xargs), or those
// that are its text.
func (r *reader) exportWord(w *syntax.Word, export bool) {
	if file, ok := r.lines.get(variable(w)); ok {
		r.load(file, r.at(w), export)
		return
	}
	word := r.word(w)
	if word.printed == nil {
		word.printed = &stream{value: word.value}
	}
	r.assignments(word.printed, r.at(w), export)
}

// variable returns the name of the only variable of which a word consists, quoted or not.
func variable(w *syntax.Word) string {
	if w == nil || len(w.Parts) != 1 {
		return ""
	}
	part := w.Parts[0]
	if q, ok := part.(*syntax.DblQuoted); ok && len(q.Parts) == 1 {
		part = q.Parts[0]
	}
	if p, ok := part.(*syntax.ParamExp); ok && p.Param != nil && p.Exp == nil {
		return p.Param.Value
	}
	return ""
}

// assignments makes the shell take assignments from what is written to it: from files, or from the text itself.
func (r *reader) assignments(s *stream, at detectors.Place, export bool) {
	for _, f := range s.files {
		r.load(f, at, export)
	}
	if len(s.files) > 0 {
		return
	}
	found := false
	for _, line := range split(s.value) {
		if len(line.Parts) == 0 || line.Parts[0].Hole != nil {
			continue
		}
		text := line.Parts[0].Text
		if m := assignment.FindStringSubmatchIndex(text); m != nil {
			found = true
			value := analyzers.Value{At: at, Parts: append(cut(line.Parts[0], m[1], len(text)), line.Parts[1:]...)}
			name := text[m[2]:m[3]]
			r.assign(name, unquote(value), at)
			if export {
				r.exported.set(name, true)
				r.emit(analyzers.Step{Op: analyzers.OpExport, At: at, Name: name, Export: true})
			}
		}
	}
	if !found && len(s.value.Parts) > 0 {
		r.pass.Gap(at, r.what()+" sets variables whose names are computed")
	}
}

// load makes the shell take the variables of a file.
func (r *reader) load(file analyzers.Value, at detectors.Place, export bool) {
	r.tookAt = r.known.now()
	r.emit(analyzers.Step{Op: analyzers.OpLoad, At: at, Ref: &analyzers.Ref{Path: file}, Export: export})
}

// command reads a command whose words are expanded.
func (r *reader) command(c command) flow {
	if len(c.words) == 0 {
		for _, s := range c.sets { // env K=v alone prints
			s.Export = false
		}
		return flow{}
	}
	*r.budget -= min(len(c.words)/wordsOfStep, max(0, *r.budget-1)) // the last step is for what says that there is none left
	if !r.spend(func() detectors.Place { return c.at }) {
		return flow{}
	}
	if r.depth >= maxDepth {
		r.pass.Gap(c.at, r.what()+tooDeep)
		return flow{}
	}
	r.depth++
	defer func() { r.depth-- }()
	if !c.words[0].literal {
		return r.computed(c)
	}
	if f, ok := r.functions.get(c.name()); ok && !c.bare {
		return r.function(f, c.at, c.sets, r.arguments(c.args()))
	}
	return r.program(c)
}

// computed reads a command whose program is computed.
func (r *reader) computed(c command) flow {
	w := c.words[0]
	if k := r.know(w.value); k.whole {
		c.words = append(fieldsOf(k, w.value.At), c.args()...)
		return r.command(c)
	}
	if w.node != nil && isArguments(w.node) {
		return r.commandOfArguments(c)
	}
	if looksLikePath(w.value) {
		r.script(c, w.value, c.args())
		return flow{}
	}
	name, ok := r.soleHole(w.value)
	if !ok {
		r.calls(c)
		r.call(c)
		r.unnamed(c)
		return flow{}
	}
	if name.Space == "args" {
		ref := analyzers.Ref{Path: analyzers.Value{At: c.at, Parts: []analyzers.Part{{Hole: name}}}}
		r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: new(ref), Optional: true})
		return flow{}
	}
	if k, ok := r.guess(name); ok {
		c.words = append(fieldsOf(k, w.value.At), c.args()...)
		return r.command(c)
	}
	if rest := c.after(1); len(rest.words) > 0 && rest.words[0].literal && understood(rest.name()) {
		return r.command(rest) // $SUDO docker …: what stands before a command that is known is a prefix of it
	}
	r.call(c)
	r.unnamed(c)
	return flow{}
}

// guess returns what a variable perhaps holds: what it was set to last, or what the caller sets it to.
func (r *reader) guess(h *analyzers.Hole) (knowledge, bool) {
	if h.Space != "" {
		return knowledge{}, false
	}
	if k, ok := r.guesses.get(h.Name); ok || r.opt.Given == nil {
		return k, ok
	}
	v, ok := r.opt.Given(h.Name)
	if !ok {
		return knowledge{}, false
	}
	k := r.know(v)
	return k, k.whole
}

// unnamed says of a command that its name is computed. A command line of other code mostly is that command and no more.
func (r *reader) unnamed(c command) {
	says := r.what() + " runs a command whose name is computed"
	if r.opt.Name == "command" {
		says = "the name of the command that is run here is computed"
	}
	r.pass.Gap(c.at, says)
}

// soleHole returns the only hole of which a value consists, or of which the variable consists that it is.
func (r *reader) soleHole(v analyzers.Value) (*analyzers.Hole, bool) {
	for range maxSpread {
		if len(v.Parts) != 1 || v.Parts[0].Hole == nil {
			return nil, false
		}
		h := v.Parts[0].Hole
		k, ok := r.known.get(h.Name)
		if h.Space != "" || !ok || len(k.value.Parts) == 0 {
			return h, true
		}
		v = k.value
	}
	return nil, false
}

// understood reports whether commands of a program have rules of their own.
func understood(name string) bool {
	_, wraps := wrappers[name]
	return wraps || reads(name) != nil || len(toolFlags[name]) > 0
}

// commandOfArguments reads "$@" as a command: it is the one that the caller gives.
func (r *reader) commandOfArguments(c command) flow {
	if len(r.args.values) == 0 && r.args.open {
		program := analyzers.Value{At: c.at, Parts: r.args.argument(1)}
		r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Path: program}, Optional: true})
		return flow{}
	}
	var words []word
	for _, v := range r.args.values {
		text, literal := v.Text()
		words = append(words, word{value: v, text: text, literal: literal})
	}
	c.words = append(words, c.args()...)
	return r.command(c)
}

// looksLikePath reports whether a computed word is the path of a program rather than its name.
func looksLikePath(v analyzers.Value) bool {
	if len(v.Parts) == 0 {
		return false
	}
	last := v.Parts[len(v.Parts)-1]
	return last.Hole == nil && (strings.Contains(last.Text, "/") || path.Ext(last.Text) == ".sh")
}

// function follows a call of a function of the piece.
func (r *reader) function(f function, at detectors.Place, sets []analyzers.Step, given arguments) flow {
	if r.active[f.body] {
		return flow{}
	}
	text, args, looping, locals, entered := r.text, r.args, r.looping, r.locals, r.entered
	exported := r.exported.now()
	r.entered = r.blocks
	r.locals = []string{}
	r.active[f.body] = true
	r.text, r.args, r.looping = f.text, given, false
	r.emit(sets...)
	var result flow
	steps := r.collect(func() { result = r.statement(f.body) })
	r.owned(steps, exported, at)
	r.text, r.args, r.looping, r.locals, r.entered = text, args, looping, locals, entered
	delete(r.active, f.body)
	if result.returns {
		return flow{}
	}
	return result
}

// run emits the step that starts a child with the command's environment. A child that is a part of this program and inherits
// nothing is given what it is set to in a space of its own; a child that is a program of its own is given it by the linker.
func (r *reader) run(c command, s analyzers.Step) {
	sets := c.sets
	if c.isolated && len(s.Refers().Path.Parts) == 0 {
		sets = r.handOver(sets)
	}
	s.Steps = append(sets[:len(sets):len(sets)], s.Steps...)
	s.Isolated = s.Isolated || c.isolated
	r.emit(s)
}

// handOver rewrites the steps of a child that inherits nothing so that their values are those of this process.
func (r *reader) handOver(steps []analyzers.Step) []analyzers.Step {
	out := make([]analyzers.Step, len(steps))
	for i, s := range steps {
		value, name := &s.Value, s.Name
		if s.Op == analyzers.OpLoad || s.Op == analyzers.OpSource {
			s.Ref = new(s.Refers())
			value, name = &s.Ref.Path, fmt.Sprintf("file %d", i)
		}
		if !isLiteral(*value) {
			r.emit(analyzers.Step{Op: analyzers.OpSet, At: s.At, Space: "given", Name: name, Value: *value})
			value.Parts = []analyzers.Part{{Hole: &analyzers.Hole{Space: "given", Name: name}}}
		}
		out[i] = s
	}
	return out
}

func isLiteral(v analyzers.Value) bool {
	for _, p := range v.Parts {
		if p.Hole != nil {
			return false
		}
	}
	return true
}

// script runs a program of the repository.
func (r *reader) script(c command, file analyzers.Value, args []word) {
	text, ok := file.Text()
	r.runs("", text, args, c.at)
	if ok { // says less than what selects an environment for it
		r.sign(analyzers.File, environ.Path(text)&^detectors.Test, "it runs "+path.Base(text)+", which is for", c.at)
	}
	ref := analyzers.Ref{Path: r.below(file), Args: r.arguments(args).given()}
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: new(ref), Optional: true})
}

// call emits the call of a command that is no file of the repository. It is handed its arguments, its input, and what it passes on.
func (r *reader) call(c command, passed ...analyzers.Value) {
	r.calls(c)
	r.logsIn(c)
	list := append(placed(c.args()), passed...)
	if r.in != nil && len(r.in.value.Parts) > 0 {
		list = append(list, r.in.value)
	}
	value := join(list)
	value.At = c.at
	r.perform(c, analyzers.Step{Op: analyzers.OpCall, At: c.at, Value: value, Sink: r.sink(c)})
}

// placed returns the values of words, whose holes are given the span of the word that they stand in, so that the linker can tell by which
// argument the call gets what.
func placed(words []word) []analyzers.Value {
	list := values(words)
	for i, v := range list {
		if isLiteral(v) {
			continue
		}
		list[i].Parts = slices.Clone(v.Parts)
		for j := range v.Parts {
			if p := &list[i].Parts[j]; p.Hole != nil && p.Span.Empty() {
				p.Span = v.At.Span
			}
		}
	}
	return list
}

// sink returns the command as where its values go.
func (r *reader) sink(c command) *detectors.Sink {
	s := &detectors.Sink{Tool: tool(c.name()), Argv: argv(c.words), Fields: r.told(c)}
	r.forge(c, s)
	return s
}

// perform emits a use or call with the command's environment. Arguments are expanded by this shell, also where the command itself
// inherits nothing of it.
func (r *reader) perform(c command, step analyzers.Step) {
	switch {
	case c.isolated:
		if len(step.Value.Parts) > 0 {
			r.emit(analyzers.Step{Op: analyzers.OpUse, At: step.At, Value: step.Value, Sink: step.Sink})
		}
		step.Value = analyzers.Value{}
		r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: []analyzers.Step{step}})
	case len(c.sets) > 0:
		r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: []analyzers.Step{step}})
	default:
		r.emit(step)
	}
}

// tool returns a program's name without its folder. A package of a scope, @acme/cli@1, is called by its whole name.
func tool(name string) string {
	if strings.HasPrefix(name, "@") {
		if i := strings.LastIndexByte(name, '@'); i > 0 {
			name = name[:i]
		}
		return name
	}
	return path.Base(name)
}

// argv returns the literal words of a command. Of a flag whose value is computed, --token="$T", the flag is known.
func argv(words []word) []detectors.Word {
	list := make([]detectors.Word, len(words))
	for i, w := range words {
		if w.literal {
			list[i].Text = w.text
		} else if flag, _, ok := strings.Cut(w.head(), "="); ok && strings.HasPrefix(flag, "-") {
			list[i].Text = flag + "="
		}
		if list[i].Span = cover(w.value.Parts); list[i].Span.Empty() || !isLiteral(w.value) {
			list[i].Span = w.value.At.Span
		}
	}
	return list
}
