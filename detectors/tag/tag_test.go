package tag

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/providers"
)

func known() *Knowledge { return NewKnowledge(providers.All()) }

// place returns the place of the first occurrence of value.
func place(t *testing.T, path, text, value string) detectors.Place {
	t.Helper()
	i := strings.Index(text, value)
	if i < 0 {
		t.Fatalf("%s: the value is not in the text", path)
	}
	line := strings.Count(text[:i], "\n") + 1
	return detectors.Place{Path: path, Line: line, Column: i - strings.LastIndexByte(text[:i], '\n'), EndLine: line, Span: detectors.Span{Start: i, End: i + len(value)}}
}

// observe mints the text's tokens and observes the first as a match of the rule.
func observe(t *testing.T, k *Knowledge, rule, path, text string) (Observation, detectors.Secret) {
	t.Helper()
	expanded, minted := detectortest.Expand(text)
	value := minted[0].Value
	at := place(t, path, expanded, value)
	o := k.File(path, []byte(expanded), 0).Observe(ruleNamed(k, rule), []byte(value), at)
	if why := k.File(path, []byte(expanded), 0).Ignores(ruleNamed(k, rule), []byte(value), at.Span); why != o.Ignore {
		t.Errorf("%s: ignored for %q, observed as ignored for %q", path, why, o.Ignore)
	}
	return o, detectors.NewSecret(value)
}

func ruleNamed(k *Knowledge, id string) detectors.Rule {
	for _, p := range k.providers {
		for _, r := range p.Rules {
			if r.ID == id {
				return r
			}
		}
	}
	return detectors.Rule{ID: id, Generic: true}
}

// The case that the project was founded on: a UUID is sent as a Bearer token, and its host stands on another line of the command.
const foundingScript = `#!/usr/bin/env bash
# Adds a custom domain.
set -euo pipefail
curl -sS https://backboard.railway.com/graphql/v2 \
  -H "Authorization: Bearer {{railway}}" \
  -H "Content-Type: application/json" \
  -d '{"query":"mutation { customDomainCreate(input: {}) { id } }"}'
`

func TestFoundingCase(t *testing.T) {
	k := known()
	for _, rule := range []string{"railway-bearer-token", "generic-api-key"} {
		o, secret := observe(t, k, rule, "tools/domains/add-domain.sh", foundingScript)
		if o.Header != "Authorization" || o.Scheme != "Bearer" || !slices.Equal(o.Hosts, []string{"backboard.railway.com"}) || o.Ignore != "" || o.Variable != "" {
			t.Errorf("%s: observed %+v", rule, o)
		}
		token := k.Decide(Subject{Secret: secret, Observations: []Observation{o}}, nil)
		if token.Provider != "railway" || token.Kind != "account-or-workspace-token" {
			t.Errorf("%s: a %s %s, want a railway account-or-workspace-token", rule, token.Provider, token.Kind)
		}
		if r := token.Reach; !r.Known || r.Environments != detectors.Unscoped {
			t.Errorf("%s: reach %+v, want every environment", rule, r)
		}
		if token.AtMost != detectors.Full || token.Intent != 0 {
			t.Errorf("%s: at most %v, intent %v", rule, token.AtMost, token.Intent)
		}
		if len(token.Operations) == 0 || token.Operations[0].Does&detectors.Destroy == 0 {
			t.Errorf("%s: no operation that destroys comes first", rule)
		}
	}
}

func TestObservationHoldsNoSecret(t *testing.T) {
	o, secret := observe(t, known(), "railway-bearer-token", "x.sh", foundingScript)
	var b bytes.Buffer
	encode(t, &b, o)
	if strings.Contains(b.String(), secret.Reveal()) {
		t.Error("the observation holds the secret")
	}
}

func TestObservationEncodes(t *testing.T) {
	o, _ := observe(t, known(), "stripe-secret-key", "envs/staging/.env", "STAGING_STRIPE_SECRET_KEY={{stripe-live}} # gitleaks:allow\n")
	var b bytes.Buffer
	encode(t, &b, o)
	var back Observation
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || !reflect.DeepEqual(o, back) {
		t.Errorf("%v\n%+v\n%+v", err, o, back)
	}
}

func BenchmarkObserve(b *testing.B) {
	k := known()
	text := []byte(strings.Repeat("x = 1\n", 1000) + strings.Replace(foundingScript, "{{railway}}", marker, 1) + strings.Repeat("y = 2\n", 1000))
	i := bytes.Index(text, []byte(marker))
	at := detectors.Place{Path: "a.sh", Span: detectors.Span{Start: i, End: i + len(marker)}}
	rule := ruleNamed(k, "railway-bearer-token")
	b.ReportAllocs()
	for b.Loop() {
		k.File("a.sh", text, 0).Observe(rule, []byte(marker), at)
	}
}

func encode(t *testing.T, b *bytes.Buffer, v any) {
	t.Helper()
	if err := json.NewEncoder(b).Encode(v); err != nil {
		t.Fatal(err)
	}
}
