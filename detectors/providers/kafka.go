package providers

import "github.com/stagewall/stagewall/detectors"

// kafka knows the logins that its clients are given in their properties. The brokers stand in another property, so that the text says no host.
func kafka() detectors.Provider {
	server := engine{
		name:       "kafka",
		superusers: []string{"admin", "kafka"},
		defaults:   []string{"kafka", "broker", "confluent", "alice", "bob"},
	}
	const quoted = `\\?["']`
	login := server.login("https://kafka.apache.org/documentation/#security_sasl", "KAFKA_PASSWORD", "KAFKA_SASL_PASSWORD")
	login.Bound = "the cluster of the brokers that it is given to; what the user may do there is kept by the cluster"
	return detectors.Provider{
		Name:  server.name,
		Title: "Apache Kafka",
		Rules: []detectors.Rule{
			{
				ID:          "kafka-jaas",
				Description: "a password in a login module's options",
				Pattern: `\b(?:Plain|Scram)LoginModule[ \t\\\n]+required\b(?:[^;]{0,200}?[ \t\\\n])?password=` + quoted + `([^"'\\\s]{6,128})` + quoted +
					`|\b(?:Plain|Scram)LoginModule[ \t\\\n]+required\b(?:[^;]{0,200}?[ \t\\\n])?password=([^"'\\\s;]{6,128})`,
				Keywords: []string{"loginmodule"},
				Entropy:  2.8,
				Kinds:    []string{databaseLogin},
			},
			{
				ID:          "kafka-password",
				Description: "a password in a property or variable of a client",
				Pattern:     assigned(`\bsasl[._](?:plain[._])?password|\bkafka[A-Za-z0-9_.-]{0,20}password`, password),
				Group:       1,
				Keywords:    []string{"sasl", "kafka"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{databaseLogin},
			},
		},
		Kinds: []detectors.Kind{login},
		Tools: []detectors.Tool{{
			Name:      "kafka-topics",
			Aliases:   []string{"kafka-topics.sh", "kafka-configs.sh", "kafka-configs", "kafka-consumer-groups.sh", "kafka-consumer-groups", "kafka-delete-records.sh"},
			Selectors: []string{"--bootstrap-server"},
			Source:    "https://kafka.apache.org/documentation/#basic_ops",
		}},
		Operations: []detectors.Operation{
			{
				Name: "delete a topic", Does: detectors.Destroy,
				Calls:  []string{"cli kafka-topics.sh --delete", "cli kafka-topics --delete", "sdk deleteTopics", "sdk delete_topics"},
				Source: "https://kafka.apache.org/documentation/#basic_ops_modify_topic",
			},
			{
				Name: "delete records", Does: detectors.Destroy,
				Calls:  []string{"cli kafka-delete-records.sh", "cli kafka-delete-records", "sdk deleteRecords", "sdk delete_records"},
				Source: "https://kafka.apache.org/documentation/#basic_ops",
			},
			{
				Name: "reset the offsets of a group", Does: detectors.Write,
				Calls:  []string{"cli kafka-consumer-groups.sh --reset-offsets", "cli kafka-consumer-groups --reset-offsets"},
				Source: "https://kafka.apache.org/documentation/#basic_ops_consumer_group",
			},
			{
				Name: "give rights", Does: detectors.Admin,
				Calls:  []string{"cli kafka-acls.sh --add", "cli kafka-acls --add", "cli kafka-configs.sh --alter", "cli kafka-configs --alter"},
				Source: "https://kafka.apache.org/documentation/#security_authz_cli",
			},
		},
		Decode: server.decode,
	}
}
