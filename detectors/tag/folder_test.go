package tag

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/providers"
)

// A file, or a section of one, in which a program looks for the token of each environment binds what stands there and nowhere else. What other
// sections can take over does not stand in one alone.
func TestFileBinds(t *testing.T) {
	k := NewKnowledge(providers.All())
	const base = "secret_key_base: @\n"
	observe := func(path, text string) Observation {
		value := detectortest.Mint("hex128")
		data := strings.Replace(text, "@", value, 1)
		at := strings.Index(data, value)
		rule := detectors.Rule{ID: "rails-secret-key-base", Provider: "rails", Kinds: []string{"secret-key-base"}}
		return k.File(path, []byte(data), 0).Observe(rule, []byte(value), detectors.Place{Path: path, Line: 1, Span: detectors.Span{Start: at, End: at + len(value)}})
	}
	section := observe("config/secrets.yml", "development:\n  "+base)
	for _, c := range []struct {
		name   string
		places []Observation
		want   detectors.Environment
	}{
		{"a section", []Observation{section}, detectors.Development},
		{"production's section too", []Observation{section, observe("config/secrets.yml", "production:\n  "+base)}, detectors.Development | detectors.Production},
		{"a section that others take over", []Observation{observe("config/secrets.yml", "test: &all\n  "+base)}, 0},
		{"a section that others take over a part of", []Observation{observe("config/secrets.yml", "test:\n  keys: &all\n    "+base)}, 0},
		{"a section on one line", []Observation{observe("config/secrets.yml", "test:\n  a: b\nproduction: {secret_key_base: @}\n")}, detectors.Production},
		{"a section of any other file", []Observation{observe("config/keys.yml", "test:\n  "+base)}, 0},
		{"a file", []Observation{observe("config/test.exs", "  "+base)}, detectors.Test},
		{"the file of all", []Observation{observe("config/config.exs", "  "+base)}, 0},
		{"another place too", []Observation{section, observe("app.env", base)}, 0},
	} {
		got := k.Decide(Subject{Secret: detectors.NewSecret(detectortest.Mint("hex128")), Observations: c.places}, nil)
		if got.Reach.Environments != c.want || got.Reach.Known != (c.want != 0) {
			t.Errorf("%s: %+v", c.name, got.Reach)
		}
	}
}

// What chooses a service's host binds the credential that the service documents, and of one for another mode says production alone.
func TestModeBinds(t *testing.T) {
	k := NewKnowledge(providers.All())
	for _, c := range []struct {
		name, text string
		want       detectors.Environment
	}{
		{"the sandbox", "PAYPAL_MODE=sandbox\nPAYPAL_CLIENT_SECRET=@\n", detectors.Test},
		{"the real thing", "PAYPAL_MODE=live\nPAYPAL_CLIENT_SECRET=@\n", detectors.Production},
		{"no mode", "PAYPAL_CLIENT_SECRET=@\n", 0},
		{"a default", "PAYPAL_MODE=${PAYPAL_MODE:-sandbox}\nPAYPAL_CLIENT_SECRET=@\n", 0},
		{"a secret for another mode", "PAYPAL_MODE=sandbox\nPAYPAL_LIVE_CLIENT_SECRET=@\n", 0},
		{"a secret for another mode, which is the real thing", "PAYPAL_MODE=live\nPAYPAL_SANDBOX_CLIENT_SECRET=@\n", detectors.Production},
	} {
		value := detectortest.Mint("paypal")
		data := strings.Replace(c.text, "@", value, 1)
		at := strings.Index(data, value)
		rule := detectors.Rule{ID: "paypal-client-secret", Provider: "paypal", Kinds: []string{"client-secret"}}
		o := k.File("app.env", []byte(data), 0).Observe(rule, []byte(value), detectors.Place{Path: "app.env", Line: 1, Span: detectors.Span{Start: at, End: at + len(value)}})
		got := k.Decide(Subject{Secret: detectors.NewSecret(value), Observations: []Observation{o}}, nil)
		if got.Reach.Known != (c.want != 0) || c.want != 0 && got.Reach.Environments != c.want {
			t.Errorf("%s: %+v", c.name, got.Reach)
		}
	}
}

// A variable that is put into a header close by is sent in it, in languages whose values nobody follows too; what code calls a token is no name that a
// program reads.
func TestSentAs(t *testing.T) {
	k := NewKnowledge(providers.All())
	for _, c := range []struct{ path, text, kind string }{
		{"a.rb", "railway_token = \"@\"\nreq[\"Authorization\"] = \"Bearer #{railway_token}\"\n", "account-or-workspace-token"},
		{"a.php", "const RAILWAY_TOKEN = '@';\n$h = ['Authorization' => 'Bearer ' . RAILWAY_TOKEN];\n", "account-or-workspace-token"},
		{"a.php", "$this->RAILWAY_TOKEN = '@';\nHttp::withToken($this->RAILWAY_TOKEN)->post($url);\n", "account-or-workspace-token"},
		{"a.rs", "const RAILWAY_TOKEN: &str = \"@\";\nclient.post(URL).bearer_auth(RAILWAY_TOKEN);\n", "account-or-workspace-token"},
		{"a.http", "@RAILWAY_TOKEN = @\n\nPOST {{host}}\nAuthorization: Bearer {{RAILWAY_TOKEN}}\n", "account-or-workspace-token"},
		{"a.rb", "RAILWAY_TOKEN = \"@\"\nreq[\"Project-Access-Token\"] = RAILWAY_TOKEN\n", "project-token"},
		{"a.rb", "RAILWAY_TOKEN = \"@\"\nputs \"Bearer #{RAILWAY_TOKENS}\"\n", "project-token"},
		{"a.rb", "token = \"@\"\ndef other(token)\n  req[\"Project-Access-Token\"] = token\nend\nreq[\"Authorization\"] = \"Bearer #{token}\"\n", "account-or-workspace-token"},
		{"A.java", "String railwayToken = \"@\";\n", "account-or-workspace-token"},
		{"a.env", "RAILWAY_TOKEN_STAGING=@\n", "project-token"},
	} {
		value := detectortest.Mint("railway")
		i := strings.LastIndex(c.text[:strings.Index(c.text, "\n")], "@")
		data := c.text[:i] + value + c.text[i+1:]
		rule := detectors.Rule{ID: "railway-token", Provider: "railway", Kinds: []string{"account-or-workspace-token", "project-token"}}
		o := k.File(c.path, []byte(data), 0).Observe(rule, []byte(value), detectors.Place{Path: c.path, Line: 1, Span: detectors.Span{Start: i, End: i + len(value)}})
		if got := k.Decide(Subject{Secret: detectors.NewSecret(value), Observations: []Observation{o}}, nil); got.Kind != c.kind {
			t.Errorf("%s: %s, want %s", c.text, got.Kind, c.kind)
		}
	}
}

// A token that is bound to one container is bound by what the inventory says of the id beside it, or of the folder that it stands in; a
// token of the whole account by neither.
func TestInventoryBinds(t *testing.T) {
	k := NewKnowledge(providers.All())
	inventory := []detectors.Binding{
		{What: "project", Value: "acme-stg-7f", Environments: detectors.Staging},
		{What: "path", Value: "deploy/stg/**", Environments: detectors.Staging},
	}
	const send = "curl https://backboard.railway.com/graphql/v2 \\\n  -H \"Project-Access-Token: @\" \\\n  -d @q\n"
	for _, c := range []struct {
		name, path, text, kind string
		want                   detectors.Environment
	}{
		{"a project's id in the same script", "x.sh", "RAILWAY_PROJECT_ID=acme-stg-7f\n" + send, "project-token", detectors.Staging},
		{"an environment's id", "x.sh", "RAILWAY_ENVIRONMENT_ID=acme-stg-7f\n" + send, "project-token", detectors.Staging},
		{"an id that the inventory does not have", "x.sh", "RAILWAY_PROJECT_ID=acme-31\n" + send, "project-token", 0},
		{"a folder", "deploy/stg/x.sh", send, "project-token", detectors.Staging},
		{"another folder", "deploy/x.sh", send, "project-token", 0},
		{"the whole account's", "deploy/stg/x.sh", "RAILWAY_PROJECT_ID=acme-stg-7f\n" + strings.Replace(send, "Project-Access-Token:", "Authorization: Bearer", 1),
			"account-or-workspace-token", detectors.Unscoped},
	} {
		value := detectortest.Mint("railway")
		data := strings.Replace(c.text, "@", value, 1)
		at := strings.Index(data, value)
		rule := detectors.Rule{ID: "railway-token", Provider: "railway", Kinds: []string{"account-or-workspace-token", "project-token"}}
		o := k.File(c.path, []byte(data), 0).Observe(rule, []byte(value), detectors.Place{Path: c.path, Line: 1, Span: detectors.Span{Start: at, End: at + len(value)}})
		got := k.Decide(Subject{Secret: detectors.NewSecret(value), Observations: []Observation{o}}, inventory)
		if got.Kind != c.kind || got.Reach.Environments != c.want || got.Reach.Known != (c.want != 0) {
			t.Errorf("%s: %s, %+v", c.name, got.Kind, got.Reach)
		}
	}
}
