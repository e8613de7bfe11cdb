package providers

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode"

	"filippo.io/age"

	"github.com/stagewall/stagewall/detectors"
)

const (
	privateSSH       = "https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key"
	privatePGP       = "https://www.rfc-editor.org/rfc/rfc9580"
	privateAge       = "https://github.com/C2SP/C2SP/blob/main/age.md"
	privatePKCS12    = "https://rfc-editor.org/in-notes/rfc7292.html"
	privateWireGuard = "https://github.com/WireGuard/wireguard-tools/blob/master/src/man/wg.8"
)

// The kinds of private keys.
const (
	sshKey       = "ssh-key"
	pgpKey       = "pgp-key"
	sshPassword  = "ssh-password"
	ageKey       = "age-key"
	gitCryptKey  = "git-crypt-key"
	wireGuardKey = "wireguard-key"

	shortestKey = 40 // what is shorter is a password

	certificateKey = "certificate-key"
	certificates   = "certificate-bundle"
)

// private knows private keys of no one provider. A key is for whatever knows its public half, which it does not name; OpenSSH keeps a comment with it,
// which often says whose it is; a certificate beside a key says for which hosts it is, or whose, and until when. Other keys in PEM are left to
// the rules that name no provider: nothing in them says more.
func private() detectors.Provider {
	const text = `[A-Za-z0-9+/=\s\\:,"'.;()@<>_-]`
	return detectors.Provider{
		Name:   "private",
		Title:  "private",
		Common: true,
		Decode: decodePrivate,
		Rules: []detectors.Rule{
			{
				ID:          "private-openssh-key",
				Description: "a private key in OpenSSH's form, or one for SSH alone",
				Pattern: `(-----BEGIN (?:OPENSSH|DSA|SSH2 ENCRYPTED) PRIVATE KEY-----` + text + `*?[A-Za-z0-9+/]{40}` + text +
					`*?-----END (?:OPENSSH|DSA|SSH2 ENCRYPTED) PRIVATE KEY-----)`,
				Group:    1,
				Keywords: []string{"openssh private key", "dsa private key", "ssh2 encrypted private key"},
				Kinds:    []string{sshKey},
			},
			{
				ID:          "private-ssh-password",
				Description: "a password that sshpass answers ssh with", // https://sourceforge.net/projects/sshpass
				Pattern:     `\bsshpass[ \t]+-p[ \t]*["']?(` + password + `)["']?[ \t]`,
				Group:       1,
				Keywords:    []string{"sshpass"},
				Entropy:     2.8,
				Kinds:       []string{sshPassword},
			},
			{
				ID:          "private-identity-file",
				Description: "a private key in a file that ssh takes its identity from", // https://man.openbsd.org/ssh#i
				Path:        `(?:^|/)id_(?:rsa|dsa|ecdsa|ed25519)(?:\.pem)?$`,
				Pattern:     `(-----BEGIN (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----` + text + `{40,}?-----END (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----)`,
				Group:       1,
				Keywords:    []string{"-----begin private", "-----begin rsa", "-----begin ec ", "-----begin encrypted"},
				Kinds:       []string{sshKey},
			},
			{
				ID:          "private-putty-key",
				Description: "a private key in PuTTY's form",
				Pattern:     left + `(PuTTY-User-Key-File-[23]: [a-z0-9-]+\s[^\x00]*?Private-Lines: [0-9]+\s[A-Za-z0-9+/=\s]{40,}Private-MAC: [0-9a-f]{40,64})` + right,
				Group:       1,
				Keywords:    []string{"putty-user-key-file-"},
				Kinds:       []string{sshKey},
			},
			{
				ID:          "private-age-key",
				Description: "a key that decrypts what age, or SOPS, encrypted",
				Pattern:     prefixed(`AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}`),
				Group:       1,
				Keywords:    []string{"age-secret-key-"},
				Entropy:     3.5,
				Kinds:       []string{ageKey},
			},
			{
				ID:          "private-git-crypt-key",
				Description: "a key of git-crypt, in base 64",
				Pattern:     base64Left + `(AEdJVENSWVBUS0VZ[A-Za-z0-9+/]{100,}={0,2})` + base64Right, // https://github.com/AGWA/git-crypt/blob/master/key.cpp
				Group:       1,
				Keywords:    []string{"aedjvenswvbus0vz"},
				Kinds:       []string{gitCryptKey},
			},
			{
				ID:          "private-wireguard-key",
				Description: "the key of one end of a tunnel",
				Pattern:     `(?m)^[ \t]*PrivateKey[ \t]*=[ \t]*([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)[ \t]*\r?$`,
				Group:       1,
				Keywords:    []string{"privatekey"},
				Entropy:     4,
				Required:    []detectors.Required{{Rule: "private-wireguard-section", WithinLines: within(20)}},
				Kinds:       []string{wireGuardKey},
			},
			{
				ID:          "private-certificate-key",
				Description: "a private key with its certificate",
				Pattern: `(-----BEGIN CERTIFICATE-----` + text + `{100,}?-----END CERTIFICATE-----(?:\s|\\n)*-----BEGIN (?:RSA |EC )?PRIVATE KEY-----` + text + `{40,}?-----END (?:RSA |EC )?PRIVATE KEY-----` +
					`|-----BEGIN (?:RSA |EC )?PRIVATE KEY-----` + text + `{40,}?-----END (?:RSA |EC )?PRIVATE KEY-----(?:\s|\\n)*-----BEGIN CERTIFICATE-----` + text + `{100,}?-----END CERTIFICATE-----)`,
				Group:    1,
				Keywords: []string{"-----begin certificate-----", "-----begin private", "-----begin rsa", "-----begin ec "},
				Kinds:    []string{certificateKey},
			},
			{
				ID:          "private-pkcs12",
				Description: "a bundle of certificates and keys in PKCS #12, in base 64",
				Pattern:     base64Left + `(MII[A-Za-z0-9+/]{2}[AQgw]IBAzCC[A-Za-z0-9+/]{400,}={0,2})` + base64Right,
				Group:       1,
				Keywords:    []string{"ibazcc"},
				Entropy:     4,
				Kinds:       []string{certificates},
			},
			{
				ID:          "private-pkcs12-file",
				Description: "a file of certificates and keys in PKCS #12",
				Path:        `(?i)[^/]\.(?:p12|pfx)$`,
				Kinds:       []string{certificates},
			},
			{ID: "private-wireguard-section", Description: "a section of a tunnel's configuration", Pattern: `\[Interface\]`, Keywords: []string{"[interface]"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{
			{
				Name:      sshKey,
				Title:     "SSH key",
				Homemade:  true,
				Scope:     detectors.ScopeContainer,
				Bound:     "every server and repository that knows its public half, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"SSH_PRIVATE_KEY", "DEPLOY_SSH_KEY"},
				Cut:       "make a key that staging's servers alone know, and take this one's public half off all others",
				Source:    privateSSH,
			},
			{
				Name:   sshPassword,
				Title:  "SSH password",
				Scope:  detectors.ScopeHost,
				Bound:  "the server that it is for, as the user whose it is",
				AtMost: detectors.UnknownPower,
				Cut:    "let staging's servers know a key of their own in place of passwords, and change this one",
				Source: "https://man.openbsd.org/ssh#AUTHENTICATION",
			},
			{
				Name:      pgpKey,
				Title:     "PGP key",
				Homemade:  true,
				Scope:     detectors.ScopeContainer,
				Bound:     "what is signed or encrypted for its owner",
				Opens:     detectors.PGPFingerprint,
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"GPG_PRIVATE_KEY", "PGP_PRIVATE_KEY", "GPG_SIGNING_KEY", "GPG_SECRET_KEY", "SOPS_GPG_KEY", "SOPS_PGP_KEY"},
				Cut:       "use a key of staging's own, and revoke this one",
				Source:    privatePGP,
			},
			{
				Name:      ageKey,
				Title:     "age key",
				Homemade:  true,
				Scope:     detectors.ScopeContainer,
				Bound:     "every file that was encrypted for it, and what the secrets in them reach",
				Opens:     detectors.AgeRecipient,
				AtMost:    detectors.UnknownPower, // what the secrets in them allow
				Variables: []string{"SOPS_AGE_KEY", "AGE_SECRET_KEY", "AGE_PRIVATE_KEY", "SOPS_AGE_SECRET_KEY", "SOPS_AGE_PRIVATE_KEY", "AGE_KEY", "SOPS_KEY", "SOPS_PRIVATE_KEY"},
				Shape:     `AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}`,
				Cut:       "encrypt staging's secrets for a key of their own, and those that this one opens anew",
				Source:    privateAge,
			},
			{
				Name:      gitCryptKey,
				Title:     "git-crypt key",
				Homemade:  true,
				Scope:     detectors.ScopeContainer,
				Bound:     "every file that the repository has encrypted with it, and what the secrets in them reach",
				Opens:     detectors.GitCrypt,
				AtMost:    detectors.UnknownPower, // what the secrets in them allow
				Variables: []string{"GIT_CRYPT_KEY", "GIT_CRYPT_SECRET_KEY", "GIT_CRYPT_SYMMETRIC_KEY"},
				Cut:       "give production's files a key of their own (git-crypt init -k production), and change the secrets in them",
				Source:    "https://github.com/AGWA/git-crypt/blob/master/doc/multiple_keys.md",
			},
			{
				Name:     wireGuardKey,
				Title:    "WireGuard key",
				Homemade: true,
				Scope:    detectors.ScopeContainer,
				Bound:    "the network at the other end of its tunnel",
				AtMost:   detectors.Read | detectors.Write,
				Cut:      "make a key for each machine, on the machine, and take this one off its peers",
				Source:   privateWireGuard,
			},
			{
				Name:     certificateKey,
				Title:    "certificate's key",
				Homemade: true,
				Scope:    detectors.ScopeClaims,
				Bound:    "what trusts its certificate",
				AtMost:   detectors.UnknownPower,
				Cut:      "issue a certificate for staging's names with a key of its own, and revoke this one",
				Source:   certificateSource,
			},
			{
				Name:     certificates,
				Title:    "PKCS #12 bundle",
				Homemade: true,
				Scope:    detectors.ScopeContainer,
				Bound:    "what trusts the certificates in it, which are encrypted",
				AtMost:   detectors.UnknownPower,
				Cut:      "issue a certificate for staging's names with a key of its own, and revoke those in this bundle",
				Source:   privatePKCS12,
			},
		},
		Tools: []detectors.Tool{
			{Name: "sops", Variables: []string{"SOPS_AGE_KEY"}, Selectors: []string{"--config", "--age"}, Source: "https://getsops.io/docs/"},
			{Name: "ssh", Aliases: []string{"scp", "sftp", "rsync"}, Variables: []string{"SSH_PRIVATE_KEY"}, Selectors: []string{"-i", "-J"}, Source: "https://man.openbsd.org/ssh"},
		},
		Operations: []detectors.Operation{
			{Name: "run commands on a server", Does: detectors.Destroy, Kinds: []string{sshKey}, Calls: []string{"cli ssh", "cli sftp", "cli rsync"}, Source: "https://man.openbsd.org/ssh"},
			{Name: "copy files to a server", Does: detectors.Write, Kinds: []string{sshKey}, Calls: []string{"cli scp"}, Source: "https://man.openbsd.org/scp"},
			{Name: "decrypt", Does: detectors.Read, Kinds: []string{ageKey, pgpKey, gitCryptKey}, Calls: []string{"cli sops decrypt", "cli sops exec-env", "cli age", "cli gpg", "cli git-crypt unlock"}, Source: "https://getsops.io/docs/"},
		},
	}
}

// decodeAge derives the public half of a key, which files that are encrypted for it name.
func decodeAge(key string) detectors.Decoded {
	d := detectors.Decoded{Kind: ageKey}
	recipient := ""
	if id, err := age.ParseX25519Identity(key); err == nil {
		recipient = id.Recipient().String()
	} else if id, err := age.ParseHybridIdentity(key); err == nil {
		recipient = id.Recipient().String()
	}
	if recipient != "" {
		d.IDs = []detectors.ID{{What: detectors.AgeRecipient, Value: recipient}}
	}
	return d
}

// decodePrivate reads the kind from a key's first line, whether it needs a passphrase, and, of OpenSSH's form, the comment.
func decodePrivate(key string) detectors.Decoded {
	if strings.Contains(key, "-----BEGIN CERTIFICATE-----") {
		return decodeCertificateKey(key)
	}
	if strings.HasPrefix(key, "MII") {
		says := "what is in it is encrypted, and cannot be decoded"
		return detectors.Decoded{Kind: certificates, Evidence: []detectors.Evidence{{About: "kind", Says: says, Source: privatePKCS12}}}
	}
	if strings.HasPrefix(key, "AEdJVENSWVBUS0VZ") {
		return detectors.Decoded{Kind: gitCryptKey}
	}
	if strings.HasPrefix(key, "AGE-SECRET-KEY-") {
		return decodeAge(key)
	}
	if strings.HasPrefix(key, "PuTTY-") {
		d := detectors.Decoded{Kind: sshKey}
		if !strings.Contains(key, "Encryption: none") {
			d.Evidence = encryptedKey(privateSSH)
		}
		return d
	}
	begin, body, ok := strings.Cut(strings.TrimPrefix(key, "-----BEGIN "), "-----")
	if !ok && len(key) < shortestKey {
		return detectors.Decoded{Reject: fakePassword(key, "root", "raspberry", "vagrant", "ubuntu", "toor")}
	}
	if !ok || len(key) > longestText {
		return detectors.Decoded{}
	}
	body, _, _ = strings.Cut(body, "-----END")
	if strings.HasPrefix(begin, "OPENSSH ") {
		return decodeOpenSSH(body)
	}
	d := detectors.Decoded{Kind: sshKey}
	if strings.Contains(begin+body, "ENCRYPTED") {
		d.Evidence = encryptedKey(privateSSH)
	}
	return d
}

func encryptedKey(source string) []detectors.Evidence {
	return []detectors.Evidence{{About: "privilege", Says: "it is encrypted: it needs a passphrase", Source: source}}
}

// decodeOpenSSH reads the base 64 of a key in OpenSSH's form: a mark, texts with the cipher, the derivation of its key and its options, the number of keys,
// the public key, and the private part, which ends, if it is not encrypted, with the comment and padding.
func decodeOpenSSH(body string) detectors.Decoded {
	d := detectors.Decoded{Kind: sshKey}
	body = strings.NewReplacer(`\n`, "", `\r`, "").Replace(body)
	body = strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '/') {
			return r
		}
		return -1
	}, body)
	raw, err := base64.RawStdEncoding.DecodeString(body)
	rest, ok := strings.CutPrefix(string(raw), "openssh-key-v1\x00")
	if err != nil || !ok {
		return undecodable(sshKey)
	}
	cipher, rest := sshText(rest)
	_, rest = sshText(rest)
	_, rest = sshText(rest)
	if len(rest) < 4 || cipher == "" {
		return undecodable(sshKey)
	}
	_, rest = sshText(rest[4:]) // the public key, after the number of keys
	private, _ := sshText(rest)
	if cipher != "none" {
		d.Evidence = encryptedKey(privateSSH)
		return d
	}
	const checks = 8
	if len(private) < checks {
		return undecodable(sshKey)
	}
	var comment string
	for rest := private[checks:]; ; {
		text, next := sshText(rest)
		if next == rest {
			break
		}
		comment, rest = text, next
	}
	if comment != "" && len(comment) <= 80 && !strings.ContainsFunc(comment, func(r rune) bool { return !unicode.IsPrint(r) }) {
		d.Evidence = []detectors.Evidence{{About: "kind", Says: "its comment says " + comment, Source: privateSSH}}
	}
	return d
}

// sshText cuts a text off that stands behind its length, in four bytes. Where there is none, all stays.
func sshText(s string) (text, rest string) {
	if len(s) < 4 {
		return "", s
	}
	n := binary.BigEndian.Uint32([]byte(s[:4]))
	if uint64(n) > uint64(len(s)-4) {
		return "", s
	}
	return s[4 : 4+n], s[4+n:]
}
