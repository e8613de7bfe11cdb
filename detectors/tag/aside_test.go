package tag

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

func TestAside(t *testing.T) {
	k := &Knowledge{}
	for _, c := range []struct {
		path, text string
		want       bool
	}{
		{"src/main.rs", "fn main() {}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() { let x = \"@\"; }\n}\n", true},
		{"src/main.rs", "#[cfg(test)]\n#[allow(unused)]\npub(crate) mod tests {\n    const X: &str = \"@\";\n}\n", true},
		{"src/main.rs", "#[cfg(test)]\nmod tests {\n    fn a() {}\n}\n\nconst X: &str = \"@\";\n", false},
		{"src/main.rs", "#[cfg(test)]\nuse std::fs;\n\nconst X: &str = \"@\";\n", false},
		{"api/openapi.yaml", "uri:\n  type: string\n  example: \"@\"\n", true},
		{"api/openapi.yaml", "uri:\n  examples:\n    - \"@\"\n", true},
		{"api/openapi.yaml", "uri:\n  examples:\n    one:\n      value: \"@\"\n", true},
		{"api/openapi.yaml", "uri:\n  default: \"@\"\n", false},
		{"api/cluster.yaml", "content:\n  application/json:\n    examples:\n      one:\n        value:\n          connection:\n            uri: \"@\"\n", true},
		{"api/cluster.yaml", "content:\n  application/json:\n    example:\n      uri: \"@\"\n", true},
		{"deploy/values.yaml", "example:\n  password: \"@\"\n", false},
		{"schema.json", "{\"properties\": {\"uri\": {\"example\": \"@\"}}}", true},
		{"src/com/acme/LoginTest.java", "String x = \"@\";", true},
		{"src/com/acme/Contest.java", "String x = \"@\";", false},
		{"t/unit/test_mongodb.py", "x = '@'", true},
		{"app/examples/a.py", "x = '@'", true},
		{"kubernetes/example.secrets.yaml", "x: '@'", true},
		{"app/a.py", "x = '@'", false},
	} {
		const value = "u5Rz0qLw9TbXe2Kd"
		text := strings.Replace(c.text, "@", value, 1)
		at := strings.Index(text, value)
		place := detectors.Place{Path: c.path, Line: 1 + strings.Count(text[:at], "\n"), Span: detectors.Span{Start: at, End: at + len(value)}}
		if o := k.File(c.path, []byte(text), 0).Observe(detectors.Rule{}, []byte(value), place); o.Aside != c.want {
			t.Errorf("%s: %q is aside: %t, want %t (variable %q, keys %q)", c.path, c.text, o.Aside, c.want, o.Variable, o.Keys)
		}
	}
}

// A key as anybody makes one is a sample if it stands in tests, examples and documents only, nothing says production, and it is used for tests and
// development alone; what a service issues never is.
func TestSample(t *testing.T) {
	k := known()
	holder := func(path string, environments detectors.Environment) []detectors.Holder {
		return []detectors.Holder{{Unit: path, Environments: environments, At: detectors.Place{Path: path, Line: 1}}}
	}
	for _, c := range []struct {
		rule, name string
		paths      []string
		holders    []detectors.Holder
		want       bool
	}{
		{"private-openssh-key", "ssh", []string{"spec/fixtures/id_rsa", "docs/keys.md"}, nil, true},
		{"private-openssh-key", "ssh", []string{"spec/fixtures/id_rsa", "deploy/id_rsa"}, nil, false},
		{"private-openssh-key", "ssh", []string{"examples/production/id_rsa"}, nil, false},
		{"private-openssh-key", "ssh", []string{"docs/deploy_key"}, holder("scripts/deploy.sh", detectors.Staging), false},
		{"private-openssh-key", "ssh", []string{"docs/deploy_key"}, holder("scripts/deploy.sh", 0), false},
		{"private-openssh-key", "ssh", []string{"docs/deploy_key"}, holder("docker-compose.yml", detectors.Test|detectors.Development), true},
		{"private-openssh-key", "ssh", []string{"docs/deploy_key"}, holder("examples/staging/compose.yml", detectors.Staging), true},
		{"digitalocean-token", "digitalocean", []string{"spec/fixtures/token"}, nil, false},
		{"postgres-url", "postgres", []string{"charts/tests/golden.yaml"}, nil, true},
		{"postgres-url", "postgres", []string{"charts/values.yaml"}, nil, false},
		{"consul-gossip-key", "consul-gossip", []string{"roles/consul/molecule/default/group_vars/all.yml"}, nil, true},
	} {
		subject := Subject{Holders: c.holders}
		for _, path := range c.paths {
			o, secret := observe(t, k, c.rule, path, "{{"+c.name+"}}")
			subject.Secret = secret
			subject.Observations = append(subject.Observations, o)
		}
		if got := k.Decide(subject, nil); got.Sample != c.want {
			t.Errorf("%s in %v, had by %v: a sample is %v, kind %q", c.name, c.paths, c.holders, got.Sample, got.Kind)
		}
	}
}

// A password that tests and examples use is none in them, whatever the host beside it is called; elsewhere people use such passwords in earnest.
func TestExamplePassword(t *testing.T) {
	k := known()
	const scheme, rest = "postgresql", "://service:hunter2@prod-db.internal:5432/app"
	for path, want := range map[string]bool{
		"tests/scrub.test.ts": true, "config/.env.example": true, "app.env.sample": true, "src/db.ts": false, "docs/runbook.md": false, ".env": false,
	} {
		data := []byte("const input = '" + scheme + rest + "'")
		span := detectors.Span{Start: len("const input = '"), End: len(data) - 1}
		rule := detectors.Rule{ID: "postgres-url", Provider: "postgres", Kinds: []string{"login"}}
		o := k.File(path, data, 0).Observe(rule, data[span.Start:span.End], detectors.Place{Path: path, Span: span})
		if why := k.File(path, data, 0).Ignores(rule, data[span.Start:span.End], span); (o.Ignore != "") != want || why != o.Ignore {
			t.Errorf("%s: ignored for %q, at once for %q", path, o.Ignore, why)
		}
	}
}
