package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tfroot"
	"github.com/stagewall/stagewall/detectors"
)

// scope is what is known where an expression of a configuration stands.
type scope struct {
	*file
	locals map[string]hclsyntax.Expression // of the same file
	each   hclsyntax.Expression            // the block's for_each, nil if it has none
	left   *int                            // how many more expressions are looked at for the block: they can be about each other in circles
	below  *int                            // how many more entries of maps are named, in all of the file
	nested int                             // choices by what is empty that the expression is in
}

// scope returns what is known in a configuration, outside of its blocks.
func (f *file) scope(b *hclsyntax.Body) scope {
	s := scope{file: f, locals: map[string]hclsyntax.Expression{}, left: new(maxExpressions), below: new(maxExpressions)}
	for _, block := range b.Blocks {
		if block.Type == "locals" {
			for name, a := range block.Body.Attributes {
				s.locals[name] = a.Expr
			}
		}
	}
	return s
}

// own returns the space of the folder's own names.
func (s scope) own() string { return tfroot.Module(path.Dir(s.pass.Path)) }

// value returns what an expression comes to as a text.
func (s scope) value(e hclsyntax.Expression) analyzers.Value {
	return analyzers.Value{At: s.at(e), Parts: s.parts(e)}
}

// parts returns the parts of the text that an expression comes to.
//
//	https://developer.hashicorp.com/terraform/language/expressions/references
//	https://developer.hashicorp.com/terraform/language/meta-arguments/for_each#the-each-object
func (s scope) parts(e hclsyntax.Expression) []analyzers.Part {
	if *s.left--; *s.left < 0 {
		return unknown()
	}
	if text := literal(e); text != "" {
		return []analyzers.Part{{Text: text, Span: s.at(e).Span}}
	}
	switch e := e.(type) {
	case *hclsyntax.TemplateExpr:
		parts := []analyzers.Part{}
		for _, part := range e.Parts {
			parts = append(parts, s.parts(part)...)
		}
		return parts
	case *hclsyntax.TemplateWrapExpr:
		return s.parts(e.Wrapped)
	case *hclsyntax.ParenthesesExpr:
		return s.parts(e.Expression)
	case *hclsyntax.ObjectConsKeyExpr:
		return s.parts(e.Wrapped)
	case *hclsyntax.ScopeTraversalExpr:
		if names := keys(e.Traversal); len(names) > 2 && (names[0] == "var" || names[0] == "local") {
			return s.held([]analyzers.Part{{Text: strings.Join(names, ".")}}, nil)
		}
		return s.named(words(e.Traversal))
	case *hclsyntax.RelativeTraversalExpr: // data.aws_secretsmanager_secret.all[each.key].id
		if name := s.address(e); name != nil {
			return s.held(name, nil)
		}
		return s.parts(e.Source)
	case *hclsyntax.IndexExpr:
		if object := s.object(e.Collection); object != nil {
			return s.entry(object, e.Key, nil)
		}
		if name := s.address(e); name != nil {
			return s.held(name, nil)
		}
		return s.parts(e.Collection)
	case *hclsyntax.ConditionalExpr:
		return s.chosen(e)
	case *hclsyntax.FunctionCallExpr:
		return s.called(e)
	}
	return unknown()
}

const (
	maxExpressions = 4096 // that are looked at for one block
	maxNested      = 3    // choices, each of which has what it is about three times
	maxKeys        = 8    // below a variable or a local value
)

func unknown() []analyzers.Part { return []analyzers.Part{code.Unknown()} }

// hole is what has a name in a space, or else a default.
func hole(space, name string, otherwise []analyzers.Part) []analyzers.Part {
	h := &analyzers.Hole{Space: space, Name: name}
	if otherwise != nil {
		h.Default = &analyzers.Value{Parts: otherwise}
	}
	return []analyzers.Part{{Hole: h}}
}

// named returns what a reference is to.
func (s scope) named(names []string) []analyzers.Part {
	switch {
	case len(names) < 2:
		return unknown()
	case names[0] == "var" && len(names) == 2:
		return hole(s.own(), tfroot.Variable(names[1]), nil)
	case names[0] == "local" && len(names) == 2:
		return hole(s.own(), "local."+names[1], nil)
	case names[0] == "terraform" && names[1] == "workspace": // https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_workspace
		return hole("", "TF_WORKSPACE", hole(tfroot.Kept, tfroot.Workspace, nil))
	case names[0] == "each":
		return s.eachOf(names[1] == "key", names[2:])
	case names[0] == "data" && len(names) > 2:
		return hole(s.own(), strings.Join(names[:3], "."), nil)
	case identified[names[0]] != "":
		return hole(s.own(), strings.Join(names[:2], "."), nil)
	}
	return unknown()
}

// address returns the name of what an expression is about, below a variable or a local value: local.names[var.stage].api. It is nil for any other.
//
//	https://developer.hashicorp.com/terraform/language/expressions/types#indices-and-attributes
func (s scope) address(e hclsyntax.Expression) []analyzers.Part {
	below := func(above hclsyntax.Expression, key ...analyzers.Part) []analyzers.Part {
		name := s.address(above)
		if name == nil || len(key) == 0 {
			return nil
		}
		return slices.Concat(name, []analyzers.Part{{Text: "."}}, key)
	}
	if *s.left--; *s.left < 0 {
		return nil
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return s.address(e.Expression)
	case *hclsyntax.IndexExpr:
		return below(e.Collection, s.parts(e.Key)...)
	case *hclsyntax.RelativeTraversalExpr:
		if names := keys(e.Traversal); len(names) > 0 {
			return below(e.Source, analyzers.Part{Text: strings.Join(names, ".")})
		}
	case *hclsyntax.ScopeTraversalExpr:
		if names := keys(e.Traversal); len(names) > 1 && (names[0] == "var" || names[0] == "local") {
			return []analyzers.Part{{Text: strings.Join(names, ".")}}
		}
	}
	return nil
}

// held returns what is known by such a name, or else a default: of variables also what a run gives.
func (s scope) held(name, otherwise []analyzers.Part) []analyzers.Part {
	in := func(space string, otherwise []analyzers.Part) []analyzers.Part {
		if text, known := (analyzers.Value{Parts: name}).Text(); known {
			return hole(space, text, otherwise)
		}
		h := hole(space, "", otherwise)
		h[0].Hole.Computed = &analyzers.Value{Parts: name}
		return h
	}
	if strings.HasPrefix(name[0].Text, tfroot.Variable("")) {
		otherwise = in(tfroot.Space, otherwise)
	}
	return in(s.own(), otherwise)
}

// eachOf returns the keys, or the values, of what the block is repeated for, or what is below a key of the values.
func (s scope) eachOf(key bool, below []string) []analyzers.Part {
	e := s.collection(s.each)
	s.each = nil
	var all [][]analyzers.Part
	switch e := e.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, one := range e.Exprs {
			all = append(all, s.parts(one))
		}
	case *hclsyntax.ObjectConsExpr:
		for _, one := range e.Items {
			value := one.ValueExpr
			if key {
				value = one.KeyExpr
			}
			for _, name := range below {
				value = member(s.object(value), name)
			}
			if value != nil {
				all = append(all, s.parts(value))
			}
		}
	}
	if len(all) == 0 {
		return unknown()
	}
	return []analyzers.Part{code.Alternatives(all...)}
}

// collection returns the list, set or map that an expression is, nil if it is not written in this file.
func (s scope) collection(e hclsyntax.Expression) hclsyntax.Expression {
	if *s.left--; *s.left < 0 {
		return nil
	}
	switch e := e.(type) {
	case *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr:
		return e
	case *hclsyntax.FunctionCallExpr:
		if slices.Contains([]string{"toset", "tolist", "tomap"}, e.Name) && len(e.Args) == 1 {
			return s.collection(e.Args[0])
		}
	case *hclsyntax.ScopeTraversalExpr:
		if names := words(e.Traversal); len(names) == 2 && names[0] == "local" {
			return s.collection(s.locals[names[1]])
		}
	}
	return nil
}

func (s scope) object(e hclsyntax.Expression) *hclsyntax.ObjectConsExpr {
	object, _ := s.collection(e).(*hclsyntax.ObjectConsExpr)
	return object
}

// member returns what a map has under a key, nil if it has nothing or is none.
func member(object *hclsyntax.ObjectConsExpr, key string) hclsyntax.Expression {
	if object != nil {
		for _, one := range object.Items {
			if literal(one.KeyExpr) == key {
				return one.ValueExpr
			}
		}
	}
	return nil
}

// entry returns what a map has under a key that is computed, or else a default.
func (s scope) entry(object *hclsyntax.ObjectConsExpr, key, otherwise hclsyntax.Expression) []analyzers.Part {
	if text := literal(key); text != "" {
		for _, value := range []hclsyntax.Expression{member(object, text), otherwise} {
			if value != nil {
				return s.parts(value)
			}
		}
		return unknown()
	}
	choice, of := &analyzers.Hole{Space: "unknown"}, s.value(key)
	var keys []string
	for _, one := range object.Items {
		if text := literal(one.KeyExpr); text != "" {
			keys = append(keys, text)
			choice.Values = append(choice.Values, analyzers.Value{Parts: s.parts(one.ValueExpr), If: &analyzers.Guard{Value: of, Patterns: []string{text}}})
		}
	}
	if otherwise != nil && len(keys) > 0 {
		choice.Values = append(choice.Values, analyzers.Value{Parts: s.parts(otherwise), If: &analyzers.Guard{Value: of, Patterns: keys, Not: true}})
	}
	return []analyzers.Part{{Hole: choice}}
}

// chosen returns what a condition chooses, or both where it does not compare with texts.
func (s scope) chosen(e *hclsyntax.ConditionalExpr) []analyzers.Part {
	yes, no := analyzers.Value{Parts: s.parts(e.TrueResult)}, analyzers.Value{Parts: s.parts(e.FalseResult)}
	if of := s.hasKey(e.Condition); of != nil {
		yes.If = &analyzers.Guard{Value: *of, Patterns: []string{isMap + isKey}}
		no.If = &analyzers.Guard{Value: *of, Patterns: yes.If.Patterns, Not: true}
	} else if c, ok := compared(e.Condition, 0); ok {
		of := s.value(c.of)
		yes.If = &analyzers.Guard{Value: of, Patterns: c.texts, Not: c.not}
		no.If = &analyzers.Guard{Value: of, Patterns: c.texts, Not: !c.not}
	}
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: "unknown", Values: []analyzers.Value{yes, no}}}}
}

// What the name of a map has, and the name of what it has under a key, with a question mark behind it.
const (
	isMap = "a map"
	isKey = " with the key"
)

// hasKey returns a text that is [isMap] and [isKey] if a condition holds that a map has a key; nil for any other condition.
//
//	https://developer.hashicorp.com/terraform/language/functions/keys
//	https://developer.hashicorp.com/terraform/language/functions/can
func (s scope) hasKey(condition hclsyntax.Expression) *analyzers.Value {
	call, ok := condition.(*hclsyntax.FunctionCallExpr)
	if !ok || len(call.Args) == 0 {
		return nil
	}
	var of, key []analyzers.Part
	switch arg := call.Args[0].(type) {
	case *hclsyntax.FunctionCallExpr:
		if call.Name == "contains" && len(call.Args) == 2 && arg.Name == "keys" && len(arg.Args) == 1 {
			of, key = s.address(arg.Args[0]), s.parts(call.Args[1])
		}
	case *hclsyntax.IndexExpr:
		if call.Name == "can" {
			of, key = s.address(arg.Collection), s.parts(arg.Key)
		}
	case *hclsyntax.ScopeTraversalExpr:
		if names := keys(arg.Traversal); call.Name == "can" && len(names) > 2 && (names[0] == "var" || names[0] == "local") {
			last := len(names) - 1
			of, key = []analyzers.Part{{Text: strings.Join(names[:last], ".")}}, []analyzers.Part{{Text: names[last]}}
		}
	}
	if of == nil {
		return nil
	}
	mark := []analyzers.Part{{Text: "?"}}
	known := s.held(slices.Concat(of, mark), nil)
	entry := s.held(slices.Concat(of, []analyzers.Part{{Text: "."}}, key, mark), []analyzers.Part{{}})
	return &analyzers.Value{At: s.at(condition), Parts: slices.Concat(known, entry)}
}

// marks returns the steps by which is known that a name is that of a map, or of what one has under a key.
func marks(name, space, text string, at detectors.Place) []analyzers.Step {
	return []analyzers.Step{{Op: analyzers.OpSet, At: at, Space: space, Name: name + "?", Value: analyzers.Value{At: at, Parts: []analyzers.Part{{Text: text}}}}}
}

// comparison says that something is one of several texts, or none of them.
type comparison struct {
	of    hclsyntax.Expression
	texts []string
	not   bool
}

// compared returns what a condition compares, if that is one thing with texts: a == "x" || a == "y", a != "x", !(…), contains(["x", "y"], a).
//
//	https://developer.hashicorp.com/terraform/language/expressions/operators
//	https://developer.hashicorp.com/terraform/language/functions/contains
func compared(e hclsyntax.Expression, depth int) (c comparison, ok bool) {
	if depth > maxDepth {
		return c, false
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return compared(e.Expression, depth+1)
	case *hclsyntax.UnaryOpExpr:
		c, ok = compared(e.Val, depth+1)
		c.not = !c.not
		return c, ok && e.Op == hclsyntax.OpLogicalNot
	case *hclsyntax.FunctionCallExpr:
		if e.Name != "contains" || len(e.Args) != 2 || e.ExpandFinal {
			return c, false
		}
		list, ok := e.Args[0].(*hclsyntax.TupleConsExpr)
		if !ok || len(list.Exprs) == 0 {
			return c, false
		}
		c.of = e.Args[1]
		for _, one := range list.Exprs {
			text := literal(one)
			if text == "" {
				return c, false
			}
			c.texts = append(c.texts, text)
		}
		return c, true
	case *hclsyntax.BinaryOpExpr:
		switch e.Op {
		case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
			c = comparison{of: e.LHS, texts: []string{literal(e.RHS)}, not: e.Op == hclsyntax.OpNotEqual}
			if c.texts[0] == "" {
				c.of, c.texts[0] = e.RHS, literal(e.LHS)
			}
			return c, c.texts[0] != ""
		case hclsyntax.OpLogicalOr, hclsyntax.OpLogicalAnd: // either of some, or none of some
			left, ok := compared(e.LHS, depth+1)
			right, both := compared(e.RHS, depth+1)
			if !ok || !both || !sameName(left.of, right.of) || left.not != right.not || left.not != (e.Op == hclsyntax.OpLogicalAnd) {
				return c, false
			}
			left.texts = append(left.texts, right.texts...)
			return left, true
		}
	}
	return c, false
}

// sameName reports whether two expressions are one name.
func sameName(a, b hclsyntax.Expression) bool {
	x, ok := a.(*hclsyntax.ScopeTraversalExpr)
	y, both := b.(*hclsyntax.ScopeTraversalExpr)
	if !ok || !both {
		return false
	}
	name := words(x.Traversal)
	return len(name) == len(x.Traversal) && len(name) == len(y.Traversal) && slices.Equal(name, words(y.Traversal))
}

// called returns what a function returns.
//
//	https://developer.hashicorp.com/terraform/language/functions
func (s scope) called(e *hclsyntax.FunctionCallExpr) []analyzers.Part {
	if len(e.Args) == 0 || e.ExpandFinal {
		return unknown()
	}
	switch e.Name {
	case "tostring", "sensitive", "nonsensitive", "trimspace", "chomp":
		return s.parts(e.Args[0])
	case "lower":
		return s.cased(analyzers.Lower, e.Args[0])
	case "upper":
		return s.cased(analyzers.Upper, e.Args[0])
	case "coalesce":
		return s.coalesced(e.Args)
	case "try":
		return s.tried(e.Args)
	case "lookup":
		return s.lookup(e.Args)
	case "format":
		return s.formatted(literal(e.Args[0]), e.Args[1:])
	case "join":
		if list, compact := s.elements(e.Args[len(e.Args)-1]); len(e.Args) == 2 && len(list) > 0 {
			return s.joined(literal(e.Args[0]), list, compact)
		}
	}
	return unknown()
}

// cased returns a text in capitals or in small letters.
func (s scope) cased(as string, e hclsyntax.Expression) []analyzers.Part {
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: as, Values: []analyzers.Value{s.value(e)}}}}
}

// either returns a choice by whether a text is empty.
func either(of analyzers.Value, filled, empty []analyzers.Part) []analyzers.Part {
	guard := func(not bool) *analyzers.Guard { return &analyzers.Guard{Value: of, Patterns: []string{""}, Not: not} }
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: "unknown", Values: []analyzers.Value{
		{Parts: filled, If: guard(true)}, {Parts: empty, If: guard(false)},
	}}}}
}

// coalesced returns the first of several texts that is not empty.
// https://developer.hashicorp.com/terraform/language/functions/coalesce
func (s scope) coalesced(args []hclsyntax.Expression) []analyzers.Part {
	if len(args) == 1 {
		return s.parts(args[0])
	}
	if s.nested++; s.nested > maxNested {
		return unknown()
	}
	first := s.value(args[0])
	s.nested--
	return either(first, first.Parts, s.coalesced(args[1:]))
}

// tried returns the first of several values that is there: of a map that has a key or not, what it has, or else the next.
// https://developer.hashicorp.com/terraform/language/functions/try
func (s scope) tried(args []hclsyntax.Expression) []analyzers.Part {
	if len(args) == 1 {
		return s.parts(args[0])
	}
	if index, ok := args[0].(*hclsyntax.IndexExpr); ok {
		if object := s.object(index.Collection); object != nil {
			return s.entry(object, index.Key, args[1])
		}
	}
	if name := s.address(args[0]); name != nil {
		return s.held(name, s.tried(args[1:]))
	}
	return s.parts(args[0])
}

// lookup returns what a map has under a key, or else a default.
// https://developer.hashicorp.com/terraform/language/functions/lookup
func (s scope) lookup(args []hclsyntax.Expression) []analyzers.Part {
	if len(args) < 2 {
		return unknown()
	}
	var otherwise hclsyntax.Expression
	var parts []analyzers.Part
	if len(args) == 3 {
		otherwise, parts = args[2], s.parts(args[2])
	}
	if object := s.object(args[0]); object != nil {
		return s.entry(object, args[1], otherwise)
	}
	if name := s.address(args[0]); name != nil {
		return s.held(slices.Concat(name, []analyzers.Part{{Text: "."}}, s.parts(args[1])), parts)
	}
	return unknown()
}

// verb is one of a format that puts in its argument as it is, or a percent sign. https://developer.hashicorp.com/terraform/language/functions/format
var verb = lazyregexp.New(`%[sv%]`)

// formatted returns what a format makes of its arguments.
func (s scope) formatted(format string, args []hclsyntax.Expression) []analyzers.Part {
	var parts []analyzers.Part
	from := 0
	for _, m := range append(verb.FindAllStringIndex(format, -1), []int{len(format), len(format)}) {
		text := format[from:m[0]]
		if strings.Contains(text, "%") {
			return unknown()
		}
		switch format[m[0]:m[1]] {
		case "":
			parts = append(parts, analyzers.Part{Text: text})
		case "%%":
			parts = append(parts, analyzers.Part{Text: text + "%"})
		default:
			if len(args) == 0 {
				return unknown()
			}
			parts = append(append(parts, analyzers.Part{Text: text}), s.parts(args[0])...)
			args = args[1:]
		}
		from = m[1]
	}
	if len(args) > 0 || format == "" {
		return unknown()
	}
	return parts
}

// elements returns the elements of a list that is written out, and whether those that are empty are left out.
//
//	https://developer.hashicorp.com/terraform/language/functions/compact
//	https://developer.hashicorp.com/terraform/language/functions/concat
func (s scope) elements(e hclsyntax.Expression) (list []hclsyntax.Expression, compact bool) {
	if *s.left--; *s.left < 0 {
		return nil, false
	}
	call, ok := e.(*hclsyntax.FunctionCallExpr)
	switch {
	case ok && call.Name == "compact" && len(call.Args) == 1:
		list, _ = s.elements(call.Args[0])
		return list, true
	case ok && call.Name == "concat" && !call.ExpandFinal:
		for _, arg := range call.Args {
			some, compact := s.elements(arg)
			if compact || len(some) == 0 {
				return nil, false
			}
			list = append(list, some...)
		}
		return list, false
	}
	if tuple, ok := s.collection(e).(*hclsyntax.TupleConsExpr); ok {
		return tuple.Exprs, false
	}
	return nil, false
}

// maxCompact bounds the elements of a list of which those that are empty are left out.
const maxCompact = 16

// joined returns the elements of a list with a separator between them.
func (s scope) joined(separator string, list []hclsyntax.Expression, compact bool) []analyzers.Part {
	if !compact {
		var parts []analyzers.Part
		for i, one := range list {
			if i > 0 {
				parts = append(parts, analyzers.Part{Text: separator})
			}
			parts = append(parts, s.parts(one)...)
		}
		return parts
	}
	if s.nested++; s.nested > maxNested || len(list) > maxCompact {
		return unknown()
	}
	first := s.value(list[0])
	var rest []analyzers.Part
	for _, one := range list[1:] {
		v := s.value(one)
		rest = append(rest, either(v, slices.Concat([]analyzers.Part{{Text: separator}}, v.Parts), nil)...)
	}
	filled := slices.Concat(first.Parts, rest)
	if len(list) == 1 || literal(list[0]) != "" {
		return filled
	}
	s.nested--
	return either(first, filled, s.joined(separator, list[1:], true))
}
