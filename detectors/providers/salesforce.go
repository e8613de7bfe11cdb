package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// salesforce binds a session to an organization, whose id stands before the exclamation mark; sandboxes have hosts of their own.
func salesforce() detectors.Provider {
	const consumer, login, session = "consumer-secret", "login-url", "session"
	return detectors.Provider{
		Name:  "salesforce",
		Title: "Salesforce",
		Hosts: []string{".salesforce.com", ".force.com"},
		Rules: []detectors.Rule{
			{
				ID:          "salesforce-session",
				Description: "a Salesforce session",
				Pattern:     left + `(00D[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?![0-9A-Za-z._-]{80,})`,
				Group:       1,
				Keywords:    []string{"00d"},
				Entropy:     3.5,
				Kinds:       []string{session},
			},
			{
				ID:          "salesforce-login-url",
				Description: "a login URL of Salesforce's command line program",
				Pattern:     left + `(force://[0-9A-Za-z._~-]+:[0-9A-Za-z._~=-]*:[0-9A-Za-z._~=-]{40,}@[0-9A-Za-z.-]+)`,
				Group:       1,
				Keywords:    []string{"force://"},
				Entropy:     3.5,
				Kinds:       []string{login},
			},
			{
				ID:          "salesforce-consumer-secret",
				Description: "a value whose variable is named as a Salesforce secret",
				Pattern:     assigned(`(?:salesforce|\bsf|\bsfdc)[A-Za-z0-9_.-]{0,20}(?:consumer|client)[_-]?secret`, `[0-9A-F]{64}|[0-9]{15,20}`),
				Group:       1,
				Keywords:    []string{"clientsecret", "client_secret", "client-secret", "consumersecret", "consumer_secret", "consumer-secret"},
				Entropy:     3,
				Kinds:       []string{consumer},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      consumer,
				Title:     "connected app's secret",
				Scope:     detectors.ScopeHost,
				Bound:     "the organization at the host, together with a login",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"SALESFORCE_CLIENT_SECRET", "SF_CONSUMER_SECRET", "SALESFORCE_CONSUMER_SECRET"},
				Cut:       "use a connected app of the sandbox, and rotate this secret",
				Source:    "https://help.salesforce.com/s/articleView?id=xcloud.connected_app_overview.htm",
			},
			{
				Name:      login,
				Title:     "login URL",
				Scope:     detectors.ScopeClaims,
				Bound:     "the organization at its host, as the user who logged in",
				AtMost:    detectors.Full,
				Variables: []string{"SFDX_AUTH_URL", "SALESFORCE_AUTH_URL"},
				Cut:       "log the command line in to the sandbox by JWT, and revoke this session",
				Source:    "https://developer.salesforce.com/docs/atlas.en-us.sfdx_cli_reference.meta/sfdx_cli_reference/cli_reference_org_commands_unified.htm",
			},
			{
				Name:      session,
				Title:     "session",
				Scope:     detectors.ScopeClaims,
				Bound:     "one organization, which it names by id, as its user",
				AtMost:    detectors.Full,
				Variables: []string{"SALESFORCE_ACCESS_TOKEN", "SF_ACCESS_TOKEN"},
				Cut:       "end the session, and log in to the sandbox",
				Source:    "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_tokens_scopes.htm",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "sf",
				Aliases:   []string{"sfdx", "@salesforce/cli"},
				Variables: []string{"SF_ACCESS_TOKEN", "SFDX_ACCESS_TOKEN"},
				Selectors: []string{"--target-org", "-o", "--targetusername", "-u"},
				Source:    "https://developer.salesforce.com/docs/atlas.en-us.sfdx_cli_reference.meta/sfdx_cli_reference/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "SF_TARGET_ORG", Names: true, What: "environment"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete records", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /services/data/*/sobjects/*/*", "cli sf data delete bulk", "cli sf data delete record"},
				Source: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_delete_record.htm",
			},
			{
				Name: "remove metadata", Does: detectors.Destroy,
				Calls:  []string{"cli sf project delete source", "cli sfdx force:source:delete"},
				Source: "https://developer.salesforce.com/docs/atlas.en-us.sfdx_cli_reference.meta/sfdx_cli_reference/cli_reference_project_commands_unified.htm",
			},
			{
				Name: "delete an org", Does: detectors.Destroy,
				Calls:  []string{"cli sf org delete sandbox", "cli sf org delete scratch"},
				Source: "https://developer.salesforce.com/docs/atlas.en-us.sfdx_cli_reference.meta/sfdx_cli_reference/cli_reference_org_commands_unified.htm",
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls:  []string{"cli sf project deploy start", "cli sfdx force:source:deploy"},
				Source: "https://developer.salesforce.com/docs/atlas.en-us.sfdx_cli_reference.meta/sfdx_cli_reference/cli_reference_project_commands_unified.htm",
			},
		},
		Decode: func(text string) detectors.Decoded {
			if _, host, ok := cutLast(text, "@"); ok && strings.HasPrefix(text, "force://") {
				return detectors.Decoded{Kind: login, Hosts: []string{strings.ToLower(host)}}
			}
			organization, _, ok := strings.Cut(text, "!")
			if !ok || len(organization) < 15 {
				return detectors.Decoded{}
			}
			return detectors.Decoded{Kind: session, IDs: []detectors.ID{{What: "account", Value: organization[:15]}}}
		},
	}
}
