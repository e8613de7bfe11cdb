package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	argocdCommands = "https://argo-cd.readthedocs.io/en/stable/user-guide/commands/"
	argocdProjects = "https://argo-cd.readthedocs.io/en/stable/user-guide/projects/"
	argocdAccounts = "https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/"
	argocdSessions = "https://github.com/argoproj/argo-cd/blob/master/util/session/sessionmanager.go"
)

// The kinds that the subject of Argo CD's tokens tells apart.
const (
	argocdAccount = "account-token"
	argocdSession = "session"
	argocdRole    = "project-role-token"
)

// argocd's tokens are JSON web tokens that name whom they are for: an account, or the role of a project. What either may do is written in
// the server's policies.
func argocd() detectors.Provider {
	jwt := []string{"ImlzcyI6ImFyZ29jZC", "Jpc3MiOiJhcmdvY2Qi", "iaXNzIjoiYXJnb2NkI"} // "iss":"argocd"
	destroy := func(name string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: argocdCommands + "argocd_" + strings.ReplaceAll(name, " ", "_") + "/"}
	}
	return detectors.Provider{
		Name:   "argocd",
		Title:  "Argo CD",
		Decode: decodeArgoCD,
		Rules: []detectors.Rule{{
			ID:          "argocd-token",
			Description: "a token of an Argo CD server",
			Pattern:     prefixed(jwtWith(jwt...)),
			Group:       1,
			Keywords:    lowerAll(jwt),
			Kinds:       []string{argocdAccount, argocdSession, argocdRole},
		}},
		Kinds: []detectors.Kind{
			{
				Name:      argocdAccount,
				Title:     "account token",
				Scope:     detectors.ScopeHost,
				Bound:     "one Argo CD and the clusters that it deploys to, within its account's policies, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"ARGOCD_AUTH_TOKEN", "ARGOCD_TOKEN"},
				Cut:       "make a token for a role of staging's project (argocd proj role create-token), and delete this one",
				Source:    argocdAccounts,
			},
			{
				Name:   argocdSession,
				Title:  "session",
				Scope:  detectors.ScopeHost,
				Bound:  "what the person who logged in may do at one Argo CD, until the session ends",
				AtMost: detectors.Full,
				Cut:    "log out (argocd logout), and use a token for a role of staging's project",
				Source: argocdAccounts,
			},
			{
				Name:   argocdRole,
				Title:  "project role token",
				Scope:  detectors.ScopeClaims,
				Bound:  "the applications of the project that it names, within its role's policies",
				AtMost: detectors.UnknownPower,
				Cut:    "make a token for a role of staging's project, and delete this one",
				Source: argocdProjects,
			},
		},
		Tools: []detectors.Tool{{
			Name: "argocd", Variables: []string{"ARGOCD_AUTH_TOKEN"}, Selectors: []string{"--server", "--project", "--argocd-context", "--app-namespace"},
			Source: argocdCommands + "argocd/",
		}},
		Operations: []detectors.Operation{
			{
				Name: "app delete", Does: detectors.Destroy, Backups: "",
				Calls: []string{"cli argocd app delete", "http DELETE /api/v1/applications/*"}, Source: argocdCommands + "argocd_app_delete/",
			},
			{
				Name: "app delete-resource", Does: detectors.Destroy,
				Calls: []string{"cli argocd app delete-resource", "http DELETE /api/v1/applications/*/resource"}, Source: argocdCommands + "argocd_app_delete-resource/",
			},
			destroy("appset delete", "cli argocd appset delete", "http DELETE /api/v1/applicationsets/*"),
			destroy("proj delete", "cli argocd proj delete", "http DELETE /api/v1/projects/*"),
			destroy("cluster rm", "cli argocd cluster rm", "http DELETE /api/v1/clusters/*"),
			destroy("repo rm", "cli argocd repo rm", "http DELETE /api/v1/repositories/*"),
			{
				Name: "app sync", Does: detectors.Write,
				Calls: []string{
					"cli argocd app sync", "cli argocd app set", "cli argocd app create", "cli argocd app rollback", "http POST /api/v1/applications/*/sync",
					"http POST /api/v1/applications", "http PUT /api/v1/applications/*",
				},
				Source: argocdCommands + "argocd_app_sync/",
			},
			{
				Name: "make tokens or change access", Does: detectors.Admin, Kinds: []string{argocdAccount, argocdSession},
				Calls: []string{
					"cli argocd account generate-token", "cli argocd proj role create-token", "cli argocd account update-password",
					"http POST /api/v1/account/*/token", "http POST /api/v1/projects/*/roles/*/token",
				},
				Source: argocdCommands + "argocd_account_generate-token/",
			},
		},
	}
}

// decodeArgoCD reads whom a token is for: proj:PROJECT:ROLE, ACCOUNT:apiKey, USER:login, or a name alone, which older servers wrote.
func decodeArgoCD(token string) detectors.Decoded {
	var c struct {
		Iss, Sub string
		Exp      float64
	}
	if !claims(token, &c) || c.Iss != "argocd" {
		return detectors.Decoded{}
	}
	d := until(detectors.Decoded{Kind: argocdAccount}, c.Exp, argocdSessions)
	says := "its claims say that it is for " + c.Sub
	if role, ok := strings.CutPrefix(c.Sub, "proj:"); ok {
		project, _, _ := strings.Cut(role, ":")
		d.Kind, d.IDs = argocdRole, []detectors.ID{{What: "project", Value: project}}
		says = "its claims say that it is for a role of the project " + project
	} else if strings.HasSuffix(c.Sub, ":login") {
		d.Kind = argocdSession
	}
	d.Evidence = append(d.Evidence, detectors.Evidence{About: "kind", Says: says, Source: argocdSessions})
	return d
}
