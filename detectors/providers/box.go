package providers

import "github.com/stagewall/stagewall/detectors"

// box gives apps a client secret and, to act as an enterprise, a private key; tokens are short-lived. An app's scopes are set in its console.
func box() detectors.Provider {
	const secret, access = "client-secret", "access-token"
	return detectors.Provider{
		Name:  "box",
		Title: "Box",
		Hosts: []string{"api.box.com", "upload.box.com"},
		Rules: []detectors.Rule{
			{
				ID:          "box-client-secret",
				Description: "a value named as the secret of a Box app",
				Pattern:     assigned(`\bbox[A-Za-z0-9_.-]{0,20}(?:client[_-]?secret|secret)`, `[0-9A-Za-z]{32}`),
				Group:       1,
				Keywords:    []string{"box"},
				Entropy:     3.3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{secret},
			},
			{
				ID:          "box-settings-secret",
				Description: "the secret in the settings file of a Box app",
				Pattern:     `"boxAppSettings"[ \t]*:[ \t]*\{[^{}]{0,200}"clientSecret"[ \t]*:[ \t]*"([0-9A-Za-z]{32})"`,
				Group:       1,
				Keywords:    []string{"boxappsettings"},
				Entropy:     3.3,
				Kinds:       []string{secret},
			},
			{
				ID:          "box-access-token",
				Description: "a value named as a Box token",
				Pattern:     assigned(`\bbox[A-Za-z0-9_.-]{0,20}(?:developer|access)[_-]?token`, `[0-9A-Za-z]{32}`),
				Group:       1,
				Keywords:    []string{"box"},
				Entropy:     3.3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{access},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "app's client secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "what the app may touch: the whole enterprise, or its own files, within scopes that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"BOX_CLIENT_SECRET"},
				Shape:     `[0-9A-Za-z]{32}`,
				Cut:       "give staging an app of its own in a sandbox, and reset this secret",
				Source:    "https://developer.box.com/guides/authentication/client-credentials/",
			},
			{
				Name:      access,
				Title:     "developer or access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "all that its user may touch, for an hour",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"BOX_DEVELOPER_TOKEN", "BOX_ACCESS_TOKEN"},
				Shape:     `[0-9A-Za-z]{32}`,
				Cut:       "keep developer tokens out of files: they last an hour",
				Source:    "https://developer.box.com/guides/authentication/tokens/developer-tokens/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "BOX_ENTERPRISE_ID", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a file for good", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /2.0/files/*/trash", "http DELETE /2.0/folders/*/trash"},
				Source: "https://developer.box.com/reference/delete-files-id-trash/",
			},
			{
				Name: "delete a file or folder", Does: detectors.Destroy, Undo: "30 days",
				Calls:  []string{"http DELETE /2.0/files/*", "http DELETE /2.0/folders/*", "cli box files:delete", "cli box folders:delete"},
				Source: "https://developer.box.com/guides/trash/",
			},
			{
				Name: "delete a template of metadata", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /2.0/metadata_templates/*/*/schema", "http DELETE /2.0/metadata_taxonomies/*/*"},
				Source: "https://github.com/box/box-openapi/blob/main/openapi.json",
			},
			{
				Name: "delete a user", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /2.0/users/*", "cli box users:delete"},
				Source: "https://developer.box.com/reference/delete-users-id/",
			},
			{
				Name: "make a user or share", Does: detectors.Admin,
				Calls:  []string{"http POST /2.0/users", "http POST /2.0/collaborations", "cli box users:create"},
				Source: "https://developer.box.com/reference/post-users/",
			},
		},
	}
}
