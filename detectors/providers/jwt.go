package providers

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

const (
	jwtSource = "https://www.rfc-editor.org/rfc/rfc7519"
	jwtKind   = "signed-token"
)

// jwt knows signed tokens of any issuer that they name by an address. What a provider of its own knows better is left to that provider,
// and what names no address to the rules that name no provider.
func jwt() detectors.Provider {
	issuers := slices.Concat(within64(`"iss":"http`), within64(`"iss": "http`))
	var others []string
	for _, text := range []string{"auth0.com/api/v2", ".supabase.co", `"iss":"supabase`, "system:serviceaccount:", "oidc.vercel.com"} {
		others = append(others, within64(text)...)
	}
	return detectors.Provider{
		Name:   "jwt",
		Title:  "JSON Web Token",
		Common: true,
		Rules: []detectors.Rule{{
			ID:          "jwt-signed-token",
			Description: "a signed token that names its issuer's address",
			Pattern:     prefixed(jwtWith(issuers...)),
			Group:       1,
			Keywords:    lowerAll(issuers),
			Entropy:     4,
			Allowlists:  []detectors.Allowlist{{Description: "a token of a provider that knows better", Regexes: []string{strings.Join(others, "|")}}},
			Kinds:       []string{jwtKind},
		}},
		Kinds: []detectors.Kind{{
			Name:     jwtKind,
			Title:    "signed token",
			Homemade: true,
			Scope:    detectors.ScopeClaims,
			Bound:    "what its issuer and its audience allow, until it expires",
			AtMost:   detectors.UnknownPower,
			Cut:      "let staging ask an issuer of its own for tokens, and keep tokens out of files",
			Source:   jwtSource,
		}},
		Operations: []detectors.Operation{{
			Name: "delete", Does: detectors.Write,
			Calls:  []string{"http DELETE /**"},
			Source: "https://www.rfc-editor.org/rfc/rfc9110#name-delete",
		}},
		Decode: decodeJWT,
	}
}

// decodeJWT reads whose token it is, for whom, for how long and with which scopes. A claim that names an environment narrows the token to
// it.
func decodeJWT(token string) detectors.Decoded {
	var all map[string]any
	if !claims(token, &all) {
		return undecodable(jwtKind)
	}
	text := func(claim string) string { s, _ := all[claim].(string); return s }
	issuer := hostOf(text("iss"))
	switch {
	case text("sub") == "1234567890":
		return detectors.Decoded{Reject: "the example of documents"}
	case issuer != "" && (isLocalHost(issuer) || isNearHost(issuer) || isPlaceholderHost(issuer)):
		return detectors.Decoded{Reject: "a token of a local issuer or of an example"}
	}
	d := detectors.Decoded{Kind: jwtKind}
	for _, address := range append([]string{text("iss")}, texts(all["aud"])...) {
		if host := hostOf(address); host != "" && !slices.Contains(d.Hosts, host) {
			d.Hosts = append(d.Hosts, host)
		}
	}
	for _, claim := range []struct{ name, what string }{{"tid", "account"}, {"tenant_id", "account"}, {"org_id", "account"}, {"project_id", "project"}} {
		if value := text(claim.name); value != "" {
			d.IDs = append(d.IDs, detectors.ID{What: claim.what, Value: value})
		}
	}
	for _, claim := range []string{"env", "environment", "stage"} {
		if reach := environ.Value(text(claim)); reach != 0 {
			d.Reach |= reach
			d.Evidence = append(d.Evidence, detectors.Evidence{About: "reach", Says: "its claim " + claim + " names " + reach.String(), Source: jwtSource})
		}
	}
	d.AtMost, d.Exact = allowedBy(slices.Concat(texts(all["scope"]), texts(all["scp"]), texts(all["permissions"])))
	return untilClaim(d, all["exp"])
}

// hostOf returns the host of an address, lower case and without port; empty for anything else.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// texts returns the words of a claim that is a text, and the texts of one that is a list.
func texts(claim any) []string {
	switch claim := claim.(type) {
	case string:
		return strings.Fields(claim)
	case []any:
		var all []string
		for _, one := range claim {
			if s, ok := one.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}

// scopeWords say what a scope allows in which they are a word, https://www.rfc-editor.org/rfc/rfc6749#section-3.3 leaves the words to each
// issuer; these are the ones that all use alike, and those of OpenID Connect.
var scopeWords = map[string]detectors.Privilege{
	"read": detectors.Read, "readonly": detectors.Read, "view": detectors.Read, "viewer": detectors.Read, "list": detectors.Read, "get": detectors.Read,
	"openid": detectors.Read, "profile": detectors.Read, "email": detectors.Read, "address": detectors.Read, "phone": detectors.Read,
	"offline": detectors.Read,
	"write":   detectors.Write, "create": detectors.Write, "update": detectors.Write, "edit": detectors.Write, "send": detectors.Write,
	"delete": detectors.Write | detectors.Destroy, "remove": detectors.Write | detectors.Destroy,
	"admin": detectors.Full, "manage": detectors.Full, "owner": detectors.Full,
}

// allowedBy returns what scopes allow; known is false if there is none, or one of which no word is known.
func allowedBy(scopes []string) (most detectors.Privilege, known bool) {
	for _, scope := range scopes {
		var allows detectors.Privilege
		for _, word := range strings.FieldsFunc(strings.ToLower(scope), func(r rune) bool { return r < 'a' || r > 'z' }) {
			allows |= scopeWords[word]
		}
		if allows == 0 {
			return 0, false
		}
		most |= allows
	}
	return most, len(scopes) > 0
}

// lookedOver is the day on which this catalogue was last looked over, in seconds since 1970: what had expired by then has expired for
// whoever runs the program. A clock would make the same repository's report differ from day to day.
const lookedOver = 1795824000 // 2026-11-28

// until returns what is said of a token whose life ends at a time, in seconds since 1970: what has expired may do nothing. No such time, 0,
// says nothing.
func until(d detectors.Decoded, seconds float64, source string) detectors.Decoded {
	const last = 253402300800 // the year 10000
	if !(seconds > 0 && seconds < last) {
		return d
	}
	says := "it expires on "
	if seconds < lookedOver {
		d.AtMost, d.Exact = 0, true
		says = "it has expired, on "
	}
	day := time.Unix(int64(seconds), 0).UTC().Format(time.DateOnly)
	d.Evidence = append(d.Evidence, detectors.Evidence{About: "privilege", Says: says + day, Source: source})
	return d
}

// untilClaim is [until] for the claim exp, which may be anything.
func untilClaim(d detectors.Decoded, exp any) detectors.Decoded {
	seconds, _ := exp.(float64)
	return until(d, seconds, jwtSource+"#section-4.1.4")
}

// within64 returns what a text looks like within longer text that is written in base64 for URLs: it has three forms, by where in a group of
// three bytes it begins, each without the letters that depend on what stands around it.
func within64(text string) []string {
	var forms []string
	for before := range 3 {
		padded := append(make([]byte, before), text...)
		first := (before*8 + 5) / 6
		last := len(padded) * 8 / 6
		forms = append(forms, base64.RawURLEncoding.EncodeToString(append(padded, 0, 0, 0))[first:last])
	}
	return forms
}

// jwtWith is a JSON web token whose payload holds one of the texts, each the part of a word's base64 that does not depend on what
// stands around the word. A word has three, by where in a group of three bytes it begins.
func jwtWith(texts ...string) string {
	return `eyJ[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]*(?:` + strings.Join(texts, "|") + `)[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{20,}`
}

// longestText is how long the text of a token may be that is decoded. Real ones have a few kilobytes; a longer one only costs.
const longestText = 64 << 10

// longestClaims is how many bytes of a token are decoded at most: no issuer signs more, and a header holds less.
const longestClaims = 64 << 10

// claims decodes the payload of a JSON web token into v. Its signature is not looked at.
func claims(token string, v any) bool {
	if len(token) > longestClaims {
		return false
	}
	_, rest, ok := strings.Cut(token, ".")
	payload, _, ok2 := strings.Cut(rest, ".")
	if !ok || !ok2 || len(payload) > longestText {
		return false
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(payload, "="))
	return err == nil && json.Unmarshal(text, v) == nil
}

// undecodable returns what is known of a token of a kind whose text should say more: no more than that. It stays a token, because a
// decoder may not know every form.
func undecodable(kind string) detectors.Decoded {
	return detectors.Decoded{Kind: kind, Evidence: []detectors.Evidence{{About: "kind", Says: "its text cannot be decoded"}}}
}
