package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tfroot"
)

// config notes what a configuration of Terragrunt takes in: the configurations that it includes or reads, the files that its functions read, files of
// variables, and the module. What is written in it is given to whoever runs it.
//
//	https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/
//	https://terragrunt.gruntwork.io/docs/reference/hcl/functions/
func (f *file) config(b *hclsyntax.Body) {
	t := &taker{scope: f.scope(b)}
	t.gives(b)
	t.body(b, "")
	t.steps = append(t.steps, t.modules...)
	f.pass.Facts.Programs = append(f.pass.Facts.Programs, analyzers.Program{At: f.pass.At(0, 0), Shell: true, Steps: t.steps})
}

// root notes what a configuration of Terraform takes in: the modules that it calls by a path, and the files that its functions read. What is
// written in it is read by whoever runs Terraform in its folder.
//
//	https://developer.hashicorp.com/terraform/language/block/module#source
//	https://developer.hashicorp.com/terraform/language/functions/file
func (f *file) root(b *hclsyntax.Body) {
	t := &taker{scope: f.scope(b)}
	t.body(b, "")
	t.programs(b, slices.Concat(t.steps, t.modules, t.containers(b)))
}

// taker is a configuration while it is read.
type taker struct {
	scope
	steps   []analyzers.Step
	modules []analyzers.Step // that are run when all is known that they are given
}

// gives notes what the module is given: variables of the environment that are not set yet, so that the inputs of what is included count less.
// https://terragrunt.gruntwork.io/docs/features/inputs/
func (t *taker) gives(b *hclsyntax.Body) {
	inputs := t.object(argument(b, "inputs"))
	if inputs == nil {
		return
	}
	for _, one := range inputs.Items {
		for _, step := range t.names("TF_VAR_"+literal(one.KeyExpr), "", one.ValueExpr) {
			step.Export, step.IfUnset = true, true
			t.steps = append(t.steps, step)
		}
	}
}

func (t *taker) body(b *hclsyntax.Body, kind string) {
	for _, name := range sorted(b.Attributes) {
		e := b.Attributes[name].Expr
		t.calls(e)
		switch {
		case kind == "include" && name == "path":
			t.takes(e, "includes the configuration")
		case kind == "terraform" && name == "source":
			t.module(e, nil)
		case kind == "module" && name == "source":
			t.module(e, b)
		case strings.HasSuffix(name, "_var_files"):
			if list, ok := e.(*hclsyntax.TupleConsExpr); ok {
				for _, one := range list.Exprs {
					t.takes(one, "is given the variables")
				}
			}
		}
	}
	for _, inner := range b.Blocks {
		t.body(inner.Body, inner.Type)
	}
}

// The functions that take in a configuration, and those that read any file.
var (
	takesIn = []string{"read_terragrunt_config", "read_tfvars_file"}
	reads   = []string{"file", "filebase64", "templatefile", "sops_decrypt_file"}
)

// calls notes the files that functions in an expression read.
func (t *taker) calls(e hclsyntax.Expression) {
	hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		call, ok := n.(*hclsyntax.FunctionCallExpr)
		switch {
		case !ok || len(call.Args) == 0:
		case slices.Contains(takesIn, call.Name):
			t.takes(call.Args[0], "reads it")
		case slices.Contains(reads, call.Name):
			t.reads(call.Args[0])
		}
		return nil
	})
}

// reads notes that the file which an expression names is read.
func (t *taker) reads(e hclsyntax.Expression) {
	file, above, ok := t.path(e)
	step := analyzers.Step{Op: analyzers.OpOpen, At: t.at(e), Optional: true}
	if above {
		t.takes(e, "reads it")
		return
	}
	if ok && file != "" {
		step.File = new(analyzers.Literal(file, step.At))
	} else if step.File = t.computed(e); step.File == nil {
		return
	}
	t.steps = append(t.steps, step)
}

// computed returns the path of a file whose name variables are a part of, nil if that is not what an expression is:
// "${path.module}/keys/${var.environment}.json".
func (t *taker) computed(e hclsyntax.Expression) *analyzers.Value {
	template, ok := e.(*hclsyntax.TemplateExpr)
	if !ok || len(template.Parts) < 2 {
		return nil
	}
	v := analyzers.Value{At: t.at(e), Parts: []analyzers.Part{{Text: path.Dir(t.pass.Path) + "/"}}}
	first := template.Parts[0]
	if folder, _, known := t.path(first); known && literal(first) == "" && folder == path.Dir(t.pass.Path) {
		template = &hclsyntax.TemplateExpr{Parts: template.Parts[1:], SrcRange: template.SrcRange}
	} else if literal(first) == "" || path.IsAbs(literal(first)) {
		return nil
	}
	v.Parts = append(v.Parts, t.parts(template)...)
	return &v
}

// takes notes that the file which an expression names is taken in.
func (t *taker) takes(e hclsyntax.Expression, says string) {
	file, above, ok := t.path(e)
	if !ok || file == "" {
		return
	}
	at := t.at(e)
	t.steps = append(t.steps, analyzers.Step{
		Op: analyzers.OpSource, At: at, Optional: true, Says: says,
		Ref: &analyzers.Ref{Path: analyzers.Value{At: at, Parts: []analyzers.Part{{Text: file}}}, Above: above},
	})
}

// ofCall are the arguments of a call that are not the module's. https://developer.hashicorp.com/terraform/language/block/module
var ofCall = []string{"source", "version", "count", "for_each", "depends_on", "providers"}

// arguments returns the steps by which a call gives a module its arguments and providers.
func (t *taker) arguments(call *hclsyntax.Body, folder string) []analyzers.Step {
	var steps []analyzers.Step
	t.each = argument(call, "for_each")
	for _, name := range sorted(call.Attributes) {
		if slices.Contains(ofCall, name) {
			continue
		}
		t.left = new(maxExpressions)
		v := t.value(call.Attributes[name].Expr) // one of which nothing is known is given all the same, and no default is taken
		steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: v.At, Space: tfroot.Module(folder), Name: tfroot.Variable(name), Value: v})
		steps = append(steps, t.entries(tfroot.Variable(name), tfroot.Module(folder), call.Attributes[name].Expr, 0)...)
	}
	return append(steps, t.providers(argument(call, "providers"))...)
}

// providers returns the steps by which a module has providers of its caller in place of its own.
// https://developer.hashicorp.com/terraform/language/meta-arguments/providers
func (t *taker) providers(e hclsyntax.Expression) []analyzers.Step {
	object := t.object(e)
	if object == nil {
		return nil
	}
	var steps []analyzers.Step
	for _, one := range object.Items {
		key, _ := hcl.AbsTraversalForExpr(one.KeyExpr)
		provider, _ := hcl.AbsTraversalForExpr(one.ValueExpr)
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpSet, At: t.at(one.ValueExpr), Space: tfroot.Space, Name: providerName(words(key)),
			Value: analyzers.Value{Parts: hole(tfroot.Space, providerName(words(provider)), []analyzers.Part{{}})},
		})
	}
	return steps
}

// path returns the path that an expression is, relative to the root, or with above that of a file in the nearest folder above that has it.
func (t *taker) path(e hclsyntax.Expression) (file string, above, ok bool) {
	if text := literal(e); text != "" {
		return path.Join(path.Dir(t.pass.Path), text), false, true
	}
	switch e := e.(type) {
	case *hclsyntax.FunctionCallExpr:
		switch e.Name {
		case "find_in_parent_folders":
			name := "terragrunt.hcl"
			if len(e.Args) > 0 {
				name = literal(e.Args[0])
			}
			return name, true, name != ""
		case "get_terragrunt_dir":
			return path.Dir(t.pass.Path), false, true
		case "get_repo_root":
			return ".", false, true
		case "dirname":
			if len(e.Args) == 1 {
				file, above, ok = t.path(e.Args[0])
				return path.Dir(file), above, ok
			}
		}
	case *hclsyntax.ScopeTraversalExpr: // https://developer.hashicorp.com/terraform/language/expressions/references#filesystem-and-workspace-info
		if names := words(e.Traversal); strings.Join(names, ".") == "path.module" {
			return path.Dir(t.pass.Path), false, true
		}
	case *hclsyntax.TemplateWrapExpr:
		return t.path(e.Wrapped)
	case *hclsyntax.TemplateExpr:
		if len(e.Parts) == 0 {
			return "", false, false
		}
		folder, above, ok := t.path(e.Parts[0])
		rest := ""
		for _, part := range e.Parts[1:] {
			text := literal(part)
			ok, rest = ok && text != "", rest+text
		}
		return strings.TrimPrefix(path.Join(folder, rest), "/"), above, ok && rest != ""
	}
	return "", false, false
}

// module notes that the configuration of a module in the repository is read: one that another calls, or else the root. Two slashes part the root of what
// is copied from the module's folder (https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#terraform).
func (t *taker) module(e hclsyntax.Expression, call *hclsyntax.Body) {
	text := literal(e)
	if text == "" {
		if file, above, ok := t.path(e); ok && !above {
			text = file
		}
	} else if strings.HasPrefix(text, ".") {
		text = path.Join(path.Dir(t.pass.Path), text)
	} else {
		return
	}
	if text == "" || strings.HasPrefix(text, "..") {
		return
	}
	at, folder := t.at(e), path.Clean(text)
	every := func(ending string) analyzers.Value {
		return analyzers.Value{At: at, Parts: []analyzers.Part{{Text: folder + "/"}, {Hole: &analyzers.Hole{Space: analyzers.EveryFile}}, {Text: ending}}}
	}
	opens := func(ending string) {
		t.steps = append(t.steps, analyzers.Step{Op: analyzers.OpOpen, At: at, File: new(every(ending)), Optional: true, Says: "runs the module"})
	}
	opens(".tf")
	if call != nil {
		t.modules = append(t.modules, tfroot.Runs(t.arguments(call, folder), every(".tf"), tfroot.Arguments, at, "runs the module"))
		return
	}
	var given []analyzers.Step
	for _, ending := range []string{".auto.tfvars", ".auto.tfvars.json"} {
		opens(ending)
		given = append(given, tfroot.Takes(every(ending), tfroot.Variables, at, "is given the variables"))
	}
	t.modules = append(t.modules, tfroot.Runs(given, every(".tf"), tfroot.Variables, at, "runs the module"))
}
