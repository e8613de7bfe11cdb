package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// canonical returns the one form of a reference that stores let be written in several: with the account or project of an address as its scope,
// and without what changes from version to version.
func canonical(r detectors.Reference) detectors.Reference {
	switch r.Store {
	case detectors.SecretsManager, detectors.ParameterStore, detectors.AssumedRole:
		return fromARN(r)
	case detectors.SecretManager:
		return fromResource(r)
	case detectors.ServiceAccount:
		if _, domain, ok := strings.Cut(r.Name, "@"); ok && r.Scope == "" {
			r.Scope = strings.TrimSuffix(domain, ".iam.gserviceaccount.com")
		}
	case detectors.KeyVault:
		return fromVault(r)
	case detectors.Vault:
		return fromEngine(r)
	case detectors.OnePassword:
		if place, ok := strings.CutPrefix(r.Name, "op://"); ok && r.Scope == "" {
			if i := strings.LastIndexByte(place, '/'); i > 0 {
				r.Scope, r.Name = place[:i], place[i+1:]
			}
		}
	}
	return r
}

// fromARN reads arn:PARTITION:SERVICE:REGION:ACCOUNT:secret:NAME-SUFFIX, …:parameter/NAME and …:role/NAME. Secrets Manager adds six characters to
// a name.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
func fromARN(r detectors.Reference) detectors.Reference {
	if strings.HasPrefix(r.Scope, "arn:") { // of a key of its JSON
		secret := fromARN(detectors.Reference{Store: r.Store, Name: r.Scope})
		if strings.Contains(r.Scope, ":role/") { // in whose account it is
			r.Scope = cmp.Or(secret.Scope, "*")
			return fromARN(r)
		}
		r.Scope = strings.TrimPrefix(secret.Scope+"/"+secret.Name, "/")
		return r
	}
	const suffix = len("-AbCdEf")
	words := strings.SplitN(r.Name, ":", 6)
	if len(words) < 6 || words[0] != "arn" {
		return r
	}
	name := words[5]
	if secret, ok := strings.CutPrefix(name, "secret:"); ok {
		r.Store = detectors.SecretsManager    // who is handed an address need not say
		name, _, _ = strings.Cut(secret, ":") // a key of its JSON, a stage and a version follow
		if at := len(name) - suffix; at > 0 && name[at] == '-' && !strings.ContainsAny(name[at+1:], "-/_") {
			name = name[:at]
		}
	} else if parameter, ok := strings.CutPrefix(name, "parameter"); ok {
		r.Store = detectors.ParameterStore
		name = parameter
	} else if role, ok := strings.CutPrefix(name, "role/"); ok {
		name = role
	} else {
		return r
	}
	if account := words[4]; account != "" && strings.Trim(account, "0123456789") == "" || isSetting(account) {
		r.Scope = account
	}
	r.Name = name
	return r
}

// isSetting reports whether the name of a setting of the repository stands for what that holds, as in arn:aws:iam::secrets.ACCOUNT:role/deploy.
func isSetting(account string) bool {
	return strings.HasPrefix(account, "secrets.") || strings.HasPrefix(account, "vars.")
}

// fromEngine leaves out of a path in a Vault what its key-value engine of version 2 puts behind the mount in its interface, and people and the
// program's kv commands do not write. The path is the scope where the name is that of a field.
// https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2/upgrade
func fromEngine(r detectors.Reference) detectors.Reference {
	place := &r.Name
	if r.Scope != "" {
		place = &r.Scope
	}
	*place = strings.Trim(*place, "/")
	if mount, rest, ok := strings.Cut(*place, "/"); ok && strings.HasPrefix(rest, "data/") {
		*place = mount + "/" + strings.TrimPrefix(rest, "data/")
	}
	return r
}

// fromVault reads https://VAULT.vault.azure.net/secrets/NAME and what follows, and the address of a vault where others write its name.
// https://learn.microsoft.com/en-us/azure/key-vault/general/about-keys-secrets-certificates
func fromVault(r detectors.Reference) detectors.Reference {
	if vault, rest, ok := strings.Cut(r.Name, "/secrets/"); ok && strings.HasPrefix(vault, "https://") {
		r.Scope = vault
		r.Name, _, _ = strings.Cut(rest, "/")
	}
	if host, ok := strings.CutPrefix(r.Scope, "https://"); ok {
		r.Scope, _, _ = strings.Cut(host, ".")
	}
	return r
}

// fromResource reads projects/PROJECT/secrets/NAME and what follows.
// https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
func fromResource(r detectors.Reference) detectors.Reference {
	words := strings.Split(r.Name, "/")
	if len(words) >= 4 && words[0] == "projects" && words[2] == "secrets" && words[1] != "" && words[3] != "" {
		r.Scope, r.Name = words[1], words[3]
	}
	return r
}

// inAccount returns a reference to a secret of AWS that is known by its name alone as what addresses elsewhere say that it is: the one of an account. Where
// they say so of several accounts, it can be any of these, and stays one of its own.
func (l *linker) inAccount(r detectors.Reference) detectors.Reference {
	if r.Scope != "" || r.Store != detectors.SecretsManager && r.Store != detectors.ParameterStore {
		return r
	}
	if l.accounts == nil {
		l.accounts = l.addressed()
	}
	if accounts := l.accounts[r]; len(accounts) == 1 {
		r.Scope = accounts[0]
	}
	return r
}

// addressed returns the accounts in which addresses have secrets of a name.
func (l *linker) addressed() map[detectors.Reference][]string {
	all := map[detectors.Reference][]string{}
	for _, file := range l.Index.All() {
		for _, f := range l.Index.Facts(file) {
			for i := range f.Programs {
				walkValues(f.Programs[i].Steps, func(v *analyzers.Value) {
					for _, part := range v.Parts {
						if h := part.Hole; h != nil && (strings.HasPrefix(h.Name, "arn:") || strings.HasPrefix(h.Scope, "arn:")) {
							r := canonical(detectors.Reference{Store: h.Store, Scope: h.Scope, Name: h.Name})
							account := r.Scope
							if r.Scope = ""; account != "" && !strings.Contains(account, "/") && !slices.Contains(all[r], account) && len(all[r]) < 2 {
								all[r] = append(all[r], account)
							}
						}
					}
				})
			}
		}
	}
	return all
}
