package tag

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

const (
	prod = detectors.Production
	stg  = detectors.Staging
	dev  = detectors.Development
	all  = detectors.Unscoped
)

// acme is a provider with a kind of every scope, and no more than the tests need.
func acme() []detectors.Provider {
	kind := func(name string, scope detectors.Scope, atMost detectors.Privilege) detectors.Kind {
		return detectors.Kind{Name: name, Title: name + " token", Scope: scope, Bound: "what limits " + name, AtMost: atMost,
			Variables: []string{"ACME_" + strings.ToUpper(name) + "_TOKEN"}, Headers: []string{"X-Acme-" + name}, Shape: "[a-z]{3}_[a-z0-9]{8,}", Cut: "cut " + name, Selected: name == "box"}
	}
	box := kind("box", detectors.ScopeContainer, detectors.Read|detectors.Write|detectors.Destroy)
	box.Flags = []string{"api-token"}
	return []detectors.Provider{{
		Name: "acme", Title: "Acme", Hosts: []string{"api.acme.dev", ".acme.cloud"},
		Kinds: []detectors.Kind{
			kind("account", detectors.ScopeAccount, detectors.Full),
			box,
			kind("server", detectors.ScopeHost, detectors.UnknownPower),
			kind("mode", detectors.ScopeText, detectors.Full),
			kind("claim", detectors.ScopeClaims, detectors.Read|detectors.Write),
			kind("public", detectors.ScopePublic, 0),
		},
		Tools: []detectors.Tool{{Name: "acmectl", Aliases: []string{"ac"}, Variables: []string{"ACME_BOX_TOKEN"}, Selectors: []string{"--app", "-a", "--prod", "--dbname", "--host"}}},
		Operations: []detectors.Operation{
			{Name: "list", Does: detectors.Read, Calls: []string{"http GET /v1/boxes"}},
			{Name: "mint", Does: detectors.Admin, Calls: []string{"http POST /v1/keys"}},
			{Name: "wipe", Does: detectors.Destroy, Undo: "no undo", Calls: []string{"graphql boxDelete", "http DELETE /v1/boxes/*", "cli acmectl box delete", "sql DROP BOX"}},
			{Name: "close", Does: detectors.Destroy, Kinds: []string{"account"}, Calls: []string{"http POST /v1/**/close"}},
		},
		Containers: []detectors.Container{
			{Variable: "ACME_ENVIRONMENT", Names: true, What: "environment"},
			{Variable: "ACME_PROJECT_ID", What: "project"},
			{Variable: "ACME_KEY_ID", What: "account"},
			{Variable: "ACME_SERVER_TOKEN", What: "account"},
		},
		Decode: decodeAcme,
	}}
}

// decodeAcme reads a mode, a host, a project or scopes from a token's text, after the kind, and the account from a key's id.
func decodeAcme(secret string) detectors.Decoded {
	var d detectors.Decoded
	if account, ok := strings.CutPrefix(secret, "key-"); ok {
		d.IDs = append(d.IDs, detectors.ID{What: "account", Value: account})
	}
	fields := strings.Split(secret, ":")
	for _, f := range fields[1:] {
		key, value, _ := strings.Cut(f, "=")
		switch key {
		case "reach":
			e, _ := detectors.EnvironmentNamed(value)
			d.Reach |= e
		case "host":
			d.Hosts = append(d.Hosts, value)
		case "project", "account", "namespace":
			d.IDs = append(d.IDs, detectors.ID{What: key, Value: value})
		case "read":
			d.AtMost, d.Exact = detectors.Read, true
		}
	}
	return d
}

// found is an observation of a token of the kinds.
func found(secret string, kinds ...string) Observation {
	return Observation{Rule: "acme-token", Provider: "acme", Kinds: kinds, At: detectors.Place{Path: "a.sh", Line: 1}, Decoded: decodeAcme(secret)}
}

func rows(bindings ...string) []detectors.Binding {
	var list []detectors.Binding
	for _, b := range bindings {
		f := strings.Fields(b)
		e, _ := detectors.EnvironmentNamed(f[2])
		list = append(list, detectors.Binding{What: f[0], Value: f[1], Environments: e, Stated: true})
	}
	return list
}

func holder(unit string, e detectors.Environment) detectors.Holder {
	return detectors.Holder{Unit: unit, Environments: e}
}

func TestReach(t *testing.T) {
	const sample = "acm_k3j9q8w7"
	with := func(o Observation, change func(*Observation)) Observation { change(&o); return o }
	tests := []struct {
		name      string
		subject   Subject
		inventory []detectors.Binding
		want      detectors.Reach
	}{
		{"an account's is unscoped", Subject{Observations: []Observation{found(sample, "account")}}, nil, detectors.Reach{Known: true, Environments: all}},
		{"an account's that the repository's table gives to staging", Subject{Observations: []Observation{found("x:account=111", "account")}},
			rows("account 111 staging"), detectors.Reach{Known: true, Environments: stg}},
		{"an account's whose account is called prod is still unscoped", Subject{Observations: []Observation{found("x:account=acme-prod", "account")}}, nil,
			detectors.Reach{Known: true, Environments: all}},

		{"text that names", Subject{Observations: []Observation{found("x:reach=production", "mode")}}, nil, detectors.Reach{Known: true, Environments: prod}},
		{"text that names staging, in a variable of production's", Subject{Observations: []Observation{with(found("x:reach=staging", "mode"), func(o *Observation) { o.Variable = "PROD_TOKEN" })}},
			nil, detectors.Reach{Known: true, Environments: stg}},
		{"text that is silent", Subject{Observations: []Observation{found(sample, "mode")}}, nil, detectors.Reach{}},

		{"claims that name a host", Subject{Observations: []Observation{found("x:host=api.staging.corp.com", "claim")}}, nil, detectors.Reach{Known: true, Environments: stg}},
		{"claims that name a project by its environment", Subject{Observations: []Observation{found("x:project=shop-prod", "claim")}}, nil, detectors.Reach{Known: true, Environments: prod}},
		{"claims whose project the table knows", Subject{Observations: []Observation{found("x:project=p1", "claim")}}, rows("project p1 staging"),
			detectors.Reach{Known: true, Environments: stg}},
		{"the table beats the project's name", Subject{Observations: []Observation{found("x:project=prod-docs", "claim")}}, rows("project prod-docs staging"),
			detectors.Reach{Known: true, Environments: stg}},
		{"claims without either", Subject{Observations: []Observation{found("x:project=p1", "claim")}}, nil, detectors.Reach{}},
		{"claims that contradict", Subject{Observations: []Observation{found("x:project=shop-prod:host=stg.corp.com", "claim")}}, nil,
			detectors.Reach{Known: true, Environments: all}},
		{"text and table contradict", Subject{Observations: []Observation{found("x:reach=staging:project=p1", "mode")}}, rows("project p1 production"),
			detectors.Reach{Known: true, Environments: all}},

		{"a host with a word", Subject{Observations: []Observation{found("x:host=db-prod.internal", "server")}}, nil, detectors.Reach{Known: true, Environments: prod}},
		{"a host without one", Subject{Observations: []Observation{found("x:host=db1.internal", "server")}}, nil, detectors.Reach{}},
		{"a host that the table knows", Subject{Observations: []Observation{found("x:host=db1.stg.corp.net", "server")}}, rows("host *.stg.corp.net production"),
			detectors.Reach{Known: true, Environments: prod}},
		{"a host that stands near clears nothing", Subject{Observations: []Observation{with(found(sample, "server"), func(o *Observation) { o.Hosts = []string{"proxy.stg.internal"} })}},
			nil, detectors.Reach{}},
		{"… and may point to production", Subject{Observations: []Observation{with(found(sample, "server"), func(o *Observation) { o.Hosts = []string{"db.prod.internal"} })}},
			nil, detectors.Reach{Known: true, Environments: prod}},
		{"a host that goes with it", Subject{Observations: []Observation{with(found(sample, "server"), func(o *Observation) {
			o.Hosts, o.Own = []string{"db.stg.internal", "proxy.dev.internal"}, []string{"db.stg.internal"}
		})}}, nil, detectors.Reach{Known: true, Environments: stg | dev}},
		{"the host of its statement", Subject{Observations: []Observation{with(found(sample, "server"), func(o *Observation) { o.Hosts = []string{"stg.acme.cloud"} })}},
			nil, detectors.Reach{Known: true, Environments: stg}},
		{"hosts of both", Subject{Observations: []Observation{found("x:host=db-stg.internal:host=db-prod.internal", "server")}}, nil, detectors.Reach{Known: true, Environments: prod | stg}},
		{"one of two hosts says staging", Subject{Observations: []Observation{found("x:host=db-stg.internal:host=db2.internal", "server")}}, nil, detectors.Reach{}},
		{"one of two hosts says production", Subject{Observations: []Observation{found("x:host=db-prod.internal:host=db2.internal", "server")}}, nil,
			detectors.Reach{Known: true, Environments: prod}},
		{"the host holds, whoever reads it", Subject{Observations: []Observation{found("x:host=db-stg.internal", "server")}, Holders: []detectors.Holder{holder("web", prod)}}, nil,
			detectors.Reach{Known: true, Environments: stg}},

		{"a container's", Subject{Observations: []Observation{found(sample, "box")}}, nil, detectors.Reach{}},
		{"a container's with its environment's name beside it", Subject{Observations: []Observation{with(found(sample, "box"), func(o *Observation) {
			o.IDs = []detectors.ID{{What: "environment", Value: "staging"}}
		})}}, nil, detectors.Reach{Known: true, Environments: stg}},
		{"a container's with an id beside it that nothing maps", Subject{Observations: []Observation{with(found(sample, "box"), func(o *Observation) {
			o.IDs = []detectors.ID{{What: "project", Value: "staging"}}
		})}}, nil, detectors.Reach{}},
		{"a container's with an id that the table maps", Subject{Observations: []Observation{with(found(sample, "box"), func(o *Observation) {
			o.IDs = []detectors.ID{{What: "project", Value: "p1"}}
		})}}, rows("project p1 production"), detectors.Reach{Known: true, Environments: prod}},
		{"a container's used with a selector", Subject{Observations: []Observation{found(sample, "box")}, Uses: []detectors.Use{command("acmectl deploy --app shop-staging")}}, nil,
			detectors.Reach{Known: true, Environments: stg}},
		{"… by an alias, for two", Subject{Observations: []Observation{found(sample, "box")}, Uses: []detectors.Use{command("ac up -a shop-staging"), command("ac up -a shop-prod")}}, nil,
			detectors.Reach{Known: true, Environments: prod | stg}},
		{"a flag that selects by itself", Subject{Observations: []Observation{found(sample, "box")}, Uses: []detectors.Use{command("acmectl deploy --prod now")}}, nil,
			detectors.Reach{Known: true, Environments: prod}},
		{"a flag that selects a database", Subject{Observations: []Observation{found(sample, "box")}, Uses: []detectors.Use{command("acmectl sql --dbname shop_staging")}}, nil, detectors.Reach{}},
		{"a host given to the provider's program", Subject{Observations: []Observation{found(sample, "server")}, Uses: []detectors.Use{command("acmectl sql --host db-stg.internal")}}, nil,
			detectors.Reach{Known: true, Environments: stg}},
		{"a selector of somebody else's tool", Subject{Observations: []Observation{found(sample, "box")}, Uses: []detectors.Use{command("other --app shop-staging")}}, nil, detectors.Reach{}},
		{"a name beside it and a selector contradict", Subject{
			Observations: []Observation{with(found(sample, "box"), func(o *Observation) { o.IDs = []detectors.ID{{What: "environment", Value: "staging"}} })},
			Uses:         []detectors.Use{command("acmectl deploy --app=shop-prod")},
		}, nil, detectors.Reach{Known: true, Environments: all}},
		{"a container's that production has too", Subject{Observations: []Observation{found(sample, "box")}, Holders: []detectors.Holder{holder("web", prod), holder("web-stg", stg)}},
			nil, detectors.Reach{Known: true, Environments: prod | stg}},
		{"a container's that staging has", Subject{Observations: []Observation{found(sample, "box")}, Holders: []detectors.Holder{holder("web-stg", stg)}}, nil, detectors.Reach{}},

		{"a public key", Subject{Observations: []Observation{found(sample, "public")}, Holders: []detectors.Holder{holder("web", prod)}}, nil, detectors.Reach{Known: true}},
		{"nothing known", Subject{Observations: []Observation{{Rule: "generic", At: detectors.Place{Path: "a.sh", Line: 1}}}}, nil, detectors.Reach{}},
		{"nothing known, held by production", Subject{Observations: []Observation{{Rule: "generic"}}, Holders: []detectors.Holder{holder("web", prod)}}, nil,
			detectors.Reach{Known: true, Environments: prod}},
		{"nothing known, in the text of production's code", Subject{Observations: []Observation{{Rule: "generic"}},
			Holders: []detectors.Holder{{Unit: "web", Environments: prod, Text: true}}}, nil, detectors.Reach{Environments: prod}},
		{"a container's in the text of production's code", Subject{Observations: []Observation{found(sample, "box")},
			Holders: []detectors.Holder{{Unit: "web", Environments: prod, Text: true}}}, nil, detectors.Reach{Known: true, Environments: prod}},
		{"nothing known, named production's", Subject{Observations: []Observation{{Rule: "generic", Variable: "PROD_API_TOKEN"}}}, nil, detectors.Reach{Environments: prod}},
		{"nothing known, named staging's", Subject{Observations: []Observation{{Rule: "generic", Variable: "STAGING_API_TOKEN"}}}, nil, detectors.Reach{}},
	}
	k := NewKnowledge(acme())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.subject.Secret = detectors.NewSecret(sample)
			token := k.Decide(test.subject, test.inventory)
			if token.Reach != test.want {
				t.Errorf("reach %+v, want %+v\n%s", token.Reach, test.want, ledger(token))
			}
			if !slices.ContainsFunc(token.Evidence, func(e detectors.Evidence) bool { return e.About == "reach" }) && (token.Reach.Known || token.Reach.Environments != 0) {
				t.Error("reach is claimed without evidence")
			}
		})
	}
}

func TestReachOfReferences(t *testing.T) {
	scoped := func(unit string, e detectors.Environment) detectors.Holder {
		return detectors.Holder{Unit: unit, Environments: e, Scoped: true}
	}
	tests := []struct {
		name, reference string
		holders         []detectors.Holder
		want            detectors.Reach
	}{
		{"an account's token", "ACME_ACCOUNT_TOKEN", []detectors.Holder{holder("ci#stg", stg)}, detectors.Reach{Known: true, Environments: all}},
		{"an account's token, with staging's own value", "ACME_ACCOUNT_TOKEN", []detectors.Holder{scoped("ci#stg", stg)}, detectors.Reach{Known: true, Environments: all, ScopeUnknown: true}},
		{"one value for both", "DEPLOY_KEY", []detectors.Holder{holder("ci#stg", stg), holder("ci#prod", prod)}, detectors.Reach{Known: true, Environments: stg | prod}},
		{"a value for each", "DEPLOY_KEY", []detectors.Holder{scoped("ci#stg", stg), scoped("ci#prod", prod)}, detectors.Reach{ScopeUnknown: true}},
		{"one value for both, and a job with its own", "DEPLOY_KEY", []detectors.Holder{holder("ci#stg", stg), holder("ci#prod", prod), scoped("ci#x", stg)},
			detectors.Reach{Known: true, Environments: stg | prod}},
		{"staging's only", "DEPLOY_KEY", []detectors.Holder{holder("ci#stg", stg)}, detectors.Reach{}},
		{"named production's, for staging's job", "PROD_DEPLOY_KEY", []detectors.Holder{holder("ci#stg", stg)}, detectors.Reach{Environments: prod}},
		{"named production's, for nobody's job", "PROD_DEPLOY_KEY", nil, detectors.Reach{Environments: prod}},
	}
	k := NewKnowledge(acme())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			token := k.Decide(Subject{Reference: &detectors.Reference{Store: "github", Name: test.reference}, Holders: test.holders}, nil)
			if token.Reach != test.want {
				t.Errorf("reach %+v, want %+v\n%s", token.Reach, test.want, ledger(token))
			}
		})
	}
}

// command is a use of the token by a command line program.
func command(line string) detectors.Use {
	var argv []detectors.Word
	for _, w := range strings.Fields(line) {
		argv = append(argv, detectors.Word{Text: w})
	}
	return detectors.Use{Sink: detectors.Sink{Tool: argv[0].Text, Argv: argv}, Unit: "ci#job", At: detectors.Place{Path: "ci.yml", Line: 7}}
}

// given is a command that takes the value in its last word.
func given(line string) detectors.Use {
	use := command(line)
	use.Sink.Arg = len(use.Sink.Argv) - 1
	return use
}

func ledger(t detectors.Token) string {
	var b strings.Builder
	for _, e := range t.Evidence {
		fmt.Fprintf(&b, "%+d %s: %s (%s:%d)\n", e.Decibans, e.About, e.Says, e.Path, e.Line)
	}
	return b.String()
}

func TestKind(t *testing.T) {
	const sample = "acm_k3j9q8w7"
	generic := Observation{Rule: "generic"}
	tests := []struct {
		name           string
		subject        Subject
		provider, kind string
	}{
		{"one kind by rule", Subject{Observations: []Observation{found(sample, "box")}}, "acme", "box"},
		{"nothing decides", Subject{Observations: []Observation{found(sample, "box", "account")}}, "acme", "account"},
		{"the variable decides", Subject{Observations: []Observation{{Provider: "acme", Kinds: []string{"account", "box"}, Variable: "ACME_BOX_TOKEN"}}}, "acme", "box"},
		{"the variable, wrapped", Subject{Observations: []Observation{{Provider: "acme", Kinds: []string{"account", "box"}, Variable: "VITE_ACME_BOX_TOKEN_STAGING"}}}, "acme", "box"},
		{"a linked name decides", Subject{Observations: []Observation{found(sample, "box", "account")}, Names: []detectors.Naming{{Name: "ACME_BOX_TOKEN"}}}, "acme", "box"},
		{"the header decides", Subject{Observations: []Observation{{Provider: "acme", Kinds: []string{"account", "box"}, Header: "x-acme-BOX", Hosts: []string{"api.acme.dev"}}}}, "acme", "box"},
		{"the header at another host decides nothing", Subject{Observations: []Observation{{Provider: "acme", Kinds: []string{"account", "box"}, Header: "X-Acme-box", Hosts: []string{"example.org"}}}},
			"acme", "account"},
		{"variable and header disagree", Subject{Observations: []Observation{{Provider: "acme", Kinds: []string{"account", "box"}, Variable: "ACME_BOX_TOKEN", Header: "X-Acme-account"}}}, "acme", "account"},
		{"a linked use decides", Subject{Observations: []Observation{found(sample, "box", "account")},
			Uses: []detectors.Use{{Sink: detectors.Sink{Host: "api.acme.dev", Header: "X-Acme-box"}}}}, "acme", "box"},
		{"a generic match with a documented name", Subject{Observations: []Observation{{Rule: "generic", Variable: "ACME_BOX_TOKEN"}}}, "acme", "box"},
		{"a generic match sent to the host", Subject{Observations: []Observation{generic}, Uses: []detectors.Use{{Sink: detectors.Sink{Host: "eu.acme.cloud"}}}}, "acme", "account"},
		{"a generic match given to the tool", Subject{Observations: []Observation{generic}, Uses: []detectors.Use{command("acmectl login")}}, "acme", "account"},
		{"a reference given to a program in a container", Subject{Reference: &detectors.Reference{Store: "github", Name: "TOKEN"}, Uses: []detectors.Use{command("docker compose run app --password=x")}}, "", ""},
		{"a reference given to what runs containers", Subject{Reference: &detectors.Reference{Store: "github", Name: "TOKEN"}, Uses: []detectors.Use{command("docker login --password=x")}}, "hub", "login"},
		{"a reference to who logs in", Subject{Reference: &detectors.Reference{Store: "github", Name: "WHO"}, Uses: []detectors.Use{given("docker login --username=x")}}, "", ""},
		{"a reference given to what has logged in", Subject{Reference: &detectors.Reference{Store: "github", Name: "STATE"}, Uses: []detectors.Use{given("docker ls --auth-mode login --prefix=x")}}, "", ""},
		{"a flag decides", Subject{Reference: &detectors.Reference{Store: "github", Name: "TOKEN"}, Uses: []detectors.Use{given("acmectl box list --api-token=x")}}, "acme", "box"},
		{"a generic match sent elsewhere", Subject{Observations: []Observation{generic}, Uses: []detectors.Use{{Sink: detectors.Sink{Host: "example.org"}}}}, "", ""},
		{"a reference by name", Subject{Reference: &detectors.Reference{Store: "github", Name: "STAGING_ACME_BOX_TOKEN"}}, "acme", "box"},
		{"a reference to what is public", Subject{Reference: &detectors.Reference{Store: "github", Name: "ACME_PUBLIC_TOKEN"}}, "acme", "public"},
		{"a reference by use", Subject{Reference: &detectors.Reference{Store: "github", Name: "TOKEN"}, Uses: []detectors.Use{{Sink: detectors.Sink{Host: "api.acme.dev", Header: "X-Acme-box"}}}},
			"acme", "box"},
		{"a reference to nothing known", Subject{Reference: &detectors.Reference{Store: "github", Name: "TOKEN"}}, "", ""},
	}
	k := NewKnowledge(append(acme(), detectors.Provider{Name: "hub", Title: "Hub", Kinds: []detectors.Kind{{Name: "login", Title: "login"}}, Tools: []detectors.Tool{{Name: "docker"}}}))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.subject.Reference == nil {
				test.subject.Secret = detectors.NewSecret(sample)
			}
			if token := k.Decide(test.subject, nil); token.Provider != test.provider || token.Kind != test.kind {
				t.Errorf("%q %q, want %q %q\n%s", token.Provider, token.Kind, test.provider, test.kind, ledger(token))
			}
		})
	}
	// What stands for one of the provider's is none of them, whatever its name.
	fakes := NewKnowledge([]detectors.Provider{{Name: "db", Title: "DB", Kinds: []detectors.Kind{{Name: "login", Title: "login", Variables: []string{"DB_PASSWORD"}}},
		Decode: func(secret string) detectors.Decoded {
			if secret == "db123" {
				return detectors.Decoded{Reject: "a default"}
			}
			return detectors.Decoded{}
		}}})
	for value, want := range map[string]string{"db123": "", "Kj3hs92kA": "db"} {
		got := fakes.Decide(Subject{Secret: detectors.NewSecret(value), Observations: []Observation{{Rule: "generic", Variable: "DB_PASSWORD"}}}, nil)
		if got.Provider != want {
			t.Errorf("%s is %q's, want %q's", value, got.Provider, want)
		}
	}
	// A value that has not the shape is none of the provider's, whatever its name.
	token := k.Decide(Subject{Secret: detectors.NewSecret("no such shape"), Observations: []Observation{{Rule: "generic", Variable: "ACME_BOX_TOKEN"}}}, nil)
	if token.Provider != "" {
		t.Errorf("a value of another shape is taken for %s's", token.Provider)
	}
}

func TestPower(t *testing.T) {
	const sample = "acm_k3j9q8w7"
	request := func(method, path string) detectors.Use {
		return detectors.Use{Sink: detectors.Sink{Host: "api.acme.dev", Method: method, Path: detectors.Word{Text: path}}, At: detectors.Place{Path: "a.go", Line: 3}}
	}
	fields := func(words string) detectors.Use {
		u := request("POST", "/graphql")
		for _, w := range strings.Fields(words) {
			u.Sink.Fields = append(u.Sink.Fields, detectors.Word{Text: w})
		}
		return u
	}
	read, write, destroy := detectors.Read, detectors.Write, detectors.Destroy
	tests := []struct {
		name   string
		secret string
		kind   string
		use    detectors.Use
		least  detectors.Privilege
		most   detectors.Privilege
	}{
		{"an operation over HTTP", sample, "box", request("DELETE", "/v1/boxes/b1"), destroy, read | write | destroy},
		{"a path that is another", sample, "box", request("DELETE", "/v1/boxes/b1/notes"), write, read | write | destroy},
		{"a request that reads", sample, "box", request("GET", "/v1/boxes"), read, read | write | destroy},
		{"a method alone", sample, "box", request("POST", "/v1/things"), write, read | write | destroy},
		{"an operation that the kind cannot do", sample, "box", request("POST", "/v1/keys"), write, read | write | destroy},
		{"an operation of another kind", sample, "box", request("POST", "/v1/shop/close"), write, read | write | destroy},
		{"an operation with the rest of a path", sample, "account", request("POST", "/v1/shop/a/close"), destroy | write&0, detectors.Full},
		{"a GraphQL field", sample, "box", fields("mutation boxDelete id"), destroy, read | write | destroy},
		{"a mutation", sample, "box", fields("mutation boxCreate id"), write, read | write | destroy},
		{"a query", sample, "box", fields("query boxes id"), read, read | write | destroy},
		{"GraphQL that is not seen", sample, "box", request("POST", "/graphql"), 0, read | write | destroy},
		{"a command", sample, "box", command("acmectl --app shop box -y delete b1"), destroy, read | write | destroy},
		{"a command by an alias and a runner", sample, "box", command("npx ac box delete b1"), destroy, read | write | destroy},
		{"a command in a container of commands", sample, "box", command("sudo -E env A=b acmectl box delete"), destroy, read | write | destroy},
		{"another command", sample, "box", command("acmectl box list"), 0, read | write | destroy},
		{"a statement", sample, "box", fields("drop box b1"), destroy, read | write | destroy},
		{"scopes in the text", "x:read", "box", request("DELETE", "/v1/boxes/b1"), 0, read},
	}
	k := NewKnowledge(acme())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := found(test.secret, test.kind)
			token := k.Decide(Subject{Secret: detectors.NewSecret(sample), Observations: []Observation{o}, Uses: []detectors.Use{test.use}}, nil)
			if token.AtLeast != test.least || token.AtMost != test.most {
				t.Errorf("from %v to %v, want from %v to %v\n%s", token.AtLeast, token.AtMost, test.least, test.most, ledger(token))
			}
		})
	}
	token := k.Decide(Subject{Secret: detectors.NewSecret(sample), Observations: []Observation{found(sample, "account")}}, nil)
	var names []string
	for _, op := range token.Operations {
		names = append(names, op.Name)
	}
	if want := []string{"wipe", "close", "mint", "list"}; !slices.Equal(names, want) {
		t.Errorf("operations %v, want %v", names, want)
	}
	if token.Cut != "cut account" || token.Bound != "what limits account" {
		t.Errorf("cut %q, bound %q", token.Cut, token.Bound)
	}
	if unknown := k.Decide(Subject{Secret: detectors.NewSecret("?")}, nil); unknown.AtMost != detectors.UnknownPower {
		t.Errorf("nothing known allows %v", unknown.AtMost)
	}
}

func TestIntent(t *testing.T) {
	k := NewKnowledge(acme())
	o := found("x:reach=production:host=db-prod.internal", "mode")
	o.Variable, o.Keys = "DEV_TOKEN", []string{"staging"}
	o.intend("deploy/qa/a.env")
	token := k.Decide(Subject{Secret: detectors.NewSecret("s"), Observations: []Observation{o}}, nil)
	if want := stg | dev | detectors.Test; token.Intent != want {
		t.Errorf("intent %v, want %v: the token's text and its host are none", token.Intent, want)
	}
	token = k.Decide(Subject{Reference: &detectors.Reference{Store: "vault", Scope: "secret/staging/db", Name: "password"}, Holders: []detectors.Holder{holder("web", prod)}}, nil)
	if want := stg | prod; token.Intent != want {
		t.Errorf("intent %v, want %v: a reference's path and who has it", token.Intent, want)
	}
}

// TestManyHolders: the ledger of a token that very many units have says how many more there are than it lists.
func TestManyHolders(t *testing.T) {
	s := Subject{Secret: detectors.NewSecret("s"), Observations: []Observation{found("x", "box")}}
	const units = maxLines + 50
	for i := range units {
		s.Holders = append(s.Holders, holder(fmt.Sprintf("u%d", i), stg))
	}
	token := NewKnowledge(acme()).Decide(s, nil)
	listed := 0
	for _, e := range token.Evidence {
		if e.About == "intent" {
			listed++
		}
	}
	if last := token.Evidence[len(token.Evidence)-1]; listed != maxLines+1 || last.Says != "50 more of its kind are not listed" || token.Intent != stg {
		t.Errorf("%d lines, the last %q, intent %v", listed, last.Says, token.Intent)
	}
}

// What is kept in production's account is suspected to be production's, and what is kept in staging's is not cleared.
func TestKeptIn(t *testing.T) {
	k := NewKnowledge(acme())
	inventory := []detectors.Binding{
		{What: "account", Value: "123456789012", Environments: prod, Stated: true}, {What: "account", Value: "210987654321", Environments: stg, Stated: true},
	}
	for account, want := range map[string]detectors.Environment{"123456789012": prod, "210987654321": stg, "333333333333": 0} {
		r := &detectors.Reference{Store: "aws-secretsmanager", Scope: account, Name: "db/main"}
		token := k.Decide(Subject{Reference: r, Holders: []detectors.Holder{holder("ci#stg", stg)}}, inventory)
		if token.Intent != want|stg || token.Reach != (detectors.Reach{Environments: want & prod}) {
			t.Errorf("%s: intent %v, reach %+v", account, token.Intent, token.Reach)
		}
	}
}

// What is called after another environment, in a vault of production's, may be that one's: nobody knows.
func TestKeptInVault(t *testing.T) {
	k := NewKnowledge(acme())
	for name, want := range map[string]detectors.Reach{
		"client-secret":         {Known: true, Environments: prod},
		"prod-client-secret":    {Known: true, Environments: prod},
		"preview-client-secret": {Environments: prod},
	} {
		r := &detectors.Reference{Store: detectors.KeyVault, Scope: "kv-acme-prd", Name: name}
		if token := k.Decide(Subject{Reference: r}, nil); token.Reach != want {
			t.Errorf("%s: reach %+v\n%s", name, token.Reach, ledger(token))
		}
	}
}

// No amount of names clears a token that belongs to an account, and none clears one whose reach is not known.
func TestNamesNeverClear(t *testing.T) {
	k := NewKnowledge(acme())
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"STAGING", "DEV", "TEST", "NONPROD", "UAT", "SANDBOX", "PREVIEW", "QA"}
	word := func() string { return words[r.IntN(len(words))] }
	for range 300 {
		for _, kind := range []string{"account", "box", "server", "mode", "claim"} {
			var s Subject
			s.Secret = detectors.NewSecret("acm_k3j9q8w7")
			for range 1 + r.IntN(4) {
				o := found("x", kind)
				o.Variable = word() + "_API_TOKEN"
				o.Keys = []string{strings.ToLower(word())}
				o.intend("envs/" + strings.ToLower(word()) + "/.env." + strings.ToLower(word()))
				s.Observations = append(s.Observations, o)
				s.Names = append(s.Names, detectors.Naming{Name: word() + "_TOKEN"})
				s.Holders = append(s.Holders, holder(word(), stg|dev))
			}
			reach := k.Decide(s, nil).Reach
			if can, _ := reach.Touches(); !can {
				t.Fatalf("%s: names cleared it: %+v", kind, reach)
			}
			if kind == "account" && (!reach.Known || reach.Environments != all) {
				t.Fatalf("an account's token reaches %+v", reach)
			}
			if kind != "account" && reach.Known {
				t.Fatalf("%s: names made its reach known: %+v", kind, reach)
			}
		}
	}
}

// The order of what was found does not matter.
func TestDecideIsDeterministic(t *testing.T) {
	k := NewKnowledge(acme())
	var s Subject
	s.Secret = detectors.NewSecret("acm_k3j9q8w7")
	for i, name := range []string{"ACME_BOX_TOKEN", "STAGING_TOKEN", "PROD_TOKEN", "ACME_ACCOUNT_TOKEN"} {
		o := found("acm_k3j9q8w7", "account", "box", "server")
		o.At.Line, o.Variable, o.Hosts = i+1, name, []string{"stg.acme.cloud"}
		o.intend("a/b.env")
		s.Observations = append(s.Observations, o)
		s.Names = append(s.Names, detectors.Naming{Name: name, At: detectors.Place{Path: "x", Line: i}})
		s.Uses = append(s.Uses, command("acmectl box delete "+name))
		s.Holders = append(s.Holders, holder(name, detectors.Environment(1<<i)))
	}
	want := k.Decide(s, nil)
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		shuffled := Subject{Secret: s.Secret, Observations: slices.Clone(s.Observations), Names: slices.Clone(s.Names), Uses: slices.Clone(s.Uses), Holders: slices.Clone(s.Holders)}
		r.Shuffle(4, func(i, j int) {
			shuffled.Observations[i], shuffled.Observations[j] = shuffled.Observations[j], shuffled.Observations[i]
		})
		r.Shuffle(4, func(i, j int) { shuffled.Names[i], shuffled.Names[j] = shuffled.Names[j], shuffled.Names[i] })
		r.Shuffle(4, func(i, j int) { shuffled.Uses[i], shuffled.Uses[j] = shuffled.Uses[j], shuffled.Uses[i] })
		r.Shuffle(4, func(i, j int) { shuffled.Holders[i], shuffled.Holders[j] = shuffled.Holders[j], shuffled.Holders[i] })
		got := k.Decide(shuffled, nil)
		got.Secret, want.Secret = detectors.Secret{}, detectors.Secret{}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got\n%s\nwant\n%s", ledger(got), ledger(want))
		}
	}
}

func TestFlip(t *testing.T) {
	k := NewKnowledge(acme())
	o := found("acm_k3j9q8w7", "account", "box")
	o.Header, o.Hosts, o.Variable = "X-Acme-box", []string{"api.acme.dev"}, "MY_TOKEN"
	says := func(s Subject, inventory ...detectors.Binding) []string {
		s.Secret = detectors.NewSecret("acm_k3j9q8w7")
		var list []string
		for _, e := range k.Flip(s, inventory) {
			list = append(list, e.About+": "+e.Says)
		}
		return list
	}
	if got, want := says(Subject{Observations: []Observation{o}}), []string{"reach: it is sent as X-Acme-box"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	twice := Subject{Observations: []Observation{o}, Names: []detectors.Naming{{Name: "ACME_BOX_TOKEN"}}}
	if got := says(twice); len(got) > 0 {
		t.Errorf("%q, want nothing: two cues say the same", got)
	}
	table := rows("project p1 staging")
	one := Subject{Observations: []Observation{found("x:project=p1", "claim")}}
	if got, want := says(one, table...), []string{"reach: its text names what it is bound to", "reach: the table gives project p1 to staging"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	o = found("x", "account", "box")
	o.Variable = "ACME_BOX_TOKEN"
	seenTwice := Subject{Observations: []Observation{o}, Names: []detectors.Naming{{Name: o.Variable}}}
	if got, want := says(seenTwice), []string{"reach: it is bound to the name ACME_BOX_TOKEN"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q: linking found the same name again", got, want)
	}
	held := Subject{Observations: []Observation{found("x", "box")}, Holders: []detectors.Holder{holder("web", prod)}}
	if got, want := says(held), []string{"reach: web has it"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWeights(t *testing.T) {
	for name, want := range map[string]int{
		"PROD_API_TOKEN": nameProduction, "LIVE_KEY": nameProduction, "PROD_ACCOUNT": nameProductionAlone, "STAGING_TOKEN": nameStaging, "STAGE_TOKEN": nameStage,
		"TEST_TOKEN": nameTest, "DEV_TOKEN": nameOther, "NONPROD_TOKEN": nameOther,
	} {
		cues := nameCues(detectors.Naming{Name: name})
		if len(cues) != 1 || cues[0].Decibans != want {
			t.Errorf("%s: %+v, want %d", name, cues, want)
		}
	}
}

// The page shows the weights that hold.
func TestPage(t *testing.T) {
	for cue, weight := range map[string]int{
		"name: a word of production and a noun of credentials": nameProduction, "name: a word of production alone": nameProductionAlone,
		"name: staging": nameStaging, "name: stage": nameStage, "name: test": nameTest, "name: development, preview, all but production": nameOther,
		"path: production": pathProduction, "path: another environment": pathOther, "key or section: production": keyProduction,
		"key or section: another environment": keyOther, "unit: production's has it": unitProduction, "unit: another environment's has it": unitOther,
		"host beside it: production's": hostProduction, "host beside it: another environment's": hostOther,
	} {
		if row := fmt.Sprintf("| %s | %+d |", cue, weight); !strings.Contains(Page(), row) {
			t.Errorf("the page has no row %s", row)
		}
	}
	if threshold := fmt.Sprintf("from %+d on production is suspected", suspicious); !strings.Contains(Page(), threshold) {
		t.Errorf("the page does not say %q", threshold)
	}
}

// Of each group only the strongest cue counts, and a disagreement is shown.
func TestSuspicion(t *testing.T) {
	k := NewKnowledge(nil)
	decide := func(path string, names ...string) detectors.Token {
		s := Subject{Secret: detectors.NewSecret("v")}
		for i, name := range names {
			o := Observation{Rule: "generic", Variable: name, At: detectors.Place{Path: path, Line: i + 1}}
			o.intend(path)
			s.Observations = append(s.Observations, o)
		}
		return k.Decide(s, nil)
	}
	suspected := func(t detectors.Token) bool { return t.Reach.Environments.Touches(prod) }
	if !suspected(decide("a.env", "PROD_TOKEN")) || suspected(decide("a.env", "TOKEN")) || suspected(decide("a.env", "STAGING_TOKEN")) {
		t.Error("a name of production's, and no other, raises the suspicion")
	}
	if decide("a.env", "PROD_TOKEN", "PROD_TOKEN_2", "PRODUCTION_KEY").Reach != decide("a.env", "PROD_TOKEN").Reach {
		t.Error("copies of one decision count once")
	}
	if !suspected(decide("a.env", "PROD_TOKEN", "STAGING_TOKEN")) {
		t.Error("of two names the stronger counts")
	}
	disagree := decide("envs/staging/a.env", "PROD_TOKEN")
	if suspected(disagree) || !slices.ContainsFunc(disagree.Evidence, func(e detectors.Evidence) bool { return e.Says == "the cues disagree" }) {
		t.Errorf("+12 and -8 are no suspicion, and a disagreement to show\n%s", ledger(disagree))
	}
}
