package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	newrelicKeys = "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"
	newrelicAPI  = "https://docs.newrelic.com/docs/apis/nerdgraph/get-started/introduction-new-relic-nerdgraph/"
	// Mutations, as New Relic's library for Go sends them.
	newrelicClient = "https://github.com/newrelic/newrelic-client-go/blob/main/pkg/"
)

// newrelic says in a key's first or last letters what the key is for. A user key acts in every account that the person may open.
func newrelic() detectors.Provider {
	const user, query, license, browser = "user-key", "query-key", "license-key", "browser-key"
	wide := []string{user}
	return detectors.Provider{
		Name:  "newrelic",
		Title: "New Relic",
		Short: "nr", // https://docs.newrelic.com/docs/infrastructure/install-infrastructure-agent/configuration/infrastructure-agent-configuration-settings/ (NRIA_…)
		Hosts: []string{"api.newrelic.com", "api.eu.newrelic.com", ".newrelic.com", ".nr-data.net"},
		Rules: []detectors.Rule{
			{
				ID:          "newrelic-key",
				Description: "a New Relic key that reads or changes settings",
				Pattern:     prefixed(`NR(?:AK|AA|IQ|RA)-[0-9A-Za-z_-]{27,42}`),
				Group:       1,
				Keywords:    []string{"nrak-", "nraa-", "nriq-", "nrra-"},
				Entropy:     3,
				Kinds:       []string{user, query},
			},
			{
				ID:          "newrelic-license-key",
				Description: "a New Relic key that sends data",
				Pattern:     prefixed(`(?:eu01xx)?[0-9a-f]{30,36}NRAL|NRII-[0-9A-Za-z_-]{32}`),
				Group:       1,
				Keywords:    []string{"nral", "nrii-"},
				Entropy:     3,
				Kinds:       []string{license},
			},
			{
				ID:          "newrelic-browser-key",
				Description: "a New Relic key for browsers",
				Pattern:     prefixed(`NRJS-[0-9a-f]{19}`),
				Group:       1,
				Keywords:    []string{"nrjs-"},
				Entropy:     2.5,
				Kinds:       []string{browser},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      user,
				Title:     "user key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every account that the person may open, to query and to configure",
				AtMost:    detectors.Full,
				Variables: []string{"NEW_RELIC_API_KEY", "NEW_RELIC_USER_KEY", "NEWRELIC_API_KEY"},
				Shape:     `NR(?:AK|AA|RA)-[0-9A-Za-z_-]{27,42}`,
				Cut:       "make a key for a user who may open staging's account only, and delete this one",
				Source:    newrelicKeys + "#user-key",
			},
			{
				Name:   query,
				Title:  "query key",
				Scope:  detectors.ScopeContainer,
				Bound:  "reading the data of one account, which it does not name",
				AtMost: detectors.Read,
				Shape:  `NRIQ-[0-9A-Za-z_-]{27,42}`,
				Cut:    "use a key of staging's account, and delete this one",
				Source: newrelicKeys,
			},
			{
				Name:      license,
				Title:     "license or insert key",
				Scope:     detectors.ScopeOutside,
				Bound:     "sending data to one account, which it does not name",
				AtMost:    detectors.Write,
				Variables: []string{"NEW_RELIC_LICENSE_KEY", "NEW_RELIC_INSERT_KEY", "NRIA_LICENSE_KEY"},
				Shape:     `(?:eu01xx)?[0-9a-f]{30,36}NRAL|NRII-[0-9A-Za-z_-]{32}`,
				Cut:       "give staging a license key of its own, and delete this one",
				Source:    newrelicKeys + "#license-key",
			},
			{
				Name:   browser,
				Title:  "browser key",
				Scope:  detectors.ScopePublic,
				Bound:  "made to be published: it sends data from browsers",
				Shape:  `NRJS-[0-9a-f]{19}`,
				Source: newrelicKeys + "#browser-key",
			},
		},
		Tools: []detectors.Tool{{
			Name:      "newrelic",
			Variables: []string{"NEW_RELIC_API_KEY", "NEW_RELIC_LICENSE_KEY"},
			Selectors: []string{"--accountId", "-a", "--profile"},
			Source:    "https://github.com/newrelic/newrelic-cli",
		}},
		Containers: []detectors.Container{{Variable: "NEW_RELIC_ACCOUNT_ID", What: "account"}},
		Operations: []detectors.Operation{
			{
				Name: "dashboardDelete", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"graphql dashboardDelete"},
				Source: newrelicClient + "dashboards/dashboards_api.go",
			},
			{
				Name: "alertsPolicyDelete", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"graphql alertsPolicyDelete", "graphql alertsConditionDelete"},
				Source: newrelicClient + "alerts/policies.go",
			},
			{
				Name: "entityDelete", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"graphql entityDelete"},
				Source: newrelicAPI,
			},
			{
				Name: "syntheticsDeleteMonitor", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"graphql syntheticsDeleteMonitor"},
				Source: newrelicClient + "synthetics/synthetics_api.go",
			},
			{
				Name: "aiWorkflowsDeleteWorkflow", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"graphql aiWorkflowsDeleteWorkflow"},
				Source: newrelicClient + "workflows/workflows_api.go",
			},
			{
				Name: "cloudUnlinkAccount", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"graphql cloudUnlinkAccount"},
				Source: newrelicClient + "cloud/cloud_api.go",
			},
			{
				Name: "accountManagementCancelAccount", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"graphql accountManagementCancelAccount"},
				Source: newrelicClient + "accountmanagement/accountmanagement_api.go",
			},
			{
				Name: "userManagementDeleteUser", Does: detectors.Destroy | detectors.Admin, Kinds: wide,
				Calls:  []string{"graphql userManagementDeleteUser", "graphql userManagementDeleteGroup"},
				Source: newrelicClient + "usermanagement/usermanagement_api.go",
			},
			{
				Name: "apiAccessCreateKeys", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"graphql apiAccessCreateKeys", "graphql apiAccessDeleteKeys"},
				Source: newrelicKeys,
			},
			{
				Name: "record a deployment", Does: detectors.Write, Kinds: wide,
				Calls:  []string{"cli newrelic apm deployment create", "cli newrelic entity deployment create", "graphql changeTrackingCreateDeployment"},
				Source: "https://github.com/newrelic/newrelic-cli",
			},
		},
		Decode: func(key string) detectors.Decoded {
			if strings.HasPrefix(key, "NRIQ-") {
				return detectors.Decoded{Kind: query}
			}
			if strings.HasPrefix(key, "NRAK-") || strings.HasPrefix(key, "NRAA-") || strings.HasPrefix(key, "NRRA-") {
				return detectors.Decoded{Kind: user}
			}
			return detectors.Decoded{}
		},
	}
}
