package providers

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

func TestWithin64(t *testing.T) {
	for _, text := range []string{`"iss":"http`, "x", "kubernetes.io"} {
		forms := within64(text)
		for before := range 6 {
			for after := range 4 {
				whole := base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("{", before) + text + strings.Repeat("}", after)))
				if !strings.Contains(whole, forms[before%3]) {
					t.Errorf("%q after %d bytes: %s does not hold %s", text, before, whole, forms[before%3])
				}
			}
		}
	}
}

// A token's end is said whatever issues it; one that is over may do nothing.
func TestExpiredTokens(t *testing.T) {
	sign := func(payload string) string {
		encode := base64.RawURLEncoding.EncodeToString
		return encode([]byte(`{"alg":"RS256"}`)) + "." + encode([]byte(payload)) + ".c2lnbmF0dXJl"
	}
	for _, c := range []struct {
		name    string
		decode  func(string) detectors.Decoded
		payload string
		expired bool
		says    string
	}{
		{"an hour before", decodeJWT, `{"iss":"https://login.acme.io/","exp":1795820400}`, true, "it has expired, on 2026-11-27"},
		{"the day itself", decodeJWT, `{"iss":"https://login.acme.io/","exp":1795824000}`, false, "it expires on 2026-11-28"},
		{"a fraction", decodeJWT, `{"iss":"https://login.acme.io/","exp":1600000000.75}`, true, "2020-09-13"},
		{"no end", decodeJWT, `{"iss":"https://login.acme.io/"}`, false, ""},
		{"no number", decodeJWT, `{"iss":"https://login.acme.io/","exp":"1600000000"}`, false, ""},
		{"less than nothing", decodeJWT, `{"iss":"https://login.acme.io/","exp":-1}`, false, ""},
		{"beyond all calendars", decodeJWT, `{"iss":"https://login.acme.io/","exp":1e300}`, false, ""},
		{"scopes do not outlive it", decodeJWT, `{"iss":"https://login.acme.io/","scope":"admin","exp":1}`, true, "1970-01-01"},
		{"Auth0", auth0().Decode, `{"iss":"https://acme.eu.auth0.com/","scope":"delete:users","exp":1600000000}`, true, "2020-09-13"},
		{"Kubernetes", decodeKubernetes, `{"iss":"https://kubernetes.default.svc","sub":"system:serviceaccount:a:b","exp":1600000000}`, true, "2020-09-13"},
		{"Supabase", decodeSupabaseJWT, `{"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"service_role","exp":1600000000}`, true, "2020-09-13"},
		{"Vercel", decodeVercel, `{"environment":"production","project_id":"prj_1","exp":1600000000}`, true, "2020-09-13"},
	} {
		d := c.decode(sign(c.payload))
		if got := d.Exact && d.AtMost == 0; got != c.expired {
			t.Errorf("%s: expired %v, want %v", c.name, got, c.expired)
		}
		said := ""
		for _, e := range d.Evidence {
			if e.About == "privilege" {
				said = e.Says
			}
		}
		if !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%s: says %q, want %q", c.name, said, c.says)
		}
	}
}

func TestScopesOfTokens(t *testing.T) {
	for scopes, want := range map[string]string{
		"openid profile email":      "read",
		"orders:read orders:write":  "read, write",
		"User.Read.All":             "read",
		"delete:users":              "write, destroy",
		"https://acme.io/readonly":  "read",
		"cluster-admin":             "read, write, admin, destroy",
		"repo":                      "unknown", // the words of one issuer alone
		"read:org repo":             "unknown",
		"":                          "unknown",
		"https://acme.io/cloud-api": "unknown",
	} {
		got := "unknown"
		if most, known := allowedBy(strings.Fields(scopes)); known {
			got = most.String()
		}
		if got != want {
			t.Errorf("%q allows %s, want %s", scopes, got, want)
		}
	}
}
