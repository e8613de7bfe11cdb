package providers

import "github.com/stagewall/stagewall/detectors"

// Unnamed returns rules of tokens that do not say whose these are.
func Unnamed() []detectors.Rule {
	const noun = `(?:token|secret|password|passwd|passphrase|api[_-]?key|credentials?)`
	const text = `[^\s<>"'&$%{}()*]{8,128}`
	return []detectors.Rule{{
		// https://maven.apache.org/settings.html#servers, https://learn.microsoft.com/dotnet/framework/configure-apps/file-schema/appsettings/add-element-for-appsettings
		ID:          "xml-password",
		Description: "a secret in an element, or the value of an entry, that is named for one, of a file of settings",
		Pattern: `<(?:[A-Za-z0-9._:-]{0,40}?)(?i:` + noun + `)>(` + text + `)</|` +
			`\b(?i:key|name)="[A-Za-z0-9._:-]{0,40}?(?i:` + noun + `)"[ \t]+(?i:value)="(` + text + `)"`,
		Keywords:   []string{"token", "secret", "password", "passwd", "passphrase", "api_key", "api-key", "apikey", "credential"},
		Path:       `(?i)\.(?:xml|config|settings|props|targets|plist|resx)$`,
		Entropy:    3,
		Allowlists: []detectors.Allowlist{notAName(), notAPath()},
		Generic:    true,
	}, {
		// Compose, swarms and kustomize make secrets of such files, and scripts read them: https://docs.docker.com/compose/how-tos/use-secrets/
		ID:          "secret-file",
		Description: "a secret that is all that its file holds, which is named after it",
		Pattern:     `\A\s*([!-~]{12,200})\s*\z`,
		Group:       1,
		Path:        `(?i)(?:^|/)(?:\.?secrets?/[^/.]+(?:\.txt)?|\.?(?:[^/.]*[_.-])?` + noun + `(?:\.txt)?)$`,
		Entropy:     3,
		Generic:     true,
	}, {
		// https://www.postgresql.org/docs/current/sql-createrole.html, https://dev.mysql.com/doc/refman/8.4/en/create-user.html,
		// https://learn.microsoft.com/sql/t-sql/statements/create-login-transact-sql
		ID:          "sql-password",
		Description: "the password that a statement of SQL gives a user; of which server is not said",
		Pattern: `(?i)\b(?:create|alter)[ \t\r\n]+(?:user|role|login)\b[^;]{1,200}?\b(?:password|identified[ \t]+(?:with[ \t]+["'\w]{1,40}[ \t]+)?by)[ \t]*=?[ \t]*N?'(` +
			text + `)'`,
		Group:      1,
		Keywords:   []string{"password", "identified"},
		Entropy:    3,
		Allowlists: []detectors.Allowlist{notAName(), notAPath()},
		Generic:    true,
	}, {
		// Railway, Heroku, Postmark and others have tokens of this shape, and so have ids of anything. The name of whose it is often stands in another
		// file than the token: a file of settings, and the script that sends it.
		ID:          "uuid-token",
		Description: "a UUID in a variable with a credential's name, that is handed on as a token",
		Pattern:     `(?:^|[^A-Za-z0-9_-])` + assigned(`[a-z0-9_-]{0,40}?(?:api[_-]?key|auth|credentials?|password|secret|token)`, uuid),
		Group:       1,
		Keywords:    []string{"api_key", "api-key", "apikey", "auth", "credential", "password", "secret", "token"},
		Entropy:     uuidEntropy,
		Allowlists:  []detectors.Allowlist{notAnID(), anID(), exampleUUID()},
		Generic:     true,
		Handed:      true,
	}}
}
