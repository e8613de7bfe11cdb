package providers

import "github.com/stagewall/stagewall/detectors"

// redis knows connection URLs of Redis and Valkey.
func redis() detectors.Provider {
	server := engine{
		name:       "redis",
		schemes:    `rediss?|valkeys?|redis\+sentinel|redis-sentinel`,
		keywords:   []string{"redis", "valkey"},
		superusers: []string{"default"},
		defaults:   []string{"redis", "valkey", "foobared"},
	}
	return detectors.Provider{
		Name:  server.name,
		Title: "Redis",
		Rules: append(server.urlRules(),
			detectors.Rule{
				ID:          "redis-command",
				Description: "a password on the command line of redis-cli",
				Pattern:     `\b(?:redis-cli|valkey-cli)[ \t](?:[^\n;|&]*[ \t])?(?:-a|--pass)[ \t]+["']?(` + password + `)`,
				Group:       1,
				Keywords:    []string{"redis-cli", "valkey-cli"},
				Entropy:     2.5,
				Kinds:       []string{databaseLogin},
			},
			server.variableRule("REDISCLI_AUTH"),
		),
		Kinds: []detectors.Kind{server.login("https://redis.io/docs/latest/develop/tools/cli/", "REDISCLI_AUTH", "REDIS_URL", "REDIS_TLS_URL")},
		Tools: []detectors.Tool{{
			Name:      "redis-cli",
			Aliases:   []string{"valkey-cli"},
			Variables: []string{"REDISCLI_AUTH"},
			Selectors: []string{"-h", "-p", "-u", "-n"},
			Source:    "https://redis.io/docs/latest/develop/tools/cli/",
		}},
		Operations: []detectors.Operation{
			{
				Name: "FLUSHALL", Does: detectors.Destroy,
				Calls:  []string{"sql FLUSHALL", "sdk flushall", "cli redis-cli FLUSHALL", "cli redis-cli flushall", "cli valkey-cli FLUSHALL", "cli valkey-cli flushall"},
				Source: "https://redis.io/docs/latest/commands/flushall/",
			},
			{
				Name: "FLUSHDB", Does: detectors.Destroy,
				Calls:  []string{"sql FLUSHDB", "sdk flushdb", "cli redis-cli FLUSHDB", "cli redis-cli flushdb", "cli valkey-cli FLUSHDB", "cli valkey-cli flushdb"},
				Source: "https://redis.io/docs/latest/commands/flushdb/",
			},
			{
				Name: "DEL", Does: detectors.Destroy,
				Calls:  []string{"cli redis-cli DEL", "cli redis-cli del", "cli redis-cli UNLINK", "cli redis-cli unlink"},
				Source: "https://redis.io/docs/latest/commands/del/",
			},
			{
				Name: "ACL SETUSER", Does: detectors.Admin,
				Calls:  []string{"cli redis-cli ACL SETUSER", "cli redis-cli acl setuser"},
				Source: "https://redis.io/docs/latest/commands/acl-setuser/",
			},
		},
		Decode: server.decode,
	}
}
