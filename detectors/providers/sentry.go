package providers

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	sentryTokens = "https://docs.sentry.io/account/auth-tokens/"
	sentryAPI    = "https://docs.sentry.io/api/"
	sentrySchema = "https://github.com/getsentry/sentry-api-schema/blob/main/openapi-derefed.json"
)

// sentry tags events with an environment and limits no token to one. An organization's token names the organization.
func sentry() detectors.Provider {
	const (
		user         = "personal-token"
		integration  = "integration-token"
		organization = "organization-token"
		dsn          = "dsn"
	)
	wide := []string{user, integration}
	return detectors.Provider{
		Name:  "sentry",
		Title: "Sentry",
		Hosts: []string{"sentry.io", ".sentry.io"},
		Rules: []detectors.Rule{
			{
				ID:          "sentry-token",
				Description: "a token for Sentry's API",
				Pattern:     prefixed(`sntry[ui]_[0-9a-f]{64}`),
				Group:       1,
				Keywords:    []string{"sntryu_", "sntryi_"},
				Entropy:     3,
				Kinds:       []string{user, integration},
			},
			{
				ID:          "sentry-unprefixed-token",
				Description: "a value whose variable or file is Sentry's for tokens",
				Pattern:     `(?:` + assigned(named(`sentry`, `token`), `[0-9a-f]{64}`) + `)`,
				Group:       1,
				Keywords:    []string{"sentry"},
				Entropy:     3,
				Kinds:       []string{user, integration},
			},
			{
				ID:          "sentry-file-token",
				Description: "a token in a file of Sentry's programs",
				Pattern:     `(?m)^[ \t]*(?:auth\.)?token[ \t]*=[ \t]*([0-9a-f]{64})` + right,
				Group:       1,
				Keywords:    []string{"token"},
				Path:        `(?:^|/)(?:\.sentryclirc|sentry\.properties)$`,
				Entropy:     3,
				Kinds:       []string{user, integration},
			},
			{
				ID:          "sentry-organization-token",
				Description: "a token for releases and source maps of a Sentry organization",
				Pattern:     prefixed(`sntrys_eyJ[0-9A-Za-z+/]{40,}={0,2}_[0-9A-Za-z+/]{43}`),
				Group:       1,
				Keywords:    []string{"sntrys_"},
				Kinds:       []string{organization},
			},
			{
				ID:          "sentry-dsn",
				Description: "an address that events are sent to",
				Pattern:     left + `(https://[0-9a-f]{32}(?::[0-9a-f]{32})?@(?:o[0-9]+\.ingest\.(?:[a-z]{2}\.)?)?sentry\.io/[0-9]+)` + right,
				Group:       1,
				Keywords:    []string{"sentry.io"},
				Kinds:       []string{dsn},
			},
			{
				// https://docs.sentry.io/security-legal-pii/security/security-policy-reporting/
				ID:          "sentry-report-key",
				Description: "the public key of a DSN, in an address that reports of policies are sent to",
				Pattern:     `\bsentry\.io/api/[0-9]+/[a-z]+/\?(?:[^\s"'<>]*&)?sentry_key=([0-9a-f]{32})` + right,
				Group:       1,
				Keywords:    []string{"sentry_key="},
				Kinds:       []string{dsn},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      user,
				Title:     "personal token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every organization of the person, within scopes that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"SENTRY_AUTH_TOKEN"}, // of either sort; the wider holds unless the text says otherwise
				Shape:     `(?:sntryu_)?[0-9a-f]{64}`,
				Cut:       "use an organization token, which may upload and no more, and revoke this one",
				Source:    sentryTokens,
			},
			{
				Name:   integration,
				Title:  "internal integration's token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every project of the organization, within scopes that it does not show",
				AtMost: detectors.Full,
				Shape:  `sntryi_[0-9a-f]{64}`,
				Cut:    "use an organization token, which may upload and no more, and revoke this one",
				Source: sentryTokens,
			},
			{
				Name:   organization,
				Title:  "organization token",
				Scope:  detectors.ScopeAccount,
				Bound:  "releases and source maps of every project of the organization",
				AtMost: detectors.Read | detectors.Write,
				Cut:    "upload from the build of production only, and revoke this token",
				Source: sentryTokens,
			},
			{
				Name:      dsn,
				Title:     "DSN",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it sends events to one project",
				Variables: []string{"SENTRY_DSN", "NEXT_PUBLIC_SENTRY_DSN", "VITE_SENTRY_DSN"},
				Source:    "https://docs.sentry.io/concepts/key-terms/dsn-explainer/",
			},
		},
		Tools: []detectors.Tool{{
			Name:      "sentry-cli",
			Aliases:   []string{"@sentry/cli"},
			Variables: []string{"SENTRY_AUTH_TOKEN"},
			Selectors: []string{"--org", "-o", "--project", "-p"},
			Source:    "https://docs.sentry.io/cli/configuration/",
		}},
		Containers: []detectors.Container{
			{Variable: "SENTRY_ORG", What: "account"},
			{Variable: "SENTRY_PROJECT", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/0/projects/*/*/"},
				Source: sentryAPI + "projects/delete-a-project/",
			},
			{
				Name: "delete issues", Does: detectors.Destroy, Undo: "no undo", Kinds: wide,
				Calls: []string{
					"http DELETE /api/0/projects/*/*/issues/", "http DELETE /api/0/organizations/*/issues/", "http DELETE /api/0/organizations/*/issues/*/",
				},
				Source: sentrySchema,
			},
			{
				Name: "delete a release", Does: detectors.Destroy, Undo: "no undo", Kinds: wide,
				Calls:  []string{"http DELETE /api/0/organizations/*/releases/*/", "cli sentry-cli releases delete"},
				Source: sentrySchema,
			},
			{
				Name: "change members and keys", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"http POST /api/0/organizations/*/members/", "http POST /api/0/projects/*/*/keys/"},
				Source: sentryAPI,
			},
			{
				Name: "upload", Does: detectors.Write,
				Calls: []string{
					"http POST /api/0/organizations/*/releases/", "cli sentry-cli releases new", "cli sentry-cli sourcemaps upload",
					"cli sentry-cli debug-files upload",
				},
				Source: "https://docs.sentry.io/cli/releases/",
			},
		},
		Decode: decodeSentry,
	}
}

// decodeSentry reads the organization that a token names,
// https://github.com/getsentry/sentry/blob/master/src/sentry/utils/security/orgauthtoken_token.py
func decodeSentry(token string) detectors.Decoded {
	switch {
	case strings.HasPrefix(token, "sntryu_"):
		return detectors.Decoded{Kind: "personal-token"}
	case strings.HasPrefix(token, "sntryi_"):
		return detectors.Decoded{Kind: "integration-token"}
	}
	body, ok := strings.CutPrefix(token, "sntrys_")
	if !ok {
		return detectors.Decoded{}
	}
	payload, _, _ := strings.Cut(body, "_")
	text, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(payload, "="))
	var says struct {
		Org       string
		RegionURL string `json:"region_url"`
	}
	if err != nil || json.Unmarshal(text, &says) != nil {
		return undecodable("organization-token")
	}
	host := strings.TrimPrefix(strings.TrimPrefix(says.RegionURL, "https://"), "http://")
	if strings.HasPrefix(host, "localhost") || strings.HasPrefix(host, "127.0.0.1") {
		return detectors.Decoded{Reject: "a token of a local server"}
	}
	d := detectors.Decoded{Kind: "organization-token"}
	if host != "" {
		d.Hosts = []string{host}
	}
	if says.Org != "" {
		d.IDs = []detectors.ID{{What: "account", Value: says.Org}}
	}
	return d
}
