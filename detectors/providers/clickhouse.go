package providers

import "github.com/stagewall/stagewall/detectors"

const clickhouseManual = "https://clickhouse.com/docs/sql-reference/statements/"

// clickhouse knows connection strings of ClickHouse's own protocol and of its drivers.
func clickhouse() detectors.Provider {
	server := engine{
		name:       "clickhouse",
		schemes:    `(?:jdbc:)?(?:clickhouses?|ch)(?:-https?)?`,
		keywords:   []string{"clickhouse", "ch://"},
		superusers: []string{"default"},
		defaults:   []string{"clickhouse", "click", "ch"},
	}
	return detectors.Provider{
		Name:  server.name,
		Title: "ClickHouse",
		Rules: append(server.urlRules(),
			detectors.Rule{
				ID:          "clickhouse-command",
				Description: "a password on the command line of ClickHouse's client",
				Pattern:     `\bclickhouse(?:-client|[ \t]client)[ \t](?:[^\n;|&]*[ \t])?--password[= \t]["']?(` + password + `)`,
				Group:       1,
				Keywords:    []string{"clickhouse"},
				Entropy:     2.5,
				Kinds:       []string{databaseLogin},
			},
			server.variableRule("CLICKHOUSE_PASSWORD"),
		),
		Kinds: []detectors.Kind{server.login("https://clickhouse.com/docs/interfaces/cli#connection_string", "CLICKHOUSE_PASSWORD", "CLICKHOUSE_URL")},
		Tools: []detectors.Tool{{
			Name:      "clickhouse-client",
			Aliases:   []string{"clickhouse"},
			Variables: []string{"CLICKHOUSE_PASSWORD"},
			Selectors: []string{"--host", "-h", "--database", "-d"},
			Source:    "https://clickhouse.com/docs/interfaces/cli",
		}},
		Containers: []detectors.Container{{Variable: "CLICKHOUSE_HOST", What: "host"}},
		Operations: append(statements(
			detectors.Operation{
				Name:   "DROP DATABASE",
				Calls:  []string{"sql DROP DATABASE"},
				Source: clickhouseManual + "drop",
			},
			clickhouseManual+"drop", clickhouseManual+"truncate", clickhouseManual+"delete", clickhouseManual+"grant"), resets()...),
		Decode: server.decode,
	}
}
