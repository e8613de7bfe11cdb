package providers

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/stagewall/stagewall/detectors"
)

// jwtWith is a JSON web token whose payload holds one of the texts, each the part of a word's base64 that does not depend on what
// stands around the word. A word has three, by where in a group of three bytes it begins.
func jwtWith(texts ...string) string {
	return `eyJ[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]*(?:` + strings.Join(texts, "|") + `)[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{20,}`
}

// longestText is how long the text of a token may be that is decoded. Real ones have a few kilobytes; a longer one only costs.
const longestText = 64 << 10

// claims decodes the payload of a JSON web token into v. Its signature is not looked at.
func claims(token string, v any) bool {
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

// lookedOver is the day on which this catalogue was last looked over: what had expired by then has expired for whoever runs the program.
// A clock would make the same repository's report differ from day to day.
var lookedOver = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// expiry says when a token expires, in seconds since 1970; nothing for no such time, 0.
func expiry(seconds float64, source string) []detectors.Evidence {
	const last = 253402300800 // the year 10000
	if !(seconds > 0 && seconds < last) {
		return nil
	}
	until := time.Unix(int64(seconds), 0).UTC()
	says := "it expires on "
	if until.Before(lookedOver) {
		says = "it has expired, on "
	}
	return []detectors.Evidence{{About: "privilege", Says: says + until.Format(time.DateOnly), Source: source}}
}
