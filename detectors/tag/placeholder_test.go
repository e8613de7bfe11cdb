package tag

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// glue keeps texts that look like keys out of this file.
func glue(parts ...string) string { return strings.Join(parts, "") }

func TestPlaceholder(t *testing.T) {
	for _, v := range []string{
		`"$STRIPE_SECRET_KEY:"`, "$USER:$PASSWORD", `'admin:$PASS'`, "default=720h", "1h30m", glue("-----BEGIN ", "PRIVATE KEY-----\\n%s\\n-----END ", "PRIVATE KEY-----"),
		"", " ", "xxxx", "XXXXXXXXXXXX", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "********", "your-api-key-here", "YOUR_TOKEN", "<token>", "<YOUR_API_KEY>", "[redacted]",
		"${TOKEN}", "$TOKEN", "${{ secrets.TOKEN }}", "{{ token }}", "{{token}}", "#{token}", "%TOKEN%", "%(token)s", "__TOKEN__", "$(cat token)", "<%= token %>",
		"changeme", "change-me", "CHANGE_ME", "replace_me", "example", "example-token", "dummy", "dummy_secret", "placeholder", "1234567890",
		"12345678", "0123456789", "abcdefgh", "abcdef123456", "aaaaaaaa", "abababab", "000000000000", "00000000-0000-0000-0000-000000000000", "password", "secret", "my-secret",
		"mysecretpassword", "password123", "super-secret-password", "@@TOKEN@@", "test_token", "token_1", "sk-...", "abc...xyz", "sk_test_your_key_here", "todo", "null", "undefined",
		glue("AKIA", "IOSFODNN7", "EXAMPLE"), glue("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCY", "EXAMPLEKEY"), glue("sk_live_", strings.Repeat("x", 24)), glue("https://hooks.slack.com/services/T00000000/B00000000/", strings.Repeat("X", 24)), glue("ghp_", strings.Repeat("x", 36)),
		glue("sk_live_", "abc123def456ghi789"), glue("ghp_", strings.Repeat("0", 36)), "your-256-bit-secret", "foobar", "foo-bar-baz", "insert your key here",
		"0x5aF0c3B1e98D7264a0F5b3C8d1E92746a5B0c3F8", "SAK123456789", "A123456789", "acme/billing/mail", "vpce-0028f62dad635589a", "arn:aws:ssm:eu-west-2:", "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:db-9f8e7d", "REPLACE_WITH_32_CHAR_KEY", "B2_APPLICATION_KEY", "tok_0f5a36e9bdb2996f", "x_935b5a535a1a28f2", "invalid-key-12345", "wrong_password_1", glue("sk_live_", "4eC39HqLyjWDarjtT1", "zdp7dc"),
		glue("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1", "OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="),
		glue("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", ".", "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ", ".", "KMUFsIDTnFmyG3nMiGM6H9FNFUROf3wh7SmqJp-QV30"),
	} {
		if placeholder([]byte(v)) == "" {
			t.Errorf("%q passes for a credential", v)
		}
	}
	for _, v := range []string{
		"9f8e7d6c5b4a39281706fedcba", "hunter2", "correct-horse-battery-staple", "Tr0ub4dor&3", "k3yStaging", "zUser9dTestQ1w2", "pA55-testKeyHere9x", "dev-pa55word!", "letmein",
		"0x5aF0c3B1e98D7264a0F5b3C8d1E92746a5B0c3F85aF0c3B1e98D7264a0F5b3C8", "test4f9c2b71", "keyb0ardc4t", "qwe$rty1", "a1b2c3d4e5", "s3cr3t-Zx9", "tok_0f5a36e9bdb2996f0", "k3yStaging4dxR12345678", "0f5a36e9bdb2996f", "p@@rl9-quay", "quay/pearl", "arn:h9Kq2vLx:7W", "acme/Billing/mail", "QUAY_PEARL", "quay_pearl_sunny", "QX7_PM4_Z9K_T2W", "$USER:h9Kq2vLx", "admin:qwe$rty1", glue("$aact_", "prod_", strings.Repeat("k3J9q8W7", 16)),
	} {
		if why := placeholder([]byte(v)); why != "" {
			t.Errorf("%q is taken for no credential: %s", v, why)
		}
	}
}

// Random values are no placeholders, also where a word stands in them by chance.
// Of the entries of a cluster's secret, words that everybody knows, and what is none by its name, are no credentials.
func TestManifestEntry(t *testing.T) {
	encoded := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for entry, want := range map[string]bool{
		"DATABASE_KIND: " + encoded("postgresql"):      true,
		"DB_PASSWORD: '" + encoded("postgres") + "'":   true,
		"username: " + encoded("kx81mq"):               true,
		"jwt-key: " + encoded("change-me-to-a-secret"): true,
		"DB_PASSWORD: " + encoded("h9Kq2vLx7W"):        false,
		"DB_PASSWORD: h9Kq2vLx":                        false,
		"DB_PASSWORD: ":                                false,
		"what is this: " + encoded("postgres"):         false,
		encoded("postgres"):                            false,
	} {
		if why := manifestEntry([]byte(entry)); (why != "") != want {
			t.Errorf("%q is taken for no credential: %q", entry, why)
		}
	}
}

func TestRandomIsNoPlaceholder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	alphabets := []string{"0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "0123456789"}
	words := []string{"", "test", "user", "live", "demo", "pass", "xxxx", "EXAM", "here", "null"}
	for range 20000 {
		alphabet := alphabets[r.IntN(len(alphabets))]
		n := 16 + r.IntN(60)
		v := make([]byte, n)
		for i := range v {
			v[i] = alphabet[r.IntN(len(alphabet))]
		}
		if word := words[r.IntN(len(words))]; n > 20 {
			copy(v[r.IntN(n-8):], word)
		}
		if why := placeholder(v); why != "" {
			t.Errorf("%q is taken for no credential: %s", v, why)
		}
	}
}

// What is written below a block of PEM out of which the key was cut does not make it a key.
func TestCutOut(t *testing.T) {
	begin, end := glue("-----BEGIN ", "PRIVATE KEY-----\n"), glue("-----END ", "PRIVATE KEY-----\n")
	body := strings.Repeat("q3Ld8fJ2kXr5nOeTz1wPbYgHvU6cQmZs\n", 3)
	below := "see https://acme.dev/keys, and then\n" + begin
	k := NewKnowledge(nil)
	for value, want := range map[string]bool{
		begin + "MIIEpAIBAAKCAQEAq3Ld8fJ2\n...\n" + below:                               true,
		begin + "\";\n    mockEnv.KEY_PAIR_ID = undefined;\n    const key = \"" + begin: true,
		begin + strings.Repeat("privatekeyprivatekeyprivatekey\n", 4) + end:             true,
		begin + "(paste yours)\n" + end + below:                                         true,
		begin + body + end:                                                              false,
		begin + "Comment: https://acme.dev\n\n" + body + end:                            false,
		begin + strings.ReplaceAll(body, "\n", `\n`) + end:                              false,
		begin + body + end + "see https://acme.dev/... and so on":                       false,
	} {
		o := Observation{}
		k.judge(&o, detectors.Rule{}, []byte(value))
		if got := o.Ignore != ""; got != want {
			t.Errorf("%q: ignored %v (%s)", value, got, o.Ignore)
		}
	}
}
