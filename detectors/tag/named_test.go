package tag

import (
	"strings"
	"testing"
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
		"OPENAI_WEBHOOK_KEY":                        "",
		"OPENAI_BASE":                               "",
		"OPENAI":                                    "",
		"ACME_KEY":                                  "",
		"SUPABASE_KEY":                              "", // it may be the one that is made to be published
		"GCP_CREDENTIALS":                           "gcp service-account-key",
		"ANALYTICS_DATABASE_URL":                    "", // a documented name of two words is many a thing's end
		"UNOPENAI_KEY":                              "",
	} {
		provider, kinds := k.speaksOf(name)
		if got := strings.TrimSpace(provider + " " + strings.Join(kinds, ",")); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
