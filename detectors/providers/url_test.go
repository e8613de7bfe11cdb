package providers

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// A strong password for tests: no scanner's rule knows it, and no list of words makes it up.
const strong = "kV9" + "wq4Zt" + "T7mPz2"

func TestConnection(t *testing.T) {
	tests := []struct {
		text   string
		match  string // what the rules take from the text; "=" is all of it
		hosts  string
		reject string
	}{
		{text: "postgres://app:" + strong + "@db.prod.acme.example:5432/app", match: "=", hosts: "db.prod.acme.example"},
		{text: "postgresql+psycopg2://app:" + strong + "@DB.acme.example/app?sslmode=require", match: "postgresql+psycopg2://app:" + strong + "@DB.acme.example/app", hosts: "db.acme.example"},
		{text: "postgres://app:a@b" + strong + "@h1.acme.example:1,h2.acme.example:2/app", match: "=", hosts: "h1.acme.example h2.acme.example"},
		{text: "postgres://app:" + strong + "@[2001:db8::1]:5432/app", match: "=", hosts: "2001:db8::1"},
		{text: "postgres://app:" + strong + "@${DB_HOST}:5432/app", match: "=", hosts: ""},
		{text: "postgres://app:" + strong + "@db-${ENV}.acme.example:${PORT}/app", match: "=", hosts: ""},
		{text: "see postgres://app:" + strong + "@db.acme.example.", match: "postgres://app:" + strong + "@db.acme.example", hosts: "db.acme.example"},
		{text: "jdbc:postgresql://db.acme.example:5432/app?ssl=true&user=app&password=" + strong, match: "postgresql://db.acme.example:5432/app?ssl=true&user=app&password=" + strong, hosts: "db.acme.example"},
		{text: "host=db.acme.example port=5432 user=app password=" + strong + " dbname=app sslmode=require", match: "=", hosts: "db.acme.example"},
		{text: "user=app password='" + strong + "' host=db.acme.example", match: "=", hosts: "db.acme.example"},
		{text: "postgres://postgres.abcdefghijklmnopqrst:" + strong + "@aws-0-eu-west-1.pooler.supabase.com:6543/postgres", match: "=", hosts: "aws-0-eu-west-1.pooler.supabase.com"},
		{text: "postgres://app:" + strong + "@db:5432/app", match: "=", hosts: "db"},
		{text: "postgres://app:app1" + "@db.acme.io/app", match: "=", hosts: "db.acme.io"},

		{text: "postgres://db.acme.example:5432/app?mail=a@b.example"},
		{text: "postgres://app@db.acme.example/app"},

		{text: "postgres://postgres:postgres@localhost:5432/app", match: "=", reject: "own machine"},
		{text: "postgres://app:" + strong + "@127.0.0.1:5432/app", match: "=", reject: "own machine"},
		{text: "postgres://app:" + strong + "@[::1]/app", match: "=", reject: "own machine"},
		{text: "postgres://app:" + strong + "@host.docker.internal/app", match: "=", reject: "own machine"},
		{text: "postgres://postgres:postgres@db:5432/app", match: "=", reject: "local default"},
		{text: "postgres://acme:acme_dev1@postgres:5432/app", match: "=", reject: "local default"},
		{text: "postgres://app:app1@db.acme.test/app", match: "=", reject: "local default"},
		{text: "postgres://app:localdev@local-pg.infra.svc.cluster.local:5432/app", match: "=", reject: "local default"},
		{text: "postgres://app:local" + "dev@pg.infra.svc.cluster.local:5432/app", match: "=", hosts: "pg.infra.svc.cluster.local"},
		{text: "postgres://celery:celery1@172.17.0.2:5432/app", match: "=", reject: "local default"},
		{text: "postgres://app:${DB_PASSWORD}@db.acme.example/app", match: "=", reject: "template"},
		{text: "postgres://app:$DB_PASSWORD@db.acme.example/app", match: "=", reject: "template"},
		{text: "postgres://%s:%s@%s:%d/%s", match: "postgres://%s:%s@%s", reject: "template"},
		{text: "postgres://app:{password}@db.acme.example/app", match: "=", reject: "template"},
		{text: "postgres://app:[YOUR-PASSWORD]@db.acme.example/app", match: "=", reject: "template"},
		{text: "postgres://user:password@db.acme.example/app", match: "=", reject: "placeholder"},
		{text: "postgres://user:my_secret_password@db.acme.example/app", match: "=", reject: "placeholder"},
		{text: "postgres://user:" + strong + "@hostname:5432/app", match: "=", reject: "placeholder"},
		{text: "host=db.acme.example user=app password=$PGPASSWORD", match: "=", reject: "template"},
	}
	for _, test := range tests {
		p := postgres()
		var got string
		for _, rule := range p.Rules {
			if m := regexp.MustCompile(rule.Pattern).FindStringSubmatch(test.text); m != nil {
				got = m[1]
				break
			}
		}
		want := test.match
		if want == "=" {
			want = test.text
		}
		if got != want {
			t.Errorf("%s: the rules take %q, want %q", test.text, got, want)
			continue
		}
		if got == "" {
			continue
		}
		d := p.Decode(got)
		if hosts := strings.Join(d.Hosts, " "); hosts != test.hosts {
			t.Errorf("%s: for hosts %q, want %q", test.text, hosts, test.hosts)
		}
		if !strings.Contains(d.Reject, test.reject) || (d.Reject == "") != (test.reject == "") {
			t.Errorf("%s: rejected with %q, want %q", test.text, d.Reject, test.reject)
		}
	}
}

func TestConnectionIDs(t *testing.T) {
	for text, want := range map[string]string{
		"postgres://postgres.abcdefghijklmnopqrst:" + strong + "@aws-0-eu-west-1.pooler.supabase.com/postgres": "abcdefghijklmnopqrst",
		"postgres://postgres:" + strong + "@db.abcdefghijklmnopqrst.supabase.co/postgres":                      "abcdefghijklmnopqrst",
		"host=/cloudsql/acme-prod:europe-west1:main user=app password=" + strong:                               "acme-prod",
	} {
		ids := postgres().Decode(text).IDs
		if !slices.ContainsFunc(ids, func(id detectors.ID) bool { return id.What == "project" && id.Value == want }) {
			t.Errorf("%s: ids %v, want project %s", text, ids, want)
		}
	}
}

func FuzzConnection(f *testing.F) {
	f.Add("postgres://app:secret@h1:1,h2/app?password=x;pwd=y")
	f.Add("Server=tcp:db.acme.example,1433;Password='x;y'")
	f.Add("host=/cloudsql/a:b:c password=%")
	f.Fuzz(func(t *testing.T, text string) { postgres().Decode(text) })
}
