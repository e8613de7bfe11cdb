package pulumi_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/pulumi"
)

func TestRows(t *testing.T) {
	analyzertest.RunRows(t, pulumi.Analyzer, []analyzertest.Row{
		{"infra/Pulumi.staging.yaml", "config:\n  gcp:project: acme-7\n  aws:allowedAccountIds: [\"111122223333\"]\n  app:dbHost: db-4.acme.example\n  app:zone: eu\n",
			"2 project acme-7 staging\n3 account 111122223333 staging\n4 host db-4.acme.example staging"},
		{"infra/Pulumi.acme-prod.yaml", "config:\n  azure-native:subscriptionId: 0f-1\n  acme:token: {secure: AAAA}\n", "2 account 0f-1 production"},
		{"infra/Pulumi.eu.yaml", "config:\n  gcp:project: acme-7\n", "2 project acme-7 unknown"},
		{"infra/Pulumi.yaml", "config:\n  gcp:project: {value: acme-7}\n", ""},
		{"infra/Pulumi.staging.yaml", "config: [\n", ""},
	})
}

func FuzzRun(f *testing.F) {
	for _, src := range []string{"config: {a:project: [b, {c: d}]}"} {
		f.Add([]byte(src))
	}
	f.Fuzz(analyzertest.Fuzz(pulumi.Analyzer, "Pulumi.staging.yaml"))
}
