package graph

import (
	"context"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// One secret has one form, however its store lets it be written.
func TestCanonical(t *testing.T) {
	for _, test := range []struct{ store, scope, name, wantScope, wantName string }{
		{"aws-secretsmanager", "", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf", "123456789012", "prod/db"},
		{"aws-secretsmanager", "", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf:password::", "123456789012", "prod/db"},
		{"aws-secretsmanager", "", "arn:aws:secretsmanager:eu-west-1:*:secret:prod/db", "", "prod/db"},
		{"aws-secretsmanager", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf", "password", "123456789012/prod/db", "password"},
		{"aws-secretsmanager", "", "prod/db-master", "", "prod/db-master"},
		{"aws-secretsmanager", "acme-staging", "prod/db", "acme-staging", "prod/db"},
		{"aws-secretsmanager", "acme-staging", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf", "123456789012", "prod/db"},
		{"aws-ssm", "", "arn:aws:ssm:eu-west-1:123456789012:parameter/prod/db", "123456789012", "/prod/db"},
		{"aws-ssm", "", "/prod/db", "", "/prod/db"},
		{"aws-ssm", "arn:aws:iam::123456789012:role/ci", "/prod/db", "123456789012", "/prod/db"},
		{"aws-ssm", "arn:aws:iam::*:role/ci", "/prod/db", "*", "/prod/db"},
		{"aws-ssm", "arn:aws:iam::*:role/ci", "arn:aws:ssm:eu-west-1:123456789012:parameter/prod/db", "123456789012", "/prod/db"},
		{"aws-ssm", "", "arn:aws:ssm", "", "arn:aws:ssm"},
		{"gcp-secretmanager", "", "projects/acme-prod/secrets/DB/versions/latest", "acme-prod", "DB"},
		{"gcp-secretmanager", "acme", "DB", "acme", "DB"},
		{"gcp-secretmanager", "", "projects//secrets/", "", "projects//secrets/"},
		{"azure-keyvault", "", "https://acme-prod.vault.azure.net/secrets/DB/0123", "acme-prod", "DB"},
		{"azure-keyvault", "https://acme-prod.vault.azure.net", "DB", "acme-prod", "DB"},
		{"azure-keyvault", "acme-prod", "DB", "acme-prod", "DB"},
		{"1password", "", "op://Production/db/password", "Production/db", "password"},
		{"1password", "Production", "db", "Production", "db"},
		{"vault", "", "secret/data/prod/db", "", "secret/prod/db"},
		{"vault", "secret/data/prod/db", "password", "secret/prod/db", "password"},
		{"vault", "", "/database/creds/prod", "", "database/creds/prod"},
		{"vault", "", "arn:aws:ssm:eu-west-1:1:parameter/x", "", "arn:aws:ssm:eu-west-1:1:parameter/x"},
	} {
		got := canonical(detectors.Reference{Store: test.store, Scope: test.scope, Name: test.name})
		if got.Store != test.store || got.Scope != test.wantScope || got.Name != test.wantName {
			t.Errorf("%s %s: %+v", test.store, test.name, got)
		}
	}
}

// An address says in which of Amazon's stores a secret is, whatever who hands it on takes it for.
func TestCanonicalStore(t *testing.T) {
	for _, r := range []detectors.Reference{
		{Store: detectors.ParameterStore, Name: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"},
		{Store: detectors.SecretsManager, Name: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db"},
	} {
		if got, want := canonical(r), (detectors.Reference{Store: detectors.SecretsManager, Scope: "123456789012", Name: "prod/db"}); got != want {
			t.Errorf("%+v: %+v", r, got)
		}
	}
}

// A secret of AWS that is known by its name is the one that an address has under it, if that is in one account.
func TestInAccount(t *testing.T) {
	for _, test := range []struct {
		names []string
		want  int // secrets
	}{
		{[]string{"prod/db", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"}, 1},
		{[]string{"prod/db", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/cache-AbCdEf"}, 2},
		{[]string{"prod/db", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db", "arn:aws:secretsmanager:eu-west-1:210987654321:secret:prod/db"}, 3},
	} {
		var uses []analyzers.Step
		for _, name := range test.names {
			hole := &analyzers.Hole{Space: "aws", Name: name, Store: detectors.SecretsManager}
			uses = append(uses, analyzers.Step{Op: analyzers.OpUse, Value: analyzers.Value{Parts: []analyzers.Part{{Hole: hole}}}, Sink: &detectors.Sink{Tool: "curl"}})
		}
		index := NewIndex()
		index.AddFile("a.sh", true)
		index.AddFacts(&analyzers.Facts{
			Path: "a.sh", Programs: []analyzers.Program{{Steps: uses}}, Units: []analyzers.Unit{{ID: "a.sh", Runs: analyzers.PathTo("a.sh", "", detectors.Place{})}},
		})
		g, err := Link(context.Background(), Input{Index: index, Reference: func(r detectors.Reference) string { return r.Scope + "/" + r.Name }})
		if err != nil || len(g.References) != test.want {
			t.Errorf("%q: %v, %v", test.names, g.References, err)
		}
	}
}

// Of a scope of which a part is computed each environment may have its own.
func TestComputedScope(t *testing.T) {
	for scope, want := range map[string]bool{"acme-api": false, "acme-*-api": true} {
		hole := &analyzers.Hole{Space: "heroku", Name: "DATABASE_URL", Store: "heroku", Scope: scope}
		use := analyzers.Step{Op: analyzers.OpUse, Value: analyzers.Value{Parts: []analyzers.Part{{Hole: hole}}}, Sink: &detectors.Sink{Tool: "pg_dump"}}
		index := NewIndex()
		index.AddFile("copy.sh", true)
		index.AddFacts(&analyzers.Facts{
			Path: "copy.sh", Programs: []analyzers.Program{{Steps: []analyzers.Step{use}}},
			Units: []analyzers.Unit{{
				ID: "copy.sh", Runs: analyzers.PathTo("copy.sh", "", detectors.Place{}),
				Signs: []analyzers.Sign{{Class: analyzers.Selector, Environments: detectors.Production | detectors.Staging, Says: "so"}},
			}},
		})
		g, err := Link(context.Background(), Input{Index: index, Reference: func(r detectors.Reference) string { return r.Name }})
		if err != nil {
			t.Fatal(err)
		}
		if paths := g.Paths("copy.sh", detectors.Staging, analyzers.Ambient); len(paths) != 1 || paths[0].Scoped != want {
			t.Errorf("%s: %+v", scope, paths)
		}
	}
}
