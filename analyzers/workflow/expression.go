package workflow

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rhysd/actionlint"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

const (
	// maxExpression is the length beyond which GitHub refuses an expression; it also bounds how deep one can nest
	// (https://docs.github.com/en/actions/reference/limits).
	maxExpression = 21000
	// maxValues bounds the finite set of values that one place can take.
	maxValues = 64
)

// parse returns an expression's tree, nil if it is none.
func parse(source string) (tree actionlint.ExprNode) {
	if len(source) > maxExpression {
		return nil
	}
	defer func() {
		if recover() != nil {
			tree = nil
		}
	}()
	tree, err := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(source + "}}"))
	if err != nil {
		return nil
	}
	return tree
}

// placeholder is one "${{ … }}" of a text.
type placeholder struct {
	start, end int // with its delimiters
	source     string
	offset     int // of source
}

// placeholders returns those of a text, in order. Braces inside of a string end none.
func placeholders(text string) []placeholder {
	var found []placeholder
	for at := 0; ; {
		i := strings.Index(text[at:], "${{")
		if i < 0 {
			return found
		}
		start := at + i
		end := endOfExpression(text, start+3)
		if end < 0 {
			return found
		}
		found = append(found, placeholder{start, end + 2, text[start+3 : end], start + 3})
		at = end + 2
	}
}

func endOfExpression(text string, at int) int {
	quoted := false
	for ; at < len(text); at++ {
		switch {
		case text[at] == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[at:], "}}"):
			return at
		}
	}
	return -1
}

// evaluator turns expressions into values.
type evaluator struct {
	*file
	inputs  string                       // the space of the inputs
	steps   string                       // the space of the steps' outputs
	secrets bool                         // there is the context secrets
	handed  map[string]bool              // the secrets that callers give by name
	values  map[string][]analyzers.Value // what a name, such as "inputs.stage", can be, where the file says so
	outputs map[string]string            // by the id of a step that uses an action of the repository: the space of its outputs
	only    []test                       // what the job's condition says of names
	aliases map[string]alias             // what a condition says of the environment
	used    map[string]bool              // the names that were looked up
	bound   map[string]bool              // the inputs that a step sets if nobody gives them
	open    bool                         // other files can give inputs

	flat    bool             // no steps can be made: of a choice, all values are possible
	prelude []analyzers.Step // steps that must happen before the values are used
}

// flush returns the steps that must happen before the values that were made since are used.
func (e *evaluator) flush() []analyzers.Step {
	steps := e.prelude
	e.prelude = nil
	return steps
}

// template returns the value of a text with placeholders.
func (e *evaluator) template(text interpolate.Text) analyzers.Value {
	value := analyzers.Value{}
	if text.String == "" {
		return value
	}
	value.At = e.place(text.Span(0, len(text.String)))
	from := 0
	for _, p := range placeholders(text.String) {
		value.Parts = append(value.Parts, text.Slice(from, p.start).Literal()...)
		value.Parts = append(value.Parts, e.placeholder(text, p, value.At)...)
		from = p.end
	}
	value.Parts = append(value.Parts, text.Slice(from, len(text.String)).Literal()...)
	return value
}

// placeholder returns the parts of a placeholder in a text. In a text of several lines it has a place of its own, which a reader finds.
func (e *evaluator) placeholder(text interpolate.Text, p placeholder, at detectors.Place) []analyzers.Part {
	expression := text.Slice(p.offset, p.offset+len(p.source))
	if at.Line == at.EndLine {
		return e.expression(expression, at).Parts
	}
	v := e.expression(expression, e.place(text.Span(p.start, p.end)))
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: "unknown", Values: []analyzers.Value{v}}}}
}

// expression returns the value of an expression, without its delimiters.
func (e *evaluator) expression(source interpolate.Text, at detectors.Place) analyzers.Value {
	tree := parse(source.String)
	if tree == nil {
		return unknown(at)
	}
	x := expression{e, source, at}
	return x.value(tree)
}

// expression is one expression while it is evaluated.
type expression struct {
	*evaluator
	source interpolate.Text
	at     detectors.Place
}

// unknown returns a value of which nothing is known.
func unknown(at detectors.Place) analyzers.Value { return hole(at, analyzers.Hole{Space: "unknown"}) }

func hole(at detectors.Place, h analyzers.Hole) analyzers.Value {
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &h}}}
}

func literal(text string) analyzers.Value {
	return analyzers.Value{Parts: []analyzers.Part{{Text: text}}}
}

func (x expression) value(n actionlint.ExprNode) analyzers.Value {
	switch n := n.(type) {
	case *actionlint.StringNode:
		return x.quoted(n)
	case *actionlint.BoolNode:
		return literal(strconv.FormatBool(n.Value))
	case *actionlint.IntNode:
		return literal(strconv.Itoa(n.Value))
	case *actionlint.NullNode:
		return analyzers.Value{}
	case *actionlint.LogicalOpNode:
		return x.choice(alternatives(n), x.value)
	case *actionlint.FuncCallNode:
		return x.call(n)
	case *actionlint.VariableNode, *actionlint.ObjectDerefNode, *actionlint.ArrayDerefNode, *actionlint.IndexAccessNode:
		if call := receiver(n); call != nil { // fromJSON(secrets.CONFIG).key
			v := x.call(call)
			v.Parts = code.Opaque(v.Parts)
			return v
		}
		return x.name(n)
	}
	return unknown(x.at) // a comparison, a negation, a number
}

// quoted returns the value of a string, with the bytes that it is written as.
func (x expression) quoted(n *actionlint.StringNode) analyzers.Value {
	token := n.Token()
	start, end := token.Offset+1, token.Offset+len(token.Value)-1
	value := analyzers.Value{At: x.at}
	if start < end && end <= len(x.source.String) {
		value.Parts = []analyzers.Part{{Text: n.Value, Span: x.source.Span(start, end)}}
	}
	return value
}

func (x expression) call(n *actionlint.FuncCallNode) analyzers.Value {
	switch strings.ToLower(n.Callee) {
	case "format":
		return x.format(n.Args)
	case "case":
		return x.choice(cases(n.Args), x.value)
	case "tojson", "fromjson", "join":
		if len(n.Args) > 0 {
			return x.value(n.Args[0])
		}
	}
	return unknown(x.at)
}

var field = lazyregexp.New(`\{\{|\}\}|\{[0-9]{1,3}\}`)

// format returns the value of format('… {0} …', …).
func (x expression) format(args []actionlint.ExprNode) analyzers.Value {
	if len(args) == 0 {
		return unknown(x.at)
	}
	pattern, ok := args[0].(*actionlint.StringNode)
	if !ok {
		return unknown(x.at)
	}
	value, from := analyzers.Value{At: x.at}, 0
	add := func(text string) {
		if text != "" {
			value.Parts = append(value.Parts, analyzers.Part{Text: text})
		}
	}
	whole := x.quoted(pattern)
	for _, m := range field.FindAllStringIndex(pattern.Value, -1) {
		add(pattern.Value[from:m[0]])
		from = m[1]
		text := pattern.Value[m[0]:m[1]]
		if index, err := strconv.Atoi(strings.Trim(text, "{}")); err != nil {
			add(text[:1])
		} else if index+1 < len(args) {
			value.Parts = append(value.Parts, x.value(args[index+1]).Parts...)
		}
	}
	add(pattern.Value[from:])
	// The literal pieces stand somewhere in the pattern: a token among them is the value's, wherever it is.
	for i := range value.Parts {
		if value.Parts[i].Text != "" && value.Parts[i].Span.Empty() && len(whole.Parts) > 0 {
			value.Parts[i].Span = whole.Parts[0].Span
		}
	}
	return value
}

// path returns the names of a look-up, and the index of its last step if that is computed.
func (x expression) path(n actionlint.ExprNode) (names []string, computed actionlint.ExprNode) {
	switch n := n.(type) {
	case *actionlint.VariableNode:
		return []string{cmp.Or(contexts[n.Name], n.Name)}, nil
	case *actionlint.ObjectDerefNode:
		names, computed = x.path(n.Receiver)
		if computed != nil || names == nil {
			return nil, nil
		}
		return append(names, x.exact(n, names)), nil
	case *actionlint.IndexAccessNode:
		names, computed = x.path(n.Operand)
		if computed != nil || names == nil {
			return nil, nil
		}
		if index, ok := n.Index.(*actionlint.StringNode); ok {
			name := index.Value
			if !keepsCase(names[0]) {
				name = strings.ToLower(name)
			}
			return append(names, name), nil
		}
		return names, n.Index
	}
	return nil, nil
}

// receiver returns the call of whose result a look-up is of a part, nil if it is in a context.
func receiver(n actionlint.ExprNode) *actionlint.FuncCallNode {
	for {
		switch of := n.(type) {
		case *actionlint.ObjectDerefNode:
			n = of.Receiver
		case *actionlint.ArrayDerefNode:
			n = of.Receiver
		case *actionlint.IndexAccessNode:
			n = of.Operand
		case *actionlint.FuncCallNode:
			return of
		default:
			return nil
		}
	}
}

var variable = lazyregexp.New(`^(?i:env|secrets)\s*\.\s*([A-Za-z_][A-Za-z0-9_-]*)`)

// keepsCase reports whether the names of a context are kept as they are written: those of variables, which mean what they are in one case only, and those of
// secrets, whose words can show in it.
func keepsCase(context string) bool { return context == "env" || context == "secrets" }

// exact returns a property's name.
func (x expression) exact(n *actionlint.ObjectDerefNode, names []string) string {
	if len(names) == 1 && keepsCase(names[0]) {
		if m := variable.FindStringSubmatch(x.source.String[min(n.Token().Offset, len(x.source.String)):]); m != nil {
			return m[1]
		}
	}
	return n.Property
}

// contexts are other names of a context.
// https://docs.gitea.com/usage/actions/comparison https://forgejo.org/docs/latest/user/actions/reference/
var contexts = map[string]string{"gitea": "github", "forge": "github", "forgejo": "github"}

// name returns the value of a look-up in a context.
func (x expression) name(n actionlint.ExprNode) analyzers.Value {
	names, computed := x.path(n)
	switch {
	case names == nil:
		return unknown(x.at)
	case names[0] == "secrets":
		return x.secret(names[1:], computed)
	case computed != nil:
		return unknown(x.at)
	case names[0] == "github":
		return x.github(names[1:])
	}
	h := analyzers.Hole{Space: names[0], Name: strings.Join(names[1:], ".")}
	switch names[0] {
	case "env":
		h.Space = ""
	case "vars":
		h.Name = strings.ToUpper(h.Name)
	case "inputs":
		h.Space = x.inputs
	case "steps":
		h.Space = x.steps
		if id, output, ok := strings.Cut(h.Name, ".outputs."); ok && x.outputs[id] != "" {
			h.Space, h.Name = x.outputs[id], output
		}
	}
	h.Values = x.possible(strings.Join(names, "."))
	return hole(x.at, h)
}

// github returns a value of the context github.
func (x expression) github(names []string) analyzers.Value {
	switch joined := strings.Join(names, "."); {
	case joined == "token":
		return analyzers.Value{} // minted for the job
	case joined == "workspace":
		return literal(".")
	case joined == "action_path": // in the file of a composite action
		return literal(path.Dir(x.pass.Path))
	case len(names) == 3 && names[0] == "event" && names[1] == "inputs":
		return hole(x.at, analyzers.Hole{Space: x.inputs, Name: names[2], Values: x.possible("inputs." + names[2])})
	default:
		return hole(x.at, analyzers.Hole{Space: "github", Name: joined})
	}
}

// possible returns the values that a name can have, without those that the job's condition rules out.
func (x expression) possible(name string) []analyzers.Value {
	x.used[name] = true
	return x.left(name)
}

// left returns the values of a name that the job's condition leaves.
func (e *evaluator) left(name string) []analyzers.Value {
	values := e.values[name]
	for _, t := range e.only {
		if t.name != name {
			continue
		}
		values = slices.DeleteFunc(slices.Clone(values), func(v analyzers.Value) bool {
			text, known := v.Text()
			return known && !t.allows(text)
		})
	}
	return values
}

// secret returns the value of a look-up in the context secrets.
func (x expression) secret(names []string, computed actionlint.ExprNode) analyzers.Value {
	switch {
	case !x.secrets:
		return analyzers.Value{}
	case len(names) == 1:
		return x.kept(names[0])
	case computed != nil && len(names) == 0:
		return x.lookUp(computed)
	}
	x.gap(x.at, "all secrets are handed on at once; which ones there are is not known")
	return hole(x.at, analyzers.Hole{Space: "secrets", All: true, Store: x.store})
}

// isAutomatic reports whether a secret is made for each job: nobody can keep one under such a name.
//
//	https://docs.github.com/en/actions/concepts/security/github_token
//	https://github.com/go-gitea/gitea/blob/main/models/secret/secret.go
//	https://forgejo.org/docs/latest/user/actions/security
func isAutomatic(store, name string) bool {
	return name == "GITHUB_TOKEN" || name == "GITEA_TOKEN" && store != githubStore || name == "FORGEJO_TOKEN" && store == forgejoStore
}

// kept returns the secret of that name; nothing for an automatic one.
func (x expression) kept(name string) analyzers.Value {
	h := keptAs(x.store, name)
	if isAutomatic(x.store, h.Name) {
		return analyzers.Value{}
	}
	return hole(x.at, h)
}

// keptAs returns the look-up of a secret, whose name can be written in any case.
// https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets
func keptAs(store, name string) analyzers.Hole {
	h := analyzers.Hole{Space: "secrets", Name: strings.ToUpper(name), Store: store}
	if camel.MatchString(name) {
		h.Spelled = name
	}
	return h
}

// camel are names whose words begin with capitals.
var camel = lazyregexp.New(`[a-z][A-Z]`)

// lookUp returns the secret whose name the expression computes, for all texts that it can have.
func (x expression) lookUp(n actionlint.ExprNode) analyzers.Value {
	if choice, ok := n.(*actionlint.LogicalOpNode); ok {
		return x.choice(alternatives(choice), x.lookUp)
	}
	return x.computed(x.store, x.value(n), x.at)
}

// texts returns all texts that a value can have, if they are known and not too many.
func texts(v analyzers.Value) (all []string, known bool) {
	all = []string{""}
	for _, part := range v.Parts {
		found := []string{part.Text}
		if part.Hole != nil {
			found = nil
			for _, alternative := range part.Hole.Values {
				more, ok := texts(alternative)
				if !ok {
					return nil, false
				}
				found = append(found, more...)
			}
		}
		var next []string
		for _, head := range all {
			for _, tail := range found {
				next = append(next, head+tail)
			}
		}
		if len(next) == 0 || len(next) > maxValues {
			return nil, false
		}
		all = next
	}
	slices.Sort(all)
	return slices.Compact(all), true
}

// when returns a value that is there only if the guards allow.
func (e *evaluator) when(guards []analyzers.Guard, v analyzers.Value) analyzers.Value {
	if !e.flat {
		v.Parts = code.Under(guards, v.Parts)
	}
	return v
}

// block puts steps under guards.
func block(guards []analyzers.Guard, steps []analyzers.Step) []analyzers.Step {
	for i := len(guards) - 1; i >= 0 && len(steps) > 0; i-- {
		steps = []analyzers.Step{{Op: analyzers.OpBlock, At: guards[i].Value.At, Guard: &guards[i], Steps: steps}}
	}
	return steps
}

// alternative is one value of a choice: Value if the conditions hold, which those before it did not.
type alternative struct {
	conditions []condition
	value      actionlint.ExprNode
}

// condition is an expression that must hold, or with not must not.
type condition struct {
	expr actionlint.ExprNode
	not  bool
}

// alternatives takes a || b && c || … apart: each of its operands is the value if those before it are false or empty.
func alternatives(n actionlint.ExprNode) []alternative {
	var all []alternative
	var failed []condition
	for n != nil {
		term := n
		n = nil
		if or, ok := term.(*actionlint.LogicalOpNode); ok && or.Kind == actionlint.LogicalOpNodeKindOr {
			term, n = or.Left, or.Right
		}
		one := alternative{conditions: slices.Clone(failed), value: term}
		for {
			and, ok := one.value.(*actionlint.LogicalOpNode)
			if !ok || and.Kind != actionlint.LogicalOpNodeKindAnd {
				break
			}
			one.conditions = append(one.conditions, condition{and.Left, false})
			one.value = and.Right
		}
		if len(one.conditions) == len(failed)+1 { // one condition: it is what failed, as the value itself is not empty
			failed = append(failed, condition{one.conditions[len(failed)].expr, true})
		}
		all = append(all, one)
	}
	return all
}

// cases takes the arguments of case(condition, value, …, value) apart.
func cases(args []actionlint.ExprNode) []alternative {
	var all []alternative
	var failed []condition
	for len(args) > 1 {
		all = append(all, alternative{append(slices.Clone(failed), condition{args[0], false}), args[1]})
		failed = append(failed, condition{args[0], true})
		args = args[2:]
	}
	if len(args) == 1 {
		all = append(all, alternative{failed, args[0]})
	}
	return all
}

// choice returns the value of a choice, each alternative read by the given function.
func (x expression) choice(all []alternative, read func(actionlint.ExprNode) analyzers.Value) analyzers.Value {
	var values []analyzers.Value
	for i, a := range all[:min(len(all), maxValues)] {
		tests := x.all(a.conditions)
		if slices.ContainsFunc(tests, x.ruledOut) {
			continue
		}
		v := read(a.value)
		if i+1 < len(all) && len(a.conditions) == 0 && isName(v) {
			x.fallBack(v.Parts[0].Hole, x.choice(all[i+1:], read))
			return matrix.OneOf(x.at, append(values, v))
		}
		values = append(values, x.when(x.asGuards(tests), v))
	}
	return matrix.OneOf(x.at, values)
}

// isName reports whether the value is a name's, and one that holds nothing if nobody sets it.
func isName(v analyzers.Value) bool {
	if len(v.Parts) != 1 || v.Parts[0].Hole == nil {
		return false
	}
	h := v.Parts[0].Hole
	return h.Store == "" && h.Default == nil && (h.Name != "" || len(h.Values) == 0)
}

// fallBack makes the rest what the name falls back on if nobody sets it. Where the file says what the name can hold, and no step sets it
// to that, it is one of these or the rest.
func (x expression) fallBack(h *analyzers.Hole, rest analyzers.Value) {
	if len(h.Values) > 0 {
		h.Values = append(slices.Clone(h.Values), rest)
		if x.flat || h.Space != x.inputs || !x.bound[h.Name] {
			rest = matrix.OneOf(x.at, h.Values)
		}
	}
	h.Default = &rest
}

// all returns the tests of conditions that must all hold.
func (x expression) all(conditions []condition) []test {
	var tests []test
	for _, c := range conditions {
		tests = append(tests, x.tests(c.expr, c.not)...)
	}
	return tests
}

// ruledOut reports whether the job's condition contradicts a test.
func (e *evaluator) ruledOut(t test) bool { return slices.ContainsFunc(e.only, t.contradicts) }
