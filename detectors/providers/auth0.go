package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// auth0Reference lists the methods of a library with the calls that they make.
const auth0Reference = "https://github.com/auth0/node-auth0/blob/master/reference.md"

// auth0 keeps environments apart as tenants, each with a host of its own. A management token says in its claims which tenant it is for and
// what it may do; a client's secret says nothing.
func auth0() detectors.Provider {
	const client, management = "client-secret", "management-token"
	return detectors.Provider{
		Name:  "auth0",
		Title: "Auth0",
		Hosts: []string{".auth0.com"},
		Rules: []detectors.Rule{
			{
				ID:          "auth0-management-token",
				Description: "a token for the management of an Auth0 tenant",
				Pattern:     prefixed(jwtWith("LmF1dGgwLmNvbS9hcGkvdjIv", "5hdXRoMC5jb20vYXBpL3YyL", "uYXV0aDAuY29tL2FwaS92Mi")),
				Group:       1,
				Keywords:    []string{"lmf1dggwlmnvbs9hcgkvdjiv", "5hdxromc5jb20vyxbpl3yyl", "uyxv0adauy29tl2fwas92mi"},
				Kinds:       []string{management},
			},
			{
				ID:          "auth0-client-secret",
				Description: "a value whose variable is named as an Auth0 client's secret",
				Pattern:     assigned(named(`auth0`, `client[_-]?secret`), `[0-9A-Za-z_-]{64}`),
				Group:       1,
				Keywords:    []string{"auth0"},
				Entropy:     4,
				Kinds:       []string{client},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      client,
				Title:     "application's secret",
				Scope:     detectors.ScopeHost,
				Bound:     "one application of the tenant at the host; with the right grants it gets management tokens",
				AtMost:    detectors.Full,
				Variables: []string{"AUTH0_CLIENT_SECRET"},
				Shape:     `[0-9A-Za-z_-]{64}`,
				Cut:       "use an application of the staging tenant, and rotate this secret",
				Source:    "https://auth0.com/docs/get-started/applications/credentials",
			},
			{
				Name:      management,
				Title:     "management token",
				Scope:     detectors.ScopeClaims,
				Bound:     "one tenant, which its claims name, within the scopes that they list, for a day by default",
				AtMost:    detectors.Full,
				Variables: []string{"AUTH0_MANAGEMENT_TOKEN", "AUTH0_MGMT_API_TOKEN"},
				Cut:       "get tokens of the staging tenant when they are needed, and keep none in files",
				Source:    "https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "auth0",
				Variables: []string{"AUTH0_CLIENT_SECRET"},
				Selectors: []string{"--tenant"},
				Source:    "https://auth0.github.io/auth0-cli/",
			},
			{
				Name:      "a0deploy",
				Aliases:   []string{"auth0-deploy-cli"},
				Variables: []string{"AUTH0_CLIENT_SECRET", "AUTH0_ACCESS_TOKEN"},
				Selectors: []string{"--config_file", "-c", "--env"},
				Source:    "https://auth0.com/docs/deploy-monitor/deploy-cli-tool",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a user", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /api/v2/users/*", "sdk users.delete", "cli auth0 users delete"},
				Source: "https://auth0.com/docs/api/management/v2/users/delete-users-by-id",
			},
			{
				Name: "delete an application", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/clients/*", "sdk clients.delete", "cli auth0 apps delete"},
				Source: "https://auth0.com/docs/api/management/v2/clients/delete-clients-by-id",
			},
			{
				Name: "delete a connection", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /api/v2/connections/*", "sdk connections.delete"},
				Source: "https://auth0.com/docs/api/management/v2/connections/delete-connections-by-id",
			},
			{
				Name: "delete an organization", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /api/v2/organizations/*", "sdk organizations.delete", "cli auth0 orgs delete"},
				Source: auth0Reference,
			},
			{
				Name: "delete a role", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /api/v2/roles/*", "sdk roles.delete", "cli auth0 roles delete"},
				Source: auth0Reference,
			},
			{
				Name: "delete an API", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/resource-servers/*", "sdk resourceServers.delete", "cli auth0 apis delete"},
				Source: auth0Reference,
			},
			{
				Name: "delete an action", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/actions/actions/*", "sdk actions.delete", "cli auth0 actions delete"},
				Source: auth0Reference,
			},
			{
				Name: "delete a custom domain", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/custom-domains/*", "sdk customDomains.delete", "cli auth0 domains delete"},
				Source: auth0Reference,
			},
			{
				Name: "import a tenant", Does: detectors.Write,
				Calls:  []string{"cli a0deploy import"},
				Source: "https://auth0.com/docs/deploy-monitor/deploy-cli-tool",
			},
			{
				Name: "make a user or grant", Does: detectors.Admin,
				Calls:  []string{"http POST /api/v2/users", "http POST /api/v2/client-grants", "cli auth0 users create"},
				Source: "https://auth0.com/docs/api/management/v2/users/post-users",
			},
		},
		Decode: func(text string) detectors.Decoded {
			var c struct {
				Iss, Scope string
				Exp        any
			}
			if !claims(text, &c) {
				return detectors.Decoded{}
			}
			d := detectors.Decoded{Kind: management}
			if host, ok := strings.CutPrefix(c.Iss, "https://"); ok {
				d.Hosts = []string{strings.Trim(host, "/")}
			}
			if c.Scope != "" {
				d.AtMost, d.Exact = auth0Scopes(c.Scope), true
			}
			return untilClaim(d, c.Exp)
		},
	}
}

// auth0Scopes returns what a list of scopes, each an action and an object, allows.
func auth0Scopes(scopes string) detectors.Privilege {
	var most detectors.Privilege
	for scope := range strings.FieldsSeq(scopes) {
		action, object, _ := strings.Cut(scope, ":")
		switch action {
		case "read":
			most |= detectors.Read
		case "delete":
			most |= detectors.Write | detectors.Destroy
		default:
			most |= detectors.Write
		}
		switch object {
		case "users", "roles", "role_members", "clients", "client_keys", "client_grants", "client_credentials", "organization_members":
			if action != "read" {
				most |= detectors.Admin
			}
		}
	}
	return most
}
