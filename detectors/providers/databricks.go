package providers

import "github.com/stagewall/stagewall/detectors"

const (
	databricksPAT = "https://docs.databricks.com/aws/en/dev-tools/auth/pat"
	databricksM2M = "https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m"
	databricksCLI = "https://docs.databricks.com/aws/en/dev-tools/cli/reference/"
	databricksSDK = "https://github.com/databricks/databricks-sdk-go/blob/main/service/"
)

// databricks binds a personal token to the workspace at its host; the secret of a service principal may open several.
func databricks() detectors.Provider {
	const personal, principal = "personal-access-token", "service-principal-secret"
	destroy := func(name, source string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: source}
	}
	return detectors.Provider{
		Name:  "databricks",
		Title: "Databricks",
		Hosts: []string{".cloud.databricks.com", ".azuredatabricks.net", ".gcp.databricks.com", "accounts.cloud.databricks.com"},
		Rules: []detectors.Rule{
			{
				ID:          "databricks-personal-token",
				Description: "a personal access token",
				Pattern:     prefixed(`dapi[0-9a-f]{32}(?:-[0-9]{1,2})?`),
				Group:       1,
				Keywords:    []string{"dapi"},
				Entropy:     3,
				Kinds:       []string{personal},
			},
			{
				ID:          "databricks-principal-secret",
				Description: "the OAuth secret of a service principal, named so",
				Pattern:     assigned(named(`databricks`, `client[_-]?secret`), `[A-Za-z0-9]{32,64}`),
				Group:       1,
				Keywords:    []string{"databricks"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{principal},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      principal,
				Title:     "service principal secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "every workspace of the account that its principal was given",
				AtMost:    detectors.Full,
				Variables: []string{"DATABRICKS_CLIENT_SECRET"},
				Cut:       "use a principal that belongs to staging's workspace only, and delete this secret",
				Source:    databricksM2M,
			},
			{
				Name:      personal,
				Title:     "personal access token",
				Scope:     detectors.ScopeHost,
				Bound:     "one workspace, with the rights of its person or principal there",
				AtMost:    detectors.Full,
				Variables: []string{"DATABRICKS_TOKEN", "DATABRICKS_ACCESS_TOKEN"},
				Shape:     `dapi[0-9a-f]{32}(?:-[0-9]{1,2})?`,
				Cut:       "use a principal of staging's workspace, with the rights that the work needs, and revoke this token",
				Source:    databricksPAT,
			},
		},
		Tools: []detectors.Tool{{
			Name: "databricks", Variables: []string{"DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET"}, Selectors: []string{"--target", "-t", "--profile", "-p", "--host"},
			Source: "https://docs.databricks.com/aws/en/dev-tools/auth/env-vars",
		}},
		Containers: []detectors.Container{{Variable: "DATABRICKS_HOST", What: "host"}, {Variable: "DATABRICKS_ACCOUNT_ID", What: "account"}},
		Libraries: []detectors.Library{{
			Names: []string{"databricks.sdk"}, Variables: []string{"DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET", "DATABRICKS_PASSWORD"},
			Source: "https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/config.py",
		}},
		// Methods of libraries: https://github.com/databricks/databricks-sdk-py/tree/main/examples
		Operations: []detectors.Operation{
			{
				Name: "tables delete", Does: detectors.Destroy, Undo: "7 days",
				Calls:  []string{"cli databricks tables delete", "http DELETE /api/2.1/unity-catalog/tables/*", "sql DROP TABLE"},
				Source: "https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-undrop-table",
			},
			destroy("catalogs delete", databricksCLI+"catalogs-commands", "cli databricks catalogs delete", "http DELETE /api/2.1/unity-catalog/catalogs/*", "sdk catalogs.delete", "sql DROP CATALOG"),
			destroy("schemas delete", databricksCLI+"schemas-commands", "cli databricks schemas delete", "http DELETE /api/2.1/unity-catalog/schemas/*", "sql DROP SCHEMA"),
			destroy("volumes delete", databricksCLI+"volumes-commands", "cli databricks volumes delete", "http DELETE /api/2.1/unity-catalog/volumes/*"),
			destroy("jobs delete", databricksCLI+"jobs-commands", "cli databricks jobs delete", "http POST /api/2.1/jobs/delete", "http POST /api/2.2/jobs/delete"),
			destroy("clusters permanent-delete", databricksCLI+"clusters-commands", "cli databricks clusters permanent-delete", "http POST /api/2.1/clusters/permanent-delete", "sdk clusters.permanent_delete"),
			undo(destroy("workspace delete", databricksSDK+"workspace/interface.go", "cli databricks workspace delete", "http POST /api/2.0/workspace/delete"), "no undo", ""),
			destroy("postgres delete-project", databricksSDK+"postgres/model.go", "cli databricks postgres delete-project", "cli databricks postgres delete-branch",
				"http DELETE /api/2.0/postgres/projects/*", "http DELETE /api/2.0/postgres/projects/*/branches/*"),
			destroy("database delete-database-instance", databricksSDK+"database/model.go", "cli databricks database delete-database-instance",
				"http DELETE /api/2.0/database/instances/*"),
			destroy("pipelines delete", databricksSDK+"pipelines/interface.go", "cli databricks pipelines delete", "http DELETE /api/2.0/pipelines/*"),
			destroy("apps delete", databricksSDK+"apps/interface.go", "cli databricks apps delete", "http DELETE /api/2.0/apps/*"),
			destroy("warehouses delete", databricksSDK+"sql/interface.go", "cli databricks warehouses delete", "http DELETE /api/2.0/sql/warehouses/*"),
			destroy("bundle destroy", databricksCLI+"bundle-commands", "cli databricks bundle destroy"),
			destroy("secrets delete-scope", databricksCLI+"secrets-commands", "cli databricks secrets delete-scope", "cli databricks secrets delete-secret", "http POST /api/2.0/secrets/scopes/delete"),
			destroy("fs rm", databricksCLI+"fs-commands", "cli databricks fs rm", "http POST /api/2.0/dbfs/delete"),
			{
				Name: "make tokens or change access", Does: detectors.Admin,
				Calls: []string{
					"http POST /api/2.0/token/create", "cli databricks tokens create", "http POST /api/2.0/preview/scim/v2/Users", "cli databricks grants update",
					"cli databricks users create",
				},
				Source: databricksCLI + "tokens-commands",
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls:  []string{"cli databricks bundle deploy", "cli databricks bundle run", "cli databricks jobs run-now", "http POST /api/2.1/jobs/run-now"},
				Source: databricksCLI + "bundle-commands",
			},
		},
	}
}
