package tree

import (
	"fmt"
	"strings"
	"testing"
)

func TestSpans(t *testing.T) {
	type reader func([]byte) (*Node, error)
	tests := []struct {
		name   string
		read   reader
		source string
		path   []string
		text   string
		raw    string
	}{
		{"json", JSON, `{"a": {"b": "c"}}`, []string{"a", "b"}, "c", "c"},
		{"json comments", JSON, "{// x\n\"a\": \"b\\\"c\", /* y */}", []string{"a"}, `b"c`, `b\"c`},
		{"json mark", JSON, "\ufeff{\"a\": \"b\"}", []string{"a"}, "b", "b"},
		{"json last wins", JSON, `{"a": "b", "a": "c"}`, []string{"a"}, "c", "c"},
		{"json number", JSON, `{"a": 12}`, []string{"a"}, "12", "12"},
		{"toml", TOML, "[a]\nb = \"c\"\n", []string{"a", "b"}, "c", "c"},
		{"toml dotted", TOML, "a.b = 'c'\n", []string{"a", "b"}, "c", "c"},
		{"toml quoted key", TOML, "\"a b\" = 'c'\n", []string{"a b"}, "c", "c"},
		{"toml long", TOML, "a = \"\"\"b\nc\"\"\"\n", []string{"a"}, "b\nc", "b\nc"},
		{"toml escape", TOML, `a = "b\tc"`, []string{"a"}, "b\tc", `b\tc`},
		{"toml inline", TOML, `a = {b = "c"}`, []string{"a", "b"}, "c", "c"},
		{"toml empty", TOML, `a = ""`, []string{"a"}, "", ""},
		{"yaml", YAML, "a:\n  b: c # d\n", []string{"a", "b"}, "c", "c"},
		{"yaml quoted", YAML, "a: 'b c'\n", []string{"a"}, "b c", "b c"},
		{"toml under table", TOML, "[env.staging.vars]\nX = \"y\"", []string{"env", "staging", "vars", "X"}, "y", "y"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root, err := test.read([]byte(test.source))
			if err != nil {
				t.Fatal(err)
			}
			n := root.Get(test.path...)
			if n == nil {
				t.Fatal("not there")
			}
			if n.Text != test.text {
				t.Errorf("text %q, want %q", n.Text, test.text)
			}
			if raw := test.source[n.Span.Start:n.Span.End]; raw != test.raw {
				t.Errorf("span holds %q, want %q", raw, test.raw)
			}
			if key := test.source[n.KeySpan.Start:n.KeySpan.End]; key != test.path[len(test.path)-1] {
				t.Errorf("key's span holds %q", key)
			}
		})
	}
}

func TestTableHeader(t *testing.T) {
	source := "name = \"x\"\n\n[env.staging]\nroute = \"y\"\n\n[[env.staging.kv]]\nid = \"1\"\n[[env.staging.kv]]\nid = \"2\"\n"
	root, err := TOML([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	staging := root.Get("env", "staging")
	if at := strings.Index(source, "staging"); staging.KeySpan.Start != at {
		t.Errorf("header at %d, want %d", staging.KeySpan.Start, at)
	}
	kv := staging.Get("kv")
	if len(kv.Elements()) != 2 || kv.Elements()[1].Get("id").Str() != "2" {
		t.Errorf("array of tables: %+v", kv)
	}
}

func TestMissing(t *testing.T) {
	var none *Node
	if none.Get("a", "b") != nil || none.Str() != "" || none.Keys() != nil || none.Strings() != nil || none.Is("true") {
		t.Error("a node that is not there says something")
	}
}

func TestDeep(t *testing.T) {
	for _, source := range []string{
		strings.Repeat("[", 1<<17),
		strings.Repeat(`["]",`, 1<<17),
		strings.Repeat("[/*]*/", 1<<17),
		strings.Repeat("[//]\n", 1<<17),
		strings.Repeat(`{"a":`, 1<<17),
	} {
		if _, err := JSON([]byte(source)); err == nil {
			t.Errorf("%.10q… was read", source)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a": ["b", 1, null], "c": {"d": "\u00e9"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		root, _ := JSON(data)
		within(t, root, data)
	})
}

func FuzzTOML(f *testing.F) {
	f.Add([]byte("a.b = 'c'\n[[d]]\ne = \"\"\"f\"\"\"\n[g]\nh = [1, {i = 2}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		root, _ := TOML(data)
		within(t, root, data)
	})
}

func within(t *testing.T, n *Node, data []byte) {
	if n == nil {
		return
	}
	if n.Span.Start < 0 || n.Span.Start > n.Span.End || n.Span.End > len(data) || n.KeySpan.End > len(data) {
		t.Errorf("span %v or %v outside of %d bytes", n.Span, n.KeySpan, len(data))
	}
	for _, m := range n.Members {
		within(t, m, data)
	}
}

// TestManyKeys reads a file in which each key is looked up among those before it.
func TestManyKeys(t *testing.T) {
	const keys = 100_000
	var b strings.Builder
	for i := range keys {
		fmt.Fprintf(&b, "a%d.b = 1\n", i)
	}
	for i := range keys {
		fmt.Fprintf(&b, "[b%d]\nc = 1\n", i)
	}
	root, err := TOML([]byte(b.String()))
	if err != nil || len(root.Members) != 2*keys || root.Get("b7", "c") == nil || root.Get("a7", "b") == nil {
		t.Errorf("%d members, %v", len(root.Members), err)
	}
}
