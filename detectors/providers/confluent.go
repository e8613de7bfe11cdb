package providers

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	confluentKeys     = "https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html"
	confluentAPI      = "https://docs.confluent.io/cloud/current/api.html"
	confluentCommands = "https://docs.confluent.io/confluent-cli/current/command-reference/"
	confluentProvider = "https://github.com/confluentinc/terraform-provider-confluent/blob/master/docs/index.md"
)

// confluent's keys are an id and a secret: one sort manages the organization, others are for one cluster, registry or region. A secret has the same
// form in all of them, so that its variable or the host must say which.
func confluent() detectors.Provider {
	const cloud, cluster, login = "cloud-api-key", "cluster-api-key", "login"
	const sasl = `(?i:\bsasl[._](?:[a-z]{1,10}[._])?password|LoginModule[^\n;]{1,200}?password)`
	id := func(variables ...string) []detectors.Partner {
		return []detectors.Partner{{Title: "key id", Variables: variables, Shape: `[A-Z0-9]{16}`, Needed: true}}
	}
	people, all := []string{cloud, login}, []string{cloud, cluster, login}
	destroy := func(name string, kinds []string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: kinds, Calls: calls, Source: confluentAPI}
	}
	return detectors.Provider{
		Name:   "confluent",
		Title:  "Confluent Cloud",
		Hosts:  []string{"api.confluent.cloud", ".confluent.cloud"},
		Decode: decodeConfluent,
		Rules: []detectors.Rule{
			{
				ID:          "confluent-api-secret",
				Description: "the secret of an API key, with its prefix",
				Pattern:     base64Left + `(cflt[A-Za-z0-9+/]{60})` + base64Right,
				Group:       1,
				Keywords:    []string{"cflt"},
				Entropy:     4,
				Allowlists:  []detectors.Allowlist{{Description: "what a client of Kafka logs in with", Regexes: []string{sasl}, Target: "line"}},
				Kinds:       []string{cloud, cluster},
			},
			{
				ID:          "confluent-sasl-secret",
				Description: "the secret of an API key, with its prefix, that a client of Kafka logs in with",
				Pattern:     sasl + gives + `(cflt[A-Za-z0-9+/]{60})` + base64Right,
				Group:       1,
				Keywords:    []string{"cflt"},
				Entropy:     4,
				Kinds:       []string{cluster},
			},
			{
				ID:          "confluent-api-secret-variable",
				Description: "64 characters of base 64 in a variable for the secret of an API key: those of before July 2025 have no prefix",
				Pattern:     assigned(`confluent[A-Za-z0-9_.-]{0,30}secret|\b(?:kafka|schema_registry|flink|tableflow)_api_secret`, `[A-Za-z0-9+/]{64}`),
				Group:       1,
				Keywords:    []string{"confluent", "kafka_api_secret", "schema_registry_api_secret", "flink_api_secret", "tableflow_api_secret"},
				Entropy:     4,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName(), {Description: "one with the prefix", Regexes: []string{`^cflt`}}},
				Kinds:       []string{cloud, cluster},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      cloud,
				Title:     "cloud API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every environment and cluster of the organization in which its owner has a role, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"CONFLUENT_CLOUD_API_SECRET"},
				Shape:     `[A-Za-z0-9+/]{64}`,
				Partners:  id("CONFLUENT_CLOUD_API_KEY"),
				Cut:       "use a key of a service account that has a role in staging's environment alone, and delete this one",
				Source:    confluentKeys,
			},
			{
				Name:      login,
				Title:     "login of a person",
				Scope:     detectors.ScopeAccount,
				Bound:     "all that the person may touch in the organization",
				AtMost:    detectors.Full,
				Variables: []string{"CONFLUENT_CLOUD_PASSWORD"},
				Partners:  []detectors.Partner{{Title: "email", Variables: []string{"CONFLUENT_CLOUD_EMAIL"}, Needed: true}},
				Cut:       "use a key of a service account that has a role in staging's environment alone, and change this password",
				Source:    "https://docs.confluent.io/confluent-cli/current/command-reference/confluent_login.html",
			},
			{
				Name:      cluster,
				Title:     "cluster API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one Kafka cluster, schema registry, ksqlDB cluster or region, which it does not name, within its owner's rights there",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"KAFKA_API_SECRET", "SCHEMA_REGISTRY_API_SECRET", "FLINK_API_SECRET", "TABLEFLOW_API_SECRET"},
				Shape:     `[A-Za-z0-9+/]{64}`,
				Partners:  id("KAFKA_API_KEY", "SCHEMA_REGISTRY_API_KEY", "FLINK_API_KEY", "TABLEFLOW_API_KEY"),
				Cut:       "use a key of staging's cluster, and delete this one",
				Source:    confluentKeys,
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "confluent", Needs: detectors.NeedsToken, Variables: []string{"CONFLUENT_CLOUD_PASSWORD"}, Selectors: []string{"--environment", "--cluster", "--context"},
				Source: "https://docs.confluent.io/confluent-cli/current/command-reference/confluent_login.html",
			},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"},
				Variables: []string{"CONFLUENT_CLOUD_API_SECRET", "KAFKA_API_SECRET", "SCHEMA_REGISTRY_API_SECRET", "FLINK_API_SECRET", "TABLEFLOW_API_SECRET"},
				Selectors: []string{"-var-file"}, Source: confluentProvider,
			},
		},
		Containers: []detectors.Container{
			{Variable: "CONFLUENT_ENVIRONMENT_ID", What: "environment"},
			{Variable: "CONFLUENT_ORGANIZATION_ID", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a Kafka cluster", Does: detectors.Destroy, Undo: "no undo", Kinds: people,
				Calls:  []string{"http DELETE /cmk/v2/clusters/*", "cli confluent kafka cluster delete"},
				Source: "https://docs.confluent.io/cloud/current/clusters/delete-cluster.html",
			},
			destroy("delete an environment", people, "http DELETE /org/v2/environments/*", "cli confluent environment delete"),
			destroy("delete a ksqlDB cluster", people, "http DELETE /ksqldbcm/v2/clusters/*", "cli confluent ksql cluster delete"),
			destroy("delete a connector", people, "http DELETE /connect/v1/environments/*/clusters/*/connectors/*", "cli confluent connect cluster delete"),
			destroy("delete a compute pool", people, "http DELETE /fcpm/v2/compute-pools/*", "cli confluent flink compute-pool delete"),
			destroy("delete a topic", all, "http DELETE /kafka/v3/clusters/*/topics/*", "cli confluent kafka topic delete", "sdk deleteTopics"),
			destroy("delete a schema", all, "http DELETE /subjects/*", "http DELETE /subjects/*/versions/*", "cli confluent schema-registry schema delete"),
			{
				Name: "make keys or give roles", Does: detectors.Admin, Kinds: people,
				Calls:  []string{"http POST /iam/v2/api-keys", "http POST /iam/v2/role-bindings", "cli confluent api-key create", "cli confluent iam rbac role-binding create"},
				Source: confluentCommands,
			},
			{
				Name: "create or change a topic", Does: detectors.Write,
				Calls:  []string{"http POST /kafka/v3/clusters/*/topics", "cli confluent kafka topic create", "cli confluent kafka topic update", "cli confluent kafka topic produce"},
				Source: confluentCommands,
			},
		},
	}
}

// decodeConfluent checks the last six characters of a secret with a prefix: they are the CRC-32 of the 54 before them, in base 64, as
// confluentKeys says. The bytes' order is that of the example there.
func decodeConfluent(secret string) detectors.Decoded {
	const random, manual = 54, "T8d8RzkNseTMEDKc"
	body, ok := strings.CutPrefix(secret, "cflt")
	if !ok || len(body) != random+6 {
		return detectors.Decoded{}
	}
	sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body[:random])))
	switch {
	case strings.HasPrefix(body, manual):
		return detectors.Decoded{Reject: "the manual's"}
	case base64.RawStdEncoding.EncodeToString(sum) != body[random:]:
		return detectors.Decoded{Reject: "its checksum is wrong"}
	}
	return detectors.Decoded{}
}
