package shell

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// word is a word of a command and what it expands to.
type word struct {
	value   analyzers.Value
	text    string       // what it expands to, if literal
	literal bool         // nothing in it is expanded
	node    *syntax.Word // nil for words that are not written as such
	printed *stream      // what the commands print, for a word that is a command or process substitution and nothing else
}

// word expands a word. Its command substitutions happen now.
func (r *reader) word(n *syntax.Word) word {
	w := word{node: n}
	if list, ok := sole(n); ok {
		w.printed = r.output(list)
		w.value = analyzers.Value{At: r.at(n), Parts: w.printed.value.Parts}
		if len(w.value.Parts) == 0 {
			w.value.Parts = r.unknown(int(n.Pos().Offset()))
		}
	} else {
		w.value = r.value(n)
	}
	w.text, w.literal = w.value.Text()
	return w
}

// sole returns the statements of the command or process substitution that a word consists of, quoted or not.
func sole(n *syntax.Word) (list []*syntax.Stmt, ok bool) {
	if len(n.Parts) != 1 {
		return nil, false
	}
	part := n.Parts[0]
	if q, quoted := part.(*syntax.DblQuoted); quoted && len(q.Parts) == 1 {
		part = q.Parts[0]
	}
	switch part := part.(type) {
	case *syntax.CmdSubst:
		return part.Stmts, true
	case *syntax.ProcSubst:
		return part.Stmts, true
	}
	return nil, false
}

// value returns what a word expands to, as one value: splitting and globbing are left to who uses it.
func (r *reader) value(n *syntax.Word) analyzers.Value {
	if n == nil || len(n.Parts) == 0 {
		return analyzers.Value{}
	}
	return analyzers.Value{Parts: r.parts(n.Parts, unquoted), At: r.at(n)}
}

// quoting says what a backslash does.
type quoting int

const (
	unquoted     quoting = iota // takes the next character its meaning
	doubleQuoted                // only of those that mean something in double quotes
	hereDocument                // likewise, a quote being none of them
	raw                         // nothing
	ansi                        // begins an escape of $'…'
)

func (r *reader) parts(nodes []syntax.WordPart, q quoting) []analyzers.Part {
	if len(nodes) == 1 { // most often
		return slices.Clip(r.part(nodes[0], q))
	}
	parts := slices.Grow([]analyzers.Part(nil), len(nodes))
	for _, n := range nodes {
		parts = append(parts, r.part(n, q)...)
	}
	return slices.Clip(parts)
}

func (r *reader) part(n syntax.WordPart, q quoting) []analyzers.Part {
	start, end := int(n.Pos().Offset()), int(n.End().Offset())
	switch n := n.(type) {
	case *syntax.Lit:
		start, end = r.extent(n)
		return r.literal(start, end, q)
	case *syntax.SglQuoted:
		if n.Dollar {
			return r.literal(start+len("$'"), end-1, ansi)
		}
		return r.literal(start+1, end-1, raw)
	case *syntax.DblQuoted:
		return r.parts(n.Parts, doubleQuoted)
	case *syntax.ParamExp:
		return r.parameter(n)
	case *syntax.CmdSubst:
		if s := r.output(n.Stmts); len(s.value.Parts) > 0 {
			return s.value.Parts
		}
		return r.unknown(start)
	case *syntax.ProcSubst:
		r.child(n.Stmts)
		return r.unknown(start)
	case *syntax.ArithmExp:
		r.arithmetic(n.X)
		return r.unknown(start)
	}
	return r.unknown(start) // extended globs, brace expansions
}

// unknown returns the part for a text that is computed by what begins at an offset. It is no hole, since no name is read; as a
// literal without text it makes the text of its value unknown.
func (r *reader) unknown(start int) []analyzers.Part {
	return []analyzers.Part{{Span: r.text.span(start, start+1)}}
}

// unknownAt is like [reader.unknown] for a place.
func (r *reader) unknownAt(at detectors.Place) analyzers.Part {
	return analyzers.Part{Span: detectors.Span{Start: at.Span.Start, End: at.Span.Start + 1}}
}

// synthetic returns a part that stands for text which is not written as such.
func synthetic(text string) []analyzers.Part {
	if text == "" {
		return nil
	}
	return []analyzers.Part{{Text: text}}
}

// maxLiteral is the length up to which the text of a literal is kept; beyond it the text counts as unknown.
const maxLiteral = 1 << 14

// literal returns the parts for the bytes [start, end) of the piece: texts, and what placeholders among them stand for.
func (r *reader) literal(start, end int, q quoting) []analyzers.Part {
	start, end = max(0, start), min(end, len(r.text.bytes))
	var parts []analyzers.Part
	for start < end {
		f, next := r.text.fill(start, end)
		if f != nil {
			parts = append(parts, f.Value.Parts...)
			start = f.End
			continue
		}
		text := unescape(r.text.bytes[start:next], q)
		if len(text) > maxLiteral {
			text = ""
		}
		if text != "" || next-start > maxLiteral {
			parts = append(parts, analyzers.Part{Text: text, Span: r.text.span(start, next)})
		}
		start = next
	}
	return parts
}

// unescape removes the backslashes that quote.
func unescape(src []byte, q quoting) string {
	if q == raw || bytes.IndexByte(src, '\\') < 0 {
		return string(src)
	}
	var b strings.Builder
	unescaped(src, q, func(text string, _ int) { b.WriteString(text) })
	return b.String()
}

// unescaped calls write for each byte or escape, with what it stands for and its offset.
func unescaped(src []byte, q quoting, write func(text string, offset int)) {
	for i := 0; i < len(src); i++ {
		if q == raw || src[i] != '\\' || i+1 == len(src) {
			write(string(src[i:i+1]), i)
			continue
		}
		next := src[i+1]
		switch {
		case q == ansi:
			write(ansiEscape(next), i)
		case next == '\n':
		case q == unquoted, strings.IndexByte("$`\\", next) >= 0, q == doubleQuoted && next == '"':
			write(string(src[i+1:i+2]), i+1)
		default:
			write(string(src[i:i+2]), i)
		}
		i++
	}
}

// ansiEscape returns what a backslash and c stand for in $'…'. Numeric escapes are kept as they are.
func ansiEscape(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 'r':
		return "\r"
	case '\\', '\'', '"', '?':
		return string(c)
	}
	return `\` + string(c)
}

// parameter returns what $X, ${X} and ${X…} expand to.
func (r *reader) parameter(n *syntax.ParamExp) []analyzers.Part {
	start := int(n.Pos().Offset())
	if n.Param == nil || n.Length || n.Width || n.IsSet || n.Names != 0 {
		return r.unknown(start)
	}
	name := n.Param.Value
	if n.Excl && n.Index != nil { // the indices of an array
		return r.unknown(start)
	}
	if n.Excl {
		parts := r.indirect(name, start)
		if n.Exp != nil && (n.Exp.Op == syntax.DefaultUnset || n.Exp.Op == syntax.DefaultUnsetOrNull) {
			return withDefault(parts, r.value(n.Exp.Word), n.Exp.Op == syntax.DefaultUnset)
		}
		return parts
	}
	if n.Exp != nil && isSuffix(n.Exp.Op) && (name == "0" || name == "BASH_SOURCE") {
		return synthetic(r.scriptDir()) // ${0%/*}
	}
	parts := r.named(name, start)
	if n.Index != nil && !isList(n) {
		parts = r.element(name, r.key(n.Index), start)
	}
	switch {
	case n.Exp != nil:
		return r.expansion(n, name, parts)
	case n.Repl != nil || n.Slice != nil:
		return append(parts, r.unknown(start)...)
	}
	return parts
}

func isSuffix(op syntax.ParExpOperator) bool {
	return op == syntax.RemSmallSuffix || op == syntax.RemLargeSuffix
}

// expansion returns what ${X-…} and its like expand to, parts being what $X does.
func (r *reader) expansion(n *syntax.ParamExp, name string, parts []analyzers.Part) []analyzers.Part {
	switch n.Exp.Op {
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		return r.value(n.Exp.Word).Parts
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		return parts
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		fallback := r.value(n.Exp.Word)
		if n.Exp.Op == syntax.AssignUnset || n.Exp.Op == syntax.AssignUnsetOrNull {
			r.emit(analyzers.Step{Op: analyzers.OpSet, At: r.at(n), Name: name, Value: fallback, IfUnset: true})
		}
		r.defaults(parts, fallback, r.at(n))
		return withDefault(parts, fallback, n.Exp.Op == syntax.DefaultUnset || n.Exp.Op == syntax.AssignUnset)
	}
	if space, ok := cases[n.Exp.Op]; ok && r.value(n.Exp.Word).Parts == nil {
		return r.cased(space, parts)
	}
	return append(parts, r.unknown(int(n.Pos().Offset()))...) // it is derived from the name
}

// cases are the spaces of values that an expansion puts into capitals or small letters as a whole.
var cases = map[syntax.ParExpOperator]string{syntax.UpperAll: analyzers.Upper, syntax.LowerAll: analyzers.Lower}

// cased returns parts put into capitals or small letters.
func (r *reader) cased(space string, parts []analyzers.Part) []analyzers.Part {
	hole := &analyzers.Hole{Space: space, Values: []analyzers.Value{{Parts: parts}}}
	if text, known := r.resolve(analyzers.Value{Parts: parts}); known && len(text) <= maxLiteral {
		return synthetic(hole.Cased(text))
	}
	return []analyzers.Part{{Hole: hole}}
}

// withDefault gives a value that is one hole a default. That itself stands for a value that is empty, unless it is taken only where none is set.
func withDefault(parts []analyzers.Part, fallback analyzers.Value, unset bool) []analyzers.Part {
	if len(parts) == 0 {
		return fallback.Parts
	}
	if len(parts) != 1 || parts[0].Hole == nil {
		return parts
	}
	switch h := parts[0].Hole; {
	case isElement(h):
		return []analyzers.Part{{Hole: &analyzers.Hole{Space: h.Space, Values: append(slices.Clip(h.Values), otherElement(h, fallback))}}}
	case len(h.Values) > 0 || h.Computed != nil: // of what it is computed of anything may be missing
		return []analyzers.Part{code.Alternatives(parts, fallback.Parts)}
	case h.Default != nil:
		return parts
	}
	hole := *parts[0].Hole
	hole.Default, hole.Unset = &fallback, unset
	return []analyzers.Part{{Hole: &hole}}
}

// named returns what $name expands to.
func (r *reader) named(name string, start int) []analyzers.Part {
	switch name {
	case "@", "*":
		return r.args.all()
	case "#", "?", "$", "!", "-", "_":
		return r.unknown(start)
	case "0", "BASH_SOURCE":
		if r.opt.Script {
			return synthetic(r.pass.Path)
		}
		return r.unknown(start)
	case "GITHUB_ACTION_PATH":
		if base := path.Base(r.pass.Path); base == "action.yml" || base == "action.yaml" {
			return synthetic(path.Dir(r.pass.Path))
		}
	case "PWD", "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILDKITE_BUILD_CHECKOUT_PATH":
		if _, set := r.known.get(name); !set {
			return synthetic(".")
		}
	}
	if name != "" && '0' <= name[0] && name[0] <= '9' {
		if n, err := strconv.Atoi(name); err == nil {
			return r.args.argument(n)
		}
	}
	parts, ok := r.variables[name]
	if !ok {
		parts = []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}}
		r.variables[name] = parts
	}
	return parts
}

// join returns the values with spaces between.
func join(values []analyzers.Value) analyzers.Value {
	joined := slices.Grow([]analyzers.Part(nil), 2*len(values))
	for i, v := range values {
		joined = between(joined, i, v)
	}
	return analyzers.Value{Parts: slices.Clip(joined)}
}

// joinWords is [join] for words.
func joinWords(words []word) analyzers.Value {
	joined := slices.Grow([]analyzers.Part(nil), 2*len(words))
	for i, w := range words {
		joined = between(joined, i, w.value)
	}
	return analyzers.Value{Parts: slices.Clip(joined)}
}

// between adds the i-th value to what is joined.
func between(joined []analyzers.Part, i int, v analyzers.Value) []analyzers.Part {
	if i > 0 {
		joined = append(joined, analyzers.Part{Text: " "})
	}
	return append(joined, v.Parts...)
}

// indirect returns what ${!name} expands to: the value of the variable whose name is the value of name.
func (r *reader) indirect(name string, start int) []analyzers.Part {
	return r.namedBy(analyzers.Value{At: r.place(start, start+1), Parts: r.named(name, start)}, start)
}

// namedBy returns what the variable holds whose name is a value. If only the name's beginning is known it can be any variable that begins so.
func (r *reader) namedBy(of analyzers.Value, start int) []analyzers.Part {
	k := r.know(of)
	if k.whole && syntax.ValidName(k.prefix) {
		return r.named(k.prefix, start)
	}
	hole := &analyzers.Hole{Computed: &of}
	if len(k.prefix) > 2 && syntax.ValidName(k.prefix) {
		hole.Default = &analyzers.Value{Parts: append([]analyzers.Part{{Hole: &analyzers.Hole{Name: k.prefix, All: true}}}, r.unknown(start)...)}
	} else { // it may be told when the script runs
		r.emit(analyzers.Step{
			Op: analyzers.OpBlock, At: of.At, Guard: &analyzers.Guard{Value: of, Patterns: []string{""}},
			Steps: []analyzers.Step{{Op: analyzers.OpGap, At: of.At, Says: r.what() + computedName}},
		})
	}
	return []analyzers.Part{{Hole: hole}}
}

// knowledge is what is known of a variable's text.
type knowledge struct {
	prefix string           // its beginning
	whole  bool             // it is all of it
	parts  []analyzers.Part // the literals of which it consists
	value  analyzers.Value  // what it was set to

	selects   bool // it is an argument, or a variable that selects an environment
	byDefault bool // a default was taken: who runs the piece may give something else
}

// know returns what is known of a value's text from what was assigned before, defaults being taken where nothing was.
func (r *reader) know(v analyzers.Value) knowledge {
	k := knowledge{whole: true}
	for _, p := range v.Parts {
		one := r.knowPart(p)
		k.prefix += one.prefix
		k.parts = append(k.parts, one.parts...)
		k.byDefault = k.byDefault || one.byDefault
		k.whole = one.whole && len(k.prefix) <= maxLiteral && len(k.parts) <= maxFields
		if !k.whole {
			break
		}
	}
	return k
}

func (r *reader) knowPart(p analyzers.Part) knowledge {
	if p.Hole == nil {
		k := knowledge{prefix: p.Text, whole: p.Text != "" || p.Span.Empty()}
		if p.Text != "" {
			k.parts = []analyzers.Part{p}
		}
		return k
	}
	if k, ok := r.known.get(p.Hole.Name); ok && p.Hole.Space == "" {
		return k
	}
	if p.Hole.Space == analyzers.Upper || p.Hole.Space == analyzers.Lower {
		text, whole := r.resolve(p.Hole.Values[0])
		return knowledge{prefix: p.Hole.Cased(text), whole: whole, parts: synthetic(p.Hole.Cased(text))}
	}
	if k, ok := r.given[p.Hole.Name]; ok && p.Hole.Space == "given" {
		return k
	}
	if k, ok := r.callerKnows(p.Hole); ok {
		return k
	}
	if p.Hole.Default != nil {
		k := r.know(*p.Hole.Default)
		k.byDefault = true
		return k
	}
	return knowledge{}
}

// maxKnown bounds how many values that the caller knows stand for each other.
const maxKnown = 50

// callerKnows returns what the caller of the piece knows of a hole. Each is asked for once; one that leads to itself is not known.
func (r *reader) callerKnows(h *analyzers.Hole) (knowledge, bool) {
	if r.opt.Known == nil || h.Space == "" {
		return knowledge{}, false
	}
	key := h.Space + "\x00" + h.Name
	if k, ok := r.given[key]; ok {
		return k, k.whole || len(k.parts) > 0
	}
	r.given[key] = knowledge{}
	v, ok := r.opt.Known(*h)
	if !ok {
		return knowledge{}, false
	}
	if r.asked >= maxKnown {
		r.pass.Gap(r.pass.At(0, 0), "variables stand for each other too many times; what those that are reached so hold is not known where commands are read")
		return knowledge{}, false
	}
	r.asked++
	k := r.know(v)
	r.asked--
	k.value = v
	r.given[key] = k
	return k, true
}

// maxSpread bounds how often a variable in the words of a command stands for another one.
const maxSpread = 8

// spread returns the words into which a word splits when what is known of its variables is put in. Variables that are a part of a word
// stay, since what they are may be known better when the piece runs.
func (r *reader) spread(w word) []word {
	parts, split := r.flatten(w.value.Parts, 0)
	if !split {
		return []word{w}
	}
	return fieldsIn(parts, w.value.At)
}

// fieldsIn returns the words into which the parts of a value split where they have blanks in them.
func fieldsIn(parts []analyzers.Part, at detectors.Place) []word {
	var words []word
	for _, m := range field.FindAllStringIndex(shape(parts), -1) {
		value := analyzers.Value{At: at, Parts: slice(parts, m[0], m[1])}
		text, literal := value.Text()
		words = append(words, word{value: value, text: text, literal: literal})
	}
	return words
}

// flatten puts in the values of holes that have blanks in them, and reports whether there are such.
func (r *reader) flatten(parts []analyzers.Part, depth int) (flat []analyzers.Part, split bool) {
	for _, p := range parts {
		if p.Hole == nil || depth >= maxSpread || len(flat) > maxFields || *r.budget <= 1 { // the last step is for what says that there is none left
			flat = append(flat, p)
			continue
		}
		*r.budget--
		k := r.knowPart(p)
		inner, deeper := r.flatten(k.value.Parts, depth+1)
		if deeper || slices.ContainsFunc(inner, blankIn) {
			flat, split = append(flat, inner...), true
		} else {
			flat = append(flat, p)
		}
	}
	return flat, split
}

func blankIn(p analyzers.Part) bool { return p.Hole == nil && strings.ContainsAny(p.Text, " \t\n") }

// fieldsOf returns the words into which the known text of a value splits.
func fieldsOf(k knowledge, at detectors.Place) []word {
	var words []word
	for _, m := range field.FindAllStringIndex(k.prefix, -1) {
		value := analyzers.Value{At: at, Parts: slice(k.parts, m[0], m[1])}
		text, literal := value.Text()
		words = append(words, word{value: value, text: text, literal: literal})
	}
	return words
}

var field = lazyregexp.New(`\S+`)

// resolve returns the text of a value as far as what was assigned before tells.
func (r *reader) resolve(v analyzers.Value) (text string, ok bool) {
	k := r.know(v)
	return k.prefix, k.whole
}

// scriptDir returns the folder of the script relative to the root, "." for the root. A piece of another file has no own folder.
func (r *reader) scriptDir() string {
	if r.opt.Script {
		return path.Dir(r.pass.Path)
	}
	return "."
}

// arithmetic makes the command substitutions in an arithmetic expression happen.
func (r *reader) arithmetic(x syntax.ArithmExpr) {
	if x == nil {
		return
	}
	syntax.Walk(x, func(n syntax.Node) bool {
		if w, ok := n.(*syntax.Word); ok {
			r.value(w)
			return false
		}
		return true
	})
}

// below returns a path as seen from where the program began, given one as seen from where the reader stands.
func (r *reader) below(file analyzers.Value) analyzers.Value {
	if r.dir == "" || r.dir == "." || len(file.Parts) == 0 {
		return file
	}
	first := file.Parts[0]
	if first.Hole != nil || strings.HasPrefix(first.Text, "/") {
		return file
	}
	file.Parts = append(synthetic(r.dir+"/"), file.Parts...)
	return file
}

// file returns a path that is not written as such, as seen from where the program began.
func (r *reader) file(name string, at detectors.Place) analyzers.Value {
	return r.below(analyzers.Value{Parts: synthetic(name), At: at})
}
