package kube

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// every is the key that stands for all keys of a secret.
const every = "*"

func scope(namespace, name string) string { return strings.TrimPrefix(namespace, "./") + "/" + name }

// encrypted returns a key of a secret that the manifest holds but does not show. What lies in the folder of an environment is its own cluster's.
func (o *object) encrypted(at detectors.Place, key, name string) analyzers.Value {
	namespace := In(o.namespace, environ.Path(o.pass.Path))
	return hole(at, analyzers.Hole{Space: "cluster", Name: key, Store: detectors.Kubernetes, Scope: scope(namespace, name)})
}

// secret publishes a Secret. stringData beats data (https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/).
func (o *object) secret() {
	var steps []analyzers.Step
	encrypted := o.root.Get("sops", "mac") != nil
	for _, field := range []string{"data", "stringData"} {
		for key, n := range o.root.Get(field).Pairs() {
			v := o.scalar(n)
			switch {
			case n.Tag == "!!null":
				steps = append(steps, o.unset(key))
				continue
			case encrypted || strings.HasPrefix(n.Str(), "ENC[AES256_GCM,"):
				v = o.encrypted(o.at(n), key.Str(), o.name)
			case field == "data":
				v = decoded(v)
			}
			steps = append(steps, o.keyed(key, v))
		}
	}
	o.made(o.name, steps)
}

// made publishes a Secret. It has a value for all keys, so that whoever looks for it finds that it is there.
func (o *object) made(name string, steps []analyzers.Step) {
	there := analyzers.Step{Op: analyzers.OpSet, At: o.place(), Name: every}
	o.publish("Secret", name, append([]analyzers.Step{there}, steps...))
}

// keyed returns a set that stands at its key.
func (o *object) keyed(key *yamltree.Node, v analyzers.Value) analyzers.Step {
	step := set(key.Str(), v)
	step.At = o.at(key)
	return step
}

// unset returns the step of a key that is null: a patch takes it away so. https://datatracker.ietf.org/doc/html/rfc7386
func (o *object) unset(key *yamltree.Node) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpUnset, At: o.at(key), Name: key.Str()}
}

// decoded returns an encoded value with its bytes as they lie in the file. Its text matters only if it names an environment.
func decoded(v analyzers.Value) analyzers.Value {
	if text, known := v.Text(); known && len(text) < 64 {
		if plain, err := base64.StdEncoding.DecodeString(text); err == nil && environ.Value(string(plain)) != 0 {
			v.Parts = []analyzers.Part{{Text: string(plain), Span: v.At.Span}}
		}
	}
	return v
}

func (o *object) configMap() {
	var steps []analyzers.Step
	for key, n := range o.root.Get("data").Pairs() {
		if n.Tag == "!!null" {
			steps = append(steps, o.unset(key))
			continue
		}
		steps = append(steps, o.keyed(key, o.scalar(n)))
	}
	for key, n := range o.root.Get("binaryData").Pairs() {
		steps = append(steps, o.keyed(key, decoded(o.scalar(n))))
	}
	o.publish("ConfigMap", o.name, steps)
}

// sealed publishes the Secret that the cluster makes of a SealedSecret (https://github.com/bitnami-labs/sealed-secrets#overview).
func (o *object) sealed() {
	name := o.root.Get("spec", "template", "metadata", "name").Str()
	if name == "" {
		name = o.name
	}
	var steps []analyzers.Step
	for key, n := range o.root.Get("spec", "encryptedData").Pairs() {
		steps = append(steps, o.keyed(key, o.encrypted(o.at(n), key.Str(), name)))
	}
	for key, n := range o.root.Get("spec", "template", "data").Pairs() {
		steps = append(steps, o.keyed(key, o.scalar(n)))
	}
	o.made(name, steps)
}

// external publishes the Secret that the operator makes of an ExternalSecret (https://external-secrets.io/latest/api/externalsecret/).
func (o *object) external() {
	spec := o.root.Get("spec")
	if inner := spec.Get("externalSecretSpec"); inner != nil {
		spec = inner
	}
	name := spec.Get("target", "name").Str()
	if name == "" {
		name = o.name
	}
	from := spec.Get("secretStoreRef")
	var steps []analyzers.Step
	keep := func(s analyzers.Step, list string, number int) {
		s.Key = Remote(o.name, list, strconv.Itoa(number))
		steps = append(steps, s)
	}
	for i, item := range spec.Get("data").Items() {
		remote := item.Get("remoteRef")
		own := from
		if other := item.Get("sourceRef", "storeRef"); other.Get("name").Str() != "" {
			own = other
		}
		keep(o.keyed(item.Get("secretKey"), o.remote(own, remote.Get("key"), remote.Get("property").Str())), "data", i)
	}
	for i, item := range spec.Get("dataFrom").Items() {
		if key := item.Get("extract", "key"); key.Str() != "" {
			keep(set(every, o.remote(from, key, every)), "dataFrom", i)
		}
	}
	o.made(name, steps)
}

// Remote is the key of the step for an entry of one of an ExternalSecret's lists, by which patches find it.
func Remote(external, list, number string) string {
	return "ExternalSecret/" + external + "/" + list + "/" + number
}

// Origin returns the kind and name of the ExternalSecret that steps are of, "" if they are of none.
func Origin(steps []analyzers.Step) string {
	for _, s := range steps {
		if parts := strings.Split(s.Key, "/"); len(parts) == 4 && parts[0] == "ExternalSecret" {
			return parts[0] + "/" + parts[1]
		}
	}
	return ""
}

// remote returns a value of the store behind a SecretStore. A key with a property is a document's path and a field of it. A SecretStore that
// is called after an environment is its own, in which a key holds another value than in that of another. So may any that is no ClusterSecretStore: each
// namespace has one, which signs in with the namespace's own credentials, unless the key is an address in full
// (https://external-secrets.io/latest/api/secretstore/).
func (o *object) remote(storeRef, key *yamltree.Node, property string) analyzers.Value {
	store := storeRef.Get("name").Str()
	h := analyzers.Hole{Store: storeKind(store)}
	where := []string{key.Str()}
	switch {
	case environ.Identifier(store) != 0:
		where = []string{store, key.Str()}
	case storeRef.Get("kind").Str() != "ClusterSecretStore" && !strings.HasPrefix(key.Str(), "arn:"):
		h.From = detectors.Kubernetes
	}
	if property != "" {
		where = append(where, property)
	}
	last := len(where) - 1
	h.Space, h.Scope, h.Name = h.Store, strings.Join(where[:last], "/"), where[last]
	return hole(o.at(key), h)
}

// storeKinds are the stores by the words that their objects are called after. What the object itself says lies in another file.
var storeKinds = []struct{ word, store string }{
	{"vault", detectors.Vault}, {"aws", detectors.SecretsManager}, {"secretsmanager", detectors.SecretsManager},
	{"secrets-manager", detectors.SecretsManager}, {"parameterstore", detectors.ParameterStore}, {"parameter-store", detectors.ParameterStore},
	{"ssm", detectors.ParameterStore}, {"gcp", detectors.SecretManager}, {"gcpsm", detectors.SecretManager},
	{"google", detectors.SecretManager}, {"azure", detectors.KeyVault}, {"keyvault", detectors.KeyVault},
	{"onepassword", detectors.OnePassword}, {"1password", detectors.OnePassword}, {"doppler", "doppler"}, {"infisical", "infisical"},
	{"bitwarden", "bitwarden"}, {"akeyless", "akeyless"}, {"conjur", "conjur"},
}

// storeKind returns the store that the name of a SecretStore suggests. An Azure store is a key vault, whatever else it is called.
func storeKind(name string) string {
	lower := strings.ToLower(name)
	if strings.Contains(lower, "azure") || strings.Contains(lower, "keyvault") || strings.Contains(lower, "key-vault") {
		return detectors.KeyVault
	}
	for _, k := range storeKinds {
		if strings.Contains(lower, k.word) {
			return k.store
		}
	}
	return "external-secrets"
}

// provider publishes what a SecretProviderClass mounts, and the secrets that it makes of it
// (https://secrets-store-csi-driver.sigs.k8s.io/concepts).
func (o *object) provider() {
	spec := o.root.Get("spec")
	from := map[string]string{
		"vault": detectors.Vault, "aws": detectors.SecretsManager, "azure": detectors.KeyVault, "gcp": detectors.SecretManager, "akeyless": "akeyless",
	}[spec.Get("provider").Str()]
	if from == "" {
		from = "secrets-store"
	}
	in := spec.Get("parameters", "keyvaultName").Str() // of Azure: the vault
	objects := map[string]analyzers.Value{}
	var steps []analyzers.Step
	for _, n := range append(listed(spec.Get("parameters", "objects")), listed(spec.Get("parameters", "secrets"))...) {
		at := o.at(spec.Get("parameters"))
		name := first(n.Get("objectAlias").Str(), n.Get("objectName").Str(), n.Get("path").Str(), n.Get("resourceName").Str())
		h := analyzers.Hole{Space: from, Store: from, Scope: in, Name: first(n.Get("objectName").Str(), n.Get("resourceName").Str())}
		if p := n.Get("secretPath").Str(); p != "" {
			h.Scope, h.Name = p, first(n.Get("secretKey").Str(), every)
		}
		if name != "" && h.Name != "" {
			objects[name] = hole(at, h)
			steps = append(steps, set(name, objects[name]))
		}
	}
	o.publish("SecretProviderClass", o.name, steps)
	for _, made := range spec.Get("secretObjects").Items() {
		var steps []analyzers.Step
		for _, data := range made.Get("data").Items() {
			name := data.Get("objectName")
			v, ok := objects[name.Str()]
			if !ok {
				v = hole(o.at(name), analyzers.Hole{Space: from, Store: from, Scope: in, Name: name.Str()})
			}
			steps = append(steps, o.keyed(data.Get("key"), v))
		}
		o.made(made.Get("secretName").Str(), steps)
	}
}

// listed returns the objects of a parameter, which is YAML in a string: a list, or a mapping whose "array" holds more such strings.
func listed(n *yamltree.Node) []*yamltree.Node {
	documents, err := yamltree.Read([]byte(n.Str()))
	if err != nil || len(documents) == 0 {
		return nil
	}
	root := documents[0]
	items := root.Items()
	for _, item := range root.Get("array").Items() {
		inner, err := yamltree.Read([]byte(item.Str()))
		if err == nil && len(inner) > 0 {
			items = append(items, inner[0])
		}
	}
	return items
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
