package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// config notes what a configuration of Terragrunt takes in: the configurations that it includes or reads, the files that its functions read, files of
// variables, and the module. What is written in it is given to whoever runs it.
//
//	https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/
//	https://terragrunt.gruntwork.io/docs/reference/hcl/functions/
func (f *file) config(b *hclsyntax.Body) {
	t := &terragrunt{file: f}
	t.body(b, "")
	f.pass.Facts.Programs = append(f.pass.Facts.Programs, analyzers.Program{At: f.pass.At(0, 0), Shell: true, Steps: t.steps})
}

// terragrunt is one configuration of Terragrunt while it is read.
type terragrunt struct {
	*file
	steps []analyzers.Step
}

func (t *terragrunt) body(b *hclsyntax.Body, kind string) {
	for _, name := range sorted(b.Attributes) {
		e := b.Attributes[name].Expr
		t.calls(e)
		switch {
		case kind == "include" && name == "path":
			t.takes(e, "includes the configuration")
		case kind == "terraform" && name == "source":
			t.module(e)
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

// reads are the functions that read a file.
var reads = []string{"read_terragrunt_config", "file", "templatefile", "sops_decrypt_file", "read_tfvars_file"}

// calls notes the files that functions in an expression read.
func (t *terragrunt) calls(e hclsyntax.Expression) {
	hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && slices.Contains(reads, call.Name) && len(call.Args) > 0 {
			t.takes(call.Args[0], "reads it")
		}
		return nil
	})
}

// takes notes that the file which an expression names is taken in.
func (t *terragrunt) takes(e hclsyntax.Expression, says string) {
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

func (t *terragrunt) at(e hclsyntax.Expression) detectors.Place {
	span := e.Range()
	return t.pass.At(span.Start.Byte, span.End.Byte)
}

// path returns the path that an expression is, relative to the root, or with above that of a file in the nearest folder above that has it.
func (t *terragrunt) path(e hclsyntax.Expression) (file string, above, ok bool) {
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

// module notes that the configuration of a module in the repository is read. Two slashes part the root of what is copied from the module's folder
// (https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#terraform).
func (t *terragrunt) module(e hclsyntax.Expression) {
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
	at := t.at(e)
	for _, ending := range []string{".tf", ".auto.tfvars"} {
		file := analyzers.Value{At: at, Parts: []analyzers.Part{{Text: path.Clean(text) + "/"}, code.Unknown(), {Text: ending}}}
		t.steps = append(t.steps, analyzers.Step{Op: analyzers.OpOpen, At: at, File: &file, Optional: true, Says: "runs the module"})
	}
}
