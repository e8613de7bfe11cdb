package providers

import "github.com/stagewall/stagewall/detectors"

const (
	nexusTokens = "https://help.sonatype.com/en/user-tokens.html"
	nexusAPI    = "https://help.sonatype.com/en/rest-and-integration-api.html"
)

// nexus knows logins of Nexus repositories by their names, as nothing else tells them. A repository has no environments: what is uploaded is what
// every one of them takes.
func nexus() detectors.Provider {
	const login, nuget = "repository-login", "nuget-key"
	const value = "[^\\s\"'`$<>{}()|;&,\\\\]{8,128}"
	return detectors.Provider{
		Name:  "nexus",
		Title: "Nexus Repository",
		Rules: []detectors.Rule{
			{
				ID:          "nexus-repository-login",
				Description: "a password or the pass code of a user token, named so",
				Pattern:     assigned(`nexus[A-Za-z0-9_.-]{0,20}(?:pass(?:word|wd|[_-]?code)?|token)`, value),
				Group:       1,
				Keywords:    []string{"nexus"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName(), notAPath()},
				Kinds:       []string{login},
			},
			{
				ID:          "nexus-nuget-key",
				Description: "a key for NuGet repositories, sent in their header",
				Pattern:     assigned(`x-nuget-apikey|nexus[A-Za-z0-9_.-]{0,20}nuget[A-Za-z0-9_.-]{0,20}key`, uuid),
				Group:       1,
				Keywords:    []string{"x-nuget-apikey", "nexus"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Kinds:       []string{nuget},
			},
		},
		Decode: func(password string) detectors.Decoded {
			return detectors.Decoded{Reject: fakePassword(password, "nexus", "admin")}
		},
		Kinds: []detectors.Kind{
			{
				Name:      login,
				Title:     "repository login",
				Scope:     detectors.ScopeHost,
				Bound:     "the repositories at its host, within its user's roles",
				AtMost:    detectors.Full,
				Variables: []string{"NEXUS_PASSWORD", "NEXUS_PASS", "NEXUS_TOKEN", "NEXUS_PASSWD"},
				Cut:       "read with a user who may read only, upload from the release job alone, and change this password",
				Source:    nexusTokens,
			},
			{
				Name:    nuget,
				Title:   "NuGet key",
				Scope:   detectors.ScopeHost,
				Bound:   "the NuGet repositories at its host, within its user's roles",
				AtMost:  detectors.UnknownPower,
				Headers: []string{"X-NuGet-ApiKey"},
				Shape:   uuid,
				Cut:     "upload from the release job alone, and reset this key",
				Source:  "https://help.sonatype.com/en/nuget-repositories.html",
			},
		},
		Operations: []detectors.Operation{
			{Name: "delete a component", Does: detectors.Destroy, Calls: []string{"http DELETE /service/rest/v1/components/*", "http DELETE /service/rest/v1/assets/*", "cli dotnet nuget delete"}, Source: nexusAPI},
			{Name: "delete a repository", Does: detectors.Destroy, Kinds: []string{login}, Calls: []string{"http DELETE /service/rest/v1/repositories/*", "http DELETE /service/rest/v1/blobstores/*"}, Source: nexusAPI},
			{Name: "make users", Does: detectors.Admin, Kinds: []string{login}, Calls: []string{"http POST /service/rest/v1/security/users", "http POST /service/rest/v1/security/roles", "http PUT /service/rest/v1/security/users/*/change-password"}, Source: nexusAPI},
			{Name: "run a script", Does: detectors.Admin, Kinds: []string{login}, Calls: []string{"http POST /service/rest/v1/script", "http POST /service/rest/v1/script/*/run"}, Source: "https://help.sonatype.com/en/script-api.html"},
			{Name: "upload", Does: detectors.Write, Calls: []string{"http PUT /repository/**", "http POST /service/rest/v1/components", "cli mvn deploy", "cli dotnet nuget push"}, Source: nexusAPI},
		},
	}
}
