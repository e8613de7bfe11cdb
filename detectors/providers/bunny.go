package providers

import "github.com/stagewall/stagewall/detectors"

const (
	bunnyKeys = "https://docs.bunny.net/api-reference/authentication"
	bunnyAPI  = "https://docs.bunny.net/api-reference/core/"
)

// bunny knows the one key that an account has, and the passwords of storage zones and keys of libraries: all are sent by the same header, and look alike.
func bunny() detectors.Provider {
	const account, zone = "account-api-key", "zone-key"
	// No document says the form but by examples; keys that were seen are groups of hexadecimal digits, as one UUID or two.
	const shape = `[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4,20}){4,9}`
	destroy := func(name, page string, kinds []string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: kinds, Calls: calls, Source: bunnyAPI + page}
	}
	one, both := []string{account}, []string{account, zone}
	return detectors.Provider{
		Name:  "bunny",
		Title: "bunny.net",
		Hosts: []string{"api.bunny.net", "storage.bunnycdn.com", ".storage.bunnycdn.com", "video.bunnycdn.com"},
		Rules: []detectors.Rule{
			{
				ID:          "bunny-key-variable",
				Description: "a key or a zone's password in a variable that names bunny.net",
				Pattern:     assigned(named(`bunny`, `(?:api[_-]?key|access[_-]?key|password)`), shape),
				Group:       1,
				Keywords:    []string{"bunny"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notAnID(), exampleUUID()},
				Kinds:       both,
			},
			{
				ID:          "bunny-access-key",
				Description: "what is sent as AccessKey near one of bunny.net's hosts",
				Pattern:     assigned(`\baccesskey`, shape),
				Group:       1,
				Keywords:    []string{"bunny.net", "bunnycdn.com"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Required:    []detectors.Required{{Rule: "bunny-host", WithinLines: within(20)}},
				Kinds:       both,
			},
			handed("bunny", shape, []string{"bunny.net", "bunnycdn.com"}, uuidEntropy, both),
			{
				ID: "bunny-host", Description: "a host of bunny.net's APIs", Pattern: `\b(?:api\.bunny\.net|(?:storage|video)\.bunnycdn\.com)\b`,
				Keywords: []string{"bunny.net", "bunnycdn.com"}, SkipReport: true,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      account,
				Title:     "account API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "all of the account, which has one key",
				AtMost:    detectors.Full,
				Variables: []string{"BUNNYNET_API_KEY"},
				Cut:       "give staging an account of its own, or the password of its storage zone, and make this key anew",
				Source:    bunnyKeys,
			},
			{
				Name:   zone,
				Title:  "storage zone's password or library's key",
				Scope:  detectors.ScopeContainer,
				Bound:  "one storage zone or video library, which it does not name",
				AtMost: detectors.UnknownPower,
				Cut:    "give staging a zone of its own, and change this password",
				Source: bunnyKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"BUNNYNET_API_KEY"}, Selectors: []string{"-var-file"},
			Source: "https://registry.terraform.io/providers/BunnyWay/bunnynet/latest/docs",
		}},
		// Paths of the API: https://github.com/BunnyWay/terraform-provider-bunnynet/tree/main/internal/api
		Operations: []detectors.Operation{
			destroy("delete a storage zone", "storage-zone/delete-storage-zone", one, "http DELETE /storagezone/*"),
			destroy("delete a pull zone", "", one, "http DELETE /pullzone/*"),
			destroy("delete a DNS zone or record", "", one, "http DELETE /dnszone/*", "http DELETE /dnszone/*/records/*"),
			destroy("delete a video library", "", one, "http DELETE /videolibrary/*"),
			destroy("delete a database", "", one, "http DELETE /edgedb/v2/databases/*"),
			destroy("delete an app or script", "", one, "http DELETE /mc/apps/*", "http DELETE /compute/script/*"),
			destroy("delete a video", "", both, "http DELETE /library/*/videos/*", "http DELETE /library/*/collections/*"),
			{
				Name: "delete files", Does: detectors.Destroy, Kinds: []string{zone}, Calls: []string{"http DELETE /**"},
				Source: "https://github.com/BunnyWay/terraform-provider-bunnynet/blob/main/internal/api/storage_file.go",
			},
			{
				Name: "upload files", Does: detectors.Write, Kinds: []string{zone}, Calls: []string{"http PUT /**"},
				Source: "https://github.com/BunnyWay/terraform-provider-bunnynet/blob/main/internal/api/storage_file.go",
			},
			{ // the cache fills again
				Name: "purge what is cached", Does: detectors.Write, Kinds: one,
				Calls: []string{"http POST /purge", "http GET /purge", "http POST /pullzone/*/purgeCache"}, Source: bunnyAPI,
			},
		},
	}
}
