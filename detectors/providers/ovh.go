package providers

import "github.com/stagewall/stagewall/detectors"

const (
	ovhKeys     = "https://github.com/ovh/go-ovh/blob/master/README.md"
	ovhProvider = "https://github.com/ovh/terraform-provider-ovh/blob/master/docs/index.md"
)

// ovh knows the consumer key, which holds the rights that a customer gave to an application, beside which the application's own key and secret
// stand; and the secret of a service account.
func ovh() detectors.Provider {
	const consumer, service, shape = "consumer-key", "service-account-secret", `[A-Za-z0-9]{32}`
	destroy := func(name string, paths ...string) detectors.Operation {
		o := detectors.Operation{Name: name, Does: detectors.Destroy, Source: "https://github.com/ovh/terraform-provider-ovh/tree/master/ovh"}
		for _, path := range paths { // both names of the first version, and clients that add it
			o.Calls = append(o.Calls, "http DELETE /1.0"+path, "http DELETE /v1"+path, "http DELETE "+path)
		}
		return o
	}
	terminate := destroy("terminate a project")
	terminate.Calls = []string{"http POST /1.0/cloud/project/*/terminate", "http POST /v1/cloud/project/*/terminate", "http POST /cloud/project/*/terminate"}
	return detectors.Provider{
		Name:  "ovh",
		Title: "OVHcloud",
		Hosts: []string{"eu.api.ovh.com", "ca.api.ovh.com", "api.us.ovhcloud.com", "api.ovh.com"},
		Rules: []detectors.Rule{
			{
				ID:          "ovh-consumer-key",
				Description: "32 letters and digits in a variable or header for a consumer key",
				// No document says the form: keys that were seen have it.
				Pattern:    assigned(`ovh[_-]consumer(?:[_-]?key)?`, shape),
				Group:      1,
				Keywords:   []string{"ovh_consumer", "ovh-consumer"},
				Entropy:    3,
				Allowlists: []detectors.Allowlist{notAnID(), notAName()},
				Kinds:      []string{consumer},
			},
			handed("ovh", shape, []string{"api.ovh.com", "api.us.ovhcloud.com"}, 3, []string{consumer}),
			{ID: "ovh-host", Description: "a host of OVHcloud's API", Pattern: `\bapi\.(?:us\.ovhcloud|ovh)\.com\b`, Keywords: []string{"api.ovh.com", "api.us.ovhcloud.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{
			{
				Name:      consumer,
				Title:     "consumer key",
				Scope:     detectors.ScopeAccount,
				Bound:     "everything in the customer's account that it was given the paths of, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"OVH_CONSUMER_KEY"},
				Headers:   []string{"X-Ovh-Consumer"},
				Partners: []detectors.Partner{
					{Title: "application key", Variables: []string{"OVH_APPLICATION_KEY"}, Needed: true},
					{Title: "application secret", Variables: []string{"OVH_APPLICATION_SECRET"}, Needed: true},
				},
				Cut:    "ask for a key with the paths of staging's project or zone alone, and revoke this one",
				Source: ovhKeys,
			},
			{
				Name:      service,
				Title:     "service account's secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "everything in the account that its policies allow, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"OVH_CLIENT_SECRET"},
				Partners:  []detectors.Partner{{Title: "client id", Variables: []string{"OVH_CLIENT_ID"}, Needed: true}},
				Cut:       "use a service account whose policies allow staging's resources alone, and delete this one",
				Source:    ovhKeys,
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"OVH_CONSUMER_KEY", "OVH_CLIENT_SECRET"}, Selectors: []string{"-var-file"},
				Source: ovhProvider,
			},
		},
		Libraries: []detectors.Library{
			{Names: []string{"github.com/ovh/go-ovh/ovh"}, Variables: []string{"OVH_CONSUMER_KEY", "OVH_CLIENT_SECRET"}, Source: ovhKeys},
		},
		Containers: []detectors.Container{{Variable: "OVH_CLOUD_PROJECT_SERVICE", What: "project"}},
		Operations: []detectors.Operation{
			terminate,
			destroy("delete a Kubernetes cluster", "/cloud/project/*/kube/*"),
			destroy("delete a database service", "/cloud/project/*/database/*/*"),
			destroy("delete a database", "/cloud/project/*/database/*/*/database/*"),
			destroy("delete an instance", "/cloud/project/*/instance/*", "/cloud/project/*/region/*/instance/*"),
			destroy("delete a registry", "/cloud/project/*/containerRegistry/*"),
			destroy("delete a record", "/domain/zone/*/record/*"),
			{
				Name: "make credentials of a project", Does: detectors.Admin,
				Calls: []string{"http POST /1.0/cloud/project/*/user", "http POST /v1/cloud/project/*/user", "http POST /cloud/project/*/user"}, Source: ovhProvider,
			},
			{
				Name: "write records", Does: detectors.Write,
				Calls: []string{"http POST /1.0/domain/zone/*/record", "http POST /v1/domain/zone/*/record", "http POST /domain/zone/*/record"}, Source: ovhProvider,
			},
		},
	}
}
