package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	convexKeys = "https://docs.convex.dev/cli/deploy-key-types"
	convexCLI  = "https://docs.convex.dev/cli"
	convexCode = "https://github.com/get-convex/convex-backend/blob/main/npm-packages/convex/src/cli/lib/deployment.ts"
)

// The kinds that the text before a key's bar tells apart.
const (
	convexProject = "project-token"
	convexAdmin   = "admin-key"
	convexDeploy  = "deploy-key"
	convexPreview = "preview-deploy-key"
)

// convex writes into a key what it is for: the type of deployment and its name, or the team and the project. Only the keys of administrators
// name a deployment without its type.
func convex() detectors.Provider {
	const (
		secret = `\|[A-Za-z0-9+/_=-]{20,}`
		name   = `[a-z]+-[a-z]+-[0-9]+`
		slug   = `[a-z0-9][a-z0-9-]*`
		end    = `(?:[^A-Za-z0-9+/=_-]|$)`
	)
	return detectors.Provider{
		Name:   "convex",
		Title:  "Convex",
		Hosts:  []string{"api.convex.dev", ".convex.cloud", ".convex.site"},
		Decode: decodeConvex,
		Rules: []detectors.Rule{
			{
				ID:          "convex-deploy-key",
				Description: "a key for a deployment or a project",
				Pattern:     left + `((?:prod|dev|preview|custom):` + name + secret + `|(?:preview|project):` + slug + `:` + slug + secret + `)` + end,
				Group:       1,
				Keywords:    []string{"prod:", "dev:", "preview:", "custom:", "project:"},
				Entropy:     3.5,
				Kinds:       []string{convexProject, convexDeploy, convexPreview},
			},
			{
				ID:          "convex-admin-key",
				Description: "the key of a deployment's administrator",
				Pattern:     left + `([a-z]+(?:-[a-z0-9]+)+\|[0-9a-f]{40,})` + right,
				Group:       1,
				Keywords:    []string{"convex"},
				Entropy:     3.5,
				Kinds:       []string{convexAdmin},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   convexProject,
				Title:  "project token",
				Scope:  detectors.ScopeAccount,
				Bound:  "the project that it names, with its development and its production deployments",
				AtMost: detectors.Full,
				Cut:    "use a deploy key of the deployment that the work is for (dev:… or preview:…), and delete this token",
				Source: convexKeys,
			},
			{
				Name:      convexAdmin,
				Title:     "admin key",
				Scope:     detectors.ScopeClaims,
				Bound:     "all of the one deployment that it names; it cannot be revoked",
				AtMost:    detectors.Full,
				Variables: []string{"CONVEX_SELF_HOSTED_ADMIN_KEY", "CONVEX_ADMIN_KEY"},
				Cut:       "use a deploy key of the deployment that the work is for",
				Source:    convexKeys,
			},
			{
				Name:      convexDeploy,
				Title:     "deploy key",
				Scope:     detectors.ScopeText,
				Bound:     "the one deployment that it names, whose code and data it changes",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"CONVEX_DEPLOY_KEY"},
				Cut:       "use a key of a development or preview deployment, and delete this one",
				Source:    convexKeys,
			},
			{
				Name:   convexPreview,
				Title:  "preview deploy key",
				Scope:  detectors.ScopeText,
				Bound:  "the preview deployments of the project that it names",
				AtMost: detectors.UnknownPower,
				Cut:    "it touches previews only; keep it with the job that makes them",
				Source: convexKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name: "convex", Variables: []string{"CONVEX_DEPLOY_KEY", "CONVEX_SELF_HOSTED_ADMIN_KEY"},
			Selectors: []string{"--prod", "--preview-name", "--deployment-name", "--env-file", "--url"},
			Source:    convexCLI,
		}},
		Containers: []detectors.Container{{Variable: "CONVEX_DEPLOYMENT", What: "deployment"}},
		Operations: []detectors.Operation{
			{
				Name: "replace the data of tables", Does: detectors.Destroy,
				Calls: []string{"cli convex import --replace", "cli convex import --replace-all"}, Source: "https://docs.convex.dev/cli/reference/import",
			},
			{
				Name: "delete a deployment or a project", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{convexProject},
				Calls: []string{"http POST /v1/projects/*/delete", "http POST /v1/deployments/*/delete"}, Source: "https://docs.convex.dev/dashboard/deployments/settings",
			},
			{Name: "remove a variable", Does: detectors.Destroy, Calls: []string{"cli convex env remove", "cli convex env unset"}, Source: convexCLI},
			{
				Name: "deploy", Does: detectors.Write,
				Calls: []string{"cli convex deploy", "cli convex import", "cli convex dev", "cli convex run", "cli convex env set"}, Source: convexCLI,
			},
			{Name: "export the data", Does: detectors.Read, Calls: []string{"cli convex export", "cli convex data"}, Source: "https://docs.convex.dev/cli/reference/export"},
		},
	}
}

// decodeConvex reads what stands before the bar: TYPE:DEPLOYMENT, preview:TEAM:PROJECT, project:TEAM:PROJECT, or a deployment's name alone.
func decodeConvex(key string) detectors.Decoded {
	names, _, ok := strings.Cut(key, "|")
	if !ok || len(key) > longestText {
		return detectors.Decoded{}
	}
	parts := strings.Split(names, ":")
	reach := map[string]detectors.Environment{"prod": detectors.Production, "dev": detectors.Development, "preview": detectors.Preview}
	switch {
	case len(parts) == 3 && parts[0] == "project":
		return detectors.Decoded{Kind: convexProject, IDs: []detectors.ID{{What: "project", Value: parts[2]}}}
	case len(parts) == 3 && parts[0] == "preview":
		d := textual(convexPreview, detectors.Preview, "the key's text says that it is for previews", convexKeys)
		d.IDs = []detectors.ID{{What: "project", Value: parts[2]}}
		return d
	case len(parts) == 2:
		d := detectors.Decoded{Kind: convexDeploy}
		if e := reach[parts[0]]; e != 0 {
			d = textual(convexDeploy, e, "the key's text says "+parts[0], convexCode)
		}
		d.IDs, d.Hosts = []detectors.ID{{What: "deployment", Value: parts[1]}}, []string{parts[1] + ".convex.cloud"}
		return d
	}
	return detectors.Decoded{Kind: convexAdmin, IDs: []detectors.ID{{What: "deployment", Value: names}}}
}
