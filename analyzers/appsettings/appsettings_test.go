package appsettings_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/appsettings"
)

func TestRows(t *testing.T) {
	analyzertest.RunRows(t, appsettings.Analyzer, []analyzertest.Row{
		{"api/appsettings.Staging.json", `{
  "ConnectionStrings": {"Default": "Server=tcp:sql-4.database.windows.net,1433;User ID=a"}, // the database
  "Redis": {"Host": "cache-4.acme.example"},
  "Azure": {"SubscriptionId": "0f-1", "Blob": "DefaultEndpointsProtocol=https;AccountName=acme4;AccountKey=x"},
  "Mail": {"Host": "smtp.acme.example"}, "Logging": {"Level": "Debug"}
}`, "2 host sql-4.database.windows.net staging\n3 host cache-4.acme.example staging\n4 account 0f-1 staging\n4 account acme4 staging"},
		{"api/appsettings.Production.json", `{"Db": "postgres://a:b@db-9.acme.example:5432/acme"}`, "1 host db-9.acme.example production"},
		{"api/appsettings.json", `{"ConnectionStrings": {"Default": "Host=db-4.acme.example;Username=a"}}`, "1 host db-4.acme.example unknown"},
		{"api/appsettings.Development.json", `{"ConnectionStrings": {"Default": "Host=localhost;Username=a"}}`, ""},
	})
}

func FuzzRun(f *testing.F) {
	for _, src := range []string{`{"a": {"b": ["Server=c.d;e=f", {"redisHost": "g.h"}]}}`} {
		f.Add([]byte(src))
	}
	f.Fuzz(analyzertest.Fuzz(appsettings.Analyzer, "appsettings.Staging.json"))
}
