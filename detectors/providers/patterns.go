package providers

import "github.com/stagewall/stagewall/detectors"

// The pieces that patterns are built from. RE2 has no look-around, so a pattern consumes its boundaries; the secret is group 1.
const (
	// left is the boundary before a token with a prefix of its own: no letter, digit or underscore, or an escaped line break or tab.
	left = `(?:\b|\\[nrt])`

	// right is the boundary after a token that may hold, or be followed by, letters, digits, dashes and underscores.
	right = `(?:[^A-Za-z0-9_-]|$)`

	// base64Left and base64Right are the boundaries of a text in base 64.
	base64Left  = `(?:(?m:^)|[^A-Za-z0-9+/]|://|\\[nrt])`
	base64Right = `(?:[^A-Za-z0-9+/=_-]|$)`

	uuid = `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`

	// quotes is what may stand right before or after a name or a value: quotation marks, also escaped ones, and brackets.
	quotes = "[\\\\\"'`()\\[\\]]{0,5}"

	// gives is what stands between a name and its value, in configuration and in code: K=v, K: v, "K": "v", K := v, K => v,
	// var k string = v, k: string = v, k: &'static str = v, env["K"] = v, setenv("K", "v"), get("K") || "v", ${K:-v}, ENV K v, <K>v, <add key="K" value="v">, <meta-data android:name="K" android:value="v">,
	// <key>K</key><string>v, name: K and value: v, also on two lines, K: {value: v}, variable "K" { default = "v" }, set K --body v,
	// put K <<< v, | K | v |; v may follow the word of an authorization header.
	gives = quotes + `(?:` +
		`[ \t]{0,40}(?::[ \t]?(?:&(?:'static[ \t])?)?[A-Za-z][A-Za-z.]{0,20}\??[ \t]?=|[ \t]string[ \t]?=|[:?+]?=|=>|\|\|=?|\?\?=?|:-|:|,|>|\||<<<|[ \t](?:or|--body|-b)[ \t=]?)` +
		`|[ \t]{1,40}(?:(?:android:)?value[ \t]?=)?` +
		`|[ \t]*:[ \t]*(?:[|>][+-]?[ \t]*)?\r?\n[ \t]+` +
		`|,?[ \t]*(?:\r?\n[ \t]*)?["']?value["']?[ \t]*[:=]` +
		`|[ \t]*:?[ \t]*\{[^{}]{0,200}\b(?:default|value)["']?[ \t]*[:=]` +
		`|</key>\s*<string>` +
		`)[ \t]{0,40}` + quotes + `(?i:(?:bearer|token|basic)[ \t]+)?`

	// section is what stands between a section's name and one of its keys: [s] and k = on lines below, s: and k: on lines below,
	// "s": {"k":
	section = `["']?(?:\]|[ \t]*[:=]>?[ \t]*\{?|[ \t]*\{)[ \t]*\r?\n(?:[^\n\[\]{}]*\n){0,5}[ \t]*["']?[A-Za-z_-]{0,20}` +
		`|["']?[ \t]*[:=]>?[ \t]*\{[^{}]{0,200}["', \t{][A-Za-z_-]{0,20}`
)

// prefixed is a token that its own prefix identifies.
func prefixed(body string) string { return left + `(` + body + `)` + right }

// assigned is a value that the name of its variable, key or header identifies. The name ends where the pattern ends, but for up to two
// words that tell one of several apart, as in TOKEN_PROD or apiToken2.
func assigned(name, body string) string {
	return `(?i:` + name + `)(?:[_-]?[A-Za-z0-9]{1,12}){0,2}` + gives + `(` + body + `)` + right
}

// beside is a token whose form several providers share: the provider's name stands before it, on its line, as the name of the entry whose
// value it is on the next line, or as that of the section that it is in.
func beside(provider, body string) string {
	return `(?i:` + provider + `)(?:[^\n]{0,80}?(?:\n[ \t]*["']?value["']?[ \t]*[:=][ \t]*["']?)?|(?:` + section + `)[^\n]{0,20}?)\b(` + body + `)` + right
}

// spoken is a value of a shape that ids have too, on whose line the word for a credential, or the provider's host, stands before it, wherever
// that is: token = fetch("K", "v"), bearer_auth("v"), New("https://host/", "v"). It takes [notSpoken] to leave ids aside.
func spoken(host, body string) string {
	return `(?i:token|bearer|auth|credential|api[_-]?key|secret|` + host + `)[^\n]{0,80}?["'\x60 =(](` + body + `)` + right
}

// handed takes values of a shape that other things have too, in variables of any name, in a text that talks to the provider's API. One is a token only if it is
// handed on as one.
func handed(provider, body string, keywords []string, entropy float64, kinds []string) detectors.Rule {
	return detectors.Rule{
		ID:          provider + "-handed-token",
		Description: "a value of a token's shape in a variable of any name, in a text that talks to the API, that is handed on as a token",
		Pattern:     `(?:^|[^A-Za-z0-9_-])` + assigned(`[a-z_][a-z0-9_]{0,40}`, body),
		Group:       1,
		Keywords:    keywords,
		Entropy:     entropy,
		Allowlists:  []detectors.Allowlist{exampleUUID(), anID()},
		Required:    []detectors.Required{{Rule: provider + "-host"}},
		Kinds:       kinds,
		Generic:     true,
		Handed:      true,
	}
}

// notSpoken excludes what a line says to be an id of something, or the name of the thing itself, and parts of paths.
func notSpoken() detectors.Allowlist {
	return detectors.Allowlist{Description: "an id", Regexes: []string{
		`(?:I|(?i:[_-]i|\b(?i:i)))(?i:ds?)["'\\]{0,2}[ \t]*[:=(,]`,
		`(?i)(?:project|environment|service|volume|workspace|deployment|bucket|domain|template|team|user|customer|app|account)["'\\]{0,2}[ \t]*[:=(, ][ \t]*["'\\]{0,2}[0-9a-f]{8}-`,
		`\$[A-Za-z{(]`,
	}, Target: "match"}
}

// named is an identifier in any case that holds a provider's name and, after it, a credential's noun, or the two as words of a text, or
// a key with that noun in a section of the provider's name.
func named(provider, noun string) string {
	return provider + `(?:[A-Za-z0-9_.-]{0,30}|[A-Za-z]{0,12} (?:[A-Za-z]{2,12} )?|` + section + `)` + noun
}

// idNames lists what [assigned] lets through though its last words say that the value is no secret.
const idNames = `(?i)(?:token|key|secret|auth|password)(?:[_-]?client)?[_-]?(?:ids?|names?|hash|type|url|path|file|prefix)\b`

// within is a distance in lines for a partner rule.
func within(lines int) *int { return &lines }

// neutralCredential is the name of a variable that holds a credential and names no provider: its words are all of them general.
const neutralCredential = `(?:(?:my|the|our|default|api|access|account|admin|app|auth|authorization|bearer|ci|cli|deploy|deployment|dev|` +
	`gql|graphql|personal|prod|production|project|service|stage|staging|team|test|user|workspace)[_-]?){0,4}` +
	`(?:api[_-]?key|credentials?|pat|secret|token)`

// notAnID excludes what the name of its variable calls an id, a name or a path.
func notAnID() detectors.Allowlist {
	return detectors.Allowlist{Description: "the name says that it is no secret", Regexes: []string{idNames}, Target: "match"}
}

// anID excludes what the name of its variable, with which the match begins, calls an id of something: projectId, VOLUME_ID. Behind the name a value can
// have these letters by chance.
func anID() detectors.Allowlist {
	const name = `^[^A-Za-z0-9_-]?[A-Za-z0-9_-]*?(?:I|(?i:[_-]i|\b(?i:i)))(?i:d)[^A-Za-z]`
	return detectors.Allowlist{Description: "the name says that it is an id", Regexes: []string{name}, Target: "match"}
}

// uuidEntropy is less than that of all but one in a million random UUIDs, and more than that of a UUID with one or two digits.
const uuidEntropy = 2.8

// exampleUUID excludes the UUIDs that documents use as examples.
func exampleUUID() detectors.Allowlist {
	return detectors.Allowlist{Description: "an example's UUID", StopWords: []string{
		"12345678-1234", "12345678-90ab", "01234567-89ab", "a1b2c3d4", "abcd1234", "deadbeef",
		"123e4567-e89b-12d3", "550e8400-e29b-41d4", "f47ac10b-58cc-4372", // the examples of RFC 4122 and of well-known manuals
	}}
}

// notAName excludes values that are words joined by dashes or underscores, all of one case: the name of something, not a random value.
func notAName() detectors.Allowlist {
	return detectors.Allowlist{Description: "a name", Regexes: []string{`^(?:[a-z]+|[A-Z]+)(?:[_-](?:[a-z]+|[A-Z]+))*$`}}
}

// notAPath excludes what a password is often said to be: the file that holds it, an address, or a variable of a program.
func notAPath() detectors.Allowlist {
	return detectors.Allowlist{Description: "a file's name, an address or a variable", Regexes: []string{
		`^[~.]?/|^\.\.?/|://|(?i)\.(?:txt|py|sh|ya?ml|pass|password|key|gpg)$|[@\\]|^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_.]+$`,
	}}
}
