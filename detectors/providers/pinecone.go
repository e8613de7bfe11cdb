package providers

import "github.com/stagewall/stagewall/detectors"

const (
	pineconeKeys = "https://docs.pinecone.io/guides/projects/manage-api-keys"
	pineconeAPI  = "https://docs.pinecone.io/reference/api/introduction"
)

// pinecone binds a key to one project, which it does not name. PINECONE_ENVIRONMENT is the region of older indexes and no environment.
func pinecone() detectors.Provider {
	const key, body = "api-key", `pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{63}`
	destroy := func(name, source string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: "https://docs.pinecone.io/reference/api/" + source}
	}
	return detectors.Provider{
		Name:  "pinecone",
		Title: "Pinecone",
		Hosts: []string{"api.pinecone.io", ".pinecone.io"},
		Rules: []detectors.Rule{
			{
				// No document says the form: keys that were seen have it.
				ID:          "pinecone-api-key",
				Description: "an API key",
				Pattern:     prefixed(body),
				Group:       1,
				Keywords:    []string{"pcsk_"},
				Entropy:     4,
				Kinds:       []string{key},
			},
			{
				ID:          "pinecone-old-api-key",
				Description: "a UUID in a variable for Pinecone's keys",
				Pattern:     assigned(named(`pinecone`, `(?:api[_-]?key|token)`), uuid),
				Group:       1,
				Keywords:    []string{"pinecone"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notAnID(), exampleUUID()},
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeContainer,
			Bound:     "one project, which it does not name, within roles that it does not show",
			AtMost:    detectors.UnknownPower,
			Variables: []string{"PINECONE_API_KEY", "PINECONE_KEY"},
			Headers:   []string{"Api-Key"},
			Shape:     body,
			Cut:       "make a key in staging's own project, with the role that the work needs, and delete this one",
			Source:    pineconeKeys,
		}},
		Containers: []detectors.Container{{Variable: "PINECONE_PROJECT_ID", What: "project"}},
		Libraries: []detectors.Library{{
			Names: []string{"@pinecone-database/pinecone", "pinecone"}, Variables: []string{"PINECONE_API_KEY"},
			Source: "https://github.com/pinecone-io/pinecone-ts-client/blob/main/README.md",
		}},
		// Methods of libraries: https://github.com/pinecone-io/pinecone-ts-client/blob/main/README.md
		Operations: []detectors.Operation{
			destroy("delete an index", "latest/control-plane/delete_index", "http DELETE /indexes/*", "sdk deleteIndex"),
			destroy("delete a collection", "latest/control-plane/delete_collection", "http DELETE /collections/*", "sdk deleteCollection"),
			{
				Name: "delete a backup", Does: detectors.Destroy, DeletesBackups: true,
				Calls: []string{"http DELETE /backups/*"}, Source: "https://docs.pinecone.io/reference/api/latest/control-plane/delete_backup",
			},
			destroy("delete vectors", "latest/data-plane/delete", "http POST /vectors/delete", "sdk deleteAll", "sdk deleteMany", "sdk deleteOne", "sdk deleteNamespace", "sdk index.delete"),
			{
				Name: "delete a namespace", Does: detectors.Destroy, Undo: "no undo",
				Calls: []string{"http DELETE /namespaces/*"}, Source: "https://github.com/pinecone-io/pinecone-api",
			},
			{
				Name: "delete an assistant or its files", Does: detectors.Destroy,
				Calls: []string{"http DELETE /assistant/assistants/*", "http DELETE /files/*/*", "http DELETE /assistant/files/*/*"}, Source: "https://github.com/pinecone-io/pinecone-api",
			},
			{Name: "write vectors", Does: detectors.Write, Calls: []string{"http POST /vectors/upsert", "http POST /vectors/update", "http POST /indexes"}, Source: pineconeAPI},
			{Name: "read vectors", Does: detectors.Read, Calls: []string{"http POST /query", "http GET /vectors/fetch"}, Source: pineconeAPI},
		},
	}
}
