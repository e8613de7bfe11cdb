package providers

import (
	"context"
	"slices"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/match"
)

// Several providers use one prefix; the line says whose key it is.
func TestSharedPrefixes(t *testing.T) {
	var rules []detectors.Rule
	for _, p := range All() {
		rules = append(rules, p.Rules...)
	}
	engine, err := match.New(rules, match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"STRIPE_SECRET_KEY={{stripe-live}}":                              {"stripe-secret-key"},
		"CLERK_SECRET_KEY={{clerk-live}}":                                {"clerk-secret-key"},
		"NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY={{clerk-publishable}}":        {"clerk-publishable-key"},
		"PAYSTACK_SECRET={{stripe-live}}":                                nil,
		"WORKOS_API_KEY={{workos-live}}":                                 {"workos-key"},
		"key = '{{workos-test}}'":                                        {"workos-key"},
		"STRIPE_WEBHOOK_SECRET={{stripe-webhook}}":                       {"stripe-webhook-secret"},
		"SVIX_SECRET={{stripe-webhook}}":                                 nil,
		"secrets = 'v1,{{stripe-webhook}}'":                              nil,
		"Server=db.acme.example;Port=3306;Uid=acme;Pwd={{password}}":     {"mysql-pairs"},
		"Server=db.acme.example;Database=acme;Uid=acme;Pwd={{password}}": {"sqlserver-pairs"},
		"MOYASAR_SECRET_KEY={{moyasar}}":                                 {"moyasar-secret-key"},
		"PAGARME_SECRET_KEY={{pagarme-test}}":                            {"pagarme-secret-key"},
		"CHECKOUT_SECRET_KEY={{checkout}}":                               {"checkout-secret-key"},
		"COURIER_AUTH_TOKEN={{courier-test}}":                            {"courier-key"},
		"token = '{{segment}}'":                                          {"segment-token"},
		"token = '{{sourcegraph}}'":                                      {"sourcegraph-key"},
		"token = '{{clickup}}'":                                          {"clickup-token"},
		"api_key = '{{elevenlabs}}'":                                     {"elevenlabs-key"},
		"KLAVIYO_API_KEY={{klaviyo}}":                                    {"klaviyo-key"},
		"GOCARDLESS_ACCESS_TOKEN={{gocardless}}":                         {"gocardless-token"},
		"EASYSHIP_TOKEN={{easyship}}":                                    {"easyship-token"},
		"token: {{jwt}}":                                                 {"jwt-signed-token"},
		"token: {{supabase-service}}":                                    {"supabase-jwt"},
		"token: {{auth0}}":                                               {"auth0-management-token"},
		"token: {{kubernetes-production}}":                               {"kubernetes-service-account-token"},
		"CLICKHOUSE_URL={{clickhouse}}":                                  {"clickhouse-url"},
		"url: {{oracledb-thin}}":                                         {"oracledb-thin"},
		"//npm.pkg.github.com/:_authToken={{npm}}":                       {"npm-access-token"},
	} {
		text, _ := detectortest.Expand(text)
		var got []string
		err := engine.Scanner().Scan(context.Background(), match.Input{Path: ".npmrc", Data: []byte(text), Final: true}, func(c match.Candidate) bool {
			got = append(got, rules[c.Rule].ID)
			return true
		})
		if slices.Sort(got); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: found %q, want %q (%v)", text, got, want, err)
		}
	}
}
