package providers

import "github.com/stagewall/stagewall/detectors"

const (
	datocmsTokens   = "https://www.datocms.com/docs/content-management-api/resources/access-token"
	datocmsAPI      = "https://www.datocms.com/docs/content-management-api"
	datocmsCommands = "https://www.datocms.com/docs/scripting-migrations/installing-the-cli"
)

// datocms' tokens are a project's: its primary environment is what its site shows, and a role says which of the others are in reach beside it.
func datocms() detectors.Provider {
	const token, read, shape = "api-token", "read-only-token", `[0-9a-f]{26,32}`
	destroy := func(name, path, method string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{token}, Calls: []string{"http DELETE /" + path + "/*", "sdk " + method}, Source: datocmsAPI}
	}
	environment := destroy("delete an environment", "environments", "environments.destroy")
	environment.Calls = append(environment.Calls, "cli datocms environments:destroy")
	return detectors.Provider{
		Name:  "datocms",
		Title: "DatoCMS",
		Hosts: []string{"site-api.datocms.com", "graphql.datocms.com"},
		Rules: []detectors.Rule{{
			ID:          "datocms-api-token",
			Description: "a run of hexadecimal digits named as a DatoCMS API token",
			// No document says the form: tokens that were seen have it.
			Pattern:    assigned(named(`dato(?:[_-]?cms)?`, `(?:token|api[_-]?key)`), shape),
			Group:      1,
			Keywords:   []string{"dato"},
			Entropy:    3,
			Allowlists: []detectors.Allowlist{notAnID()},
			Kinds:      []string{token, read},
		}},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which it does not name, and the environments in it that its role allows",
				AtMost:    detectors.Full,
				Variables: []string{"DATOCMS_API_TOKEN", "DATOCMS_CMA_TOKEN"},
				Shape:     shape,
				Cut:       "make a token whose role is for staging's environment only, and delete this one",
				Source:    datocmsTokens,
			},
			{
				Name:      read,
				Title:     "read-only API token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which it does not name",
				AtMost:    detectors.Read,
				Variables: []string{"DATOCMS_READONLY_TOKEN", "DATOCMS_READ_ONLY_API_TOKEN", "NEXT_DATOCMS_API_TOKEN"},
				Shape:     shape,
				Cut:       "make a token whose role is for staging's environment only, and delete this one",
				Source:    datocmsTokens,
			},
		},
		Tools: []detectors.Tool{{
			Name: "datocms", Needs: detectors.NeedsToken, Variables: []string{"DATOCMS_API_TOKEN"}, Selectors: []string{"--profile"}, Values: []string{"--config-file", "--source", "--destination"},
			Source: datocmsCommands,
		}},
		Operations: []detectors.Operation{
			environment,
			destroy("delete a model", "item-types", "itemTypes.destroy"),
			destroy("delete a record", "items", "items.destroy"),
			destroy("delete an upload", "uploads", "uploads.destroy"),
			{Name: "promote an environment", Does: detectors.Write, Kinds: []string{token}, Calls: []string{"http PUT /environments/*/promote", "sdk environments.promote", "cli datocms environments:promote"}, Source: datocmsAPI},
			{Name: "make a token or invite a collaborator", Does: detectors.Admin, Kinds: []string{token}, Calls: []string{"http POST /access_tokens", "http POST /site-invitations", "sdk accessTokens.create"}, Source: datocmsTokens},
		},
	}
}
