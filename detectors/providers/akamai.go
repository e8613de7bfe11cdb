package providers

import "github.com/stagewall/stagewall/detectors"

const (
	akamaiClients = "https://techdocs.akamai.com/developer/docs/set-up-authentication-credentials"
	akamaiPurge   = "https://github.com/akamai/cli-purge"
)

// akamai knows the secret of a client of EdgeGrid, beside which its two tokens and its host stand: in the file .edgerc, or in variables. A client works
// on Akamai's staging network and on its production network alike.
func akamai() detectors.Provider {
	const secret, shape = "client-secret", `[A-Za-z0-9+/]{43}=`
	manual := detectors.Allowlist{Description: "the manual's", StopWords: []string{"c113nt53kr3t"}}
	return detectors.Provider{
		Name:  "akamai",
		Title: "Akamai",
		Hosts: []string{".luna.akamaiapis.net", ".purge.akamaiapis.net"},
		Rules: []detectors.Rule{
			{
				ID:          "akamai-edgerc-secret",
				Description: "the secret of a client near its host, as in .edgerc",
				Pattern:     `(?i:\bclient[_-]?secret)` + gives + `(` + shape + `)` + right,
				Group:       1,
				Keywords:    []string{".akamaiapis.net"},
				Entropy:     4,
				Allowlists:  []detectors.Allowlist{manual},
				Required:    []detectors.Required{{Rule: "akamai-host", WithinLines: within(6)}},
				Kinds:       []string{secret},
			},
			{
				ID:          "akamai-client-secret",
				Description: "the secret of a client in a variable that names Akamai",
				Pattern:     assigned(`akamai[A-Za-z0-9_.-]{0,30}secret`, shape),
				Group:       1,
				Keywords:    []string{"akamai"},
				Entropy:     4,
				Allowlists:  []detectors.Allowlist{notAnID(), manual},
				Kinds:       []string{secret},
			},
			{
				ID: "akamai-host", Description: "the host of a client", Pattern: `\bakab-[a-z0-9]{16,40}-[a-z0-9]{6,20}\.(?:luna|purge)\.akamaiapis\.net\b`,
				Keywords: []string{".akamaiapis.net"}, SkipReport: true,
			},
		},
		Kinds: []detectors.Kind{{
			Name:      secret,
			Title:     "EdgeGrid client secret",
			Scope:     detectors.ScopeAccount,
			Bound:     "what its owner's role allows of the account's services, on the staging and on the production network, which it does not show",
			AtMost:    detectors.Full,
			Variables: []string{"AKAMAI_CLIENT_SECRET"},
			Shape:     shape,
			Partners: []detectors.Partner{
				{Title: "client token", Variables: []string{"AKAMAI_CLIENT_TOKEN"}, Shape: `akab-[a-z0-9]{16,40}-[a-z0-9]{6,20}`, Needed: true},
				{Title: "access token", Variables: []string{"AKAMAI_ACCESS_TOKEN"}, Shape: `akab-[a-z0-9]{16,40}-[a-z0-9]{6,20}`, Needed: true},
			},
			Cut:    "use a client that is limited to staging's properties and zones, and deactivate this credential",
			Source: akamaiClients,
		}},
		Tools: []detectors.Tool{
			{
				Name: "akamai", Variables: []string{"AKAMAI_CLIENT_SECRET"}, Selectors: []string{"--section", "-s", "--network"}, Values: []string{"--edgerc", "-e", "--accountkey"},
				Source: "https://github.com/akamai/cli",
			},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"AKAMAI_CLIENT_SECRET"}, Selectors: []string{"-var-file"},
				Source: "https://techdocs.akamai.com/terraform/docs/configure-provider",
			},
		},
		Containers: []detectors.Container{{Variable: "AKAMAI_HOST", What: "host"}},
		Operations: []detectors.Operation{
			{
				Name: "remove a property", Does: detectors.Destroy,
				Calls: []string{"http DELETE /papi/v1/properties/*"}, Source: "https://techdocs.akamai.com/property-mgr/reference/delete-property",
			},
			{
				Name: "activate or deactivate a property", Does: detectors.Write,
				Calls: []string{"http POST /papi/v1/properties/*/activations"}, Source: "https://techdocs.akamai.com/property-mgr/reference/post-property-activations",
			},
			{
				Name: "delete zones or records", Does: detectors.Destroy,
				Calls:  []string{"http POST /config-dns/v2/zones/delete-requests", "http DELETE /config-dns/v2/zones/*/names/*/types/*"},
				Source: "https://techdocs.akamai.com/edge-dns/reference/api",
			},
			{ // the cache fills again
				Name: "purge what is cached", Does: detectors.Write,
				Calls:  []string{"cli akamai purge", "http POST /ccu/v3/delete/**", "http POST /ccu/v3/invalidate/**"},
				Source: akamaiPurge,
			},
		},
	}
}
