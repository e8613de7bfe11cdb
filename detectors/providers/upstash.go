package providers

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	upstashREST  = "https://upstash.com/docs/redis/features/restapi"
	upstashAPI   = "https://upstash.com/docs/devops/developer-api/introduction"
	upstashRedis = "https://upstash.com/docs/devops/developer-api/redis/"
	upstashQueue = "https://upstash.com/docs/qstash/howto/signature"
)

// upstash binds tokens to one database, index or queue, which they do not name; the key of the management API is for every one of an account. Values have
// no form of their own and are known by their variables, one of which says that a token only reads.
func upstash() detectors.Provider {
	const management, redis, read, qstash, vector, signing = "management-key", "redis-token", "read-only-redis-token", "qstash-token", "vector-token", "signing-key"
	const body = `[A-Za-z0-9_-]{30,120}={0,2}`
	rule := func(id, description, name, value, kind string, words ...string) detectors.Rule {
		return detectors.Rule{
			ID: "upstash-" + id, Description: description, Pattern: `(?i:` + name + `)` + gives + `(` + value + `)(?:[^A-Za-z0-9_=-]|$)`, Group: 1,
			Keywords: words, Entropy: 3, Allowlists: []detectors.Allowlist{notAnID(), notAName(), exampleUUID()}, Kinds: []string{kind},
		}
	}
	return detectors.Provider{
		Name:  "upstash",
		Title: "Upstash",
		Hosts: []string{"api.upstash.com", ".upstash.io", "qstash.upstash.io"},
		Decode: func(text string) detectors.Decoded {
			if slices.Contains(upstashLocal, text) {
				return detectors.Decoded{Reject: "what every local server has"}
			}
			if strings.HasPrefix(text, "sig_") {
				return detectors.Decoded{Kind: signing}
			}
			return detectors.Decoded{}
		},
		Rules: []detectors.Rule{
			rule("management-key", "a key of the management API, in a variable that says so", `upstash[_-](?:api|management)[_-]?key`, uuid, management, "upstash"),
			rule("redis-token", "the token of a database, in a variable that says so", `(?:upstash[_-]redis[_-]rest[_-]token|\bkv[_-]rest[_-]api[_-]token)(?:[_-][A-Za-z0-9]{1,12}){0,2}`, body, redis, "upstash", "kv_rest_api_token"),
			rule("read-only-token", "the token of a database that only reads, in a variable that says so", `(?:upstash[_-]redis[_-]rest[_-]read[_-]?only[_-]token|\bkv[_-]rest[_-]api[_-]read[_-]only[_-]token|upstash_redis_rest_readonly_token)`, body, read, "upstash", "kv_rest_api_read"),
			rule("qstash-token", "the token of a queue, in a variable that says so", `qstash[_-]token`, body, qstash, "qstash"),
			rule("vector-token", "the token of an index, in a variable that says so", `upstash[_-](?:vector|search)[_-]rest[_-]token`, body, vector, "upstash"),
			{
				ID:          "upstash-signing-key",
				Description: "a key that signs what a queue delivers",
				Pattern:     prefixed(`sig_[A-Za-z0-9]{24,40}`),
				Group:       1,
				Keywords:    []string{"qstash"},
				Entropy:     3.5,
				Kinds:       []string{signing},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      management,
				Title:     "management API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every database, index and queue of the account or team",
				AtMost:    detectors.Full,
				Variables: []string{"UPSTASH_API_KEY", "UPSTASH_MANAGEMENT_KEY"},
				Shape:     uuid,
				Cut:       "use the token of staging's own database, and delete this key",
				Source:    upstashAPI,
			},
			{
				Name:      redis,
				Title:     "Redis token",
				Scope:     detectors.ScopeHost,
				Bound:     "one database, all of it",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"UPSTASH_REDIS_REST_TOKEN", "KV_REST_API_TOKEN"},
				Cut:       "use the token of staging's own database, and reset this one's credentials",
				Source:    upstashREST,
			},
			{
				Name:      vector,
				Title:     "index token",
				Scope:     detectors.ScopeHost,
				Bound:     "one index, all of it",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"UPSTASH_VECTOR_REST_TOKEN", "UPSTASH_SEARCH_REST_TOKEN"},
				Cut:       "use the token of staging's own index, and reset this one",
				Source:    "https://upstash.com/docs/vector/overall/getstarted",
			},
			{
				Name:      qstash,
				Title:     "QStash token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the queues and schedules of one account, which it does not name: what they call is called",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"QSTASH_TOKEN"},
				Cut:       "use an account of staging's own for its queues, and roll this token",
				Source:    "https://upstash.com/docs/qstash/overall/getstarted",
			},
			{
				Name:      signing,
				Title:     "QStash signing key",
				Scope:     detectors.ScopeContainer,
				Bound:     "forging what the queues of one account deliver",
				AtMost:    detectors.Write,
				Variables: []string{"QSTASH_CURRENT_SIGNING_KEY", "QSTASH_NEXT_SIGNING_KEY"},
				Shape:     `sig_[A-Za-z0-9]{24,40}`,
				Cut:       "use an account of staging's own for its queues, and roll this key",
				Source:    upstashQueue,
			},
			{
				Name:      read,
				Title:     "read-only Redis token",
				Scope:     detectors.ScopeHost,
				Bound:     "one database, to read",
				AtMost:    detectors.Read,
				Variables: []string{"KV_REST_API_READ_ONLY_TOKEN", "UPSTASH_REDIS_REST_READONLY_TOKEN"},
				Cut:       "use the token of staging's own database, and reset this one's credentials",
				Source:    upstashREST,
			},
		},
		Tools: []detectors.Tool{{
			Name: "upstash", Variables: []string{"UPSTASH_API_KEY"}, Selectors: []string{"--db-id", "--id", "--region"}, Source: "https://github.com/upstash/cli",
		}},
		// Methods of libraries: https://upstash.com/docs/redis/sdks/ts/commands/server/flushall
		Operations: []detectors.Operation{
			{
				Name: "delete a database", Does: detectors.Destroy, Kinds: []string{management},
				Calls: []string{"http DELETE /v2/redis/database/*", "cli upstash redis delete"}, Source: upstashRedis + "delete_database",
			},
			{
				Name: "delete a backup", Does: detectors.Destroy, DeletesBackups: true, Kinds: []string{management},
				Calls: []string{"http DELETE /v2/redis/delete-backup/*/*", "http PATCH /v2/redis/disable-dailybackup/*"}, Source: upstashRedis + "backup/delete_backup",
			},
			{Name: "restore a backup", Does: detectors.Destroy, Kinds: []string{management}, Calls: []string{"http POST /v2/redis/restore-backup/*"}, Source: upstashRedis + "backup/restore_backup"},
			{
				Name: "delete an index", Does: detectors.Destroy, Kinds: []string{management},
				Calls: []string{"http DELETE /v2/vector/index/*", "http DELETE /v2/search/*", "cli upstash vector delete"}, Source: "https://upstash.com/docs/devops/developer-api/vector/delete_index",
			},
			{
				Name: "add a member or reset credentials", Does: detectors.Admin, Kinds: []string{management},
				Calls: []string{"http POST /v2/teams/member", "http POST /v2/redis/reset-password/*", "http DELETE /v2/team/*"}, Source: "https://upstash.com/docs/devops/developer-api/teams/add_team_member",
			},
			{Name: "flush", Does: detectors.Destroy, Kinds: []string{redis}, Calls: []string{"http POST /flushall", "sdk flushall", "sdk flushdb", "http POST /flushdb", "http GET /flushall", "http POST /del/*"}, Source: upstashREST},
			{Name: "reset an index", Does: detectors.Destroy, Kinds: []string{vector}, Calls: []string{"http POST /reset", "http DELETE /reset", "http POST /delete", "http DELETE /delete"}, Source: "https://upstash.com/docs/vector/api/endpoints/reset"},
			{
				Name: "delete messages or schedules", Does: detectors.Destroy, Kinds: []string{qstash},
				Calls: []string{"http DELETE /v2/messages", "http DELETE /v2/messages/*", "http DELETE /v2/schedules/*", "http DELETE /v2/queues/*"}, Source: "https://upstash.com/docs/qstash/api-reference/messages/bulk-cancel-messages",
			},
			{Name: "publish", Does: detectors.Write, Kinds: []string{qstash}, Calls: []string{"http POST /v2/publish/**", "http POST /v2/enqueue/**", "http POST /v2/schedules/**"}, Source: "https://upstash.com/docs/qstash/api-reference/messages/publish-a-message"},
		},
	}
}

// upstashLocal are the token and the signing keys of every server that the program runs for development, which its manual prints
// (https://upstash.com/docs/qstash/howto/local-development). They are put together here so that no scanner takes this file for a leak.
var upstashLocal = []string{
	"eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlB" + "hc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=",
	"sig_7kYjw48mhY7k" + "AjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE" + "8S6rZ7eenA8Pdnhs",
}
