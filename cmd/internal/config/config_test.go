package config

import (
	"strings"
	"testing"
	"time"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

const sample = `environments:
  production: {hosts: ["*.prod.acme.internal"], projects: [acme-prod], accounts: ["123456789012"], apps: [acme], branches: [release]}
  staging:    {hosts: ["*.stg.acme.internal"], apps: [acme-staging], paths: ["deploy/stg/**"]}
units:
  "tools/**": staging
accept:
  - {crossing: x_4f0c, reason: "read-only replica, reviewed", until: 2027-03-01}
`

func TestParse(t *testing.T) {
	c, err := Parse([]byte(sample), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Inventory) != 8 || len(c.Units) != 1 || len(c.Accept) != 1 {
		t.Fatalf("%d rows, %d units, %d acceptances", len(c.Inventory), len(c.Units), len(c.Accept))
	}
	day := time.Date(2027, 3, 1, 23, 0, 0, 0, time.UTC)
	if a := c.Accept[0]; !a.Holds(day) || a.Holds(day.Add(2*time.Hour)) {
		t.Error("an acceptance holds until the end of its last day")
	}
	for path, want := range map[string]detectors.Environment{
		"tools/a/b.sh": detectors.Staging, "deploy/stg/x.sh": detectors.Staging, "deploy/x.sh": 0,
	} {
		if env, e := c.Declare(analyzers.Unit{ID: path, At: detectors.Place{Path: path}}); env != want || env != 0 && e.Line == 0 {
			t.Errorf("%s: %v, %+v", path, env, e)
		}
	}
}

func TestErrors(t *testing.T) {
	long := strings.Repeat("a", 40) // as a secret is
	for text, want := range map[string]string{
		"environment: {}":                                       ":1: unknown key",
		"environments:\n  prod: {}":                             ":2: unknown key \"prod\"",
		"environments: {staging: {hosts: x}}":                   "a list belongs here",
		"environments: {staging: {paths: [\"[\"]}}":             "no valid pattern",
		"units: {a: stage}":                                     "no environment",
		"accept: [{crossing: x_1}]":                             "needs a reason",
		"accept: [{crossing: tok, reason: r}]":                  "id of a crossing",
		"accept: [{crossing: x_1, reason: r, until: tomorrow}]": "is a date",
		"units: {a: staging}\naccept:\nunits: {b: staging}":     ":3: \"units\" stands on line 1 already",
		"accept:\n- {crossing: x_1, crossing: x_2, reason: r}":  ":2: \"crossing\" stands on line 2 already",
		"units: {a: staging}\n---\nunits: {b: staging}":         ":3: only one document",
		"units: {a: " + long + "}":                              ":1: what stands there is no environment",
		long + ": {}":                                           ":1: unknown key what stands there",
		"units: {\"[" + long + "\": staging}":                   ":1: what stands there is no valid pattern",
		"a: [":                                                  "yaml",
		"- one":                                                 "a mapping belongs here",
	} {
		if _, err := Parse([]byte(text), ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	for _, text := range []string{
		"", "# nothing yet", "environments:\nunits:\naccept:\n", "environments:\n  production: &both {apps: [acme]}\n  staging: *both\n",
	} {
		if _, err := Parse([]byte(text), ""); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Fuzz(func(_ *testing.T, data []byte) { Parse(data, "") })
}
