package providers

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	supabaseKeys = "https://supabase.com/docs/guides/api/api-keys"
	supabaseAPI  = "https://supabase.com/docs/reference/api/introduction"
	supabaseCLI  = "https://supabase.com/docs/reference/cli/introduction"

	supabaseCommands = "https://github.com/supabase/cli/blob/develop/apps/cli/docs/go-cli-reference.md"

	supabaseDelete = "https://supabase.com/docs/guides/platform/delete-project"
)

// The kinds that Supabase's tokens say themselves.
const (
	supabasePersonal    = "personal-access-token"
	supabaseOAuth       = "oauth-token"
	supabaseService     = "service-role-key"
	supabaseSecret      = "secret-key"
	supabaseSigning     = "jwt-secret"
	supabaseSession     = "session"
	supabaseAnonymous   = "anon-key"
	supabasePublishable = "publishable-key"
)

// supabase binds keys to one project, which the older ones name and the newer ones do not. Its command line program gives every project
// on a developer's machine the same keys, and these are no tokens.
func supabase() detectors.Provider {
	jwt := []string{
		"InN1cGFiYXNl", "JzdXBhYmFzZ", "ic3VwYWJhc2", // "supabase
		"LnN1cGFiYXNlLmNv", "5zdXBhYmFzZS5jb", "uc3VwYWJhc2UuY2", // .supabase.co
	}
	account := []string{supabasePersonal, supabaseOAuth}
	data := []string{supabaseService, supabaseSecret, supabaseSigning}
	return detectors.Provider{
		Name:  "supabase",
		Title: "Supabase",
		Hosts: []string{"api.supabase.com", ".supabase.co"},
		Rules: []detectors.Rule{
			{
				ID:          "supabase-access-token",
				Description: "a Supabase token for the management of projects",
				Pattern:     prefixed(`sbp_(?:oauth_)?[0-9a-f]{40}`),
				Group:       1,
				Keywords:    []string{"sbp_"},
				Entropy:     3,
				Kinds:       []string{supabasePersonal, supabaseOAuth},
			},
			{
				ID:          "supabase-key",
				Description: "a key of a Supabase project",
				Pattern:     prefixed(`sb_(?:secret|publishable)_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}`),
				Group:       1,
				Keywords:    []string{"sb_secret_", "sb_publishable_"},
				Entropy:     3,
				Kinds:       []string{supabaseSecret, supabasePublishable},
			},
			{
				ID:          "supabase-jwt",
				Description: "a key of a Supabase project, a JSON web token",
				Pattern:     prefixed(jwtWith(jwt...)),
				Group:       1,
				Keywords:    lowerAll(jwt),
				Kinds:       []string{supabaseService, supabaseSession, supabaseAnonymous},
			},
			{
				ID:          "supabase-jwt-secret",
				Description: "the secret that signs a Supabase project's keys",
				Pattern:     assigned(named(`supabase`, `jwt[_-]?secret`), `[A-Za-z0-9+/=_-]{32,128}`),
				Group:       1,
				Keywords:    []string{"supabase"},
				Entropy:     3.5,
				Kinds:       []string{supabaseSigning},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      supabasePersonal,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project of every organization of the person, unless it was made with a narrower scope, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"SUPABASE_ACCESS_TOKEN"},
				Shape:     `sbp_[0-9a-f]{40}`,
				Cut:       "make a token that is limited to the staging project, and revoke this one",
				Source:    supabaseAPI,
			},
			{
				Name:   supabaseOAuth,
				Title:  "OAuth token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every project of the organization that let the application in",
				AtMost: detectors.Full,
				Shape:  `sbp_oauth_[0-9a-f]{40}`,
				Cut:    "let the application into an organization that holds staging only, and revoke this token",
				Source: "https://supabase.com/docs/guides/integrations/build-a-supabase-oauth-integration",
			},
			{
				Name:      supabaseService,
				Title:     "service_role key",
				Scope:     detectors.ScopeClaims,
				Bound:     "all data of one project, past every row level policy",
				AtMost:    detectors.Full,
				Variables: []string{"SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_SERVICE_KEY"},
				Cut:       "use the staging project's key, and replace the production project's by secret keys, one a service",
				Source:    supabaseKeys,
			},
			{
				Name:      supabaseSecret,
				Title:     "secret key",
				Scope:     detectors.ScopeContainer,
				Bound:     "all data of one project, which it does not name, past every row level policy",
				AtMost:    detectors.Full,
				Variables: []string{"SUPABASE_SECRET_KEY", "SUPABASE_SECRET_KEYS"},
				Shape:     `sb_secret_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}`,
				Cut:       "make a secret key in the staging project, and delete this one",
				Source:    supabaseKeys,
			},
			{
				Name:      supabaseSigning,
				Title:     "JWT secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which it does not name: it signs a key for any role and any user",
				AtMost:    detectors.Full,
				Variables: []string{"SUPABASE_JWT_SECRET"},
				Cut:       "verify with the project's public signing keys instead, and rotate this secret",
				Source:    "https://supabase.com/docs/guides/auth/signing-keys",
			},
			{
				Name:      "database-password",
				Title:     "database password",
				Scope:     detectors.ScopeContainer,
				Bound:     "the database of one project, which it does not name",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"SUPABASE_DB_PASSWORD"},
				Cut:       "use the staging project's password, and reset this one",
				Source:    "https://supabase.com/docs/guides/database/managing-passwords",
			},
			{
				Name:   supabaseSession,
				Title:  "session of a signed-in user",
				Scope:  detectors.ScopeClaims,
				Bound:  "what row level policies let this user do in one project, until the session ends",
				AtMost: detectors.Read | detectors.Write,
				Cut:    "sign the user out, and keep sessions out of files",
				Source: "https://supabase.com/docs/guides/auth/sessions",
			},
			{
				Name:      supabaseAnonymous,
				Title:     "anon key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: row level policies say what it may do",
				Variables: []string{"SUPABASE_ANON_KEY", "NEXT_PUBLIC_SUPABASE_ANON_KEY"},
				Source:    supabaseKeys,
			},
			{
				Name:      supabasePublishable,
				Title:     "publishable key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: row level policies say what it may do",
				Variables: []string{"SUPABASE_PUBLISHABLE_KEY", "NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY"},
				Shape:     `sb_publishable_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}`,
				Source:    supabaseKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name: "supabase", Needs: detectors.NeedsToken,
			Variables: []string{"SUPABASE_ACCESS_TOKEN", "SUPABASE_DB_PASSWORD"},
			Selectors: []string{"--project-ref", "--db-url", "--linked", "--local"},
			Source:    supabaseCLI,
		}},
		Containers: []detectors.Container{
			{Variable: "SUPABASE_PROJECT_REF", What: "project"},
			{Variable: "SUPABASE_PROJECT_ID", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy, Undo: "no undo", Backups: "deleted with it", Kinds: account,
				Calls:  []string{"http DELETE /v1/projects/*", "cli supabase projects delete"},
				Source: supabaseDelete,
			},
			{
				Name: "run any SQL", Does: detectors.Destroy, Kinds: account,
				Calls:  []string{"http POST /v1/projects/*/database/query"},
				Source: supabaseAPI,
			},
			{
				Name: "reset the database", Does: detectors.Destroy, Kinds: account,
				Calls:  []string{"cli supabase db reset --linked", "cli supabase db reset --db-url", "http POST /v1/branches/*/reset"}, // alone it resets a local one
				Source: "https://supabase.com/docs/reference/cli/supabase-db-reset",
			},
			{
				Name: "restore a backup over the database", Does: detectors.Destroy, Kinds: account,
				Calls: []string{
					"http POST /v1/projects/*/database/backups/restore-pitr", "http POST /v1/projects/*/database/backups/restore", "cli supabase backups restore",
				},
				Source: supabaseCommands,
			},
			{
				Name: "delete a branch", Does: detectors.Destroy, Kinds: account,
				Calls:  []string{"http DELETE /v1/branches/*", "cli supabase branches delete"},
				Source: "https://supabase.com/docs/reference/cli/supabase-branches-delete",
			},
			{
				Name: "delete a function", Does: detectors.Destroy, Kinds: account,
				Calls:  []string{"http DELETE /v1/projects/*/functions/*", "cli supabase functions delete"},
				Source: "https://supabase.com/docs/reference/cli/supabase-functions-delete",
			},
			{
				Name: "delete secrets", Does: detectors.Destroy, Kinds: account,
				Calls:  []string{"http DELETE /v1/projects/*/secrets", "cli supabase secrets unset"},
				Source: "https://supabase.com/docs/reference/cli/supabase-secrets-unset",
			},
			{
				Name: "change the database or deploy", Does: detectors.Write, Kinds: account,
				Calls:  []string{"cli supabase db push", "cli supabase migration up", "cli supabase functions deploy", "cli supabase secrets set", "cli supabase config push"},
				Source: "https://supabase.com/docs/reference/cli/supabase-db-push",
			},
			{
				Name: "make a key", Does: detectors.Admin, Kinds: account,
				Calls:  []string{"http POST /v1/projects/*/api-keys"},
				Source: supabaseAPI,
			},
			{
				Name: "delete rows", Does: detectors.Destroy, Kinds: data,
				Calls:  []string{"http DELETE /rest/v1/**", "sdk from.delete", "sdk table.delete"},
				Source: "https://supabase.com/docs/guides/api",
			},
			{
				Name: "delete a user", Does: detectors.Destroy, Kinds: data,
				Calls:  []string{"http DELETE /auth/v1/admin/users/*", "sdk auth.admin.deleteUser"},
				Source: "https://supabase.com/docs/reference/javascript/auth-admin-deleteuser",
			},
			{
				Name: "empty a bucket", Does: detectors.Destroy, Kinds: data,
				Calls:  []string{"http POST /storage/v1/bucket/*/empty", "http DELETE /storage/v1/bucket/*", "http DELETE /storage/v1/object/**", "sdk storage.emptyBucket", "sdk storage.deleteBucket", "cli supabase storage rm"},
				Source: "https://supabase.com/docs/reference/javascript/storage-emptybucket",
			},
			{
				Name: "make a user", Does: detectors.Admin, Kinds: data,
				Calls:  []string{"http POST /auth/v1/admin/users"},
				Source: "https://supabase.com/docs/reference/javascript/auth-admin-createuser",
			},
		},
		Decode: decodeSupabase,
	}
}

// supabaseLocal are the beginnings of the keys that the command line program gives to every local project,
// https://github.com/supabase/cli/blob/develop/pkg/config/apikeys.go
var supabaseLocal = [...]string{"sb_publishable_ACJWlzQHlZjBrEguHvfOxg", "sb_secret_N7UND0UgjKTVK"}

func decodeSupabase(secret string) detectors.Decoded {
	for _, local := range supabaseLocal {
		if strings.HasPrefix(secret, local) {
			return detectors.Decoded{Reject: "the key of every local project"}
		}
	}
	switch {
	case strings.HasPrefix(secret, "sbp_oauth_"):
		return detectors.Decoded{Kind: supabaseOAuth}
	case strings.HasPrefix(secret, "sbp_"):
		return detectors.Decoded{Kind: supabasePersonal}
	case strings.HasPrefix(secret, "sb_secret_"):
		return detectors.Decoded{Kind: supabaseSecret, Evidence: supabaseMaker(secret)}
	case strings.HasPrefix(secret, "sb_publishable_"):
		return detectors.Decoded{Kind: supabasePublishable, Evidence: supabaseMaker(secret)}
	case strings.HasPrefix(secret, "super-secret-jwt-token-with-at-least-32-characters"), strings.HasPrefix(secret, "your-super-secret-jwt-token"):
		return detectors.Decoded{Reject: "the secret of every local project"}
	}
	return decodeSupabaseJWT(secret)
}

// supabaseMaker tells the keys that the script of self-hosted installations makes by their checksum: the first eight characters of a hash of its
// own name and of what stands before the last underscore. How the checksum of a hosted project's key is made is not published, so that any
// other says nothing.
func supabaseMaker(secret string) []detectors.Evidence {
	const sum = 8
	at := len(secret) - sum - 1
	if at < 0 || secret[at] != '_' {
		return nil
	}
	hash := sha256.Sum256([]byte("supabase-self-hosted|" + secret[:at]))
	if base64.RawURLEncoding.EncodeToString(hash[:])[:sum] != secret[at+1:] {
		return nil
	}
	return []detectors.Evidence{{
		About: "kind", Says: "its checksum is that of a self-hosted installation's key",
		Source: "https://github.com/supabase/supabase/blob/master/docker/utils/add-new-auth-keys.sh",
	}}
}

// decodeSupabaseJWT reads project and role. A session names its project in the issuer's host.
func decodeSupabaseJWT(secret string) detectors.Decoded {
	var c struct {
		Iss, Ref, Role string
		Exp            any
	}
	if !claims(secret, &c) {
		return detectors.Decoded{}
	}
	if c.Iss == "supabase-demo" || strings.HasPrefix(c.Iss, "http://127.0.0.1") || strings.HasPrefix(c.Iss, "http://localhost") {
		return detectors.Decoded{Reject: "the key of every local project"}
	}
	var d detectors.Decoded
	switch c.Role {
	case "service_role":
		d.Kind = supabaseService
	case "anon":
		d.Kind = supabaseAnonymous
	default:
		d.Kind = supabaseSession
	}
	if host, ok := strings.CutPrefix(c.Iss, "https://"); ok && c.Ref == "" {
		c.Ref, _, _ = strings.Cut(host, ".supabase.co/")
	}
	if c.Ref != "" {
		d.IDs = []detectors.ID{{What: "project", Value: c.Ref}}
		d.Hosts = []string{c.Ref + ".supabase.co"}
	}
	return untilClaim(d, c.Exp)
}

// lowerAll returns the texts in lower case, as keywords are written.
func lowerAll(texts []string) []string {
	lower := make([]string, len(texts))
	for i, text := range texts {
		lower[i] = strings.ToLower(text)
	}
	return lower
}
