package main

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors/detectortest"
)

// TestCause: each cause is told from the others, and a secret that nothing explains is not explained away.
func TestCause(t *testing.T) {
	e, err := newExaminer()
	if err != nil {
		t.Fatal(err)
	}
	stripe, password := detectortest.Mint("stripe-live"), detectortest.Mint("password")
	login := base64.StdEncoding.EncodeToString([]byte("robot:" + password))
	e.ours[stripe], e.ours[login] = true, true
	text := "api_key = '1234567890abcdef1234" + "q7zXw'\nSTRIPE_SECRET_KEY=" + stripe + "\ncurl -H \"Authorization: Basic " + login + "\"\nnothing " + password + "\nEAAA" + strings.Repeat("b1C", 11) + "\n"
	for secret, want := range map[string]string{
		"1234567890abcdef1234" + "q7zXw":   "no token: a published example",
		stripe[:len(stripe)-4]:             "reported: a longer or shorter secret of the same bytes",
		password:                           "reported: a longer or shorter secret of the same bytes",
		"nothing ":                         unexplained,
		"EAAA" + strings.Repeat("b1C", 11): "no token: not of the form that the provider's rule asks for",
	} {
		f := finding{RuleID: "generic-api-key", Secret: secret, File: "a.sh", StartLine: 1}
		if strings.HasPrefix(secret, "EAAA") {
			f.RuleID = "square-access-token"
		}
		if got, err := e.cause(t.Context(), f, []byte(text)); err != nil || got != want {
			t.Errorf("%.4s: %q, want %q, %v", secret, got, want, err)
		}
	}
	e.parts[partAt("a.sh", []byte(text), strings.Index(text, stripe))] = true
	delete(e.ours, stripe)
	f := finding{RuleID: "stripe-access-token", Secret: stripe, File: "a.sh"}
	if got, _ := e.cause(t.Context(), f, []byte(text)); got != "reported: as a part of a credential, beside its secret" {
		t.Error(got)
	}
	clear(e.parts)
	if got, _ := e.cause(t.Context(), f, []byte(text)); got != unexplained {
		t.Error(got)
	}
}
