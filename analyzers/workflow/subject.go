package workflow

import (
	"maps"
	"slices"

	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
)

// shows returns the ends of the subjects that tokens of a job can have by which it shows others who it is: that of its environment, or without one those
// of what starts it. There are none if nothing permits it to have such tokens, which only GitHub makes, or if it calls a workflow, whose jobs have environments of their own.
//
//	https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims
//	https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
func (w *workflow) shows(r *reader, n *yamltree.Node) []string {
	permissions := n.Get("permissions")
	if permissions == nil {
		permissions = w.root.Get("permissions")
	}
	if w.store != githubStore || n.Get("uses") != nil || permissions.Str() != "write-all" && permissions.Get("id-token").Str() != "write" {
		return nil
	}
	environment := n.Get("environment")
	if environment.IsMapping() {
		environment = environment.Get("name")
	}
	if environment.Str() != "" {
		names, known := texts(r.flatly(environment))
		if !known {
			return []string{"environment:*"}
		}
		for i, name := range names {
			names[i] = "environment:" + name
		}
		return names
	}
	all := map[string]bool{}
	for event, settings := range w.triggers {
		switch {
		case proposals[event] || event == "pull_request_target":
			all["pull_request"] = true
		case event == "push" && (settings.Get("branches") != nil || settings.Get("tags") != nil):
			for _, b := range settings.Get("branches").List() {
				all["ref:refs/heads/"+b.Str()] = true
			}
			for _, t := range settings.Get("tags").List() {
				all["ref:refs/tags/"+t.Str()] = true
			}
		case event == "schedule":
			all["ref:refs/heads/*"] = true
		default:
			all["ref:*"] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
