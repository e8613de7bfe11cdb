package shell

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// secret is what is looked up in a secret store.
type secret struct {
	store, scope, name string
	computed           *analyzers.Value // the name, if not all of its text is known here
}

// sought is a secret that a word names.
func (r *reader) sought(store, scope string, w word) secret {
	return r.computes(secret{store: store, scope: scope, name: r.textOf(w)}, nil, w)
}

// soughtIn is a secret that a word names in the scope that another one names.
func (r *reader) soughtIn(store string, scope, w word) secret {
	return r.computes(secret{store: store, scope: r.textOf(scope), name: r.textOf(w)}, &scope, w)
}

// computes notes what the name, and the scope, is computed from if not all of it is known here.
func (r *reader) computes(s secret, scope *word, w word) secret {
	parts := w.value.Parts
	if scope != nil && len(scope.value.Parts) > 0 && (s.scope == "" || strings.Contains(s.scope, "*")) {
		parts = slices.Concat(scope.value.Parts, []analyzers.Part{{Text: analyzers.ScopeEnd}}, parts)
	} else if s.name != "" && !strings.Contains(s.name, "*") && !r.know(w.value).byDefault {
		return s
	}
	if slices.ContainsFunc(parts, func(p analyzers.Part) bool { return p.Hole != nil && p.Hole.Name != "" }) {
		s.computed = &analyzers.Value{At: w.value.At, Parts: parts}
	}
	return s
}

// lookup writes the reference that a look-up in a secret store prints, and reports whether the command is one. A name that is
// computed is looked up as the text that is known of it; without any it is a gap.
func (r *reader) lookup(c command) bool {
	name, ok := r.secret(c)
	if !ok {
		return false
	}
	if name.name == "" && name.computed == nil {
		r.pass.Gap(c.at, r.what()+" looks up a secret whose name is computed")
		return false
	}
	r.prints(c, name)
	return true
}

// prints writes a reference where the command writes. If that is a file or the screen, it is used for that.
func (r *reader) prints(c command, s secret) {
	v := analyzers.Value{At: c.at, Parts: []analyzers.Part{reference(s)}}
	r.write(v)
	if r.out == nil || r.out.to != "" {
		r.emit(analyzers.Step{Op: analyzers.OpUse, At: c.at, Value: v, Sink: &detectors.Sink{Tool: "cat"}})
	}
}

func reference(s secret) analyzers.Part {
	return analyzers.Part{Hole: &analyzers.Hole{Space: "store:" + s.store, Name: s.name, Store: s.store, Scope: s.scope, Computed: s.computed}}
}

// secret returns what a command looks up.
func (r *reader) secret(c command) (secret, bool) {
	switch tool(c.name()) {
	case "vault", "bao":
		return r.vault(c)
	case "aws":
		if s, ok := r.aws(c); ok {
			return s, true
		}
	case "kubectl", "oc":
		return r.kubectl(c)
	case "pass", "gopass":
		if args := c.args(); len(args) > 0 {
			if args[0].text == "show" {
				args = args[1:]
			}
			if _, operands := options(args, "", false); len(operands) == 1 && strings.Contains(operands[0].head(), "/") {
				return r.sought("pass", "", operands[0]), true
			}
		}
	case "security":
		found, _ := options(c.args(), "-a -s -l -D", true)
		if c.words[1:] != nil && len(c.args()) > 0 && strings.HasPrefix(c.words[1].text, "find-") {
			name, _ := last(found, "-s")
			return r.sought("keychain", "", name), true
		}
	case "chamber": // keeps its secrets in the parameter store: https://github.com/segmentio/chamber#reading
		_, operands := options(c.args(), "-b --backend -v --version -f --format -o --output-file", true)
		switch {
		case starts(operands, "read") && len(operands) > 2:
			return r.sought(detectors.ParameterStore, "", rooted(operands[1], operands[2])), true
		case starts(operands, "export") && len(operands) > 1:
			return r.sought(detectors.ParameterStore, "", rooted(operands[1])), true
		}
	}
	if s, ok := r.fetches(c); ok {
		return s, true
	}
	return r.printed(c)
}

// rooted returns the path from the root that the words are the parts of.
func rooted(words ...word) word {
	var path word
	for _, w := range words {
		path.value.At = w.value.At
		path.value.Parts = slices.Concat(path.value.Parts, synthetic("/"), w.value.Parts)
	}
	return path
}

// adapters are the stores that Kamal fetches from, by its names for them, and what we call them if that differs.
// https://kamal-deploy.org/docs/commands/secrets/
var adapters = map[string]string{
	"1password": detectors.OnePassword, "aws_secrets_manager": detectors.SecretsManager, "gcp": detectors.SecretManager, "gcp_secret_manager": detectors.SecretManager,
	"bitwarden": "", "bitwarden-sm": "", "doppler": "", "enpass": "", "lastpass": "", "passbolt": "",
}

// kamal reads what Kamal fetches, which it prints as one text, and which of it is taken out of that: by its whole name, or by the end of it. It
// reports whether the command is such a one and no other.
func (r *reader) kamal(c command) bool {
	found, operands := options(c.args(), "--adapter -a --account --from -d --destination -c --config-file", true)
	switch {
	case starts(operands, "secrets fetch"):
		adapter, _ := last(found, "--adapter -a")
		store, known := adapters[adapter.text]
		if !known {
			break
		}
		from, _ := last(found, "--from")
		var all []analyzers.Part
		for _, w := range operands[2:] {
			s := r.sought(cmp.Or(store, adapter.text), "", w)
			switch where := strings.Trim(r.textOf(from), "/"); {
			case s.name == "" || where == "":
			case adapter.text == "doppler": // a project and a config
				s.scope = where
			case store == detectors.SecretManager: // a project
				if where != "default" {
					s.scope = where
				}
			default: // a vault, an item, the beginning of names
				s.name = where + "/" + s.name
			}
			if s.name != "" {
				s.computed = nil
				*r.fetched = append(*r.fetched, s)
				all = append(all, reference(s))
			}
		}
		if r.write(analyzers.Value{At: c.at, Parts: all}); len(all) > 0 {
			return true
		}
	case starts(operands, "secrets extract") && len(operands) > 2:
		name := r.textOf(operands[2])
		for _, s := range slices.Backward(*r.fetched) {
			if s.name == name || strings.HasSuffix(s.name, "/"+name) {
				r.prints(c, s)
				return true
			}
		}
	default:
		return false
	}
	r.pass.Gap(c.at, "what Kamal fetches from a store of secrets is not followed here; which of them the containers get is not known")
	return false
}

// starts reports whether the operands begin with these words.
func starts(operands []word, words string) bool {
	i := 0
	for w := range strings.FieldsSeq(words) {
		if i >= len(operands) || operands[i].text != w {
			return false
		}
		i++
	}
	return true
}

// textOf returns what is known of a word's text; a part that is not known is a star.
func (r *reader) textOf(w word) string {
	if text, ok := r.resolve(w.value); ok {
		return text
	}
	var b strings.Builder
	known := false
	for _, p := range w.value.Parts {
		text, ok := r.resolve(analyzers.Value{Parts: []analyzers.Part{p}})
		if !ok {
			text = "*"
		}
		known = known || ok && strings.Trim(text, "/") != ""
		b.WriteString(text)
	}
	if !known {
		return ""
	}
	return b.String()
}

// vault reads vault read, vault kv get and their fields (https://developer.hashicorp.com/vault/docs/commands/kv/get).
func (r *reader) vault(c command) (secret, bool) {
	found, operands := options(c.args(), "-field -format -mount -namespace -version -address", true)
	var path word
	switch {
	case starts(operands, "kv get") && len(operands) > 2:
		path = operands[2]
	case starts(operands, "read") && len(operands) > 1:
		path = operands[1]
	default:
		return secret{}, false
	}
	scope := strings.Trim(r.textOf(path), "/")
	if mount, ok := last(found, "-mount"); ok {
		scope = r.textOf(mount) + "/" + scope
	}
	if field, ok := last(found, "-field"); ok && field.literal {
		return secret{store: detectors.Vault, scope: scope, name: field.text}, true
	}
	return secret{store: detectors.Vault, name: scope}, true
}

// kubectl reads a cluster's secret, or one key of it (https://kubernetes.io/docs/tasks/configmap-secret/managing-secret-using-kubectl/).
func (r *reader) kubectl(c command) (secret, bool) {
	found, operands := options(c.args(), "-n --namespace -o --output --context --kubeconfig --cluster --user -l --selector -s --server", true)
	if len(operands) < 2 || operands[0].text != "get" {
		return secret{}, false
	}
	kind, name, joined := strings.Cut(operands[1].text, "/")
	if !joined && len(operands) > 2 {
		name = r.textOf(operands[2])
	}
	output, _ := last(found, "-o --output")
	if kind != "secret" && kind != "secrets" || name == "" || output.text == "" || slices.Contains([]string{"name", "wide"}, output.text) {
		return secret{}, false
	}
	namespace, _ := last(found, "-n --namespace")
	s := secret{store: detectors.Kubernetes, scope: r.textOf(namespace) + "/" + name, name: "*"}
	if _, path, ok := strings.Cut(output.text, ".data"); ok { // {.data.key}, {.data['tls\.crt']}, {{.data.key | base64decode}}
		path, _, _ = strings.Cut(path, " ")
		s.name = cmp.Or(strings.ReplaceAll(strings.Trim(path, `.[]{}'"`), `\.`, "."), s.name)
	}
	return s, true
}

// aws reads the look-ups of Secrets Manager and of the parameter store.
func (r *reader) aws(c command) (secret, bool) {
	takes := flags("--profile --region --output --query --secret-id --name --names --path --version-stage --endpoint-url --role-arn " +
		"--role-session-name --web-identity-token --duration-seconds --external-id")
	found, operands := options(c.args(), takes, true)
	one := func(store string, names flags) (secret, bool) {
		name, _ := last(found, names)
		return r.sought(store, "", name), true
	}
	switch {
	case starts(operands, "secretsmanager get-secret-value"):
		return one(detectors.SecretsManager, "--secret-id")
	case starts(operands, "sts assume-role"), starts(operands, "sts assume-role-with-web-identity"):
		if name, _ := last(found, "--role-arn"); strings.HasPrefix(r.textOf(name), "arn:") {
			return one(detectors.AssumedRole, "--role-arn")
		}
	case starts(operands, "ssm get-parameter"):
		return one(detectors.ParameterStore, "--name")
	case starts(operands, "ssm get-parameters"):
		return one(detectors.ParameterStore, "--names")
	case starts(operands, "ssm get-parameters-by-path"):
		return one(detectors.ParameterStore, "--path")
	}
	return secret{}, false
}

// injects adds what a secret store gives a command: one reference to all that it has for a scope.
func (r *reader) injects(c *command, store string, scope word) {
	all := r.sought(store, "", scope)
	if all.name == "" && all.computed == nil {
		return
	}
	c.sets = append(c.sets, set(strings.ToUpper(strings.ReplaceAll(store, "-", "_"))+"_SECRETS",
		analyzers.Value{At: c.at, Parts: []analyzers.Part{reference(all)}}, c.at))
}
