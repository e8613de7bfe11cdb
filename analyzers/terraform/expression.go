package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/tfroot"
)

// scope is what is known where an expression of a configuration stands.
type scope struct {
	*file
	locals map[string]hclsyntax.Expression // of the same file
	each   hclsyntax.Expression            // the block's for_each, nil if it has none
	left   *int                            // how many more expressions are looked at for the block: they can be about each other in circles
}

// scope returns what is known in a configuration, outside of its blocks.
func (f *file) scope(b *hclsyntax.Body) scope {
	s := scope{file: f, locals: map[string]hclsyntax.Expression{}, left: new(maxExpressions)}
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
		return s.named(words(e.Traversal))
	case *hclsyntax.RelativeTraversalExpr: // data.aws_secretsmanager_secret.all[each.key].id
		return s.parts(e.Source)
	case *hclsyntax.IndexExpr:
		if object := s.object(e.Collection); object != nil {
			return s.entry(object, e.Key, nil)
		}
		return s.parts(e.Collection)
	case *hclsyntax.ConditionalExpr:
		return s.chosen(e)
	case *hclsyntax.FunctionCallExpr:
		return s.called(e)
	}
	return unknown()
}

// maxExpressions bounds the expressions that are looked at for one block.
const maxExpressions = 4096

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
	case names[0] == "local":
		if len(names) == 2 {
			return hole(s.own(), "local."+names[1], nil)
		}
		if object := s.object(s.locals[names[1]]); object != nil && len(names) == 3 {
			return s.item(object, names[2])
		}
	case names[0] == "terraform" && names[1] == "workspace": // https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_workspace
		return hole("", "TF_WORKSPACE", hole(tfroot.Kept, tfroot.Workspace, nil))
	case names[0] == "each" && len(names) == 2:
		return s.eachOf(names[1] == "key")
	case names[0] == "data" && len(names) > 2:
		return hole(s.own(), strings.Join(names[:3], "."), nil)
	case identified[names[0]] != "":
		return hole(s.own(), strings.Join(names[:2], "."), nil)
	}
	return unknown()
}

// eachOf returns the keys, or the values, of what the block is repeated for.
func (s scope) eachOf(key bool) []analyzers.Part {
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
			if key {
				all = append(all, s.parts(one.KeyExpr))
			} else {
				all = append(all, s.parts(one.ValueExpr))
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

// item returns what a map has under a key.
func (s scope) item(object *hclsyntax.ObjectConsExpr, key string) []analyzers.Part {
	for _, one := range object.Items {
		if literal(one.KeyExpr) == key {
			return s.parts(one.ValueExpr)
		}
	}
	return unknown()
}

// entry returns what a map has under a key that is computed, or else a default.
func (s scope) entry(object *hclsyntax.ObjectConsExpr, key, otherwise hclsyntax.Expression) []analyzers.Part {
	if text := literal(key); text != "" {
		return s.item(object, text)
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
	if c, ok := compared(e.Condition, 0); ok {
		of := s.value(c.of)
		yes.If = &analyzers.Guard{Value: of, Patterns: c.texts, Not: c.not}
		no.If = &analyzers.Guard{Value: of, Patterns: c.texts, Not: !c.not}
	}
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: "unknown", Values: []analyzers.Value{yes, no}}}}
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
//	https://developer.hashicorp.com/terraform/language/functions/format
//	https://developer.hashicorp.com/terraform/language/functions/join
//	https://developer.hashicorp.com/terraform/language/functions/lookup
func (s scope) called(e *hclsyntax.FunctionCallExpr) []analyzers.Part {
	if len(e.Args) == 0 || e.ExpandFinal {
		return unknown()
	}
	var parts []analyzers.Part
	switch e.Name {
	case "tostring", "sensitive", "nonsensitive":
		return s.parts(e.Args[0])
	case "lookup":
		if object := s.object(e.Args[0]); object != nil && len(e.Args) == 3 {
			return s.entry(object, e.Args[1], e.Args[2])
		}
		return unknown()
	case "format":
		texts := strings.Split(literal(e.Args[0]), "%s")
		if len(texts) != len(e.Args) || strings.Contains(strings.Join(texts, ""), "%") {
			return unknown()
		}
		for i, text := range texts {
			if i > 0 {
				parts = append(parts, s.parts(e.Args[i])...)
			}
			parts = append(parts, analyzers.Part{Text: text})
		}
	case "join":
		list, ok := s.listOf(e.Args)
		if !ok {
			return unknown()
		}
		for i, one := range list.Exprs {
			if i > 0 {
				parts = append(parts, analyzers.Part{Text: literal(e.Args[0])})
			}
			parts = append(parts, s.parts(one)...)
		}
	default:
		return unknown()
	}
	return parts
}

// listOf returns the list that is the second of two arguments.
func (s scope) listOf(args []hclsyntax.Expression) (*hclsyntax.TupleConsExpr, bool) {
	if len(args) != 2 {
		return nil, false
	}
	list, ok := s.collection(args[1]).(*hclsyntax.TupleConsExpr)
	return list, ok
}
