package providers

import "github.com/stagewall/stagewall/detectors"

const (
	railwayAPI     = "https://docs.railway.com/integrations/api"
	railwaySchema  = "https://github.com/railwayapp/cli/blob/master/src/gql/schema.json"
	railwayVolumes = "https://docs.railway.com/volumes/reference"
	railwayBackups = "https://docs.railway.com/volumes/backups"
	railwayCLI     = "https://docs.railway.com/cli"
	railwayManage  = "https://docs.railway.com/integrations/api/manage-"
)

// railway knows three sorts of token of one shape, a UUID. Ids of projects, environments, services and volumes have that shape too, so
// only a variable, a header or the command line program beside it makes a UUID a token.
func railway() detectors.Provider {
	const account, project, session = "account-or-workspace-token", "project-token", "cli-session"
	wide := []string{account}
	return detectors.Provider{
		Name:  "railway",
		Title: "Railway",
		Hosts: []string{"backboard.railway.com", "backboard.railway.app"},
		Rules: []detectors.Rule{
			{
				ID:          "railway-token",
				Description: "a UUID whose variable is named as a Railway token",
				Pattern:     assigned(named(`railway`, `(?:token|api[_-]?key|secret)`), uuid),
				Group:       1,
				Keywords:    []string{"railway"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notAnID(), exampleUUID()},
				Kinds:       []string{account, project},
			},
			{
				ID:          "railway-bearer-token",
				Description: "a UUID sent as a Bearer token near Railway's API",
				Pattern:     `(?i:bearer)[ \t]+` + quotes + `(` + uuid + `)` + right,
				Group:       1,
				Keywords:    []string{"backboard.railway."},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Required:    []detectors.Required{{Rule: "railway-host", WithinLines: within(20)}},
				Kinds:       wide,
			},
			{
				ID:          "railway-project-token",
				Description: "a UUID sent in Railway's header for project tokens",
				Pattern:     assigned(`project-access-token`, uuid),
				Group:       1,
				Keywords:    []string{"project-access-token"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Kinds:       []string{project},
			},
			{
				ID:          "railway-nearby-token",
				Description: "a UUID in a variable with a credential's name, in a text that talks to Railway",
				Pattern:     `(?:^|[^A-Za-z0-9_-])` + assigned(neutralCredential, uuid),
				Group:       1,
				Keywords:    []string{"railway"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notAnID(), exampleUUID()},
				Required:    []detectors.Required{{Rule: "railway-use"}},
				Kinds:       []string{account, project},
			},
			{
				ID:          "railway-handed-token",
				Description: "a UUID in a variable of any name, in a text that talks to Railway, that is handed on as a token",
				Pattern:     `(?:^|[^A-Za-z0-9_-])` + assigned(`[a-z_][a-z0-9_]{0,40}`, uuid),
				Group:       1,
				Keywords:    []string{"railway"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID(), anID()},
				Required:    []detectors.Required{{Rule: "railway-use"}},
				Kinds:       []string{account, project},
				Generic:     true,
				Handed:      true,
			},
			{
				ID:          "railway-named-token",
				Description: "a UUID in a variable that is named after Railway, that is handed on as a token",
				Pattern:     `(?:^|[^A-Za-z0-9_-])` + assigned(`(?:[a-z0-9]{1,20}[_-]?){0,3}railway(?:[_-]?[a-z0-9]{1,20}){0,3}`, uuid),
				Group:       1,
				Keywords:    []string{"railway"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID(), anID()},
				Kinds:       []string{account, project},
				Generic:     true,
				Handed:      true,
			},
			{
				ID:          "railway-spoken-token",
				Description: "a UUID on a line that speaks of a credential, in a text that talks to Railway's API",
				Pattern:     spoken(`backboard\.railway\.`, uuid),
				Group:       1,
				Keywords:    []string{"backboard.railway."},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notSpoken(), exampleUUID()},
				Required:    []detectors.Required{{Rule: "railway-host"}},
				Kinds:       []string{account, project},
				Generic:     true,
			},
			{
				ID:          "railway-told-token",
				Description: "a UUID of which a note says that it is Railway's token",
				Pattern: `(?i)(?:\brailway(?:'s)?[^\n\w./@][^\n]{0,60}?\btoken\b[^\n]{0,40}?|` +
					`(?m:^)[^\n\w\[]{0,8}railway[^\n\w\]]{0,8}\n(?:[^\n\[][^\n]{0,80}\n|\n){0,4}?[^\n\w]{0,8}(?:api[ _-]?)?token\b[^\n\w]{1,8})\b(` + uuid + `)` + right,
				Group:    1,
				Keywords: []string{"railway"},
				Entropy:  uuidEntropy,
				Allowlists: []detectors.Allowlist{exampleUUID(), notSpoken(), {
					Description: "the word before it says what it is an id of",
					Regexes:     []string{`(?i)(?:\b|_)(?:ids?|project|service|environment|deployment|volume|workspace|team|user|session|trace|request|run|commit|settings)[^\n\w]{1,5}[0-9a-f]{8}-`},
					Target:      "match",
				}},
				Kinds:   []string{account, project},
				Generic: true,
			},
			{
				ID:          "railway-session",
				Description: "the login that Railway's command line program keeps",
				Pattern:     `"(?:token|accessToken|refreshToken)"[ \t]*:[ \t]*"([^"\s\\]{20,})"`,
				Group:       1,
				Keywords:    []string{"token"},
				Path:        `(?:^|/)\.railway/config\.json$`,
				Kinds:       []string{session},
			},
			{
				ID:          "railway-host",
				Description: "the host of Railway's API",
				Pattern:     `\bbackboard\.railway\.(?:com|app)\b`,
				Keywords:    []string{"backboard.railway."},
				SkipReport:  true,
			},
			{
				ID:          "railway-use",
				Description: "the host of Railway's API, or a call of its command line program",
				Pattern: `\bbackboard\.railway\.(?:com|app)\b|` +
					"(?:^|[\\s;&|`($\"'])(?:@railway/cli|railway)[ \\t]+(?:up|run|link|add|api|connect|delete|deploy|domain|down|environment|init|list|login|logs|redeploy|rm|scale|service|shell|ssh|status|variables?|volume|whoami)\\b",
				Keywords:   []string{"railway"},
				SkipReport: true,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      account,
				Title:     "account or workspace token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every environment of the account: this kind cannot be limited to one",
				AtMost:    detectors.Full,
				Variables: []string{"RAILWAY_API_TOKEN", "RAILWAY_ACCOUNT_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     uuid,
				Cut: "give this script a staging project token (header Project-Access-Token, variable RAILWAY_TOKEN), or move the token " +
					"out of the checkout and into the shell of whoever runs it; then revoke this one",
				Source: railwayAPI,
			},
			{
				Name:   session,
				Title:  "command line session",
				Scope:  detectors.ScopeAccount,
				Bound:  "everything that the person who logged in may touch",
				AtMost: detectors.Full,
				Cut:    "log out with railway logout, and use a staging project token (variable RAILWAY_TOKEN)",
				Source: "https://docs.railway.com/cli/login",
			},
			{
				Name:      project,
				Title:     "project token",
				Scope:     detectors.ScopeContainer,
				Selected:  true,
				Bound:     "one environment of one project, which the token does not name",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"RAILWAY_TOKEN", "RAILWAY_PROJECT_TOKEN"},
				Headers:   []string{"Project-Access-Token"},
				Shape:     uuid,
				Cut:       "make a project token for the staging environment, and revoke this one",
				Source:    railwayAPI,
			},
		},
		Tools: []detectors.Tool{{
			Name: "railway", Needs: detectors.NeedsToken,
			Aliases:   []string{"@railway/cli"},
			Variables: []string{"RAILWAY_TOKEN", "RAILWAY_API_TOKEN"},
			Selectors: []string{"--environment", "-e", "--project", "-p", "--service", "-s"},
			Source:    railwayCLI,
		}},
		Containers: []detectors.Container{
			{Variable: "RAILWAY_ENVIRONMENT_NAME", Names: true, What: "environment"},
			{Variable: "RAILWAY_ENVIRONMENT", Names: true, What: "environment"},
			{Variable: "RAILWAY_ENVIRONMENT_ID", What: "environment"},
			{Variable: "RAILWAY_PROJECT_ID", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "volumeDelete", Does: detectors.Destroy, Undo: "48 h", Backups: "deleted with it",
				Calls:  []string{"graphql volumeDelete", "cli railway volume delete", "cli railway volume remove", "cli railway volume rm"},
				Source: railwayVolumes,
			},
			{
				Name: "projectDelete", Does: detectors.Destroy, Undo: "no undo", Kinds: wide,
				Calls:  []string{"graphql projectDelete", "cli railway delete", "cli railway remove", "cli railway rm"},
				Source: railwayManage + "projects",
			},
			{
				Name: "projectScheduleDeleteForce", Does: detectors.Destroy, Undo: "no undo", Kinds: wide,
				Calls:  []string{"graphql projectScheduleDeleteForce"},
				Source: railwaySchema,
			},
			{
				Name: "projectScheduleDelete", Does: detectors.Destroy, Undo: "48 h", Kinds: wide,
				Calls:  []string{"graphql projectScheduleDelete"},
				Source: railwaySchema,
			},
			{
				Name: "environmentDelete", Does: detectors.Destroy,
				Calls: []string{
					"graphql environmentDelete", "cli railway environment delete", "cli railway environment remove", "cli railway environment rm",
				},
				Source: railwayManage + "environments",
			},
			{
				Name: "serviceDelete", Does: detectors.Destroy,
				Calls:  []string{"graphql serviceDelete", "cli railway service delete"},
				Source: railwayManage + "services",
			},
			{
				Name: "workspaceDelete", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"graphql workspaceDelete"},
				Source: railwaySchema,
			},
			{
				Name: "userDelete", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"graphql userDelete"},
				Source: railwaySchema,
			},
			{
				Name: "volumeInstanceBackupDelete", Does: detectors.Destroy, DeletesBackups: true,
				Calls:  []string{"graphql volumeInstanceBackupDelete"},
				Source: railwayManage + "volumes",
			},
			{
				Name: "volumeInstanceBackupScheduleUpdate", Does: detectors.Destroy, DeletesBackups: true,
				Calls:  []string{"graphql volumeInstanceBackupScheduleUpdate"},
				Source: railwaySchema,
			},
			{
				Name: "volumeInstanceBackupRestore", Does: detectors.Destroy,
				Calls:  []string{"graphql volumeInstanceBackupRestore"},
				Source: railwayBackups,
			},
			{
				Name: "pluginDelete", Does: detectors.Destroy,
				Calls:  []string{"graphql pluginDelete"},
				Source: railwaySchema,
			},
			{
				Name: "bucket delete", Does: detectors.Destroy, Undo: "48 h",
				Calls:  []string{"cli railway bucket delete", "cli railway bucket remove", "cli railway bucket rm"},
				Source: "https://docs.railway.com/storage-buckets",
			},
			{
				Name: "apiTokenCreate", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"graphql apiTokenCreate"},
				Source: railwaySchema,
			},
			{
				Name: "projectTokenCreate", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"graphql projectTokenCreate"},
				Source: railwaySchema,
			},
			{
				Name: "customDomainCreate", Does: detectors.Write,
				Calls:  []string{"graphql customDomainCreate", "cli railway domain"},
				Source: railwaySchema,
			},
			{
				Name: "variableUpsert", Does: detectors.Write,
				Calls:  []string{"graphql variableUpsert", "graphql variableCollectionUpsert", "cli railway variables set", "cli railway variable set"},
				Source: railwaySchema,
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls:  []string{"graphql serviceInstanceDeployV2", "graphql deploymentRedeploy", "cli railway up", "cli railway redeploy"},
				Source: railwaySchema,
			},
			{
				Name: "projectToken", Does: detectors.Read, Kinds: []string{project},
				Calls:  []string{"graphql projectToken"},
				Source: railwayAPI,
			},
		},
	}
}
