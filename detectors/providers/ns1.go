package providers

import "github.com/stagewall/stagewall/detectors"

const (
	ns1API       = "https://developer.ibm.com/apis/catalog/ns1--ibm-ns1-connect-api/Introduction"
	ns1Client    = "https://github.com/ns1/ns1-go"
	ns1Terraform = "https://registry.terraform.io/providers/ns1-terraform/ns1/latest/docs"
)

// ns1's keys are their account's: what a key may do to which zones is set where it is made, and does not show.
func ns1() detectors.Provider {
	const key, shape = "api-key", `[A-Za-z0-9]{20}`
	return detectors.Provider{
		Name:  "ns1",
		Title: "IBM NS1 Connect",
		Hosts: []string{"api.nsone.net"},
		Rules: []detectors.Rule{
			{
				ID:          "ns1-api-key",
				Description: "20 letters and digits in a variable, or a header, for NS1's keys",
				// No document says the form: keys that were seen have it.
				Pattern:    assigned(`\b(?:ns1|nsone)[_-]?(?:api[_-]?)?(?:key|token)|x-nsone-key`, shape),
				Group:      1,
				Keywords:   []string{"ns1", "nsone"},
				Entropy:    3.3,
				Allowlists: []detectors.Allowlist{notAnID(), notAName()},
				Kinds:      []string{key},
			},
			handed("ns1", shape, []string{"api.nsone.net"}, 3.3, []string{key}),
			{ID: "ns1-host", Description: "a host of NS1's API", Pattern: `\bapi\.nsone\.net\b`, Keywords: []string{"api.nsone.net"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeAccount,
			Bound:     "the account's zones, as far as its permissions go",
			AtMost:    detectors.Full,
			Variables: []string{"NS1_APIKEY", "NS1_API_KEY"},
			Headers:   []string{"X-NSONE-Key"},
			Shape:     shape,
			Cut:       "make a key whose permissions are for staging's zones only, and delete this one",
			Source:    ns1API,
		}},
		Tools: []detectors.Tool{{
			Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"NS1_APIKEY"}, Selectors: []string{"-var-file"}, Source: ns1Terraform,
		}},
		Operations: []detectors.Operation{
			{Name: "delete a zone", Does: detectors.Destroy, Calls: []string{"http DELETE /v1/zones/*", "sdk Zones.Delete"}, Source: ns1Client},
			{Name: "delete a record", Does: detectors.Destroy, Calls: []string{"http DELETE /v1/zones/*/*/*", "sdk Records.Delete"}, Source: ns1Client},
			{Name: "make a key, a user or a team", Does: detectors.Admin, Calls: []string{"http PUT /v1/account/apikeys", "http PUT /v1/account/users", "http PUT /v1/account/teams"}, Source: ns1Client},
			{Name: "change a record", Does: detectors.Write, Calls: []string{"http PUT /v1/zones/*/*/*", "http POST /v1/zones/*/*/*"}, Source: ns1Client},
		},
	}
}
