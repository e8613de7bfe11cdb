package code

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// lookUp is a function of a library that asks a secret store, and the member of its argument that names the secret there, or several, or the folder
// of several.
type lookUp struct{ store, member string }

// lookUps are such functions by the last word of their names, as the libraries for Python, JavaScript and Go have them.
//
//	https://docs.aws.amazon.com/boto3/latest/reference/services/secretsmanager/client/get_secret_value.html
//	https://docs.aws.amazon.com/boto3/latest/reference/services/ssm/client/get_parameters_by_path.html
//	https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/secrets-manager/command/GetSecretValueCommand/
//	https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/ssm/command/GetParameterCommand/
//	https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/service/secretsmanager#Client.GetSecretValue
//	https://pkg.go.dev/github.com/aws/aws-sdk-go/service/ssm#SSM.GetParameterWithContext
//	https://pkg.go.dev/cloud.google.com/go/secretmanager/apiv1#Client.AccessSecretVersion
//	https://cloud.google.com/secret-manager/docs/access-secret-version
var lookUps = map[string]lookUp{
	"get_secret_value": {detectors.SecretsManager, "SecretId"}, "getSecretValue": {detectors.SecretsManager, "SecretId"},
	"GetSecretValueCommand": {detectors.SecretsManager, "SecretId"}, "GetSecretValue": {detectors.SecretsManager, "SecretId"},
	"GetSecretValueWithContext": {detectors.SecretsManager, "SecretId"},

	"get_parameter": {detectors.ParameterStore, "Name"}, "getParameter": {detectors.ParameterStore, "Name"}, "GetParameterCommand": {detectors.ParameterStore, "Name"},
	"GetParameter": {detectors.ParameterStore, "Name"}, "GetParameterWithContext": {detectors.ParameterStore, "Name"},
	"get_parameters": {detectors.ParameterStore, "Names"}, "getParameters": {detectors.ParameterStore, "Names"}, "GetParametersCommand": {detectors.ParameterStore, "Names"},
	"GetParameters": {detectors.ParameterStore, "Names"}, "GetParametersWithContext": {detectors.ParameterStore, "Names"},
	"get_parameters_by_path": {detectors.ParameterStore, "Path"}, "getParametersByPath": {detectors.ParameterStore, "Path"},
	"GetParametersByPathCommand": {detectors.ParameterStore, "Path"}, "GetParametersByPath": {detectors.ParameterStore, "Path"},
	"GetParametersByPathWithContext": {detectors.ParameterStore, "Path"}, "NewGetParametersByPathPaginator": {detectors.ParameterStore, "Path"},

	"access_secret_version": {detectors.SecretManager, "name"}, "accessSecretVersion": {detectors.SecretManager, "name"}, "AccessSecretVersion": {detectors.SecretManager, "Name"},
}

// LookUp returns the store that a function asks, by its name's last word, and the member of its argument that names the secret; nothing for any
// other function.
func LookUp(function string) (store, member string) {
	l := lookUps[function]
	return l.store, l.member
}

// LooksUp reports whether a word is such a function's name.
func LooksUp(word []byte) bool {
	_, ok := lookUps[string(word)]
	return ok || ByClient(string(word))
}

// ByClient reports whether a method of this name looks a secret up if what it is called on is a client of a store: other things have such methods too.
//
//	https://learn.microsoft.com/python/api/azure-keyvault-secrets/azure.keyvault.secrets.secretclient
//	https://learn.microsoft.com/javascript/api/@azure/keyvault-secrets/secretclient
//	https://python-hvac.org/en/stable/usage/secrets_engines/kv_v2.html
func ByClient(method string) bool {
	switch method {
	case "get_secret", "getSecret", "read_secret", "read_secret_version", "read_kv_secret":
		return true
	}
	return false
}

// KeyVault returns the name of the vault of Azure that has an address, nothing if it is computed as a whole.
// https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers
func KeyVault(address []analyzers.Part) []analyzers.Part {
	if len(address) == 0 {
		return nil
	}
	parts := slices.Clone(address)
	last := &parts[len(parts)-1]
	name, ok := strings.CutSuffix(strings.TrimSuffix(last.Text, "/"), ".vault.azure.net")
	if !ok || last.Hole != nil {
		return nil
	}
	last.Text = name
	parts[0].Text = strings.TrimPrefix(parts[0].Text, "https://")
	return slices.DeleteFunc(parts, func(p analyzers.Part) bool { return p.Hole == nil && p.Text == "" })
}

// Secret returns the parts of what a store has under a name: under each text that it can have, and if not all of that is known here, under whatever
// it comes to.
func Secret(store string, name analyzers.Value) []analyzers.Part {
	under := func(text string, computed *analyzers.Value) []analyzers.Part {
		return []analyzers.Part{{Hole: &analyzers.Hole{Space: store, Name: text, Store: store, Computed: computed}}}
	}
	texts := Texts(name.Parts)
	if len(texts) == 0 || names(name.Parts) {
		if len(name.Parts) == 0 {
			name.Parts = []analyzers.Part{Unknown()}
		}
		return under(starred(store, name.Parts), &name)
	}
	var all [][]analyzers.Part
	for _, text := range texts {
		all = append(all, under(text, nil))
	}
	if len(all) == 1 {
		return all[0]
	}
	return []analyzers.Part{Alternatives(all...)}
}

// SecretIn returns what a store has under a name in a scope. Where a part of either is not known here, it is what that comes to.
func SecretIn(store string, at detectors.Place, scope, name []analyzers.Part) analyzers.Hole {
	h := analyzers.Hole{Space: store, Name: starred(store, name), Store: store, Scope: starred(store, scope)}
	if h.Scope == "" && len(scope) > 0 {
		h.Scope = "*"
	}
	if names(name) || names(scope) {
		computed := name
		if len(scope) > 0 {
			computed = slices.Concat(scope, []analyzers.Part{{Text: analyzers.ScopeEnd}}, name)
		}
		h.Computed = &analyzers.Value{At: at, Parts: computed}
	}
	return h
}

// names reports whether a name stands in the parts that may come to a text.
func names(parts []analyzers.Part) bool {
	return slices.ContainsFunc(parts, func(p analyzers.Part) bool {
		h := p.Hole
		return h != nil && (h.Name != "" && !h.All && !strings.HasSuffix(h.Name, "()") || h.Default != nil && names(h.Default.Parts) ||
			slices.ContainsFunc(h.Values, func(v analyzers.Value) bool { return names(v.Parts) }))
	})
}

// starred returns what is known of the text of a name, with stars for what is not; nothing if no word of it is the name's own.
func starred(store string, parts []analyzers.Part) string {
	if IsOpaque(parts) {
		return ""
	}
	var b strings.Builder
	for _, p := range parts {
		text := p.Text
		if p.Hole != nil {
			text = "*"
			if all := Texts([]analyzers.Part{p}); len(all) == 1 && !names([]analyzers.Part{p}) {
				text = all[0]
			}
		}
		b.WriteString(text)
	}
	own := b.String()
	if store == detectors.SecretManager {
		own = resource.Replace(own)
	}
	if strings.Trim(own, "/:-_.*") == "" {
		return ""
	}
	return b.String()
}

// SecretVersion is the full name of the latest version of a project's secret, which the libraries of Google Cloud make.
// https://cloud.google.com/python/docs/reference/secretmanager/latest/google.cloud.secretmanager_v1.services.secret_manager_service.SecretManagerServiceClient
func SecretVersion(project, secret []analyzers.Part) []analyzers.Part {
	known := func(parts []analyzers.Part) []analyzers.Part {
		if len(parts) == 0 {
			return []analyzers.Part{Unknown()}
		}
		return parts
	}
	return slices.Concat([]analyzers.Part{{Text: "projects/"}}, known(project), []analyzers.Part{{Text: "/secrets/"}}, known(secret), []analyzers.Part{{Text: "/versions/latest"}})
}

// resource takes out of the full name of a secret or a version of it what all have.
// https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access
var resource = strings.NewReplacer("projects/", "", "/secrets/", "", "/versions/latest", "", "/versions/", "")

// Sought is the name under which a function looks a secret up: what the file knows of it, or what other files give the function for it.
func Sought(parts, parameter []analyzers.Part) []analyzers.Part {
	switch {
	case len(parameter) == 0:
		return parts
	case len(parts) == 0:
		return parameter
	}
	return []analyzers.Part{Alternatives(parts, parameter)}
}

// Keeper reports whether a function's name says that it looks secrets up, so that what it is given can be the name of one: getSecret, read_parameter.
func Keeper(function string) bool {
	function = strings.ToLower(function[strings.LastIndexByte(function, '.')+1:])
	for _, word := range [...]string{"secret", "param", "ssm", "vault", "credential"} {
		if strings.Contains(function, word) {
			return true
		}
	}
	return false
}

// asked begins the name of the space of what code looks up in a store.
const asked = "asked "

// Asks returns the steps by which code looks secrets up in a store: what [Secret] returns.
func Asks(at detectors.Place, secret []analyzers.Part) []analyzers.Step {
	var steps []analyzers.Step
	each(secret, func(p analyzers.Part) bool {
		name := p.Hole.Name
		if name == "" {
			name = "a secret whose name is computed"
		}
		space := asked + p.Hole.Store
		steps = append(steps,
			analyzers.Step{Op: analyzers.OpSet, At: at, Space: space, Name: name, Value: analyzers.Value{At: at, Parts: []analyzers.Part{p}}},
			analyzers.Step{Op: analyzers.OpRead, At: at, Space: space, Name: name, Says: "looks it up in the store"},
		)
		return false
	})
	return steps
}

// UnknownSecret says of a look-up that nothing tells the name of what is looked up.
const UnknownSecret = "the name of the secret that is looked up is computed; which one it is is not known"
