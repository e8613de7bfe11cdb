package tag

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// A reference's name says whose it is without a document, unless a word makes something else of it.
func TestSpeaksOf(t *testing.T) {
	k := known()
	for name, want := range map[string]string{
		"OPENAI_KEY":        "openai project-key", // and no admin key
		"OPENAI_TOKEN":      "openai project-key",
		"PROD_OPENAI_KEY":   "openai project-key",
		"MY_OPENAI_API_KEY": "openai project-key",
		"AZURE_STORAGE_CONNECTION_STRING_SANITISED": "azure storage-account-key",
		"BACKEND_SLACK_BOT_TOKEN":                   "slack bot-token",
		"GITHUB_WEBHOOK_SECRET":                     "",
		"SLACK_FAILURES_WEBHOOK":                    "slack webhook",
		"STRIPE_WEBHOOK":                            "",
		"OPENAI_WEBHOOK_KEY":                        "",
		"OPENAI_BASE":                               "",
		"OPENAI":                                    "",
		"ACME_KEY":                                  "",
		"SUPABASE_KEY":                              "", // it may be the one that is made to be published
		"LANGFUSE_BEDROCK_SECRET_ACCESS_KEY":        "",
		"HEROKU_DNS_AWS_SECRET_ACCESS_KEY":          "aws access-key",
		"R2_SECRET_ACCESS_KEY":                      "",
		"LANGFUSE_SECRET_KEY_PROD":                  "langfuse secret-key",
		"GCP_CREDENTIALS":                           "gcp service-account-key",
		"ANALYTICS_DATABASE_URL":                    "", // a documented name of two words is many a thing's end
		"UNOPENAI_KEY":                              "",
		"AUTO_TRIGGER_GH_PAT":                       "github classic-token",
		"ACME_GH_WEBHOOK_SECRET":                    "",
	} {
		provider, kinds := k.speaksOf(name)
		if got := strings.TrimSpace(provider + " " + strings.Join(kinds, ",")); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// What stands in a store was not made for an hour: a variable that a job's own token has says nothing of the kind.
func TestFleeting(t *testing.T) {
	k := known()
	for name, want := range map[string]string{"ADD_TO_PROJECT_PAT": "classic-token", "GITHUB_TOKEN": "classic-token"} {
		got := k.Decide(Subject{
			Reference: &detectors.Reference{Store: "circleci", Name: name}, Names: []detectors.Naming{{Name: "GITHUB_TOKEN"}, {Name: name}},
		}, nil)
		if got.Kind != want {
			t.Errorf("%s: %s, want %s", name, got.Kind, want)
		}
	}
}

// Parameters and secrets of clouds have paths for names: the last part is the variable, or the field of the item before it.
func TestPaths(t *testing.T) {
	k := known()
	for name, want := range map[string]string{
		"/acme/prod/DATABASE_URL": "postgres login", "/acme/prod/stripe/secret_key": "stripe secret-key", "prod/openai-api-key": "openai project-key",
		"/stripe/prod/cookie_secret": " ", "prod/db/master": " ",
	} {
		got := k.Decide(Subject{Reference: &detectors.Reference{Store: "aws-ssm", Name: name}}, nil)
		if kind := got.Provider + " " + got.Kind; kind != want {
			t.Errorf("%s: %s, want %s", name, kind, want)
		}
	}
}
