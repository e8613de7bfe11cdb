package providers

import (
	"encoding/base64"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	elasticKeys    = "https://www.elastic.co/docs/deploy-manage/api-keys/elasticsearch-api-keys"
	elasticCloud   = "https://www.elastic.co/docs/deploy-manage/api-keys/elastic-cloud-api-keys"
	elasticService = "https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/service-accounts"
	elasticAPI     = "https://www.elastic.co/docs/api/doc/elasticsearch/"
)

// The kinds that the texts of Elastic's tokens tell apart.
const (
	elasticCloudKey = "cloud-api-key"
	elasticPassword = "password"
	elasticKey      = "api-key"
	elasticToken    = "service-token"
)

// elastic knows the keys of Elasticsearch, which are an id and a secret in base 64, and need their name or header; tokens of services, which name
// these; and the keys of Elastic Cloud.
func elastic() detectors.Provider {
	const key, end = `[A-Za-z0-9+/]{56,62}={0,2}`, `(?:[^A-Za-z0-9+/=_-]|$)`
	cluster := []string{elasticPassword, elasticKey}
	return detectors.Provider{
		Name:   "elastic",
		Title:  "Elastic",
		Hosts:  []string{".elastic-cloud.com", ".found.io", "api.elastic-cloud.com", ".elastic.cloud"},
		Decode: decodeElastic,
		Rules: []detectors.Rule{
			{
				ID:          "elastic-cloud-api-key",
				Description: "an API key of Elastic Cloud",
				Pattern:     left + `(essu_[A-Za-z0-9_-]{60,200}={0,2})` + end,
				Group:       1,
				Keywords:    []string{"essu_"},
				Entropy:     3.5,
				Kinds:       []string{elasticCloudKey},
			},
			{
				ID:          "elastic-api-key",
				Description: "an API key of Elasticsearch, named so or sent as one",
				Pattern:     `(?i:(?:elastic|\bes_|\bkibana)[A-Za-z0-9_.-]{0,20}(?:key|token))` + gives + `(?i:apikey[ \t]+)?(` + key + `)` + end + `|(?i:apikey)[ \t]+["']?(` + key + `)` + end,
				Keywords:    []string{"elastic", "es_api", "es_key", "kibana", "apikey "},
				Entropy:     3.5,
				Kinds:       []string{elasticKey},
			},
			{
				ID:          "elastic-service-token",
				Description: "the token of one of Elastic's services",
				Pattern:     left + `(AAEAAWVsYXN0aWMv[A-Za-z0-9+/_-]{20,200}={0,2})` + end,
				Group:       1,
				Keywords:    []string{"aaeaawvsyxn0awmv"},
				Entropy:     3.5,
				Kinds:       []string{elasticToken},
			},
			{
				ID:          "elastic-password",
				Description: "the password of the superuser, named so",
				Pattern:     assigned(`\belastic(?:search)?_(?:superuser_)?password`, `[A-Za-z0-9_@%+=*-]{8,64}`),
				Group:       1,
				Keywords:    []string{"elastic_", "elasticsearch_"},
				Entropy:     3,
				Kinds:       []string{elasticPassword},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      elasticCloudKey,
				Title:     "Elastic Cloud API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the deployments of the organization, by its roles, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"EC_API_KEY"},
				Shape:     `essu_[A-Za-z0-9_-]{60,200}={0,2}`,
				Cut:       "make a key with a role on staging's deployment alone, and revoke this one",
				Source:    elasticCloud,
			},
			{
				Name:      elasticPassword,
				Title:     "superuser's password",
				Homemade:  true,
				Scope:     detectors.ScopeHost,
				Bound:     "one cluster, all of it",
				AtMost:    detectors.Full,
				Variables: []string{"ELASTIC_PASSWORD", "ELASTICSEARCH_PASSWORD"},
				Cut:       "use an API key for staging's indices, and change this password",
				Source:    "https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/built-in-users",
			},
			{
				Name:      elasticKey,
				Title:     "API key",
				Scope:     detectors.ScopeHost,
				Bound:     "one cluster, within role descriptors that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"ELASTIC_API_KEY", "ELASTICSEARCH_API_KEY", "ES_API_KEY"},
				Headers:   []string{"Authorization ApiKey"},
				Cut:       "make a key for staging's cluster, with the privileges that the work needs, and invalidate this one",
				Source:    elasticKeys,
			},
			{
				Name:   elasticToken,
				Title:  "service token",
				Scope:  detectors.ScopeHost,
				Bound:  "one cluster, within the fixed privileges of the service that it names",
				AtMost: detectors.Read | detectors.Write | detectors.Admin,
				Cut:    "make a token on staging's cluster, and delete this one",
				Source: elasticService,
			},
		},
		Tools: []detectors.Tool{{
			Name: "ecctl", Variables: []string{"EC_API_KEY"}, Selectors: []string{"--host", "--region"}, Source: "https://www.elastic.co/docs/reference/ecctl/ecctl-environment-variables",
		}},
		Containers: []detectors.Container{{Variable: "ELASTIC_CLOUD_ID", What: "deployment"}},
		// Methods of libraries: https://github.com/elastic/elasticsearch-py/tree/main/elasticsearch/_sync/client
		Operations: []detectors.Operation{
			{
				Name: "delete a deployment", Does: detectors.Destroy, Kinds: []string{elasticCloudKey},
				Calls:  []string{"http POST /api/v1/deployments/*/_shutdown", "http DELETE /api/v1/deployments/*", "cli ecctl deployment shutdown", "cli ecctl deployment delete"},
				Source: "https://www.elastic.co/docs/api/doc/cloud/",
			},
			{Name: "delete an index", Does: detectors.Destroy, Kinds: cluster, Calls: []string{"http DELETE /*", "sdk indices.delete"}, Source: elasticAPI},
			{Name: "delete a data stream", Does: detectors.Destroy, Kinds: cluster, Calls: []string{"http DELETE /_data_stream/*", "sdk indices.delete_data_stream"}, Source: elasticAPI},
			{
				Name: "delete a snapshot", Does: detectors.Destroy, DeletesBackups: true, Kinds: cluster,
				Calls: []string{"http DELETE /_snapshot/*/*", "sdk snapshot.delete"}, Source: elasticAPI,
			},
			{
				Name: "delete a policy that makes snapshots", Does: detectors.Destroy, DeletesBackups: true, Kinds: cluster,
				Calls: []string{"http DELETE /_slm/policy/*", "sdk slm.delete_lifecycle"}, Source: elasticAPI,
			},
			{ // the snapshots stay where they are
				Name: "forget a repository of snapshots", Does: detectors.Write, Kinds: cluster,
				Calls: []string{"http DELETE /_snapshot/*", "sdk snapshot.delete_repository"}, Source: elasticAPI,
			},
			{Name: "delete by query", Does: detectors.Destroy, Kinds: cluster, Calls: []string{"http POST /*/_delete_by_query", "sdk delete_by_query"}, Source: elasticAPI},
			{Name: "delete a document", Does: detectors.Destroy, Kinds: cluster, Calls: []string{"http DELETE /*/_doc/*"}, Source: elasticAPI},
			{
				Name: "make keys or users", Does: detectors.Admin, Kinds: cluster,
				Calls: []string{"http POST /_security/api_key", "http PUT /_security/api_key", "http PUT /_security/user/*", "http PUT /_security/role/*"}, Source: elasticAPI,
			},
			{Name: "write documents", Does: detectors.Write, Kinds: cluster, Calls: []string{"http POST /_bulk", "http POST /*/_bulk", "http PUT /*/_doc/*", "http POST /*/_doc"}, Source: elasticAPI},
		},
	}
}

// elasticManual are the beginnings of the key and the tokens of the manual, https://www.elastic.co/docs/api/doc/elasticsearch/
var elasticManual = [...]string{
	"VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw",
	"AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL3Rva2VuMTo3TFdaSDZ", "AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL3Rva2VuMTpyNXdkYmRib1FTZTl2R09Ld2FKR0F3",
}

// decodeElastic reads what is in base 64: of an API key an id of 20 characters, a colon and a secret of 22, of a service's token four bytes and
// NAMESPACE/SERVICE/TOKEN:SECRET.
func decodeElastic(text string) detectors.Decoded {
	const id, secret = 20, 22
	if strings.HasPrefix(text, "essu_") {
		return detectors.Decoded{Kind: elasticCloudKey}
	}
	if len(text) > longestText {
		return detectors.Decoded{}
	}
	for _, manual := range elasticManual {
		if strings.HasPrefix(text, manual) {
			return detectors.Decoded{Reject: "the manual's"}
		}
	}
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	switch {
	case strings.HasPrefix(text, "AAEAAW"):
		if _, name, ok := strings.Cut(string(raw), "\x00\x01"); err == nil && ok {
			service, _, _ := strings.Cut(strings.TrimPrefix(name, "\x00\x01"), ":")
			return detectors.Decoded{Kind: elasticToken, Evidence: []detectors.Evidence{{About: "kind", Says: "its text names " + service, Source: elasticService}}}
		}
		return undecodable(elasticToken)
	case len(text) >= 56:
		before, after, ok := strings.Cut(string(raw), ":")
		if err != nil || !ok || len(before) != id || len(after) != secret {
			return detectors.Decoded{Reject: "it is no id and secret"}
		}
		return detectors.Decoded{Kind: elasticKey}
	}
	return detectors.Decoded{Kind: elasticPassword, Reject: fakePassword(text, "elastic", "elasticsearch")}
}
