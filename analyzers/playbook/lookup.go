package playbook

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/extravars"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// plugin says how a plugin looks a secret up: in which store, and in which arguments by name the rest of what names it stands.
type plugin struct {
	store string
	scope []string // the scope, the first that is there
	key   []string // what is taken of the secret
	name  []string // the secret, where it is not the first argument
}

// plugins are those that ask secret stores, by the last word of their names.
//
//	https://docs.ansible.com/projects/ansible/latest/collections/amazon/aws/ssm_parameter_lookup.html
//	https://docs.ansible.com/projects/ansible/latest/collections/amazon/aws/secretsmanager_secret_lookup.html
//	https://docs.ansible.com/projects/ansible/latest/collections/community/hashi_vault/vault_kv2_get_lookup.html
//	https://docs.ansible.com/projects/ansible/latest/collections/community/general/onepassword_lookup.html
//	https://docs.ansible.com/projects/ansible/latest/collections/community/general/passwordstore_lookup.html
//	https://docs.ansible.com/projects/ansible/latest/collections/azure/azcollection/azure_keyvault_secret_lookup.html
//	https://docs.ansible.com/projects/ansible/latest/collections/google/cloud/gcp_secret_manager_lookup.html
var plugins = map[string]plugin{
	"ssm_parameter":         {store: detectors.ParameterStore},
	"aws_ssm":               {store: detectors.ParameterStore},
	"secretsmanager_secret": {store: detectors.SecretsManager},
	"aws_secret":            {store: detectors.SecretsManager},
	"vault_read":            {store: detectors.Vault},
	"vault_kv1_get":         {store: detectors.Vault, scope: []string{"engine_mount_point"}},
	"vault_kv2_get":         {store: detectors.Vault, scope: []string{"engine_mount_point"}},
	"onepassword":           {store: detectors.OnePassword, scope: []string{"vault"}, key: []string{"field"}},
	"passwordstore":         {store: "pass"},
	"azure_keyvault_secret": {store: detectors.KeyVault, scope: []string{"vault_url"}},
	"gcp_secret_manager":    {store: detectors.SecretManager, scope: []string{"project"}, name: []string{"key", "secret"}},
	"hashi_vault":           {store: detectors.Vault},
}

const (
	maxLookUps = 100  // of a text
	maxCall    = 2000 // bytes of a call
)

// look begins a look-up: https://docs.ansible.com/projects/ansible/latest/plugins/lookup.html
var look = lazyregexp.New(`\b(?:lookup|query|q)\(\s*(?:'([A-Za-z0-9_.]+)'|"([A-Za-z0-9_.]+)")\s*,`)

// value returns the value of a text: as it is written, and what its templates look up.
func value(pass *analyzers.Pass, n *tree.Node) analyzers.Value {
	v := n.Value(pass)
	v.Parts = append(v.Parts, lookups(v)...)
	return v
}

// lookups returns what the templates of a text look up in secret stores, and in the environment of who runs the playbook.
func lookups(v analyzers.Value) []analyzers.Part {
	text, _ := v.Text()
	if !strings.Contains(text, "{{") && !strings.Contains(text, "{%") {
		return nil
	}
	var parts []analyzers.Part
	for _, m := range look.FindAllStringSubmatchIndex(text, maxLookUps) {
		if before := text[:m[0]]; max(strings.LastIndex(before, "{{"), strings.LastIndex(before, "{%")) <= max(strings.LastIndex(before, "}}"), strings.LastIndex(before, "%}")) {
			continue // neither in an expression nor in a statement: https://jinja.palletsprojects.com/en/stable/templates/#synopsis
		}
		name := text[max(m[2], m[4]):max(m[3], m[5])]
		name = name[strings.LastIndexByte(name, '.')+1:]
		operands, named := expressions{space: made}.arguments(text[m[1]:min(m[1]+maxCall, len(text))])
		switch p, ok := plugins[name]; {
		case name == "env":
			for _, one := range operands {
				if variable, known := (analyzers.Value{Parts: one}).Text(); known {
					parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{Name: variable}})
				}
			}
		case ok:
			for _, one := range p.secrets(name, operands, named) {
				parts = append(parts, one.parts(p, v, named)...)
			}
		}
	}
	return parts
}

// isSecret reports whether a part is a reference.
func isSecret(part analyzers.Part) bool { return part.Hole != nil && part.Hole.Store != "" }

// secret is the name of a secret, and of what is taken of it.
type secret struct{ name, key []analyzers.Part }

// secrets returns the secrets that a plugin is asked for.
func (p plugin) secrets(plugin string, operands [][]analyzers.Part, named map[string][]analyzers.Part) []secret {
	key := given(named, p.key)
	if p.name != nil {
		operands = [][]analyzers.Part{given(named, p.name)}
	}
	var all []secret
	for _, o := range operands {
		one := secret{o, key}
		text, known := (analyzers.Value{Parts: o}).Text()
		if plugin == "hashi_vault" && known { // secret=PATH:FIELD url=…
			place, _, _ := strings.Cut(strings.TrimPrefix(text, "secret="), " ")
			place, field, _ := strings.Cut(place, ":")
			one = secret{name: literal(place), key: literal(field)}
		} else if plugin == "passwordstore" && known {
			place, _, _ := strings.Cut(text, " ")
			one.name = literal(place)
		}
		if len(one.name) > 0 {
			all = append(all, one)
		}
	}
	return all
}

// parts returns the reference that a secret is.
func (s secret) parts(p plugin, v analyzers.Value, named map[string][]analyzers.Part) []analyzers.Part {
	scope := given(named, p.scope)
	join := func(a, b []analyzers.Part) []analyzers.Part {
		if len(a) == 0 || len(b) == 0 {
			return append(slices.Clip(a), b...)
		}
		return slices.Concat(a, literal("/"), b)
	}
	switch p.store {
	case detectors.ParameterStore, detectors.SecretsManager: // of two profiles that one is called after an environment tells its secrets from the other's
		profile, _ := (analyzers.Value{Parts: given(named, []string{"profile", "aws_profile"})}).Text()
		if means := environ.Identifier(profile); means != 0 && !means.Touches(detectors.Production) {
			scope = literal(profile)
		}
	case detectors.Vault:
		name := join(scope, s.name)
		if scope = nil; len(s.key) > 0 {
			scope, name = name, s.key
		}
		h := code.SecretIn(p.store, v.At, scope, name)
		return []analyzers.Part{{Hole: &h}}
	case detectors.OnePassword:
		if len(scope) > 0 || len(s.key) > 0 {
			h := code.SecretIn(p.store, v.At, join(scope, s.name), or(s.key, "password"))
			return []analyzers.Part{{Hole: &h}}
		}
	}
	h := code.SecretIn(p.store, v.At, scope, s.name)
	return []analyzers.Part{{Hole: &h}}
}

func or(parts []analyzers.Part, text string) []analyzers.Part {
	if len(parts) == 0 {
		return literal(text)
	}
	return parts
}

func literal(text string) []analyzers.Part {
	if text == "" {
		return nil
	}
	return []analyzers.Part{{Text: text}}
}

// given returns the first of the arguments that is there.
func given(named map[string][]analyzers.Part, names []string) []analyzers.Part {
	for _, name := range names {
		if parts := named[name]; len(parts) > 0 {
			return parts
		}
	}
	return nil
}

// expressions reads expressions of templates.
type expressions struct {
	space string         // in which variables have their texts
	span  detectors.Span // of the text that they are in, where what stands in it can be a token
}

// variable is the name of a variable, and what a filter has in its place where there is none.
// https://jinja.palletsprojects.com/en/stable/templates/#jinja-filters.default
var variable = lazyregexp.New(`^([A-Za-z_][A-Za-z0-9_]*)(?:\s*\|\s*(?:default|d)\(\s*(?:'([^']*)'|"([^"]*)")\s*\))?$`)

// word returns what a word comes to that is no text.
func (e expressions) word(word string) analyzers.Part {
	m := variable.FindStringSubmatch(word)
	if m == nil {
		return code.Unknown()
	}
	part := extravars.Or(e.space, m[1])
	if word != m[1] {
		part.Hole.Default.Parts[0].Hole.Default = &analyzers.Value{Parts: e.literal(m[2] + m[3])}
	}
	return part
}

func (e expressions) literal(text string) []analyzers.Part {
	parts := literal(text)
	for i := range parts {
		parts[i].Span = e.span
	}
	return parts
}

// text returns what a text with templates in it comes to.
func (e expressions) text(text string) []analyzers.Part {
	var parts []analyzers.Part
	for {
		before, rest, open := strings.Cut(text, "{{")
		parts = append(parts, e.literal(before)...)
		if !open {
			return parts
		}
		inside, after, closed := strings.Cut(rest, "}}")
		one := []analyzers.Part{code.Unknown()}
		if operands, _ := e.arguments(strings.Trim(inside, "- ") + ")"); closed && len(operands) == 1 {
			one = operands[0]
		}
		parts, text = append(parts, one...), after
	}
}

// arguments reads what stands behind the plugin's name, up to the parenthesis that closes the call: operands, and arguments by name. What is joined
// of texts and variables is known in part.
func (e expressions) arguments(text string) (operands [][]analyzers.Part, named map[string][]analyzers.Part) {
	named = map[string][]analyzers.Part{}
	var current []analyzers.Part
	name, from, depth, joined, whole := "", 0, 0, true, true
	add := func(parts ...analyzers.Part) {
		whole = whole && joined // else there is a condition between them, or what the second is formatted with
		current, joined = append(current, parts...), false
	}
	flush := func(to int) {
		if word := strings.TrimSpace(text[from:to]); word != "" {
			add(e.word(word))
		}
	}
	end := func(to int) {
		if flush(to); !whole {
			current = []analyzers.Part{code.Unknown()}
		}
		if name != "" {
			named[name] = current
		} else if len(current) > 0 {
			operands = append(operands, current)
		}
		current, name, joined, whole = nil, "", true, true
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'' || c == '"':
			length := strings.IndexByte(text[i+1:], c)
			if length < 0 {
				return operands, named
			}
			if depth == 0 {
				flush(i)
				add(e.literal(text[i+1 : i+1+length])...)
				from = i + length + 2
			}
			i += length + 1
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			if depth--; depth < 0 {
				end(i)
				return operands, named
			}
		case depth > 0:
		case c == ',':
			end(i)
			from = i + 1
		case c == '+' || c == '~':
			flush(i)
			from, joined = i+1, true
		case c == '=' && name == "" && len(current) == 0 && identifier.MatchString(strings.TrimSpace(text[from:i])):
			name, from = strings.TrimSpace(text[from:i]), i+1
		}
	}
	return operands, named
}

var identifier = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)
