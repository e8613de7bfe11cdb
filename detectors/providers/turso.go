package providers

import (
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

const (
	tursoTokens = "https://docs.turso.tech/sdk/authentication"
	tursoAPI    = "https://docs.turso.tech/api-reference/authentication"
	tursoCLI    = "https://docs.turso.tech/cli/"
	tursoJWT    = "https://github.com/tursodatabase/libsql/blob/main/libsql-server/src/auth/user_auth_strategies/jwt.rs"
)

// turso's database tokens are JSON web tokens that say whether they only read and which databases they are for; the host tells the database too. The
// platform's token is for organizations.
func turso() detectors.Provider {
	const platform, database = "platform-token", "database-token"
	wide := []string{platform}
	return detectors.Provider{
		Name:   "turso",
		Title:  "Turso",
		Hosts:  []string{"api.turso.tech", ".turso.io"},
		Decode: decodeTurso,
		Rules: []detectors.Rule{
			{
				ID:          "turso-platform-token",
				Description: "a token of the platform's API, in a variable that says so",
				Pattern:     assigned(`turso[_-]?(?:api|platform)[_-]?(?:token|key)`, `eyJ[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}`),
				Group:       1,
				Keywords:    []string{"turso"},
				Kinds:       wide,
			},
			{
				ID:          "turso-database-token",
				Description: "a database's token, in a variable that says so or in the address of the database",
				Pattern: assigned(`(?:turso|libsql)[A-Za-z0-9_.-]{0,20}auth[_-]?token`, `eyJ[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}`) +
					`|\blibsql://[^\s"'?]{3,200}\?authToken=(eyJ[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,})` + right +
					`|` + left + `(eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9\.ey[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{86})` + right,
				Keywords: []string{"turso", "libsql", "eyjhbgcioijfzertqsisinr5cci6ikpxvcj9"},
				Kinds:    []string{database},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      platform,
				Title:     "platform token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every organization of its owner, or one organization or group within scopes, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"TURSO_API_TOKEN", "TURSO_PLATFORM_TOKEN"},
				Cut:       "use the token of staging's database, and revoke this one",
				Source:    tursoAPI,
			},
			{
				Name:      database,
				Title:     "database token",
				Scope:     detectors.ScopeHost,
				Bound:     "one database, or the databases of one group",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"TURSO_AUTH_TOKEN", "LIBSQL_AUTH_TOKEN", "TURSO_DATABASE_AUTH_TOKEN"},
				Cut:       "make a token of staging's database (turso db tokens create), read-only where that does, and invalidate this one",
				Source:    tursoTokens,
			},
		},
		Tools: []detectors.Tool{{
			Name: "turso", Variables: []string{"TURSO_API_TOKEN"}, Selectors: []string{"--group", "--org"}, Source: tursoCLI,
		}},
		Containers: []detectors.Container{{Variable: "TURSO_DATABASE_URL", What: "host"}, {Variable: "TURSO_ORG", What: "account"}},
		Operations: []detectors.Operation{
			{Name: "db destroy", Does: detectors.Destroy, Kinds: wide, Calls: []string{"cli turso db destroy", "http DELETE /v1/organizations/*/databases/*"}, Source: tursoCLI + "db/destroy"},
			{Name: "group destroy", Does: detectors.Destroy, Kinds: wide, Calls: []string{"cli turso group destroy", "http DELETE /v1/organizations/*/groups/*"}, Source: tursoCLI + "group/destroy"},
			{Name: "org destroy", Does: detectors.Destroy, Kinds: wide, Calls: []string{"cli turso org destroy"}, Source: tursoCLI + "org/destroy"},
			{
				Name: "DROP TABLE", Does: detectors.Destroy, Kinds: []string{database},
				Calls: []string{"sql DROP TABLE", "sql DELETE FROM"}, Source: "https://www.sqlite.org/lang_droptable.html",
			},
			{
				Name: "make tokens", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"cli turso db tokens create", "cli turso db tokens invalidate", "cli turso auth api-tokens mint", "http POST /v1/organizations/*/databases/*/auth/tokens", "http POST /v1/auth/api-tokens/*"},
				Source: tursoCLI + "db/tokens/create",
			},
			{
				Name: "db create", Does: detectors.Write, Kinds: wide,
				Calls: []string{"cli turso db create", "cli turso db shell", "http POST /v1/organizations/*/databases"}, Source: tursoCLI + "db/create",
			},
		},
	}
}

// decodeTurso reads what a token may do: p lists name spaces (ns), or tags of many, by what may be done with them; the server looks at a, which is ro
// or rw for the database that id names, only where there is no p. One with neither may do everything.
func decodeTurso(token string) detectors.Decoded {
	var c struct {
		A, ID string
		P     map[string]struct{ NS, Tags []string }
		Exp   float64
	}
	if !claims(token, &c) {
		return undecodable("")
	}
	var d detectors.Decoded
	switch {
	case c.P != nil:
		d.Exact = true
		for _, list := range tursoLists {
			scope := c.P[list.name]
			if len(scope.NS) > 0 || len(scope.Tags) > 0 {
				d.AtMost |= list.may
			}
			for _, name := range scope.NS {
				if id := (detectors.ID{What: "database", Value: name}); !slices.Contains(d.IDs, id) {
					d.IDs = append(d.IDs, id)
				}
			}
		}
	case c.A == "ro":
		d.AtMost, d.Exact = detectors.Read, true
	case c.A == "rw":
		d.AtMost, d.Exact = detectors.UnknownPower, true
	}
	if c.ID != "" && c.P == nil {
		d.IDs = append(d.IDs, detectors.ID{What: "database", Value: c.ID})
	}
	if c.A != "" || c.P != nil {
		d.Kind = "database-token"
	}
	return until(d, c.Exp, tursoJWT)
}

// tursoLists are the lists of p: to read, to read and attach, to write, to write and attach, and to change a schema that databases share.
// https://github.com/tursodatabase/libsql/blob/main/libsql-server/src/auth/authorized.rs
var tursoLists = []struct {
	name string
	may  detectors.Privilege
}{
	{"ro", detectors.Read}, {"roa", detectors.Read},
	{"rw", detectors.UnknownPower}, {"rwa", detectors.UnknownPower}, {"ddl", detectors.UnknownPower},
}
