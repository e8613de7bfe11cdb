package makefile

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

// The spaces in which the values of a variable are, beside the environment, the one that wins first. A name is looked up in all.
const (
	lineSpace     = shell.Overrides // set on the command line
	targetSpace   = "maketarget"    // set for a target and what it needs
	overrideSpace = "makeoverride"  // set by the file with override
	fileSpace     = "make"          // set by the file
)

// variable returns a value that is the value of a variable of make.
func variable(name string, at detectors.Place) analyzers.Value {
	value := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}}}
	return within(value, name, fileSpace, overrideSpace, targetSpace, lineSpace)
}

// within returns the value of a name in the last of some spaces in which it is set, and else another value.
func within(value analyzers.Value, name string, spaces ...string) analyzers.Value {
	for _, space := range spaces {
		hole := &analyzers.Hole{Space: space, Name: name, Default: new(value), Unset: true}
		value = analyzers.Value{At: value.At, Parts: []analyzers.Part{{Hole: hole}}}
	}
	return value
}

// otherwise returns what a variable is that is set in a space only if it is not defined: what it has already, the environment's included.
func otherwise(name string, value analyzers.Value, space string) analyzers.Value {
	value = within(value, name, "")
	if space == targetSpace {
		value = within(value, name, fileSpace)
	}
	return value
}

// Limits of expansion.
const (
	maxExpansion = 8       // variables whose text is put in place of their name, inside each other
	maxExpanded  = 1 << 18 // bytes of one expansion
	maxWork      = 1 << 22 // bytes and variables of all expansions of a file
)

// works counts work, and reports whether the file may cause more of it.
func (r *reader) works(n int) bool {
	if r.work < maxWork && r.work+n >= maxWork {
		r.pass.Gap(r.place(0, 0), "the makefile's variables expand to too much; what is cut off is not seen")
	}
	r.work += n
	return r.work < maxWork
}

// expansion is a text of make with its variables put in: the text that a shell reads, or the parts of a value.
type expansion struct {
	*reader
	local map[string]analyzers.Value // automatic variables, and the arguments of a call
	depth int

	bytes   []byte
	offsets []int
	fills   []shell.Fill
	steps   []analyzers.Step // what happens when the text is expanded: $(shell …)
}

func (r *reader) expansion(local map[string]analyzers.Value) *expansion {
	return &expansion{reader: r, local: local}
}

func (x *expansion) write(text string, offset int) {
	x.bytes = append(x.bytes, text...)
	for range len(text) {
		x.offsets = append(x.offsets, offset)
	}
}

// fill writes a placeholder for a value.
func (x *expansion) fill(value analyzers.Value, offset int) {
	start := len(x.bytes)
	x.write("____", offset)
	x.fills = append(x.fills, shell.Fill{Start: start, End: len(x.bytes), Value: value})
}

// at returns where a byte of the expansion is written.
func (x *expansion) at(offset int) int {
	switch {
	case len(x.offsets) == 0:
		return 0
	case offset >= len(x.offsets):
		return x.offsets[len(x.offsets)-1] + 1
	}
	return x.offsets[max(offset, 0)]
}

// value returns the expansion as a value.
func (x *expansion) value(at detectors.Place) analyzers.Value {
	v := analyzers.Value{At: at}
	next := 0
	literal := func(end int) {
		for next < end {
			last := next
			for last+1 < end && x.offsets[last+1] == x.offsets[last]+1 {
				last++
			}
			v.Parts = append(v.Parts, analyzers.Part{
				Text: string(x.bytes[next : last+1]),
				Span: detectors.Span{Start: x.offsets[next], End: x.offsets[last] + 1},
			})
			next = last + 1
		}
	}
	for _, f := range x.fills {
		literal(f.Start)
		v.Parts = append(v.Parts, f.Value.Parts...)
		next = f.End
	}
	literal(len(x.bytes))
	return v
}

// text expands the bytes of a span. In a recipe a tab behind a continued line is none of the shell's.
func (x *expansion) text(span detectors.Span, recipe bool) {
	if !x.works(1 + span.End - span.Start) {
		return
	}
	for i := span.Start; i < span.End && len(x.bytes) < maxExpanded; {
		switch c := x.data[i]; {
		case c == '$' && i+1 < span.End:
			i = x.dollar(i, span.End)
		case c == '\\' && i+1 < span.End && x.data[i+1] == '\n' && !recipe:
			x.write(" ", i)
			for i += 2; i < span.End && (isBlank(x.data[i]) || x.data[i] == '\n'); i++ {
			}
		case c == '\n' && recipe && i+1 < span.End && x.data[i+1] == '\t':
			x.write("\n", i)
			i += 2
		default:
			x.write(string(x.data[i:i+1]), i)
			i++
		}
	}
}

// dollar expands what begins with the dollar sign at an offset, and returns where it ends.
func (x *expansion) dollar(start, limit int) int {
	switch c := x.data[start+1]; c {
	case '$':
		x.write("$", start)
		return start + 2
	case '(', '{':
		end := -1
		if x.works(1) {
			end = closing(x.data[:limit], start+1)
		}
		if end < 0 {
			x.works(limit - start) // up to there it was looked for
			x.write("$", start)
			return start + 1
		}
		x.reference(detectors.Span{Start: start + 2, End: end}, start)
		return end + 1
	default:
		x.name(string(x.data[start+1:start+2]), start)
		return start + 2
	}
}

// closing returns the offset of the bracket that closes the one at open, -1 if there is none.
func closing(data []byte, open int) int {
	opener := data[open]
	closer := byte(')')
	if opener == '{' {
		closer = '}'
	}
	depth := 0
	for i := open; i < len(data); i++ {
		switch data[i] {
		case opener:
			depth++
		case closer:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// reference expands what stands between the brackets of $(…).
func (x *expansion) reference(span detectors.Span, start int) {
	if function, args := x.called(span); function != "" {
		x.function(function, args, start)
		return
	}
	name := string(x.data[span.Start:span.End])
	if i := strings.IndexByte(name, ':'); i > 0 && strings.Contains(name[i:], "=") { // $(NAME:a=b)
		x.computed(variable(name[:i], x.place(start, span.End)).Parts, start)
		return
	}
	if strings.Contains(name, "$") {
		inner := x.inner()
		inner.text(span, false)
		v := inner.value(x.place(start, span.End))
		if x.choose(v, span, start) {
			return
		}
		known, ok := x.textOf(v)
		if !ok {
			x.other(v, span, start)
			return
		}
		name = known
	}
	x.name(strings.TrimSpace(name), start)
}

// called returns the function, and its arguments, that is called by what stands between the brackets of $(…); "" if that is none.
func (f *file) called(span detectors.Span) (function string, args []detectors.Span) {
	text := f.data[span.Start:span.End]
	end := bytes.IndexAny(text, " \t\n")
	if end < 0 || !functions[string(text[:end])] {
		return "", nil
	}
	arguments := detectors.Span{Start: span.Start + end, End: span.End}
	for arguments.Start < arguments.End && (isBlank(f.data[arguments.Start]) || f.data[arguments.Start] == '\n') {
		arguments.Start++
	}
	return string(text[:end]), f.arguments(arguments)
}

// choose expands a variable whose name is computed: it is one of those of the file whose names fit what is known of it, each being
// the one where the name is its own. It reports whether there are any.
func (x *expansion) choose(name analyzers.Value, span detectors.Span, start int) bool {
	var pattern strings.Builder
	for _, p := range name.Parts {
		if p.Hole != nil || p.Text == "" {
			pattern.WriteByte('*')
			continue
		}
		pattern.WriteString(p.Text)
	}
	if text := pattern.String(); !strings.Contains(text, "*") || strings.Trim(text, "*") == "" || !x.works(len(x.sets)) {
		return false
	}
	id := string(x.data[span.Start:span.End])
	if len(x.local) > 0 { // which are others in the next round, or call
		id += " " + strconv.Itoa(start)
	}
	var steps []analyzers.Step
	for _, candidate := range x.sets {
		if fits, err := path.Match(pattern.String(), candidate); err != nil || !fits || len(steps) == maxConditions {
			continue
		}
		x.used[candidate] = true
		set := analyzers.Step{Op: analyzers.OpSet, At: name.At, Space: computedSpace, Name: id, Value: variable(candidate, name.At)}
		guard := &analyzers.Guard{Value: name, Patterns: []string{candidate}}
		steps = append(steps, analyzers.Step{Op: analyzers.OpBlock, At: name.At, Guard: guard, Steps: []analyzers.Step{set}})
	}
	if len(steps) == 0 {
		return false
	}
	x.steps = append(x.steps, steps...)
	x.fill(analyzers.Value{At: name.At, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: computedSpace, Name: id}}}}, start)
	return true
}

// other expands a variable whose name is computed and fits none of the file's: another file may set it.
func (x *expansion) other(name analyzers.Value, span detectors.Span, start int) {
	if !slices.ContainsFunc(name.Parts, func(p analyzers.Part) bool { return p.Hole == nil && p.Text != "" }) {
		x.pass.Gap(x.place(start, span.End), "a variable whose name is computed; what it holds is not followed")
		x.computed(nil, start)
		return
	}
	hole := &analyzers.Hole{Space: fileSpace, Name: string(x.data[span.Start:span.End]), Computed: &name}
	x.fill(analyzers.Value{At: name.At, Parts: []analyzers.Part{{Hole: hole}}}, start)
}

// computedSpace is where the variables are whose names are computed, by the place where they are expanded.
const computedSpace = "computed"

// inner returns an expansion inside this one.
func (x *expansion) inner() *expansion {
	return &expansion{reader: x.reader, local: x.local, depth: x.depth + 1}
}

// name expands a variable.
func (x *expansion) name(name string, start int) {
	at := x.place(start, start+1)
	if v, ok := x.local[name]; ok {
		x.put(v, start)
		return
	}
	switch name {
	case "MAKE":
		x.write("make", start)
		return
	case "CURDIR", "PWD":
		x.write(".", start)
		return
	case "MAKEFILE_LIST":
		x.put(analyzers.Value{At: at, Parts: []analyzers.Part{{Text: path.Base(x.pass.Path)}}}, start)
		return
	case "SHELL":
		x.write("sh", start)
		return
	case "MAKEFLAGS", "MFLAGS", "@D", "@F", "?", "|", "+":
		return
	}
	d, defined := x.defined[name]
	if text, ok := builtin[name]; ok && !defined {
		x.write(text, start)
		return
	}
	if defined && x.depth < maxExpansion && strings.Trim(string(x.data[d.value.Start:d.value.End]), "@-+ ") == "" && !d.value.Empty() {
		x.write(string(x.data[d.value.Start:d.value.End]), start) // Q = @, which make takes off a command
		return
	}
	if defined && x.depth < maxExpansion && (d.define || d.operator == "=" && bytes.Contains(x.data[d.value.Start:d.value.End], []byte("$(shell"))) {
		inner := x.inner()
		inner.text(d.value, false)
		x.steps = append(x.steps, inner.steps...)
		if d.define {
			x.splice(inner)
			return
		}
	}
	x.used[name] = true
	x.fill(variable(name, at), start)
}

// builtin are variables that make sets itself, and prefixes of commands that are empty unless somebody asks for them.
var builtin = map[string]string{
	"AR": "ar", "AS": "as", "CC": "cc", "CXX": "g++", "CPP": "cc -E", "FC": "f77", "LD": "ld", "LEX": "lex", "YACC": "yacc", "RM": "rm -f",
	"INSTALL": "install", "Q": "", "AT": "", "V": "", "SUDO": "", "DRY_RUN": "",
}

// put writes a value: its text where that is written, and placeholders for the rest.
func (x *expansion) put(v analyzers.Value, start int) {
	for _, p := range v.Parts {
		if p.Hole != nil || p.Text == "" {
			x.fill(analyzers.Value{At: v.At, Parts: []analyzers.Part{p}}, start)
			continue
		}
		exact := p.Span.End-p.Span.Start == len(p.Text)
		for i := range len(p.Text) {
			offset := start
			switch {
			case exact:
				offset = p.Span.Start + i
			case !p.Span.Empty():
				offset = p.Span.Start
			}
			x.write(p.Text[i:i+1], offset)
		}
	}
}

// splice writes what another expansion holds.
func (x *expansion) splice(inner *expansion) {
	if len(x.bytes)+len(inner.bytes) > maxExpanded {
		return
	}
	base := len(x.bytes)
	x.bytes = append(x.bytes, inner.bytes...)
	x.offsets = append(x.offsets, inner.offsets...)
	for _, f := range inner.fills {
		x.fills = append(x.fills, shell.Fill{Start: base + f.Start, End: base + f.End, Value: f.Value})
	}
}

// computed writes a placeholder for a text that is computed from values.
func (x *expansion) computed(parts []analyzers.Part, start int) {
	unknown := analyzers.Part{Span: detectors.Span{Start: start, End: start + 1}}
	x.fill(analyzers.Value{At: x.place(start, start+1), Parts: append(slices.Clone(parts), unknown)}, start)
}

// functions are the functions of GNU make (https://www.gnu.org/software/make/manual/make.html#Functions).
var functions = map[string]bool{
	"abspath": true, "addprefix": true, "addsuffix": true, "and": true, "basename": true, "call": true, "dir": true, "error": true,
	"eval": true, "file": true, "filter": true, "filter-out": true, "findstring": true, "firstword": true, "flavor": true,
	"foreach": true, "guile": true, "if": true, "info": true, "join": true, "lastword": true, "let": true, "notdir": true, "or": true,
	"origin": true, "patsubst": true, "realpath": true, "shell": true, "sort": true, "strip": true, "subst": true, "suffix": true,
	"value": true, "warning": true, "wildcard": true, "word": true, "wordlist": true, "words": true, "intcmp": true,
}

// arguments returns the arguments of a function, which are apart by commas.
func (f *file) arguments(span detectors.Span) []detectors.Span {
	var list []detectors.Span
	for {
		comma := topLevel(f.data[span.Start:span.End], ',')
		if comma < 0 || len(list) > maxConditions {
			return append(list, span)
		}
		list = append(list, detectors.Span{Start: span.Start, End: span.Start + comma})
		span.Start += comma + 1
	}
}

// function expands a function.
func (x *expansion) function(name string, args []detectors.Span, start int) {
	if x.depth >= maxExpansion {
		x.computed(nil, start)
		return
	}
	switch name {
	case "shell":
		x.shell(args, start)
	case "call":
		x.call(args, start)
	case "eval":
		x.evaluate(detectors.Span{Start: args[0].Start, End: args[len(args)-1].End})
	case "foreach":
		x.foreach(args, start)
	case "info", "warning", "error", "file", "origin", "flavor", "words":
		for _, a := range args {
			x.expanded(a)
		}
	case "value":
		x.name(strings.TrimSpace(string(x.data[args[0].Start:args[0].End])), start)
	case "firstword", "lastword", "word", "wordlist", "filter", "filter-out":
		x.some(name, args, start)
	case "strip", "sort", "abspath", "realpath", "wildcard":
		x.put(x.expanded(args[len(args)-1]), start)
	case "dir", "notdir", "basename":
		v := x.expanded(args[0])
		text, ok := x.textOf(v)
		if !ok {
			x.computed(v.Parts, start)
			return
		}
		switch name {
		case "dir":
			text = path.Dir(text) + "/"
		case "notdir":
			text = path.Base(text)
		default:
			text = strings.TrimSuffix(text, path.Ext(text))
		}
		x.put(analyzers.Value{At: v.At, Parts: []analyzers.Part{{Text: text, Span: args[0]}}}, start)
	case "or":
		x.put(x.or(args, start), start)
	case "and":
		x.put(x.and(args, start), start)
	case "if":
		x.put(x.conditional(args, start), start)
	case "addprefix":
		x.put(x.expanded(args[0]), start)
		x.put(x.expanded(args[len(args)-1]), start)
	default:
		var parts []analyzers.Part
		for _, a := range args {
			parts = append(parts, withheld(x.expanded(a))...)
		}
		x.computed(parts, start)
	}
}

// withheld returns the parts of a value of whose texts others are made.
func withheld(v analyzers.Value) []analyzers.Part {
	var parts []analyzers.Part
	for _, p := range v.Parts {
		if p.Hole != nil || !p.Span.Empty() {
			parts = append(parts, analyzers.Part{Hole: p.Hole, Span: p.Span})
		}
	}
	return parts
}

// some expands a function that takes some of the words of its last argument. Of one whose words are not known it is all.
func (x *expansion) some(name string, args []detectors.Span, start int) {
	list := x.inner()
	list.text(args[len(args)-1], false)
	x.steps = append(x.steps, list.steps...)
	words := list.words()
	var which []string
	known := true
	for _, a := range args[:len(args)-1] {
		text, ok := x.expanded(a).Text()
		known = known && ok
		which = append(which, strings.Fields(text)...)
	}
	switch all := list.value(x.place(start, start+1)); {
	case len(list.fills) > 0:
		x.put(all, start)
		return
	case !known:
		x.computed(withheld(all), start)
		return
	}
	for i, w := range taken(name, which, words) {
		if i > 0 {
			x.write(" ", start)
		}
		x.splice(w)
	}
}

// taken returns the words that a function takes, of which other arguments say which.
func taken(name string, which []string, words []*expansion) []*expansion {
	between := func(first, last int) []*expansion {
		last = min(last, len(words))
		return words[min(max(first-1, 0), last):last]
	}
	switch name {
	case "firstword":
		return between(1, 1)
	case "lastword":
		return between(len(words), len(words))
	case "word", "wordlist":
		if len(which) == 0 {
			return nil
		}
		first, _ := strconv.Atoi(which[0])
		last, _ := strconv.Atoi(which[len(which)-1])
		return between(first, last)
	}
	return slices.DeleteFunc(words, func(w *expansion) bool {
		fits := slices.ContainsFunc(which, func(pattern string) bool {
			_, ok := match(pattern, string(w.bytes))
			return ok || pattern == string(w.bytes)
		})
		return fits != (name == "filter")
	})
}

// words returns the words of an expansion.
func (x *expansion) words() []*expansion {
	var words []*expansion
	for start := 0; start < len(x.bytes); {
		if isBlank(x.bytes[start]) || x.bytes[start] == '\n' {
			start++
			continue
		}
		end := start
		for end < len(x.bytes) && !isBlank(x.bytes[end]) && x.bytes[end] != '\n' {
			end++
		}
		words = append(words, x.cut(start, end))
		start = end
	}
	return words
}

// evaluate expands $(eval …): its text is read as a part of the file. What it sets holds for everything that is made after it.
func (x *expansion) evaluate(span detectors.Span) {
	p := &parser{file: &file{data: x.data}}
	p.directive(p.trim(span))
	for _, s := range p.statements {
		x.steps = append(x.steps, x.statement(s)...)
		switch {
		case s.kind == exports && !s.words.Empty() || s.kind == assigns && s.assign.export:
			x.steps = append(x.steps, x.exportsOf(s)...)
		case s.kind == assigns:
			x.steps = append(x.steps, x.exportedAgain(s.assign.name, x.place(span.Start, span.End)))
		}
	}
}

// foreach expands $(foreach name,list,text): the text for each word of the list, if the list is known.
func (x *expansion) foreach(args []detectors.Span, start int) {
	if len(args) < 3 {
		return
	}
	list := x.inner()
	list.text(args[1], false)
	x.steps = append(x.steps, list.steps...)
	all := list.value(x.place(args[1].Start, args[1].End))
	if len(list.fills) > 0 {
		parts, known := x.texts(all, 0)
		if !known {
			x.computed(all.Parts, start)
			return
		}
		list = x.inner()
		list.put(analyzers.Value{Parts: parts}, start)
	}
	words := list.words()
	if len(words) > maxConditions {
		x.computed(withheld(all), start)
		return
	}
	name := strings.TrimSpace(string(x.data[args[0].Start:args[0].End]))
	body := detectors.Span{Start: args[2].Start, End: args[len(args)-1].End}
	for i, word := range words {
		inner := x.inner()
		inner.local = maps.Clone(x.local)
		if inner.local == nil {
			inner.local = map[string]analyzers.Value{}
		}
		inner.local[name] = word.value(all.At)
		inner.text(body, false)
		if i > 0 {
			x.write(" ", start)
		}
		x.steps = append(x.steps, inner.steps...)
		x.splice(inner)
	}
}

// expanded expands an argument. What happens in it happens here.
func (x *expansion) expanded(span detectors.Span) analyzers.Value {
	inner := x.inner()
	inner.text(span, false)
	x.steps = append(x.steps, inner.steps...)
	return inner.value(x.place(span.Start, span.End))
}

// or returns the value of the first argument that is not empty.
func (x *expansion) or(args []detectors.Span, start int) analyzers.Value {
	v := x.expanded(args[0])
	if len(args) == 1 || isText(v) && !blank(v) {
		return v
	}
	rest := x.or(args[1:], start)
	if blank(v) {
		return rest
	}
	return x.choice(args[0], v, rest, start)
}

// and returns the value of the last argument if none is empty.
func (x *expansion) and(args []detectors.Span, start int) analyzers.Value {
	v := x.expanded(args[0])
	if len(args) == 1 || blank(v) {
		return v
	}
	rest := x.and(args[1:], start)
	if isText(v) {
		return rest
	}
	return x.choice(args[0], rest, nothing(v.At), start)
}

// conditional returns the value of the second argument if the first is not empty, and otherwise that of the third.
func (x *expansion) conditional(args []detectors.Span, start int) analyzers.Value {
	asked := x.expanded(args[0])
	values := []analyzers.Value{nothing(asked.At), nothing(asked.At)}
	for i := range min(len(values), len(args)-1) {
		if v := x.expanded(args[i+1]); len(v.Parts) > 0 {
			values[i] = v
		}
	}
	switch {
	case blank(asked):
		return values[1]
	case isText(asked):
		return values[0]
	}
	return x.choice(args[0], values[0], values[1], start)
}

// nothing returns the empty text.
func nothing(at detectors.Place) analyzers.Value {
	return analyzers.Value{At: at, Parts: []analyzers.Part{{}}}
}

// choice returns a value that is one if what is asked is not empty, and another if it is.
func (x *expansion) choice(asked detectors.Span, is, not analyzers.Value, start int) analyzers.Value {
	if g, ok := x.holds(asked); ok {
		is.If, not.If = &g, &analyzers.Guard{Value: g.Value, Patterns: g.Patterns, Not: !g.Not}
	}
	hole := &analyzers.Hole{Space: "choice", Name: strconv.Itoa(start), Values: []analyzers.Value{is, not}}
	return analyzers.Value{At: x.place(start, start+1), Parts: []analyzers.Part{{Hole: hole}}}
}

// isText reports whether a value has no other parts than texts.
func isText(v analyzers.Value) bool {
	_, known := v.Text()
	return known
}

// blank reports whether a value is no more than blanks.
func blank(v analyzers.Value) bool {
	text, known := v.Text()
	return known && strings.TrimSpace(text) == ""
}

// shell expands $(shell …): it runs now.
func (x *expansion) shell(args []detectors.Span, start int) {
	span := detectors.Span{Start: args[0].Start, End: args[len(args)-1].End}
	inner := x.inner()
	inner.text(span, false)
	steps, printed := shell.Output(x.pass, inner.bytes, 0, x.options(inner))
	x.steps = append(append(x.steps, inner.steps...), steps...)
	if len(printed.Parts) == 0 {
		x.computed(nil, start)
		return
	}
	x.fill(printed, start)
}

// call expands $(call NAME,arguments): the text of the variable with the arguments put in.
func (x *expansion) call(args []detectors.Span, start int) {
	name := strings.TrimSpace(string(x.data[args[0].Start:args[0].End]))
	inner := x.inner()
	inner.local = map[string]analyzers.Value{"0": {Parts: []analyzers.Part{{Text: name}}}}
	for key, v := range x.local {
		if _, err := strconv.Atoi(key); err != nil {
			inner.local[key] = v
		}
	}
	var parts []analyzers.Part
	for i, a := range args[1:] {
		v := x.expanded(a)
		inner.local[strconv.Itoa(i+1)] = v
		parts = append(parts, v.Parts...)
	}
	d, ok := x.defined[name]
	if !ok {
		x.computed(parts, start)
		return
	}
	for i := len(args); i < 10; i++ {
		inner.local[strconv.Itoa(i)] = analyzers.Value{}
	}
	inner.text(d.value, false)
	x.steps = append(x.steps, inner.steps...)
	x.splice(inner)
}
