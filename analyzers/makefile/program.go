package makefile

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// reads returns what reading the file does: it sets variables and includes files.
func (r *reader) reads() []analyzers.Step {
	var steps []analyzers.Step
	for _, s := range r.statements {
		steps = append(steps, r.guarded(s.guards, r.statement(s), r.place(s.at.Start, s.at.End))...)
	}
	return steps
}

// expandsAgain returns the steps that give the variables which are expanded when they are used the values in the environment that they have for a
// target with variables of its own.
func (r *reader) expandsAgain(at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range slices.Sorted(maps.Keys(r.lazy)) {
		if !r.works(1) {
			break
		}
		steps = append(steps, r.exportedAgain(name, at))
	}
	return steps
}

// statement returns what a statement does. Exports happen when all variables are set.
func (r *reader) statement(s statement) []analyzers.Step {
	switch s.kind {
	case assigns:
		if s.assign.define {
			return nil
		}
		return r.assigned(s.assign, fileSpace)
	case includes:
		return r.included(s)
	case exports, unexports:
		return r.declared(s)
	case undefines:
		return r.undefined(s)
	case expands:
		x := r.expansion(nil)
		x.text(s.words, false)
		return x.steps
	}
	return nil
}

// declared returns the steps that define the names of an export or unexport: with what the environment has, and otherwise as empty, so that ?= leaves
// them alone.
func (r *reader) declared(s statement) []analyzers.Step {
	at := r.place(s.at.Start, s.at.End)
	var steps []analyzers.Step
	for _, name := range r.words(s.words) {
		r.used[name] = true
		value := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}}}
		steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: at, Space: fileSpace, Name: name, Value: value, IfUnset: true})
	}
	return steps
}

// undefined returns the steps of undefine, after which a variable of the environment is none of that either.
func (r *reader) undefined(s statement) []analyzers.Step {
	at := r.place(s.at.Start, s.at.End)
	var steps []analyzers.Step
	for _, name := range r.words(s.words) {
		for _, space := range []string{fileSpace, ""} {
			steps = append(steps, analyzers.Step{Op: analyzers.OpUnset, At: at, Space: space, Name: name})
		}
	}
	return steps
}

// assigned returns the steps that set a variable in a space.
func (r *reader) assigned(a assignment, space string) []analyzers.Step {
	at := r.place(a.at.Start, a.at.End)
	r.used[a.name] = true
	x := r.expansion(nil)
	if a.operator == "!=" {
		x.shell([]detectors.Span{a.value}, a.value.Start)
	} else {
		x.text(a.value, false)
	}
	value := x.value(r.place(a.value.Start, a.value.End))
	switch a.operator {
	case "?=":
		value = otherwise(a.name, value, space)
	case "+=":
		own := variable(a.name, at)
		value.Parts = append(append(own.Parts, analyzers.Part{Text: " "}), value.Parts...)
	}
	if a.override && space == fileSpace {
		space = overrideSpace
	}
	set := analyzers.Step{Op: analyzers.OpSet, At: at, Space: space, Name: a.name, Value: value, IfUnset: a.operator == "?="}
	if (a.operator == "=" || a.operator == "?=") && slices.ContainsFunc(value.Parts, func(p analyzers.Part) bool { return p.Hole != nil }) {
		set.Lazy, r.lazy[a.name] = true, true
	}
	steps := x.steps
	if a.operator == "=" && bytes.Contains(r.data[a.value.Start:a.value.End], []byte("$(shell")) {
		steps = nil // it runs where the variable is used
	}
	steps = append(steps, set)
	if a.override { // what the command line says is of no matter from here on
		steps = append(steps, analyzers.Step{Op: analyzers.OpUnset, At: at, Space: lineSpace, Name: a.name})
	}
	return steps
}

// included returns the steps of an include. A dotenv file's lines become variables of make, which has then read the file.
func (r *reader) included(s statement) []analyzers.Step {
	at := r.place(s.at.Start, s.at.End)
	var steps []analyzers.Step
	for _, file := range r.includes(s) {
		ref := analyzers.Ref{Path: file}
		if !isDotenv(file) {
			steps = append(steps, analyzers.Step{Op: analyzers.OpSource, At: at, Ref: new(ref), Optional: s.missing})
			continue
		}
		steps = append(steps,
			analyzers.Step{Op: analyzers.OpLoad, At: at, Ref: new(ref), Space: fileSpace, Optional: s.missing},
			analyzers.Step{Op: analyzers.OpMount, At: at, File: new(file), Says: "included by make"})
	}
	return steps
}

// includes returns the files that an include names.
func (r *reader) includes(s statement) []analyzers.Value {
	p := &parser{file: r.file}
	var files []analyzers.Value
	for _, w := range p.words(s.words) {
		x := r.expansion(nil)
		x.text(w, false)
		files = append(files, x.value(r.place(w.Start, w.End)))
	}
	return files
}

// isDotenv reports whether an included file is called like one of assignments.
func isDotenv(file analyzers.Value) bool {
	text := ""
	for _, p := range file.Parts {
		text += p.Text
		if p.Hole != nil {
			text += "x"
			if p.Hole.Space == lineSpace && strings.Contains(strings.ToLower(p.Hole.Name), "env") && len(file.Parts) == 1 {
				return true // include $(ENV_FILE)
			}
		}
	}
	base := path.Base(text)
	return strings.HasPrefix(base, ".env") || path.Ext(base) == ".env" || strings.HasPrefix(base, "env.")
}

// exported returns the steps that put variables into the environment of recipes, once all makefiles are read. What is in the environment already has
// there what the file sets it to. https://www.gnu.org/software/make/manual/make.html#Environment
func (r *reader) exported() []analyzers.Step {
	var steps []analyzers.Step
	if r.exportsAll() {
		steps = append(steps, r.everything()...)
	}
	set := map[string]bool{}
	for _, s := range r.statements {
		at := r.place(s.at.Start, s.at.End)
		switch {
		case s.kind == includes:
			for _, file := range r.includes(s) {
				if !isDotenv(file) {
					ref := analyzers.Ref{Path: file, Name: shell.Exports}
					steps = append(steps, analyzers.Step{Op: analyzers.OpSource, At: at, Ref: &ref, Optional: true})
				}
			}
		case s.kind == exports && s.words.Empty():
		case s.kind == assigns && !s.assign.export && !set[s.assign.name] && shellName(s.assign.name):
			set[s.assign.name] = true
			steps = append(steps, r.exportedAgain(s.assign.name, at))
		default:
			steps = append(steps, r.guarded(s.guards, r.exportsOf(s), at)...)
		}
	}
	return steps
}

// exportsAll reports whether the file exports all variables.
func (r *reader) exportsAll() bool {
	return r.exportAll || slices.ContainsFunc(r.statements, func(s statement) bool { return s.kind == exports && s.words.Empty() })
}

// exportsOf returns the steps that a statement's export is.
func (r *reader) exportsOf(s statement) []analyzers.Step {
	at := r.place(s.at.Start, s.at.End)
	switch {
	case s.kind == assigns && s.assign.export:
		return r.export(s.assign.name, at)
	case s.kind == exports:
		return r.exports(s)
	case s.kind == unexports:
		var steps []analyzers.Step
		for _, name := range r.words(s.words) {
			steps = append(steps, analyzers.Step{Op: analyzers.OpUnset, At: at, Name: name})
		}
		return steps
	}
	return nil
}

func (r *reader) export(name string, at detectors.Place) []analyzers.Step {
	return []analyzers.Step{{Op: analyzers.OpSet, At: at, Name: name, Value: variable(name, at), Export: true}}
}

// exportedAgain returns the step that gives a variable its value in the environment of recipes, if it is there.
func (r *reader) exportedAgain(name string, at detectors.Place) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: variable(name, at), IfExported: true}
}

// exports returns the steps of an export of names. Names that are computed from an included dotenv file are all of its names:
// export $(shell sed 's/=.*//' .env).
func (r *reader) exports(s statement) []analyzers.Step {
	at := r.place(s.at.Start, s.at.End)
	text := r.data[s.words.Start:s.words.End]
	if bytes.Contains(text, []byte("$(shell")) {
		var steps []analyzers.Step
		for _, i := range r.statements {
			if i.kind != includes {
				continue
			}
			for _, file := range r.includes(i) {
				if name, ok := r.textOf(file); isDotenv(file) && (!ok || bytes.Contains(text, []byte(name))) {
					steps = append(steps, r.loads(file, at))
				}
			}
		}
		return steps
	}
	var steps []analyzers.Step
	for _, name := range r.words(s.words) {
		steps = append(steps, r.export(name, at)...)
	}
	return steps
}

// loads returns the step that puts all variables of a dotenv file into the environment.
func (r *reader) loads(file analyzers.Value, at detectors.Place) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpLoad, At: at, Ref: &analyzers.Ref{Path: file}, Export: true, Optional: true}
}

// allVariables names the program that exports all variables of a makefile, for those that include it.
const allVariables = "all variables"

// everything returns the steps that export all variables of the file, and of those that it includes.
func (r *reader) everything() []analyzers.Step {
	var steps []analyzers.Step
	for _, s := range r.statements {
		at := r.place(s.at.Start, s.at.End)
		switch {
		case s.kind == includes:
			for _, file := range r.includes(s) {
				if isDotenv(file) {
					steps = append(steps, r.loads(file, at))
					continue
				}
				ref := analyzers.Ref{Path: file, Name: allVariables}
				steps = append(steps, analyzers.Step{Op: analyzers.OpSource, At: at, Ref: &ref, Optional: true})
			}
		case s.kind == assigns && !s.assign.define && shellName(s.assign.name):
			steps = append(steps, r.guarded(s.guards, r.export(s.assign.name, at), at)...)
		}
	}
	return steps
}

// shellName reports whether make exports a name without being told to: one of letters, digits and underscores.
func shellName(name string) bool {
	return !strings.ContainsAny(name, ".%/-")
}

// guarded puts steps under conditions.
func (r *reader) guarded(guards []test, steps []analyzers.Step, at detectors.Place) []analyzers.Step {
	for i := len(guards) - 1; i >= 0 && len(steps) > 0; i-- {
		if g, ok := r.guard(guards[i]); ok {
			steps = []analyzers.Step{{Op: analyzers.OpBlock, At: at, Guard: &g, Steps: steps}}
		}
	}
	return steps
}

// starts returns the program of a target that make is asked for: the file is read first.
func (r *reader) starts(t *target) []analyzers.Step {
	return []analyzers.Step{r.part(inner(""), t.at), r.part(inner(t.name), t.at)}
}

// part returns the step that does what another program of the file does.
func (r *reader) part(name string, at detectors.Place) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(r.pass.Path, name, at))}
}

// begins returns what a make begins with: no variable of the make that started this one holds, the file is read, and what it exports is in the
// environment of recipes.
func (r *reader) begins(at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range slices.Sorted(maps.Keys(r.used)) {
		for _, space := range []string{fileSpace, overrideSpace, targetSpace} {
			steps = append(steps, analyzers.Step{Op: analyzers.OpUnset, At: at, Space: space, Name: name})
		}
	}
	return append(steps, r.part("", at), r.part(shell.Exports, at))
}

// goesOn returns what a make does between two targets that it is asked for: what was set for the first one is as it was.
func (r *reader) goesOn(at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range slices.Sorted(maps.Keys(r.own)) {
		steps = append(steps, analyzers.Step{Op: analyzers.OpUnset, At: at, Space: targetSpace, Name: name})
	}
	if len(steps) > 0 {
		steps = append(steps, r.part(shell.Exports, at))
	}
	return steps
}

// makes returns what making a target does once the file is read, and the signs of its recipe.
func (r *reader) makes(t *target) (steps []analyzers.Step, signs []analyzers.Sign) {
	steps = r.ownVariables(t, false)
	var needed []analyzers.Value
	for _, p := range t.parts {
		for _, need := range p.needs {
			if !r.works(1) {
				break
			}
			for _, name := range r.words(need) {
				name = strings.Replace(name, "%", p.stem, 1)
				at := r.place(need.Start, need.End)
				needed = append(needed, analyzers.Value{At: at, Parts: []analyzers.Part{{Text: name}}})
				if _, ok := r.targets[name]; ok && name != t.name {
					made := r.part(inner(name), at)
					made.Op = r.making(name)
					steps = append(steps, r.guarded(p.guards, []analyzers.Step{made}, at)...)
					if e := environ.Identifier(name); e != 0 {
						says := "it needs " + name + ", which is for " + e.String()
						signs = append(signs, analyzers.Sign{Class: analyzers.Selector, Environments: e, Says: says, At: at})
					}
				}
			}
		}
	}
	steps = append(steps, r.ownVariables(t, true)...)
	for _, p := range t.parts {
		if len(p.recipe) > 0 {
			done, says := r.recipe(t, p, needed)
			steps = append(steps, r.guarded(p.guards, done, t.at)...)
			signs = append(signs, says...)
		}
	}
	return steps, signs
}

// ownVariables returns the steps that set the variables of a target: those that what it needs has as well, or those that it alone has.
func (r *reader) ownVariables(t *target, private bool) []analyzers.Step {
	var steps []analyzers.Step
	for _, p := range t.parts {
		if p.assign != nil && p.assign.private == private {
			steps = append(steps, r.guarded(p.guards, r.specifics(*p.assign), t.at)...)
		}
	}
	if len(steps) > 0 {
		steps = append(steps, r.expandsAgain(t.at)...)
	}
	return steps
}

// making returns how a needed target is made: in the same make, where what it sets for all of the file stays; but in a copy if it has
// variables of its own, which end with it.
func (r *reader) making(name string) analyzers.Op {
	for _, p := range r.targets[name].parts {
		if p.assign != nil {
			return analyzers.OpRun
		}
	}
	return analyzers.OpSource
}

// specifics returns the steps that set a variable of a target.
func (r *reader) specifics(a assignment) []analyzers.Step {
	at := r.place(a.at.Start, a.at.End)
	r.own[a.name] = true
	steps := r.assigned(a, targetSpace)
	if a.export || r.exportsAll() && shellName(a.name) {
		return append(steps, r.export(a.name, at)...)
	}
	return append(steps, r.exportedAgain(a.name, at))
}

// recipe returns what a recipe does. A line that changes variables changes those of its own shell.
func (r *reader) recipe(t *target, p part, needed []analyzers.Value) (steps []analyzers.Step, signs []analyzers.Sign) {
	local := map[string]analyzers.Value{
		"@": {At: t.at, Parts: []analyzers.Part{{Text: t.name}}},
		"*": {At: t.at, Parts: []analyzers.Part{{Text: p.stem}}},
	}
	if strings.Contains(t.name, "%") { // the name is not known
		local["@"] = analyzers.Value{At: t.at, Parts: []analyzers.Part{{Span: t.at.Span}}}
		local["*"] = local["@"]
	}
	if len(needed) > 0 {
		local["<"] = needed[0]
		all := analyzers.Value{At: needed[0].At}
		for i, n := range needed[:min(len(needed), maxParts)] {
			if i > 0 {
				all.Parts = append(all.Parts, analyzers.Part{Text: " "})
			}
			all.Parts = append(all.Parts, n.Parts...)
		}
		local["^"] = all
	}
	if r.oneShell {
		return r.lines(p.recipe, local, true)
	}
	for i := range p.recipe {
		done, says := r.lines(p.recipe[i:i+1], local, false)
		steps = append(steps, done...)
		signs = append(signs, says...)
	}
	return steps, signs
}

// lines returns what the lines of a recipe do that one shell reads. What an expansion yields can be several lines, of which each has a
// shell of its own again.
func (r *reader) lines(list []line, local map[string]analyzers.Value, together bool) (steps []analyzers.Step, signs []analyzers.Sign) {
	x := r.expansion(local)
	for i, l := range list {
		if i > 0 {
			x.write("\n", l.span.Start)
		}
		x.text(l.span, true)
	}
	steps = x.steps
	for _, one := range x.split(together) {
		body, says := shell.Read(r.pass, one.bytes, 0, r.options(one))
		if len(body) == 0 {
			continue
		}
		at := r.place(one.at(0), one.at(len(one.bytes)))
		if !together && changes(body) {
			body = []analyzers.Step{{Op: analyzers.OpRun, At: at, Steps: body}}
		}
		if len(list) == 1 {
			body = r.guarded(list[0].guards, body, at)
		}
		steps = append(steps, body...)
		if len(list) > 1 || len(list[0].guards) == 0 {
			signs = append(signs, says...)
		}
	}
	return steps, signs
}

// changes reports whether steps change the process in which they happen.
func changes(steps []analyzers.Step) bool {
	return slices.ContainsFunc(steps, func(s analyzers.Step) bool {
		switch s.Op {
		case analyzers.OpSet, analyzers.OpUnset, analyzers.OpExport, analyzers.OpLoad, analyzers.OpSource:
			return s.Space == ""
		case analyzers.OpBlock:
			return changes(s.Steps)
		}
		return false
	})
}

// split returns the lines of an expansion, a continued one as one, without the signs before a command that say how make treats it.
func (x *expansion) split(together bool) []*expansion {
	var lines []*expansion
	for start := 0; start < len(x.bytes); {
		end := start
		for end < len(x.bytes) && (together || x.bytes[end] != '\n' || end > start && x.bytes[end-1] == '\\') {
			end++
		}
		next := end + 1
		start = x.signs(start, end)
		lines = append(lines, x.cut(start, end))
		start = next
	}
	return lines
}

// treatments are the signs before a command that say how make treats it.
const treatments = "@-+ \t"

// signs returns where the signs before the command of a line end, those that a variable holds included: Q = $(if $(V),,@).
func (x *expansion) signs(start, end int) int {
	for start < end {
		if strings.IndexByte(treatments, x.bytes[start]) >= 0 {
			start++
			continue
		}
		i := slices.IndexFunc(x.fills, func(f shell.Fill) bool { return f.Start == start && f.End <= end })
		if i < 0 {
			break
		}
		f := x.fills[i]
		if !x.treats(f.Value, 0) && !bytes.HasPrefix(x.bytes[f.End:end], []byte("./")) { // no path has anything before that
			break
		}
		start = f.End
	}
	return start
}

// treats reports whether a value is such signs, whichever of its alternatives it is.
func (x *expansion) treats(v analyzers.Value, depth int) bool {
	const deepest = 12
	if depth > deepest || len(v.Parts) == 0 {
		return false
	}
	return !slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool {
		h := p.Hole
		switch {
		case h == nil:
			return strings.Trim(p.Text, treatments) != ""
		case h.Default != nil:
			return !x.treats(*h.Default, depth+1)
		case len(h.Values) > 0:
			return slices.ContainsFunc(h.Values, func(v analyzers.Value) bool { return !x.treats(v, depth+1) })
		}
		known, ok := x.known(analyzers.Hole{Space: lineSpace, Name: h.Name})
		return !ok || !x.treats(known, depth+1)
	})
}

// cut returns the bytes [start, end) of an expansion as one.
func (x *expansion) cut(start, end int) *expansion {
	one := &expansion{reader: x.reader, bytes: x.bytes[start:end], offsets: x.offsets[start:end]}
	for _, f := range x.fills {
		if f.Start >= start && f.End <= end {
			one.fills = append(one.fills, shell.Fill{Start: f.Start - start, End: f.End - start, Value: f.Value})
		}
	}
	return one
}
