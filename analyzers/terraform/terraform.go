package terraform

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/analyzers/internal/tfroot"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

const name = "terraform"

// Analyzer reads Terraform's variables and configurations.
var Analyzer = &analyzers.Analyzer{
	Name:    name,
	Doc:     "Reads Terraform's variables and configurations: which projects, accounts and hosts are an environment's.",
	Version: 8,
	Files: []string{
		"**/*.tf", "**/*.tfvars", "**/*.tfvars.json", "**/*.tofu", "**/*.{tf,tofu}.json",
		"**/{terragrunt,root,env,environment,stage,account,region,common,global,globals,project}.hcl", "**/_envcommon/**/*.hcl",
	},
	Run:  run,
	Join: join,
}

func run(pass *analyzers.Pass) error {
	if strings.HasSuffix(pass.Path, ".tf.json") || strings.HasSuffix(pass.Path, ".tofu.json") {
		// https://developer.hashicorp.com/terraform/language/syntax/json
		pass.Gap(detectors.Place{Path: pass.Path}, "Terraform's configurations in JSON are not read; which ids this one gives to an environment, and what it looks up, is not known")
		return nil
	}
	if !parses(pass.Data) {
		pass.Gap(detectors.Place{Path: pass.Path}, "the file is too large or nests too deep; which ids it gives to an environment is not known")
		return nil
	}
	if path.Ext(pass.Path) == ".json" {
		inJSON(pass)
		return nil
	}
	parsed, problems := hclsyntax.ParseConfig(pass.Data, pass.Path, hcl.InitialPos)
	if problems.HasErrors() {
		pass.Gap(detectors.Place{Path: pass.Path}, "the file does not parse as HCL; which ids it gives to an environment is known in part at most")
	}
	if parsed == nil {
		return nil
	}
	body, ok := parsed.Body.(*hclsyntax.Body)
	if !ok {
		return nil
	}
	f := &file{pass: pass, means: table.File(environ.Path(pass.Path) &^ detectors.Test)}
	if path.Ext(pass.Path) == ".tfvars" {
		table.Mention(pass, f.means.Environments, "variables of it", pass.At(0, 0))
	}
	f.body(body, "")
	switch path.Ext(pass.Path) {
	case ".hcl":
		f.config(body)
	case ".tf", ".tofu":
		f.root(body)
	case ".tfvars":
		f.values(body)
	}
	return nil
}

// file is one file while it is read.
type file struct {
	pass  *analyzers.Pass
	means table.Means // the file's own
}

// at returns where an expression is written.
func (f *file) at(e hclsyntax.Expression) detectors.Place {
	span := e.Range()
	return f.pass.At(span.Start.Byte, span.End.Byte)
}

// body reads the arguments of a block and of those in it. A variable's default is named after the variable.
func (f *file) body(b *hclsyntax.Body, variable string) {
	for _, name := range sorted(b.Attributes) {
		argument := b.Attributes[name]
		if variable != "" {
			if name != "default" {
				continue
			}
			name = variable
		}
		f.expression(name, argument.Expr, f.means)
	}
	for _, block := range b.Blocks {
		switch {
		case block.Type == "variable" && len(block.Labels) == 1:
			f.body(block.Body, block.Labels[0])
		default:
			if block.Type == "resource" && len(block.Labels) == 2 {
				f.grant(block.Labels[0], block.Body)
				f.role(block.Labels[0], block.Labels[1], block.Body)
			}
			if block.Type == "data" && len(block.Labels) == 2 {
				f.data(block.Labels[0], block.Labels[1], block)
			}
			f.body(block.Body, "")
		}
	}
}

// values notes what a file of variables gives a run.
// https://developer.hashicorp.com/terraform/language/values/variables#assign-values-to-variables
func (f *file) values(b *hclsyntax.Body) {
	var steps []analyzers.Step
	all := f.scope(b)
	for _, name := range sorted(b.Attributes) {
		all.left = new(maxExpressions)
		e := b.Attributes[name].Expr
		at := f.at(e)
		steps = append(steps, tfroot.Gives(name, analyzers.Literal(literal(e), at), at))
		steps = append(steps, all.entries(tfroot.Variable(name), tfroot.Space, e, 0)...)
	}
	gives(f.pass, steps)
}

// inJSON is [file.values] of a file in JSON.
func inJSON(pass *analyzers.Pass) {
	parsed, problems := json.Parse(pass.Data, pass.Path)
	if problems.HasErrors() {
		pass.Gap(detectors.Place{Path: pass.Path}, "the file does not parse as JSON; which values it gives to variables is not known")
		return
	}
	values, _ := parsed.Body.JustAttributes()
	var steps []analyzers.Step
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v, problems := values[name].Expr.Value(nil)
		text := ""
		if !problems.HasErrors() {
			text = textOf(v)
		}
		span := values[name].Expr.Range()
		at := pass.At(span.Start.Byte, span.End.Byte)
		steps = append(steps, tfroot.Gives(name, analyzers.Literal(text, at), at))
		if !problems.HasErrors() {
			steps = append(steps, entriesOf(name, v, at, 0)...)
		}
	}
	gives(pass, steps)
}

// entriesOf returns the steps by which what a variable's value has under keys is given.
func entriesOf(name string, v cty.Value, at detectors.Place, depth int) (steps []analyzers.Step) {
	if depth == maxKeys || v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() {
		return nil
	}
	values := v.AsValueMap()
	if depth == 0 {
		steps = marks(tfroot.Variable(name), tfroot.Space, isMap, at)
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		one, below := values[key], name+"."+key
		if depth == 0 {
			steps = append(steps, marks(tfroot.Variable(below), tfroot.Space, isKey, at)...)
		}
		if text := textOf(one); text != "" {
			steps = append(steps, tfroot.Gives(below, analyzers.Literal(text, at), at))
		}
		steps = append(steps, entriesOf(below, one, at, depth+1)...)
	}
	return steps
}

func gives(pass *analyzers.Pass, steps []analyzers.Step) {
	if len(steps) > 0 {
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: tfroot.Variables, At: pass.At(0, 0), Steps: steps})
	}
}

func sorted(attributes hclsyntax.Attributes) []string { return slices.Sorted(maps.Keys(attributes)) }

// expression adds rows for what an argument of this name is set to, in an environment.
func (f *file) expression(name string, e hclsyntax.Expression, means table.Means) {
	switch e := e.(type) {
	case *hclsyntax.ObjectConsExpr:
		if env := environ.Value(name); env != 0 { // staging = { … }
			means = table.Key(env)
		}
		for _, item := range e.Items {
			key := literal(item.KeyExpr)
			env := environ.Value(key)
			switch {
			case env != 0: // account_ids = { staging = "…" }
				f.expression(name, item.ValueExpr, table.Key(env))
			case table.What(key) != "" || table.IsServer(key):
				f.expression(key, item.ValueExpr, means)
			default:
				if inner, ok := item.ValueExpr.(*hclsyntax.ObjectConsExpr); ok {
					f.expression(key, inner, means)
				} else { // a key that names nothing: the ids of a map of regions or teams
					f.expression(name, item.ValueExpr, means)
				}
			}
		}
	case *hclsyntax.TupleConsExpr:
		for _, one := range e.Exprs {
			f.expression(name, one, means)
		}
	case *hclsyntax.ConditionalExpr:
		env := workspace(e.Condition)
		f.expression(name, e.TrueResult, table.Key(env))
		f.expression(name, e.FalseResult, table.Means{})
	case *hclsyntax.ParenthesesExpr:
		f.expression(name, e.Expression, means)
	default:
		if text := literal(e); text != "" {
			span := e.Range()
			table.Setting(f.pass, name, text, means, f.pass.At(span.Start.Byte, span.End.Byte))
		}
	}
}

// literal returns the text of an expression without variables; "" for any other.
func literal(e hclsyntax.Expression) string {
	if key, ok := e.(*hclsyntax.ObjectConsKeyExpr); ok {
		if word := hcl.ExprAsKeyword(key.Wrapped); word != "" && !key.ForceNonLiteral {
			return word
		}
		e = key.Wrapped
	}
	if len(e.Variables()) > 0 {
		return ""
	}
	switch e.(type) {
	case *hclsyntax.TemplateExpr, *hclsyntax.LiteralValueExpr:
	default:
		return ""
	}
	v, problems := e.Value(nil)
	if problems.HasErrors() {
		return ""
	}
	return textOf(v)
}

// textOf returns a text or a number as a text; "" for any other value.
func textOf(v cty.Value) string {
	if v.IsNull() || !v.IsKnown() {
		return ""
	}
	switch v.Type() {
	case cty.String:
		return v.AsString()
	case cty.Number:
		return v.AsBigFloat().Text('f', -1)
	}
	return ""
}

// workspace returns the environment of the workspace that a condition asks for: terraform.workspace == "production".
func workspace(e hclsyntax.Expression) detectors.Environment {
	if inner, ok := e.(*hclsyntax.ParenthesesExpr); ok {
		return workspace(inner.Expression)
	}
	compared, ok := e.(*hclsyntax.BinaryOpExpr)
	if !ok || compared.Op != hclsyntax.OpEqual {
		return 0
	}
	asks, text := compared.LHS, compared.RHS
	if _, isText := asks.(*hclsyntax.TemplateExpr); isText {
		asks, text = text, asks
	}
	for _, v := range asks.Variables() {
		names := words(v)
		if strings.Join(names, ".") == "terraform.workspace" || environ.Selector(names[len(names)-1]) {
			return environ.Value(literal(text))
		}
	}
	return 0
}

// keys returns the names that a reference consists of, and the keys between them; nil if one is no name: a splat.
func keys(v hcl.Traversal) []string {
	var names []string
	for _, step := range v {
		name, ok := nameOf(step)
		if index, indexed := step.(hcl.TraverseIndex); indexed {
			name, ok = textOf(index.Key), true
		}
		if !ok {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// words returns the names that a reference consists of.
func words(v hcl.Traversal) []string {
	var names []string
	for _, step := range v {
		if name, ok := nameOf(step); ok {
			names = append(names, name)
		}
	}
	return names
}

// nameOf returns the name that a step of a reference is.
func nameOf(step hcl.Traverser) (string, bool) {
	switch step := step.(type) {
	case hcl.TraverseRoot:
		return step.Name, true
	case hcl.TraverseAttr:
		return step.Name, true
	}
	return "", false
}
