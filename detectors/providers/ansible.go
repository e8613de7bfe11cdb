package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	ansibleVault     = "https://docs.ansible.com/ansible/latest/vault_guide/vault_managing_passwords.html"
	ansibleEncrypted = "https://docs.ansible.com/ansible/latest/vault_guide/vault_using_encrypted_content.html"
)

// ansible's vault encrypts files and values with a password, and whoever has it has every secret in them. A password has no form of its
// own; a file or value that it encrypted is no token.
func ansible() detectors.Provider {
	const (
		password = "vault-password"
		value    = "[^\\s\"'`$<>{}()|;&,]{8,128}"
	)
	return detectors.Provider{
		Name:   "ansible",
		Title:  "Ansible",
		Decode: decodeAnsible,
		Rules: []detectors.Rule{
			{
				ID:          "ansible-vault-password",
				Description: "the password of an Ansible vault, named so",
				Pattern:     assigned(`(?:ansible[_-]?vault|vault)[_-]?pass(?:word|phrase)?`, value),
				Group:       1,
				Keywords:    []string{"vault_pass", "vault-pass", "vaultpass"},
				Entropy:     2.8,
				Allowlists:  []detectors.Allowlist{notAnID(), notAPath()},
				Kinds:       []string{password},
			},
			{ // a file that can be run prints the password and holds none
				ID:          "ansible-password-file",
				Description: "the password of an Ansible vault, all that its file holds",
				Pattern:     `\A\s*(` + value + `)\s*\z`,
				Group:       1,
				Path:        `(?i)(?:^|/)\.?(?:[\w-]+[_.-])?vault[_.-]?pass(?:word)?(?:[_.-][\w.-]+)?$`,
				Entropy:     2.8,
				Kinds:       []string{password},
			},
			{
				ID:          "ansible-written-password",
				Description: "the password of an Ansible vault, written into its file",
				Pattern:     `\b(?:echo|printf)[ \t]+(?:-n[ \t]+)?["']?(` + value + `)["']?[ \t]*>[ \t]*["']?[^\s"'>|;&]{0,80}vault[_-]?pass`,
				Group:       1,
				Keywords:    []string{"vault_pass", "vault-pass", "vaultpass"},
				Entropy:     2.8,
				Kinds:       []string{password},
			},
		},
		Kinds: []detectors.Kind{{
			Name:      password,
			Title:     "vault password",
			Scope:     detectors.ScopeContainer,
			Bound:     "every file and value that was encrypted with it, and what the secrets in them reach",
			AtMost:    detectors.UnknownPower,
			Variables: []string{"ANSIBLE_VAULT_PASSWORD", "ANSIBLE_VAULT_PASS"},
			Cut:       "encrypt staging's secrets with a password of their own (--vault-id staging@…), and rekey what this one opens",
			Source:    ansibleVault,
		}},
		Tools: []detectors.Tool{{
			Name: "ansible-playbook", Aliases: []string{"ansible", "ansible-vault", "ansible-pull"}, Variables: []string{"ANSIBLE_VAULT_PASSWORD"},
			Selectors: []string{"--inventory", "-i", "--limit", "-l", "--vault-id"},
			Source:    "https://docs.ansible.com/ansible/latest/cli/ansible-playbook.html",
		}},
		Operations: []detectors.Operation{
			{
				Name: "decrypt", Does: detectors.Read,
				Calls:  []string{"cli ansible-vault decrypt", "cli ansible-vault view", "cli ansible-vault edit"},
				Source: ansibleEncrypted,
			},
			{
				Name: "rekey", Does: detectors.Write,
				Calls:  []string{"cli ansible-vault rekey", "cli ansible-vault encrypt"},
				Source: ansibleEncrypted,
			},
			{
				Name: "run a playbook", Does: detectors.Write,
				Calls:  []string{"cli ansible-playbook", "cli ansible-pull"},
				Source: "https://docs.ansible.com/ansible/latest/cli/ansible-playbook.html",
			},
		},
	}
}

// decodeAnsible rejects what is no password.
func decodeAnsible(password string) detectors.Decoded {
	if strings.HasPrefix(password, "$ANSIBLE_VAULT") {
		return detectors.Decoded{Reject: "it is encrypted"}
	}
	return detectors.Decoded{Reject: fakePassword(password, "vault", "ansible")}
}
