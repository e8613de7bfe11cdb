package providers

import "github.com/stagewall/stagewall/detectors"

// keycloak runs on its owner's host, which says whose realms a secret opens. A client's roles are kept by the server; any client of the realm
// master may be its administrator.
func keycloak() detectors.Provider {
	const admin, client = "admin-password", "client-secret"
	return detectors.Provider{
		Name:  "keycloak",
		Title: "Keycloak",
		Rules: []detectors.Rule{
			{
				ID:          "keycloak-client-secret",
				Description: "a value named as the secret of a Keycloak client",
				Pattern:     assigned(named(`(?:keycloak|\bkc)`, `secret`), uuid+`|[0-9A-Za-z]{32}`),
				Group:       1,
				Keywords:    []string{"keycloak", "kc_", "kc-"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName(), exampleUUID()},
				Kinds:       []string{client},
			},
			{
				ID:          "keycloak-admin-password",
				Description: "a password in the variable from which Keycloak makes its administrator",
				Pattern:     `\b` + assigned(`keycloak_admin_password|kc_bootstrap_admin_password`, password),
				Group:       1,
				Keywords:    []string{"keycloak_admin_password", "kc_bootstrap_admin_password"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAName()},
				Kinds:       []string{admin},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      admin,
				Title:     "administrator's password",
				Scope:     detectors.ScopeHost,
				Bound:     "every realm of the server at its host",
				AtMost:    detectors.Full,
				Variables: []string{"KEYCLOAK_ADMIN_PASSWORD", "KC_BOOTSTRAP_ADMIN_PASSWORD"},
				Cut:       "give staging a server of its own, and change this password",
				Source:    "https://www.keycloak.org/server/bootstrap-admin-recovery",
			},
			{
				Name:      client,
				Title:     "client secret",
				Scope:     detectors.ScopeHost,
				Bound:     "the realm of the server at its host; the client's roles are kept by the server",
				AtMost:    detectors.Full,
				Variables: []string{"KEYCLOAK_CLIENT_SECRET", "KEYCLOAK_SECRET"},
				Cut:       "give staging a client in a realm of its own, and regenerate this secret",
				Source:    "https://www.keycloak.org/docs/latest/server_admin/#_client-credentials",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "kcadm.sh",
				Aliases:   []string{"kcadm"},
				Selectors: []string{"-r", "--target-realm", "--server", "--realm"},
				Source:    "https://www.keycloak.org/docs/latest/server_admin/#the-admin-cli",
			},
		},
		Containers: []detectors.Container{
			{Variable: "KEYCLOAK_REALM", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a realm", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /admin/realms/*", "cli kcadm.sh delete realms", "cli kcadm delete realms"},
				Source: "https://www.keycloak.org/docs-api/latest/rest-api/index.html",
			},
			{
				Name: "delete a user or client", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /admin/realms/*/users/*", "http DELETE /admin/realms/*/clients/*", "cli kcadm.sh delete users",
					"cli kcadm.sh delete clients",
				},
				Source: "https://www.keycloak.org/docs-api/latest/rest-api/index.html",
			},
			{
				Name: "make a user or give roles", Does: detectors.Admin,
				Calls: []string{
					"http POST /admin/realms/*/users", "http POST /admin/realms/*/users/*/role-mappings/**", "cli kcadm.sh create users",
					"cli kcadm.sh add-roles",
				},
				Source: "https://www.keycloak.org/docs/latest/server_admin/#the-admin-cli",
			},
		},
	}
}
