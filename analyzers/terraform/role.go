package terraform

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/stagewall/stagewall/analyzers/policy"
	"github.com/stagewall/stagewall/detectors"
)

// What a file says of roles of AWS is rows about the addresses of resources, which [join] turns into rows about roles' names: a role, its policies and
// what attaches them may stand in several files of a folder.
const (
	isRole   = "aws_iam_role" // In is the role's path and name
	isTrust  = "trusted"      // of a role or a document: In is a pattern of subjects, empty if others can be trusted
	isPower  = "allowed"      // of a policy or a document: Allows is what it allows
	attached = "attached"     // of a role: In is a policy or a document
	trusting = "trusting"     // of a role: In is the document that says whom it trusts
)

// role notes what a resource says of roles.
//
//	https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
//	https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy_attachment
func (f *file) role(kind, name string, b *hclsyntax.Body) {
	own := f.address(kind + "." + name)
	switch kind {
	case "aws_iam_role":
		f.ownRole(own, b)
	case "aws_iam_policy":
		f.policy(own, isPower, b.Attributes["policy"])
	case "aws_iam_role_policy":
		f.attach(b.Attributes["role"], func(role string) { f.policy(role, isPower, b.Attributes["policy"]) })
	case "aws_iam_role_policy_attachment":
		f.attach(b.Attributes["role"], func(role string) { f.managed(role, b.Attributes["policy_arn"]) })
	case "aws_iam_policy_attachment":
		if roles := b.Attributes["roles"]; roles != nil {
			if list, ok := roles.Expr.(*hclsyntax.TupleConsExpr); ok {
				for _, one := range list.Exprs {
					f.managed(f.roleOf(one), b.Attributes["policy_arn"])
				}
			}
		}
	}
}

func (f *file) ownRole(own string, b *hclsyntax.Body) {
	named := b.Attributes["name"]
	if named == nil || literal(named.Expr) == "" {
		return
	}
	name := literal(named.Expr)
	if folder := b.Attributes["path"]; folder != nil {
		name = strings.TrimPrefix(path.Join(literal(folder.Expr), name), "/")
	}
	f.row(isRole, own, name, 0, named.Expr)
	f.policy(own, isTrust, b.Attributes["assume_role_policy"])
	if arns := b.Attributes["managed_policy_arns"]; arns != nil {
		if list, ok := arns.Expr.(*hclsyntax.TupleConsExpr); ok {
			for _, one := range list.Exprs {
				f.managed(own, &hclsyntax.Attribute{Expr: one})
			}
		} else {
			f.row(isPower, own, "", 0, arns.Expr)
		}
	}
	for _, block := range b.Blocks {
		if block.Type == "inline_policy" {
			f.policy(own, isPower, block.Body.Attributes["policy"])
		}
	}
}

// attach calls yield with the role that an argument names.
func (f *file) attach(role *hclsyntax.Attribute, yield func(role string)) {
	if role != nil {
		if of := f.roleOf(role.Expr); of != "" {
			yield(of)
		}
	}
}

// roleOf returns the address of the role that an expression is about, or behind a colon its name.
func (f *file) roleOf(e hclsyntax.Expression) string {
	if name := literal(e); name != "" {
		return ":" + name
	}
	return f.resource(e)
}

// managed notes the policy that a role has by its address.
func (f *file) managed(role string, arn *hclsyntax.Attribute) {
	switch {
	case role == "" || arn == nil:
	case literal(arn.Expr) != "":
		f.row(isPower, role, "", policy.Managed(literal(arn.Expr)), arn.Expr)
	default:
		f.attached(attached, role, arn.Expr)
	}
}

// attached notes that something that an expression is about belongs to a role; nothing is known of it if it is not about one thing.
func (f *file) attached(how, role string, e hclsyntax.Expression) {
	if of := f.resource(e); of != "" {
		f.row(how, role, of, 0, e)
	} else if how == attached {
		f.row(isPower, role, "", 0, e)
	} else {
		f.row(isTrust, role, "", 0, e)
	}
}

// policy notes what the document that an argument is says: whom it trusts, or what it allows.
func (f *file) policy(of, what string, argument *hclsyntax.Attribute) {
	if of == "" || argument == nil {
		return
	}
	statements, known := document(argument.Expr)
	switch {
	case known:
		f.statements(of, what, statements, argument.Expr)
	case what == isTrust:
		f.attached(trusting, of, argument.Expr)
	default:
		f.attached(attached, of, argument.Expr)
	}
}

func (f *file) statements(of, what string, statements []policy.Statement, e hclsyntax.Expression) {
	if what == isPower {
		f.row(isPower, of, "", policy.Allows(statements), e)
		return
	}
	subjects, known := policy.Trusts(statements)
	if !known {
		f.row(isTrust, of, "", 0, e)
	}
	for _, s := range subjects {
		at := e.Range()
		if i := strings.Index(string(f.pass.Data[at.Start.Byte:at.End.Byte]), strings.Split(s, policy.Hole)[0]); i >= 0 && !strings.HasPrefix(s, policy.Hole) {
			at.Start.Byte += i
			at.End.Byte = at.Start.Byte + len(strings.Split(s, policy.Hole)[0])
		}
		f.pass.Facts.Bindings = append(f.pass.Facts.Bindings, detectors.Binding{What: isTrust, Value: of, In: s, At: f.pass.At(at.Start.Byte, at.End.Byte)})
	}
}

// data notes what a document says, both of whom it trusts and of what it allows.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
func (f *file) data(kind, name string, block *hclsyntax.Block) {
	if kind != "aws_iam_policy_document" {
		return
	}
	own := f.address("data." + kind + "." + name)
	var statements []policy.Statement
	for _, inner := range block.Body.Blocks {
		switch inner.Type {
		case "statement":
			statements = append(statements, statement(inner.Body))
		case "dynamic":
			statements = append(statements, policy.Statement{Inverse: true})
		}
	}
	for _, name := range []string{"source_policy_documents", "override_policy_documents", "source_json", "override_json"} {
		if block.Body.Attributes[name] != nil {
			statements = append(statements, policy.Statement{Inverse: true})
		}
	}
	whole := &hclsyntax.LiteralValueExpr{SrcRange: hcl.RangeBetween(block.OpenBraceRange, block.CloseBraceRange)}
	f.statements(own, isTrust, statements, whole)
	f.statements(own, isPower, statements, whole)
}

func statement(b *hclsyntax.Body) policy.Statement {
	var s policy.Statement
	argument := func(b *hclsyntax.Body, name string) any {
		if a := b.Attributes[name]; a != nil {
			return value(a.Expr)
		}
		return nil
	}
	s.Deny = argument(b, "effect") == "Deny"
	s.Actions = policy.Texts(argument(b, "actions"))
	s.Inverse = b.Attributes["not_actions"] != nil
	services, others := false, false
	for _, inner := range b.Blocks {
		switch inner.Type {
		case "principals":
			kind := argument(inner.Body, "type")
			s.Federated = s.Federated || kind == "Federated"
			services = services || kind == "Service"
			others = others || kind != "Federated" && kind != "Service"
		case "condition":
			operator, _ := argument(inner.Body, "test").(string)
			variable, _ := argument(inner.Body, "variable").(string)
			s.Add(operator, variable, policy.Texts(argument(inner.Body, "values")))
		case "dynamic", "not_principals":
			others = true
		}
	}
	s.Services = services && !s.Federated && !others
	s.Federated = s.Federated && !others
	return s
}

// document returns the statements of a document that is written out: as JSON, or handed to jsonencode.
func document(e hclsyntax.Expression) ([]policy.Statement, bool) {
	if call, ok := e.(*hclsyntax.FunctionCallExpr); ok {
		if call.Name != "jsonencode" || len(call.Args) != 1 {
			return nil, false
		}
		return policy.Read(value(call.Args[0])), true
	}
	text, ok := value(e).(string)
	if !ok || !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return nil, false
	}
	var root any
	if json.Unmarshal([]byte(text), &root) != nil {
		return nil, false
	}
	return policy.Read(root), true
}

// value returns what an expression is, as far as it is written out: a text, in which [policy.Hole] stands for what is computed, a list or a map; nil for
// anything else.
func value(e hclsyntax.Expression) any {
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return value(e.Expression)
	case *hclsyntax.ObjectConsExpr:
		all := map[string]any{}
		for _, item := range e.Items {
			key, ok := item.KeyExpr.(*hclsyntax.ObjectConsKeyExpr)
			if !ok {
				continue
			}
			name := hcl.ExprAsKeyword(key.Wrapped)
			if name == "" {
				name, _ = value(key.Wrapped).(string)
			}
			all[name] = value(item.ValueExpr)
		}
		return all
	case *hclsyntax.TupleConsExpr:
		all := []any{}
		for _, one := range e.Exprs {
			all = append(all, value(one))
		}
		return all
	case *hclsyntax.TemplateExpr:
		text := ""
		for _, part := range e.Parts {
			if known, ok := part.(*hclsyntax.LiteralValueExpr); ok && known.Val.Type() == cty.String {
				text += known.Val.AsString()
			} else {
				text += policy.Hole
			}
		}
		return text
	case *hclsyntax.TemplateWrapExpr:
		return policy.Hole
	}
	return nil
}

// resource returns the address of the resource or the document that an expression is about.
func (f *file) resource(e hclsyntax.Expression) string {
	found := ""
	for _, v := range e.Variables() {
		names := words(v)
		of := 2
		if len(names) > 0 && names[0] == "data" {
			of = 3
		}
		if len(names) < of || found != "" || slices.Contains([]string{"var", "local", "each", "module"}, names[0]) {
			return ""
		}
		found = f.address(strings.Join(names[:of], "."))
	}
	return found
}

// address returns the address of a resource of the file's folder.
func (f *file) address(name string) string { return path.Dir(f.pass.Path) + ":" + name }

func (f *file) row(what, of, in string, allows detectors.Privilege, e hclsyntax.Expression) {
	at := detectors.Place{Path: f.pass.Path}
	if e != nil {
		span := e.Range()
		at = f.pass.At(span.Start.Byte, span.End.Byte)
	}
	f.pass.Facts.Bindings = append(f.pass.Facts.Bindings, detectors.Binding{
		What: what, Value: of, In: in, Allows: allows, Environments: f.means.Environments, ByFile: f.means.ByFile, At: at,
	})
}
