package providers

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// jwtWith is a JSON web token whose payload holds one of the texts, each the part of a word's base64 that does not depend on what
// stands around the word. A word has three, by where in a group of three bytes it begins.
func jwtWith(texts ...string) string {
	return `eyJ[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]*(?:` + strings.Join(texts, "|") + `)[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{20,}`
}

// claims decodes the payload of a JSON web token into v. Its signature is not looked at.
func claims(token string, v any) bool {
	_, rest, ok := strings.Cut(token, ".")
	payload, _, ok2 := strings.Cut(rest, ".")
	if !ok || !ok2 {
		return false
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(payload, "="))
	return err == nil && json.Unmarshal(text, v) == nil
}
