package terraform

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/tfroot"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// source is a data source, or an ephemeral resource, that looks a secret up.
type source struct {
	store string
	name  []string // the arguments that name it, joined by slashes
	other string   // the argument that names it instead
	in    string   // the argument that names the project or vault which it is in
}

// sources are those of secret stores. https://developer.hashicorp.com/terraform/language/block/ephemeral
//
//	https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/secretsmanager_secret_version
//	https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/ssm_parameter
//	https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/ssm_parameters_by_path
//	https://registry.terraform.io/providers/hashicorp/aws/latest/docs/ephemeral-resources/ssm_parameter
//	https://registry.terraform.io/providers/hashicorp/google/latest/docs/data-sources/secret_manager_secret_version
//	https://registry.terraform.io/providers/hashicorp/google/latest/docs/data-sources/secret_manager_secret_version_access
//	https://registry.terraform.io/providers/hashicorp/vault/latest/docs/data-sources/generic_secret
//	https://registry.terraform.io/providers/hashicorp/vault/latest/docs/data-sources/kv_secret
//	https://registry.terraform.io/providers/hashicorp/vault/latest/docs/data-sources/kv_secret_v2
//	https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/data-sources/key_vault_secret
var sources = map[string]source{
	"aws_secretsmanager_secret_version":           {store: detectors.SecretsManager, name: []string{"secret_id"}},
	"aws_ssm_parameter":                           {store: detectors.ParameterStore, name: []string{"name"}, other: "arn"},
	"aws_ssm_parameters_by_path":                  {store: detectors.ParameterStore, name: []string{"path"}},
	"google_secret_manager_secret_version":        {store: detectors.SecretManager, name: []string{"secret"}, in: "project"},
	"google_secret_manager_secret_version_access": {store: detectors.SecretManager, name: []string{"secret"}, in: "project"},
	"vault_generic_secret":                        {store: detectors.Vault, name: []string{"path"}},
	"vault_kv_secret":                             {store: detectors.Vault, name: []string{"path"}},
	"vault_kv_secret_v2":                          {store: detectors.Vault, name: []string{"mount", "name"}},
	"azurerm_key_vault_secret":                    {store: detectors.KeyVault, name: []string{"name"}, in: "key_vault_id"},
}

// identified are the arguments by which secrets and vaults are known, of resources and data sources that such a data source can be about.
var identified = map[string]string{
	"aws_secretsmanager_secret":         "name",
	"aws_secretsmanager_secret_version": "secret_id",
	"aws_ssm_parameter":                 "name",
	"google_secret_manager_secret":      "secret_id",
	"vault_generic_secret":              "path",
	"azurerm_key_vault":                 "name",
	"azurerm_key_vault_secret":          "name",
}

// public begins the names of parameters that AWS publishes.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
const public = "/aws/service/"

// programs notes what a configuration offers to whoever runs it: its variables, what it calls by a name, and beside steps that it has already the
// secrets that it looks up.
func (s scope) programs(b *hclsyntax.Body, contents []analyzers.Step) {
	var variables, arguments, names []analyzers.Step
	for _, block := range b.Blocks {
		s.each, s.left = argument(block.Body, "for_each"), new(maxExpressions)
		switch {
		case block.Type == "variable" && len(block.Labels) == 1:
			given, called := s.variable(block.Labels[0], block)
			variables, arguments = append(variables, given...), append(arguments, called...)
		case block.Type == "provider" && len(block.Labels) == 1:
			called := []string{block.Labels[0]}
			if alias := argument(block.Body, "alias"); alias != nil {
				called = append(called, literal(alias))
			}
			in := argument(block.Body, "project")
			if block.Labels[0] == "aws" {
				in = account(block.Body)
			}
			names = append(names, s.names(providerName(called), tfroot.Space, in)...)
		case len(block.Labels) == 2:
			names = append(names, s.identity(block)...)
			if block.Type == "data" || block.Type == "ephemeral" {
				contents = append(contents, s.looksUp(block)...)
			}
		}
	}
	for _, p := range []analyzers.Program{
		{Name: tfroot.Contents, Steps: contents}, {Name: tfroot.Variables, Steps: variables}, {Name: tfroot.Arguments, Steps: arguments},
		{Name: tfroot.Locals, Steps: s.allLocals()}, {Name: tfroot.Names, Steps: names},
	} {
		if len(p.Steps) > 0 {
			p.At = s.pass.At(0, 0)
			s.pass.Facts.Programs = append(s.pass.Facts.Programs, p)
		}
	}
}

// variable returns the steps by which a variable has what a run gives, and that by which it has what the calling module gives, if it has a default.
// https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
func (s scope) variable(name string, block *hclsyntax.Block) (given, called []analyzers.Step) {
	at := s.pass.At(block.DefRange().Start.Byte, block.DefRange().End.Byte)
	var otherwise []analyzers.Part
	if d := argument(block.Body, "default"); d != nil {
		if parts := s.parts(d); !code.IsOpaque(parts) {
			otherwise = parts
		}
		for _, below := range s.entries(tfroot.Variable(name), s.own(), d, 0) {
			below.Value.Parts = hole(tfroot.Space, below.Name, below.Value.Parts)
			given = append(given, below)
		}
	}
	set := analyzers.Step{Op: analyzers.OpSet, At: at, Space: s.own(), Name: tfroot.Variable(name), IfUnset: true, Value: analyzers.Value{At: at, Parts: otherwise}}
	if otherwise != nil {
		called = []analyzers.Step{set}
	}
	set.IfUnset = false
	set.Value.Parts = hole(tfroot.Space, tfroot.Variable(name), hole("", "TF_VAR_"+name, otherwise))
	return append(given, set), called
}

// allLocals returns the steps by which the file's local values have their names, each after those that it mentions.
// https://developer.hashicorp.com/terraform/language/values/locals
func (s scope) allLocals() []analyzers.Step {
	var steps []analyzers.Step
	seen := map[string]bool{}
	var visit func(name string, depth int)
	visit = func(name string, depth int) {
		e := s.locals[name]
		if e == nil || seen[name] || depth > maxDepth {
			return
		}
		seen[name] = true
		for _, v := range e.Variables() {
			if names := words(v); len(names) > 1 && names[0] == "local" {
				visit(names[1], depth+1)
			}
		}
		s.left = new(maxExpressions)
		steps = append(steps, s.names("local."+name, s.own(), e)...)
		steps = append(steps, s.entries("local."+name, s.own(), e, 0)...)
	}
	for _, name := range slices.Sorted(maps.Keys(s.locals)) {
		visit(name, 0)
	}
	return steps
}

// argument returns what an argument is set to, nil if it is not given.
func argument(b *hclsyntax.Body, name string) hclsyntax.Expression {
	if a := b.Attributes[name]; a != nil {
		return a.Expr
	}
	return nil
}

// names returns the step by which something has a name, none without an expression or if nothing is known of it.
func (s scope) names(name, space string, e hclsyntax.Expression) []analyzers.Step {
	if e == nil {
		return nil
	}
	v := s.value(e)
	if code.IsOpaque(v.Parts) {
		return nil
	}
	return []analyzers.Step{{Op: analyzers.OpSet, At: v.At, Space: space, Name: name, Value: v}}
}

// entries returns the steps by which what a map has under its keys is known below its name.
func (s scope) entries(name, space string, e hclsyntax.Expression, depth int) (steps []analyzers.Step) {
	object := s.object(e)
	if object == nil || depth == maxKeys {
		return nil
	}
	if depth == 0 {
		steps = marks(name, space, isMap, s.at(object))
	}
	for _, one := range object.Items {
		if *s.below--; *s.below < 0 {
			break // whoever asks for the rest leaves a gap
		}
		if key := literal(one.KeyExpr); key != "" {
			below := name + "." + key
			if depth == 0 {
				steps = append(steps, marks(below, space, isKey, s.at(one.KeyExpr))...)
			}
			steps = append(steps, s.names(below, space, one.ValueExpr)...)
			steps = append(steps, s.entries(below, space, one.ValueExpr, depth+1)...)
		}
	}
	return steps
}

// account returns the expression that says in which account a provider of AWS works, if that is computed, or called after environments other than production:
// what it has under a name is another secret than what is known by that name elsewhere. It is nil for any other provider.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs#aws-configuration-reference
func account(provider *hclsyntax.Body) hclsyntax.Expression {
	by := []hclsyntax.Expression{argument(provider, "profile")}
	for _, block := range provider.Blocks {
		if strings.HasPrefix(block.Type, "assume_role") { // it has the last word
			by = slices.Insert(by, 0, argument(block.Body, "role_arn"))
		}
	}
	for _, e := range by {
		if e == nil {
			continue
		}
		text := literal(e)
		if env := environ.Value(path.Base(text)); text == "" && len(e.Variables()) > 0 || env != 0 && !env.Touches(detectors.Production) {
			return e
		}
		break
	}
	return nil
}

// providerName returns the name of what a provider works in, by the words that it is referred to with.
func providerName(called []string) string { return "provider." + strings.Join(called, ".") }

// inAccount ends the name under which the account of what has an address is known, where it is not that of the provider that all have.
const inAccount = " in"

// identity returns the steps by which a secret or vault, and the account that it is in, is known by its address.
func (s scope) identity(block *hclsyntax.Block) []analyzers.Step {
	kind := block.Labels[0]
	address := kind + "." + block.Labels[1]
	if block.Type != "resource" {
		address = block.Type + "." + address
	}
	if identified[kind] == "" {
		return nil
	}
	named := argument(block.Body, identified[kind])
	if named == nil {
		named = argument(block.Body, "arn")
	}
	steps := s.names(address, s.own(), named)
	if by := argument(block.Body, "provider"); by != nil && strings.HasPrefix(kind, "aws_") {
		if v := by.Variables(); len(v) == 1 {
			at := s.at(by)
			in := analyzers.Value{At: at, Parts: hole(tfroot.Space, providerName(words(v[0])), []analyzers.Part{{}})}
			steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: at, Space: s.own(), Name: address + inAccount, Value: in})
		}
	}
	if in := argument(block.Body, "project"); in != nil && len(steps) > 0 {
		steps[0].Value.Parts = slices.Concat([]analyzers.Part{{Text: "projects/"}}, s.parts(in), []analyzers.Part{{Text: "/secrets/"}}, steps[0].Value.Parts)
	}
	return steps
}

// looksUp returns the steps by which a data source looks a secret up, none for any other.
func (s scope) looksUp(block *hclsyntax.Block) []analyzers.Step {
	of, ok := sources[block.Labels[0]]
	if !ok {
		return nil
	}
	at := s.pass.At(block.DefRange().Start.Byte, block.DefRange().End.Byte)
	var name []analyzers.Part
	for i, word := range of.name {
		e := argument(block.Body, word)
		if e == nil {
			e = argument(block.Body, of.other)
		}
		if e == nil {
			return nil
		}
		if i > 0 {
			name = append(name, analyzers.Part{Text: "/"})
		}
		at = s.at(e)
		name = append(name, s.parts(e)...)
	}
	if len(name) > 0 && strings.HasPrefix(name[0].Text, public) {
		return nil
	}
	h := &analyzers.Hole{Space: of.store, Store: of.store}
	known := analyzers.Value{At: at, Parts: name}
	h.Name, _ = known.Text()
	switch in := s.in(of, block); {
	case in != nil:
		if of.in != "" {
			h.Scope = "*" // where nothing tells it, it may be each environment's own
		}
		h.Computed = &analyzers.Value{At: at, Parts: slices.Concat(in, []analyzers.Part{{Text: analyzers.ScopeEnd}}, name)}
	case h.Name == "":
		h.Computed = &known
	}
	return code.Asks(at, []analyzers.Part{{Hole: h}})
}

// in returns the project, account or vault that a secret is in, nil if its store has none: an argument, or that of the provider.
// https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#project-1
func (s scope) in(of source, block *hclsyntax.Block) []analyzers.Part {
	var otherwise []analyzers.Part
	switch of.store {
	case detectors.Vault:
		return nil
	case detectors.SecretsManager, detectors.ParameterStore:
		otherwise = []analyzers.Part{{}}
	}
	if e := argument(block.Body, of.in); e != nil {
		parts := s.parts(e)
		if text, ok := (analyzers.Value{Parts: parts}).Text(); ok && strings.Contains(text, "/vaults/") { // a vault's id ends in its name
			parts = []analyzers.Part{{Text: path.Base(text)}}
		}
		return parts
	}
	provider, _, _ := strings.Cut(block.Labels[0], "_")
	called := []string{provider}
	if chosen := argument(block.Body, "provider"); chosen != nil {
		if v := chosen.Variables(); len(v) == 1 {
			called = words(v[0])
		}
	}
	return hole(tfroot.Space, providerName(called), otherwise)
}
