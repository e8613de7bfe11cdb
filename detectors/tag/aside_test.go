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
		if o := k.Observe(c.path, []byte(text), detectors.Rule{}, []byte(value), place); o.Aside != c.want {
			t.Errorf("%s: %q is aside: %t, want %t (variable %q, keys %q)", c.path, c.text, o.Aside, c.want, o.Variable, o.Keys)
		}
	}
}

// A key as anybody makes one is a sample if it stands in tests, examples and documents only and nothing says production; what a service issues never is.
func TestSample(t *testing.T) {
	k := known()
	for _, c := range []struct {
		rule, name string
		paths      []string
		want       bool
	}{
		{"private-openssh-key", "ssh", []string{"spec/fixtures/id_rsa", "docs/keys.md"}, true},
		{"private-openssh-key", "ssh", []string{"spec/fixtures/id_rsa", "deploy/id_rsa"}, false},
		{"private-openssh-key", "ssh", []string{"examples/production/id_rsa"}, false},
		{"digitalocean-token", "digitalocean", []string{"spec/fixtures/token"}, false},
	} {
		var subject Subject
		for _, path := range c.paths {
			o, secret := observe(t, k, c.rule, path, "{{"+c.name+"}}")
			subject.Secret = secret
			subject.Observations = append(subject.Observations, o)
		}
		if got := k.Decide(subject, nil); got.Sample != c.want {
			t.Errorf("%s in %v: a sample is %v, kind %q", c.name, c.paths, got.Sample, got.Kind)
		}
	}
}
