package providers

import "github.com/stagewall/stagewall/detectors"

const (
	platformshTokens   = "https://developer.upsun.com/cli/api-tokens"
	platformshCommands = "https://github.com/platformsh/legacy-cli/blob/main/src/Command/" // what its program says before it deletes
	platformshAPI      = "https://developer.upsun.com/api"
)

// platformsh's tokens, of Platform.sh and of Upsun, which is its new name, act as the user who made them, without restrictions.
func platformsh() detectors.Provider {
	const token = "api-token"
	destroy := func(name, file string, calls ...string) detectors.Operation {
		o := detectors.Operation{Name: name, Does: detectors.Destroy, Source: platformshCommands + file}
		for _, call := range calls { // the program has two names
			o.Calls = append(o.Calls, "cli platform "+call, "cli upsun "+call)
		}
		return o
	}
	reach := func(o detectors.Operation, paths ...string) detectors.Operation {
		for _, path := range paths {
			o.Calls = append(o.Calls, "http "+path)
		}
		return o
	}
	return detectors.Provider{
		Name:  "platformsh",
		Title: "Platform.sh, now Upsun",
		Hosts: []string{"api.platform.sh", "api.upsun.com", "auth.api.platform.sh", "auth.upsun.com"},
		Rules: []detectors.Rule{{
			ID:          "platformsh-api-token",
			Description: "a token in the variable of the program of Platform.sh or Upsun",
			// No document says the form: tokens that were seen are 43 characters.
			Pattern:    assigned(`(?:platformsh|upsun)_cli_token`, `[A-Za-z0-9_-]{43}`),
			Group:      1,
			Keywords:   []string{"platformsh_cli_token", "upsun_cli_token"},
			Entropy:    3.8,
			Allowlists: []detectors.Allowlist{notAnID(), notAName()},
			Kinds:      []string{token},
		}},
		Kinds: []detectors.Kind{{
			Name:      token,
			Title:     "API token",
			Scope:     detectors.ScopeAccount,
			Bound:     "every organization, project and environment of its user: tokens have no restrictions",
			AtMost:    detectors.Full,
			Variables: []string{"PLATFORMSH_CLI_TOKEN", "UPSUN_CLI_TOKEN"},
			Cut:       "use the token of a machine user who has a role in staging's environment type alone, and revoke this one",
			Source:    platformshTokens,
		}},
		Tools: []detectors.Tool{
			{
				Name: "platform", Needs: detectors.NeedsToken, Variables: []string{"PLATFORMSH_CLI_TOKEN"}, Selectors: []string{"--environment", "-e", "--project", "-p"},
				Source: "https://github.com/platformsh/legacy-cli",
			},
			{
				Name: "upsun", Needs: detectors.NeedsToken, Variables: []string{"UPSUN_CLI_TOKEN"}, Selectors: []string{"--environment", "-e", "--project", "-p"},
				Source: platformshTokens,
			},
		},
		Containers: []detectors.Container{{Variable: "PLATFORM_PROJECT", What: "project"}, {Variable: "PLATFORM_BRANCH", Names: true, What: "environment"}},
		Operations: []detectors.Operation{
			undo(reach(destroy("delete a project", "Project/ProjectDeleteCommand.php", "project:delete"), "DELETE /projects/*", "DELETE /organizations/*/subscriptions/*"),
				"no undo", "deleted with it"),
			reach(destroy("delete an environment", "Environment/EnvironmentDeleteCommand.php", "environment:delete", "environment:deactivate"),
				"DELETE /projects/*/environments/*", "POST /projects/*/environments/*/deactivate"),
			{
				Name: "delete a backup", Does: detectors.Destroy, DeletesBackups: true,
				Calls:  []string{"cli platform backup:delete", "cli upsun backup:delete", "http DELETE /projects/*/environments/*/backups/*"},
				Source: platformshCommands + "Backup/BackupDeleteCommand.php",
			},
			reach(destroy("restore a backup over an environment", "Backup/BackupRestoreCommand.php", "backup:restore", "snapshot:restore"),
				"POST /projects/*/environments/*/backups/*/restore"),
			reach(destroy("replace an environment's data by its parent's", "Environment/EnvironmentSynchronizeCommand.php", "environment:synchronize", "sync"),
				"POST /projects/*/environments/*/synchronize"),
			destroy("run any SQL", "Db/DbSqlCommand.php", "db:sql", "sql"),
			reach(destroy("delete a domain", "Domain/DomainDeleteCommand.php", "domain:delete"), "DELETE /projects/*/domains/*"),
			destroy("delete a variable", "Variable/VariableDeleteCommand.php", "variable:delete"),
			destroy("delete an organization", "Organization/OrganizationDeleteCommand.php", "organization:delete"),
			{
				Name: "give access", Does: detectors.Admin,
				Calls: []string{"cli platform user:add", "cli upsun user:add", "cli platform organization:user:add", "cli upsun organization:user:add"}, Source: platformshAPI,
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls: []string{
					"cli platform environment:push", "cli upsun environment:push", "cli platform push", "cli upsun push", "cli platform environment:redeploy",
					"cli upsun environment:redeploy", "cli platform environment:merge", "cli upsun environment:merge", "cli platform variable:update", "cli upsun variable:update",
				},
				Source: platformshCommands + "Environment/EnvironmentPushCommand.php",
			},
		},
	}
}
