package graph

import (
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// One secret has one form, however its store lets it be written.
func TestCanonical(t *testing.T) {
	for _, test := range []struct{ store, scope, name, wantScope, wantName string }{
		{"aws-secretsmanager", "", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf", "123456789012", "prod/db"},
		{"aws-secretsmanager", "", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf:password::", "123456789012", "prod/db"},
		{"aws-secretsmanager", "", "arn:aws:secretsmanager:eu-west-1:*:secret:prod/db", "", "prod/db"},
		{"aws-secretsmanager", "", "prod/db-master", "", "prod/db-master"},
		{"aws-ssm", "", "arn:aws:ssm:eu-west-1:123456789012:parameter/prod/db", "123456789012", "/prod/db"},
		{"aws-ssm", "", "/prod/db", "", "/prod/db"},
		{"aws-ssm", "", "arn:aws:ssm", "", "arn:aws:ssm"},
		{"gcp-secretmanager", "", "projects/acme-prod/secrets/DB/versions/latest", "acme-prod", "DB"},
		{"gcp-secretmanager", "acme", "DB", "acme", "DB"},
		{"gcp-secretmanager", "", "projects//secrets/", "", "projects//secrets/"},
		{"1password", "", "op://Production/db/password", "Production/db", "password"},
		{"1password", "Production", "db", "Production", "db"},
		{"vault", "", "arn:aws:ssm:eu-west-1:1:parameter/x", "", "arn:aws:ssm:eu-west-1:1:parameter/x"},
	} {
		got := canonical(detectors.Reference{Store: test.store, Scope: test.scope, Name: test.name})
		if got.Scope != test.wantScope || got.Name != test.wantName {
			t.Errorf("%s %s: %+v", test.store, test.name, got)
		}
	}
}
