package providers

import "github.com/stagewall/stagewall/detectors"

const railsCredentials = "https://guides.rubyonrails.org/security.html#custom-credentials"

// rails knows the keys of files of encrypted credentials: with the key, the file beside it is plain.
func rails() detectors.Provider {
	const master, file, base = "master-key", "credentials-key", "secret-key-base"
	const body = `[0-9a-f]{32}` // 16 bytes: https://api.rubyonrails.org/classes/ActiveSupport/EncryptedFile.html
	return detectors.Provider{
		Name:  "rails",
		Title: "Rails",
		Rules: []detectors.Rule{
			{
				ID:          "rails-master-key",
				Description: "the key of config/credentials.yml.enc",
				Pattern:     left + `(` + body + `)` + right,
				Group:       1,
				Path:        `(?:^|/)config/master\.key$`,
				Entropy:     2.8,
				Kinds:       []string{master},
			},
			{
				ID:          "rails-credentials-key",
				Description: "the key of an environment's own file of credentials",
				Pattern:     left + `(` + body + `)` + right,
				Group:       1,
				Path:        `(?:^|/)config/credentials/[A-Za-z0-9_-]+\.key$`,
				Entropy:     2.8,
				Kinds:       []string{file},
			},
			{
				ID:          "rails-credentials-key-variable",
				Description: "the key of a file of credentials, in the variable that Rails reads",
				Pattern:     assigned(`rails[_-]?master[_-]?key`, body),
				Group:       1,
				Keywords:    []string{"master_key", "masterkey", "master-key"},
				Entropy:     2.8,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{file},
			},
			{
				ID:          "rails-secret-key-base",
				Description: "what sessions and signed ids are signed with",
				Pattern:     assigned(`secret_?key_?base`, `[0-9a-f]{128}`),
				Group:       1,
				Keywords:    []string{"secret_key_base", "secretkeybase"},
				Entropy:     3,
				Kinds:       []string{base},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   master,
				Title:  "master key",
				Scope:  detectors.ScopeAccount,
				Opens:  detectors.Credentials,
				Bound:  "whatever config/credentials.yml.enc holds: it is the file of every environment that has none of its own",
				AtMost: detectors.Read | detectors.Write | detectors.Destroy,
				Cut:    "give staging a file of its own (rails credentials:edit --environment staging), and make a new master key",
				Source: railsCredentials,
			},
			{
				Name:      file,
				Title:     "key of a file of credentials",
				Scope:     detectors.ScopeContainer,
				Files:     []string{"config/credentials/*.key"},
				Opens:     detectors.Credentials,
				Bound:     "whatever one file of credentials holds: an environment's own, or the one of all that have none",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"RAILS_MASTER_KEY"}, // for an environment's own file too: https://api.rubyonrails.org/classes/Rails/Application.html#method-i-credentials
				Cut:       "keep each environment's key on its own machines, out of the checkout and of images, and make a new one",
				Source:    railsCredentials,
			},
			{
				Name:      base,
				Homemade:  true,
				Title:     "secret key base, or Phoenix's", // Phoenix reads the same variable: https://hexdocs.pm/phoenix/deployment.html
				Scope:     detectors.ScopeContainer,
				Files:     []string{"config/*.exs"},       // https://hexdocs.pm/elixir/config-and-releases.html
				Sections:  []string{"config/secrets.yml"}, // https://guides.rubyonrails.org/v5.2/security.html#custom-secrets
				Bound:     "the sessions of one application's environments that share it, which it does not name",
				AtMost:    detectors.Read | detectors.Write | detectors.Admin,
				Variables: []string{"SECRET_KEY_BASE"},
				Cut:       "give staging a secret of its own: whoever has it can sign in as anybody",
				Source:    "https://guides.rubyonrails.org/security.html#session-storage",
			},
		},
	}
}
