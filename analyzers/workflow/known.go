package workflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
)

// leftBehind says which variables an action leaves to the later steps of the job, by the input that they hold.
//
//	https://github.com/aws-actions/configure-aws-credentials#options
//	https://github.com/google-github-actions/auth#inputs-workload-identity-federation
//	https://github.com/pulumi/auth-actions#readme
var leftBehind = map[string]map[string]string{
	"aws-actions/configure-aws-credentials": {
		"aws-access-key-id":     "AWS_ACCESS_KEY_ID",
		"aws-secret-access-key": "AWS_SECRET_ACCESS_KEY",
		"aws-session-token":     "AWS_SESSION_TOKEN",
	},
	"google-github-actions/auth": {"credentials_json": "GOOGLE_APPLICATION_CREDENTIALS"},
}

// variables says of actions' inputs what programs call the variable for what they hold.
//
//	https://github.com/actions/checkout#usage
//	https://github.com/actions/create-github-app-token#inputs
//	https://github.com/AkhileshNS/heroku-deploy#options
//	https://github.com/amondnet/vercel-action#inputs
//	https://github.com/appleboy/ssh-action#input-variables and https://github.com/appleboy/scp-action#input-variables
//	https://github.com/Azure/functions-action#readme, https://github.com/Azure/k8s-set-context#readme, https://github.com/Azure/webapps-deploy#readme
//	https://learn.microsoft.com/azure/static-web-apps/build-configuration
//	https://github.com/cloud-gov/cg-cli-tools#usage
//	https://github.com/cloudflare/pages-action#usage and https://github.com/cloudflare/wrangler-action#authentication
//	https://github.com/crazy-max/ghaction-import-gpg#inputs
//	https://github.com/digitalocean/action-doctl#arguments and https://github.com/digitalocean/app_action#readme
//	https://github.com/easingthemes/ssh-deploy#inputs
//	https://github.com/expo/expo-github-action#configuration-options
//	https://github.com/FirebaseExtended/action-hosting-deploy#options
//	https://github.com/hashicorp/setup-terraform#inputs
//	https://github.com/johnbeynon/render-deploy-action#readme
//	https://github.com/JS-DevTools/npm-publish#options
//	https://github.com/pypa/gh-action-pypi-publish#usage
//	https://github.com/webfactory/ssh-agent#usage
var variables = map[string]map[string]string{
	"actions/checkout":                       {"ssh-key": "SSH_PRIVATE_KEY", "token": "GITHUB_TOKEN"},
	"actions/create-github-app-token":        {"private-key": "GITHUB_APP_PRIVATE_KEY"},
	"akhileshns/heroku-deploy":               {"heroku_api_key": "HEROKU_API_KEY"},
	"amondnet/vercel-action":                 {"vercel-token": "VERCEL_TOKEN"},
	"appleboy/scp-action":                    {"key": "SSH_PRIVATE_KEY"},
	"appleboy/ssh-action":                    {"key": "SSH_PRIVATE_KEY"},
	"azure/functions-action":                 {"publish-profile": "AZURE_FUNCTIONAPP_PUBLISH_PROFILE"},
	"azure/k8s-set-context":                  {"kubeconfig": "KUBECONFIG"},
	"azure/static-web-apps-deploy":           {"azure_static_web_apps_api_token": "AZURE_STATIC_WEB_APPS_API_TOKEN"},
	"azure/webapps-deploy":                   {"publish-profile": "AZURE_WEBAPP_PUBLISH_PROFILE"},
	"cloud-gov/cg-cli-tools":                 {"cf_password": "CF_PASSWORD"},
	"cloudflare/pages-action":                {"apitoken": "CLOUDFLARE_API_TOKEN"},
	"cloudflare/wrangler-action":             {"apitoken": "CLOUDFLARE_API_TOKEN"},
	"crazy-max/ghaction-import-gpg":          {"gpg_private_key": "GPG_PRIVATE_KEY"},
	"digitalocean/action-doctl":              {"token": "DIGITALOCEAN_ACCESS_TOKEN"},
	"digitalocean/app_action":                {"token": "DIGITALOCEAN_ACCESS_TOKEN"},
	"easingthemes/ssh-deploy":                {"ssh_private_key": "SSH_PRIVATE_KEY"},
	"expo/expo-github-action":                {"token": "EXPO_TOKEN"},
	"firebaseextended/action-hosting-deploy": {"firebaseserviceaccount": "FIREBASE_SERVICE_ACCOUNT"},
	"google-github-actions/auth":             {"credentials_json": "GOOGLE_CREDENTIALS"},
	"hashicorp/setup-terraform":              {"cli_config_credentials_token": "TF_API_TOKEN"},
	"johnbeynon/render-deploy-action":        {"api-key": "RENDER_API_KEY"},
	"js-devtools/npm-publish":                {"token": "NPM_TOKEN"},
	"pypa/gh-action-pypi-publish":            {"password": "PYPI_API_TOKEN"},
	"webfactory/ssh-agent":                   {"ssh-private-key": "SSH_PRIVATE_KEY"},
}

// opens says which stores an action opens for the later steps. What lies in them may be another value in each environment, since it
// depends on whom the action signs in as.
var opens = map[string][]string{
	"aws-actions/configure-aws-credentials": {detectors.SecretsManager, detectors.ParameterStore},
	"google-github-actions/auth":            {detectors.SecretManager},
	"azure/login":                           {detectors.KeyVault},
	"hashicorp/vault-action":                {detectors.Vault},
}

// leaves returns the steps by which an action of another repository changes what the later steps have.
func (r *reader) leaves(tool string, n *yamltree.Node) []analyzers.Step {
	with := n.Get("with")
	var steps []analyzers.Step
	for _, opened := range opens[strings.ToLower(tool)] {
		steps = append(steps, analyzers.Step{Op: analyzers.OpScope, At: r.at(n.Get("uses")), Name: opened})
	}
	for key, v := range with.Pairs() {
		if name := leftBehind[strings.ToLower(tool)][lower(key)]; name != "" {
			step := set("", name, r.scalar(v))
			step.At, step.Says = r.at(key), "was left by "+tool
			steps = append(steps, step)
		}
	}
	if id, ok := identities[strings.ToLower(tool)]; ok && with.Get(id.by).Str() != "" && with.Get(id.secret).Str() == "" {
		steps = append(steps, r.assumed(tool, id, with)...)
	}
	return append(steps, r.fetched(tool, n)...)
}

// identity is how an action lets a job be somebody without a secret.
type identity struct {
	by, secret string   // the input that says so, and the one that it has instead if it signs in with a secret
	whom       string   // the input that names who that is
	store      string   // of the references to who that can be
	mark       string   // what stands in each of their names
	named      string   // the variable that programs have for the name, "" if that is a mere id, which the setting's own name stands for
	leaves     []string // the variables by which later steps have the temporary credentials
}

// The stores of those who can be assumed, by their names in full.
const (
	roles    = detectors.AssumedRole
	accounts = detectors.ServiceAccount
	apps     = detectors.Registration
)

// identities are those of which the names are in the file, and others.
//
//	https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
//	https://github.com/google-github-actions/auth#inputs-workload-identity-federation
//	https://github.com/azure/login#login-with-openid-connect-oidc-recommended
var identities = map[string]identity{
	"aws-actions/configure-aws-credentials": {
		by: "role-to-assume", whom: "role-to-assume", store: roles, mark: ":role/", named: "AWS_ROLE_ARN",
		leaves: []string{"AWS_SESSION_TOKEN"},
	},
	"google-github-actions/auth": {
		by: "workload_identity_provider", secret: "credentials_json", whom: "service_account", store: accounts, mark: "@",
		named:  "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT",
		leaves: []string{"GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"},
	},
	"azure/login": {by: "client-id", secret: "creds", whom: "client-id", store: apps},
}

// assumables say of a store of those who can be assumed how their names look.
var assumables = map[string]*lazyregexp.Regexp{
	roles:    lazyregexp.New(`^arn:[\w-]+:iam::(?:\d{12}|(?:secrets|vars)\.\w+):role/\S+$`),
	accounts: lazyregexp.New(`^[\w.-]+@[\w.-]+\.gserviceaccount\.com$`),
	apps:     lazyregexp.New(`^(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?:secrets|vars)\.\w+)$`),
}

// settings are names of settings in the name of one who can be assumed, where they stand for what they hold.
var settings = lazyregexp.New(`\b(?:secrets|vars)\.\w`)

// assumed returns the steps by which a job is somebody, of whom the later steps have temporary credentials. A secret that holds the name in
// full stands for who that is; in a name that is put together, the names of settings stand for what they hold.
func (r *reader) assumed(tool string, id identity, with *yamltree.Node) []analyzers.Step {
	n := with.Get(id.whom)
	v := r.inWorkflow(r.scalar(n))
	unknown := func(p analyzers.Part) bool {
		_, known := texts(analyzers.Value{Parts: []analyzers.Part{p}})
		return !known && !(p.Hole != nil && setElsewhere(p.Hole.Space) && id.named != "")
	}
	full := r.bySettings(v, id.named == "")
	var steps []analyzers.Step
	leave := func(variable string, v analyzers.Value) {
		step := set("", variable, v)
		step.At, step.Says = r.at(n), "the job assumes the "+strings.ReplaceAll(id.store[strings.IndexByte(id.store, '-')+1:], "-", " ")
		steps = append(append(steps, r.flush()...), step)
	}
	alone, secret := len(v.Parts) == 1 && v.Parts[0].Hole != nil, isSecret(v) && id.named != ""
	if secret || alone && setElsewhere(v.Parts[0].Hole.Space) && id.named != "" {
		leave(id.named, v)
	}
	switch {
	case secret:
	case !alone && !contains(full, id.mark), len(v.Parts) == 0, slices.ContainsFunc(full.Parts, unknown):
		at := with.Get(id.by)
		if n != nil {
			at = n
		}
		says := "the job signs in without a secret by " + tool + "; whom as, and what that reaches, is not known"
		steps = append(steps, analyzers.Step{Op: analyzers.OpGap, At: r.at(at), Says: says})
	default:
		who := r.computed(id.store, full, r.at(n))
		for _, variable := range id.leaves {
			leave(variable, who)
		}
		if len(id.leaves) == 0 {
			use := analyzers.Step{Op: analyzers.OpUse, At: r.at(n), Value: who, Sink: &detectors.Sink{Tool: tool}, Says: "the job signs in as it"}
			steps = append(append(steps, r.flush()...), use)
		}
	}
	return steps
}

// inWorkflow returns a value with what the workflow and the job declare of its variables, unless a step has changed them since.
func (r *reader) inWorkflow(v analyzers.Value) analyzers.Value {
	declared := maps.Clone(r.given)
	maps.DeleteFunc(declared, func(name string, _ analyzers.Value) bool { return len(r.exported[name]) > 0 })
	c := carry.Carrier{Local: declared}
	return c.Substitute(v)
}

// contains reports whether a mark stands in a value's text.
func contains(v analyzers.Value, mark string) bool {
	return slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool { return strings.Contains(p.Text, mark) })
}

// bySettings returns a value, or a part of one, with the names of settings for what they hold. A setting that is all of a value stays what it is.
func (e *evaluator) bySettings(v analyzers.Value, part bool) analyzers.Value {
	part = part || len(v.Parts) > 1
	v.Parts = slices.Clone(v.Parts)
	for i, p := range v.Parts {
		if p.Hole == nil {
			continue
		}
		if part && e.isSetting(p.Hole) {
			v.Parts[i] = analyzers.Part{Text: p.Hole.Space + "." + p.Hole.Name}
			continue
		}
		h := *p.Hole
		h.Values = slices.Clone(h.Values)
		for j := range h.Values {
			h.Values[j] = e.bySettings(h.Values[j], part)
		}
		v.Parts[i].Hole = &h
	}
	return v
}

// isSetting reports whether a hole is filled with a setting that has the name everywhere in the repository, and not only where a caller gives it.
func (e *evaluator) isSetting(h *analyzers.Hole) bool {
	return h.Name != "" && (h.Space == "vars" || h.Space == "secrets" && !e.handed[h.Name])
}

// isSecret reports whether a value is a secret of the workflow, or a choice of such.
func isSecret(v analyzers.Value) bool {
	if len(v.Parts) != 1 || v.Parts[0].Hole == nil {
		return false
	}
	h := v.Parts[0].Hole
	return h.Space == "secrets" || len(h.Values) > 0 && !slices.ContainsFunc(h.Values, func(one analyzers.Value) bool { return !isSecret(one) })
}

// fetched returns the steps by which an action leaves what it fetches from a store of secrets.
func (r *reader) fetched(tool string, n *yamltree.Node) []analyzers.Step {
	with := n.Get("with")
	switch strings.ToLower(tool) {
	case "hashicorp/vault-action":
		return r.lines(with.Get("secrets"), detectors.Vault, ";", vaultLine)
	case "aws-actions/aws-secretsmanager-get-secrets":
		return r.lines(with.Get("secret-ids"), detectors.SecretsManager, "\n", awsLine)
	case "1password/load-secrets-action":
		if with.Get("export-env").Str() != "true" {
			return nil
		}
		return r.onePassword(n.Get("env"))
	}
	return nil
}

// look is a look-up in a store: the variable that is set to the value.
type look struct {
	variable string
	hole     analyzers.Hole
}

// lines returns a set for each line of a list of look-ups.
func (r *reader) lines(n *yamltree.Node, store, separator string, read func(line string) (look, bool)) []analyzers.Step {
	source := n.Source()
	var steps []analyzers.Step
	at := 0
	for line := range strings.SplitSeq(source.String, separator) {
		start := at
		at += len(line) + len(separator)
		trimmed := strings.TrimSpace(line)
		start += strings.Index(line, trimmed)
		l, ok := read(inLine.ReplaceAllString(trimmed, "1"))
		if !ok {
			continue
		}
		place := r.place(source.Span(start, start+len(trimmed)))
		v := hole(place, l.hole)
		if strings.Contains(trimmed, "${{") {
			v = r.computed(store, r.template(source.Slice(start, start+len(trimmed))), place)
		}
		steps = append(append(steps, r.flush()...), set("", l.variable, v))
	}
	return steps
}

// inLine is a placeholder in a line.
var inLine = lazyregexp.New(`\$\{\{.*?\}\}`)

var notInName = lazyregexp.New(`[^A-Za-z0-9_]+`)

// vaultLine reads "path key | NAME" (https://github.com/hashicorp/vault-action#key-syntax).
func vaultLine(line string) (look, bool) {
	source, name, _ := strings.Cut(line, "|")
	words := strings.Fields(source)
	if len(words) != 2 {
		return look{}, false
	}
	if name = strings.TrimSpace(name); name == "" {
		name = strings.ToUpper(notInName.ReplaceAllString(words[1], "_"))
	}
	return look{name, analyzers.Hole{Space: detectors.Vault, Name: words[1], Store: detectors.Vault, Scope: words[0]}}, true
}

// awsLine reads "NAME, id" or "id" (https://github.com/aws-actions/aws-secretsmanager-get-secrets#parameters).
func awsLine(line string) (look, bool) {
	name, id, aliased := strings.Cut(line, ",")
	if !aliased {
		id, name = name, strings.ToUpper(notInName.ReplaceAllString(name, "_"))
	}
	id, name = strings.TrimSpace(id), strings.TrimSpace(name)
	if id == "" || strings.Contains(id, "*") {
		return look{}, false
	}
	return look{name, analyzers.Hole{Space: detectors.SecretsManager, Name: id, Store: detectors.SecretsManager}}, true
}

// onePassword reads variables whose values are op://vault/item/field
// (https://developer.1password.com/docs/ci-cd/github-actions/).
func (r *reader) onePassword(env *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, n := range env.Pairs() {
		if !strings.HasPrefix(n.Str(), onePasswordScheme) {
			continue
		}
		at := r.at(n)
		var v analyzers.Value
		if strings.Contains(n.Str(), "${{") {
			v = r.computed(detectors.OnePassword, r.scalar(n), at)
		} else if h, ok := onePasswordReference(n.Str()); ok {
			v = hole(at, h)
		} else {
			continue
		}
		steps = append(append(steps, r.flush()...), set("", key.Str(), v))
	}
	return steps
}

// onePasswordScheme is what references to 1Password begin with.
const onePasswordScheme = "op://"

// onePasswordReference reads op://vault/item/field.
func onePasswordReference(text string) (analyzers.Hole, bool) {
	place, ok := strings.CutPrefix(text, onePasswordScheme)
	i := strings.LastIndex(place, "/")
	if !ok || i < 0 {
		return analyzers.Hole{}, false
	}
	return analyzers.Hole{Space: detectors.OnePassword, Name: place[i+1:], Store: detectors.OnePassword, Scope: place[:i]}, true
}
