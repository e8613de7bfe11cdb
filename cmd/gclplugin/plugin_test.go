package gclplugin

import (
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
)

// TestRegistered: golangci-lint finds the plugin by the name that users write, and can run what it builds.
func TestRegistered(t *testing.T) {
	build, err := register.GetPlugin("stagewall")
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(nil)
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.BuildAnalyzers()
	if err != nil || len(list) == 0 {
		t.Fatal("no analyzers", err)
	}
	if err := analysis.Validate(list); err != nil {
		t.Error(err)
	}
}

func TestSettings(t *testing.T) {
	type object = map[string]any
	for _, test := range []struct {
		settings any
		ok       bool
	}{
		{nil, true},
		{object{}, true},
		{object{"staging": []string{"cmd/nightly"}, "production": []string{"cmd/**"}, "severity": "high"}, true},
		{object{"accept": []object{{"id": "tok_0123456789abcdef", "reason": "reviewed"}}}, true},
		{object{"accept": []object{{"id": "tok_0123456789abcdef"}}}, false},
		{object{"accept": []object{{"id": "domains", "reason": "reviewed"}}}, false},
		{object{"accept": []string{"tok_0123456789abcdef"}}, false},
		{object{"severity": "enormous"}, false},
		{object{"staging": []string{"cmd/["}}, false},
		{object{"stagging": []string{}}, false},
		{"high", false},
	} {
		if _, err := New(test.settings); (err == nil) != test.ok {
			t.Errorf("%v: %v", test.settings, err)
		}
	}
}

// TestEmbedded: the settings get a digest, and can be read again.
func TestEmbedded(t *testing.T) {
	settings := map[string]any{"severity": "high"}
	for range 2 {
		if _, err := New(settings); err != nil {
			t.Fatal(err)
		}
		if digest, _ := settings["embedded"].(string); len(digest) != 32 {
			t.Errorf("%v", settings)
		}
	}
}
