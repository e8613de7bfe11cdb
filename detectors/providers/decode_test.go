package providers

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

// Decoders get whatever a rule matched, or a sink was handed: any bytes.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"fly", "fly-bundle", "gitlab-routable-project", "azure-storage", "aws-id", "github-classic", "cloudflare-tunnel", "vercel-oidc-preview",
		"argocd-role", "convex-prod", "crates-publishing", "docker-login", "elastic", "elastic-service", "nomad-identity", "onepassword", "pypi-project", "pypi-old", "ssh", "ssh-encrypted", "certificate-staging", "certificate-authority", "pkcs12",
		"turso-names", "vault", "npm", "azure-search-query", "azure-devops-old",
		"jwt", "jwt-expired", "sentry-org", "grafana", "oracledb-sid", "clickhouse", "courier", "midtrans-sandbox", "stytch", "flutterwave-test",
	} {
		f.Add(detectortest.Mint(name))
	}
	f.Add(`"type": "service_account", "project_id": "acme", "private_key": ""`)
	f.Add("https://acme.blob.core.windows.net/c?sv=2022-11-02&sp=rwdl&sig=x")
	f.Add("AccountEndpoint=https://acme.documents.azure.com:443/;AccountKey=x")
	f.Add("fm2_lP//////////")
	providers := All()
	f.Fuzz(func(t *testing.T, secret string) {
		for _, p := range providers {
			if p.Decode != nil {
				p.Decode(secret)
			}
		}
	})
}

// The keys of Azure's own tests, https://github.com/microsoft/security-utilities/blob/main/src/security_utilities_rust/src/microsoft_security_utilities_core/identifiable_scans.rs
func TestAzureChecksums(t *testing.T) {
	for key, says := range map[string]string{
		strings.Repeat("a", 42) + "AzSe" + "CjhzCu":   "a query key of a search service",
		strings.Repeat("d", 42) + "+ACR" + "CUDxQE":   "the key of a registry",
		strings.Repeat("d", 44) + "AzFu" + "182vhA==": "a system key of a function app",
		strings.Repeat("a", 76) + "ACDb" + "OpqrYA==": "a key that encrypts data",
		strings.Repeat("a", 76) + "+ASt" + "5mnCaw==": "the key of a storage account",
		strings.Repeat("a", 33) + "+ARm" + "D7h+qo=":  "a key that sends",
		strings.Repeat("a", 33) + "AIoT" + "Oumzco=":  "a key of an IoT hub",
	} {
		d := decodeAzure(key)
		if len(d.Evidence) != 1 || !strings.HasSuffix(d.Evidence[0].Says, says) {
			t.Errorf("%s: %+v, want %s", key, d, says)
		}
	}
}

// A token of npm's that its owner published when the form was new, https://github.com/secretlint/secretlint/issues/200
func TestNPMChecksum(t *testing.T) {
	for token, wrong := range map[string]bool{
		"npm_" + "qkJaB6MffYVzZXWqmcoF49yrUxP3wf" + "0LsakP": false,
		"npm_" + "qkJaB6MffYVzZXWqmcoF49yrUxP3wf" + "0LsakQ": true,
	} {
		if got := npm().Decode(token).Reject != ""; got != wrong {
			t.Errorf("%s: rejected %v", token, got)
		}
	}
}

// What an OpenSSH key says of itself is evidence, and what cannot be read is no reason to let it go.
func TestOpenSSH(t *testing.T) {
	for key, says := range map[string]string{
		detectortest.Mint("ssh"):           "its comment says deploy@acme-staging",
		detectortest.Mint("ssh-encrypted"): "it is encrypted: it needs a passphrase",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----": "its text cannot be decoded",
	} {
		d := decodePrivate(key)
		if d.Reject != "" || d.Kind != sshKey || len(d.Evidence) != 1 || d.Evidence[0].Says != says {
			t.Errorf("%s: %+v, want %s", key, d, says)
		}
	}
}

// The token of crates.io's own tests, https://github.com/rust-lang/crates.io/blob/main/crates/crates_io_trustpub/src/access_token.rs
func TestCratesChecksum(t *testing.T) {
	for token, wrong := range map[string]bool{
		"cio_tp_" + "gGK6jurSwKyl9V3Az19z7YEFQI9aoOO" + "d":      false,
		"cio_tp_" + strings.Repeat("0", 31) + "w":                false,
		"cio_tp_" + strings.Repeat("0", 31) + "0":                true,
		"cio_tp_" + "gGK6jurSwKyl9V3Az19z7YEFQI9aoOO" + "\x00ab": false, // no form that is known
	} {
		if got := decodeCrates(token).Reject != ""; got != wrong {
			t.Errorf("%s: rejected %v", token, got)
		}
	}
}

// A self-hosted installation's key ends with a checksum that a hosted project's key does not have.
func TestSupabaseMaker(t *testing.T) {
	hosted := detectortest.Mint("supabase-secret")
	begin := hosted[:strings.LastIndexByte(hosted, '_')]
	sum := sha256.Sum256([]byte("supabase-self-hosted|" + begin))
	own := begin + "_" + base64.URLEncoding.EncodeToString(sum[:])[:8]
	for secret, want := range map[string]int{own: 1, hosted: 0, own[:len(own)-1]: 0, "sb_secret_": 0} {
		if d := decodeSupabase(secret); d.Kind != supabaseSecret || len(d.Evidence) != want {
			t.Errorf("%d characters: %+v, want %d pieces of evidence", len(secret), d, want)
		}
	}
}

// TestDecodeAge: the public half of a key is what files that are encrypted for it name.
func TestDecodeAge(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	quantum, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	for secret, public := range map[string]string{key.String(): key.Recipient().String(), quantum.String(): quantum.Recipient().String()} {
		if ids := decodePrivate(secret).IDs; len(ids) != 1 || ids[0] != (detectors.ID{What: detectors.AgeRecipient, Value: public}) {
			t.Errorf("got %v, want %s", ids, public)
		}
	}
	if ids := decodePrivate("AGE-SECRET-KEY-1" + strings.Repeat("Q", 58)).IDs; ids != nil {
		t.Errorf("of no key: %v", ids)
	}
}
