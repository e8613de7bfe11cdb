package scan

import (
	"strings"
	"testing"
)

// What the repository's own tables say of ids narrows what a token bound to the id reaches; a table that also uses the id elsewhere, or
// says nothing, clears nothing.
func TestTables(t *testing.T) {
	const (
		supabase = "-- config/one.txt --\nkey: {{supabase-service}}\n"                                                         // its text names the project qwzkxvbnmtrplkjhgfds
		aws      = "-- config/one.ini --\n[default]\naws_access_key_id = {{aws-id}}\naws_secret_access_key = {{aws-secret}}\n" // of the account 210987654321
		google   = `-- config/key.json --
{
  "type": "service_account",
  "project_id": "acme-7f",
  "private_key": "{{pem-json}}",
  "client_email": "deploy@acme-7f.iam.gserviceaccount.com"
}
`
		database = "-- config/one.txt --\nurl: postgres://app:{{supabase-secret}}@db-4.acme.example:5432/app\n"
		cluster  = `-- home/.kube/config --
apiVersion: v1
kind: Config
clusters:
- name: one
  cluster:
    server: https://1a2b.eks.example
contexts:
- name: CONTEXT
  context: {cluster: one, user: deploy}
users:
- name: deploy
  user:
    token: {{kubernetes-opaque}}
`
	)
	for _, test := range []struct{ name, files, provider, want string }{
		{"no table", supabase, "supabase", "unknown"},
		{"supabase/config.toml", supabase + "-- supabase/config.toml --\n[remotes.staging]\nproject_id = \"qwzkxvbnmtrplkjhgfds\"\n", "supabase", "staging"},
		{"production's", supabase + "-- supabase/config.toml --\n[remotes.production]\nproject_id = \"qwzkxvbnmtrplkjhgfds\"\n", "supabase", "production"},
		{"elsewhere too", supabase + "-- supabase/config.toml --\n[remotes.staging]\nproject_id = \"qwzkxvbnmtrplkjhgfds\"\n[remotes.eu]\nproject_id = \"qwzkxvbnmtrplkjhgfds\"\n", "supabase", "unknown"},
		{"both", supabase + "-- supabase/config.toml --\n[remotes.staging]\nproject_id = \"qwzkxvbnmtrplkjhgfds\"\n[remotes.prod]\nproject_id = \"qwzkxvbnmtrplkjhgfds\"\n", "supabase", "production,staging"},
		{".firebaserc", google + "-- .firebaserc --\n{\"projects\": {\"staging\": \"acme-7f\", \"prod\": \"acme-9a\"}}\n", "gcp", "staging"},
		{"Pulumi", google + "-- Pulumi.staging.yaml --\nconfig:\n  gcp:project: acme-7f\n", "gcp", "staging"},
		{"Pulumi, every stack's", google + "-- Pulumi.staging.yaml --\nconfig:\n  gcp:project: acme-7f\n-- Pulumi.yaml --\nconfig:\n  gcp:project: acme-7f\n", "gcp", "unknown"},
		{"tfvars", aws + "-- envs/staging.tfvars --\naccount_id = \"210987654321\"\n", "aws", "staging"},
		{"a default", aws + "-- envs/staging.tfvars --\naccount_id = \"210987654321\"\n-- main.tf --\nvariable \"account_id\" {\n  default = \"210987654321\"\n}\n", "aws", "unknown"},
		{"a map of workspaces", aws + "-- main.tf --\nlocals {\n  account_ids = { staging = \"210987654321\", production = \"1\" }\n}\n", "aws", "staging"},
		{"appsettings", database + "-- appsettings.Staging.json --\n{\"Db\": {\"Host\": \"db-4.acme.example\"}}\n", "postgres", "staging"},
		{"appsettings, the base", database + "-- appsettings.Staging.json --\n{\"Db\": {\"Host\": \"db-4.acme.example\"}}\n-- appsettings.json --\n{\"Db\": {\"Host\": \"db-4.acme.example\"}}\n", "postgres", "unknown"},
		{"an inventory", database + "-- inventories/production/hosts --\n[db]\ndb-[1:9].acme.example\n", "postgres", "production"},
		{"a context", strings.Replace(cluster, "CONTEXT", "staging", 1), "kubernetes", "staging"},
		{"a context of nothing", strings.Replace(cluster, "CONTEXT", "mine", 1), "kubernetes", "unknown"},
	} {
		result := scanTree(t, test.files)
		got := "no token"
		for _, token := range result.Tokens {
			if token.Provider == test.provider {
				got = strings.Join(token.Reach.Environments, ",")
				if !token.Reach.Known {
					got = "unknown"
				}
			}
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
			for _, token := range result.Tokens {
				t.Logf("%s %s %+v %+v", token.Provider, token.Kind, token.Reach, token.Evidence)
			}
		}
	}
}
