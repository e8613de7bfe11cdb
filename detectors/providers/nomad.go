package providers

import "github.com/stagewall/stagewall/detectors"

const (
	nomadTokens   = "https://developer.hashicorp.com/nomad/docs/secure/acl/tokens"
	nomadCommands = "https://developer.hashicorp.com/nomad/commands"
	nomadIdentity = "https://developer.hashicorp.com/nomad/docs/concepts/workload-identity"
)

// nomad's tokens are UUIDs, and so are the accessors that only name them: a variable or header has to say which is which. The identity of a
// workload is a JSON web token that names its namespace.
func nomad() detectors.Provider {
	const token, identity = "acl-token", "workload-identity"
	tokens := []string{token}
	jwt := []string{"Im5vbWFkX25hbWVzcGFjZS", "Jub21hZF9uYW1lc3BhY2Ui", "ibm9tYWRfbmFtZXNwYWNlI"} // "nomad_namespace"
	return detectors.Provider{
		Name:  "nomad",
		Title: "Nomad",
		Decode: func(token string) detectors.Decoded {
			var c struct {
				Namespace string `json:"nomad_namespace"`
				Exp       float64
			}
			if claims(token, &c) && c.Namespace != "" {
				return until(detectors.Decoded{Kind: identity, IDs: []detectors.ID{{What: "namespace", Value: c.Namespace}}}, c.Exp, nomadIdentity)
			}
			return detectors.Decoded{}
		},
		Rules: []detectors.Rule{
			{
				ID:          "nomad-acl-token",
				Description: "a UUID in a variable or header for Nomad's tokens",
				Pattern:     assigned(`nomad[A-Za-z0-9_.-]{0,20}(?:token|secret[_-]?id)|x-nomad-token`, uuid),
				Group:       1,
				Keywords:    []string{"nomad"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID(), consulAccessor()},
				Kinds:       tokens,
			},
			{
				ID:          "nomad-workload-identity",
				Description: "the identity of a workload",
				Pattern:     prefixed(jwtWith(jwt...)),
				Group:       1,
				Keywords:    lowerAll(jwt),
				Kinds:       []string{identity},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "ACL token",
				Homemade:  true,
				Scope:     detectors.ScopeHost,
				Bound:     "the region at its address, within policies that it does not show; a management token may do everything",
				AtMost:    detectors.Full,
				Variables: []string{"NOMAD_TOKEN"},
				Headers:   []string{"X-Nomad-Token"},
				Shape:     uuid,
				Cut:       "make a token whose policy names staging's namespace only, and delete this one",
				Source:    nomadTokens,
			},
			{
				Name:   identity,
				Title:  "workload identity",
				Scope:  detectors.ScopeClaims,
				Bound:  "what policies give the workload that it names",
				AtMost: detectors.Read | detectors.Write,
				Cut:    "leave it to the workload that it is made for",
				Source: nomadIdentity,
			},
		},
		Tools: []detectors.Tool{{
			Name: "nomad", Variables: []string{"NOMAD_TOKEN"}, Selectors: []string{"-address", "-namespace", "-region", "-token"}, Source: nomadCommands,
		}},
		Containers: []detectors.Container{{Variable: "NOMAD_NAMESPACE", What: "namespace"}, {Variable: "NOMAD_REGION", What: "region"}},
		Operations: []detectors.Operation{
			{Name: "job stop", Does: detectors.Destroy, Kinds: tokens, Calls: []string{"cli nomad job stop", "cli nomad stop", "http DELETE /v1/job/*"}, Source: nomadCommands + "/job/stop"},
			{
				Name: "volume delete", Does: detectors.Destroy, Kinds: tokens,
				Calls: []string{"cli nomad volume delete", "http DELETE /v1/volume/csi/*/delete", "http DELETE /v1/volume/host/*/delete"}, Source: nomadCommands + "/volume/delete",
			},
			{
				Name: "volume snapshot delete", Does: detectors.Destroy, DeletesBackups: true, Kinds: tokens,
				Calls: []string{"cli nomad volume snapshot delete", "http DELETE /v1/volumes/snapshot"}, Source: nomadCommands + "/volume/snapshot-delete",
			},
			{Name: "namespace delete", Does: detectors.Destroy, Kinds: tokens, Calls: []string{"cli nomad namespace delete", "http DELETE /v1/namespace/*"}, Source: nomadCommands + "/namespace/delete"},
			{Name: "var purge", Does: detectors.Destroy, Undo: "no undo", Kinds: tokens, Calls: []string{"cli nomad var purge", "http DELETE /v1/var/**"}, Source: nomadCommands + "/var/purge"},
			{Name: "operator snapshot restore", Does: detectors.Destroy, Kinds: tokens, Calls: []string{"cli nomad operator snapshot restore", "http PUT /v1/operator/snapshot"}, Source: nomadCommands + "/operator/snapshot/restore"},
			{
				Name: "acl", Does: detectors.Admin, Kinds: tokens,
				Calls: []string{
					"cli nomad acl token create", "cli nomad acl token delete", "cli nomad acl policy apply", "cli nomad acl policy delete", "cli nomad acl bootstrap",
					"http POST /v1/acl/token", "http PUT /v1/acl/token", "http DELETE /v1/acl/token/*", "http POST /v1/acl/policy/*", "http PUT /v1/acl/policy/*",
					"http DELETE /v1/acl/policy/*",
				},
				Source: nomadCommands + "/acl",
			},
			{Name: "job run", Does: detectors.Write, Kinds: tokens, Calls: []string{"cli nomad job run", "cli nomad run", "cli nomad var put", "http POST /v1/jobs", "http PUT /v1/jobs"}, Source: nomadCommands + "/job/run"},
		},
	}
}
