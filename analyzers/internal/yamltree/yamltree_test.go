package yamltree

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/stagewall/stagewall/analyzers/interpolate"
)

func TestSource(t *testing.T) {
	tests := []struct{ name, source, want, raw string }{
		{"plain", "a: b c\n", "b c", "b c"},
		{"plain with comment", "a: b # c\n", "b", "b"},
		{"plain in flow", "a: {b: c, d: e}\nx: 1", "", ""},
		{"plain folded", "a: b\n  c\n\n  d\n", "b c\nd", "b\n  c\n\n  d"},
		{"plain behind others", "é: ü\na: b\n", "b", "b"},
		{"single", "a: 'it''s'\n", "it's", "it''s"},
		{"double", `a: "b\tc\"d"`, "b\tc\"d", `b\tc\"d`},
		{"double, unicode", `a: "\u00e9\x41"`, "éA", `\u00e9\x41`},
		{"double folded", "a: \"b\n  c \\\n  d\"\n", "b c d", "b\n  c \\\n  d"},
		{"literal", "a: |\n  b\n   c\n\n  d\n", "b\n c\n\nd\n", "b\n   c\n\n  d\n"},
		{"literal, kept", "a: |+\n  b\n\nx: 1\n", "b\n\n", "b\n\n"},
		{"literal, stripped", "a: |-\n  b\n  c\n", "b\nc", "b\n  c"},
		{"literal, blank first", "a: |\n\n  b\n", "\nb\n", "\n  b\n"},
		{"literal, given indent", "a: |2\n    b\n  c\n", "  b\nc\n", "  b\n  c\n"},
		{"literal, carriage returns", "a: |\r\n  b\r\n  c\r\n", "b\nc\n", "b\r\n  c\r\n"},
		{"folded", "a: >\n  b\n  c\n\n  d\n", "b c\nd\n", "b\n  c\n\n  d\n"},
		{"folded, more indented", "a: >-\n  b\n    c\n  d\n", "b\n  c\nd", "b\n    c\n  d"},
		{"anchor", "a: &x b\n", "b", "b"},
		{"tag", "a: !!str 12\n", "12", "12"},
		{"anchor of a block", "a: &x |\n  b\n", "b\n", "b\n"},
		{"byte order mark", "\ufeffa: b\n", "b", "b"},
		{"null", "a: ~\n", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			documents, err := Read([]byte(test.source))
			if err != nil {
				t.Fatal(err)
			}
			text := documents[0].Get("a").Source()
			if text.String != test.want {
				t.Fatalf("text %q, want %q", text.String, test.want)
			}
			if test.want == "" {
				return
			}
			span := text.Span(0, len(text.String))
			if raw := test.source[span.Start:span.End]; raw != test.raw {
				t.Errorf("bytes %q, want %q", raw, test.raw)
			}
		})
	}
}

func TestEachByte(t *testing.T) {
	source := "run: |\n    a\n      b\n    c\n"
	documents, err := Read([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	text := documents[0].Get("run").Source()
	for i := range text.String {
		if span := text.Span(i, i+1); source[span.Start:span.End] != text.String[i:i+1] {
			t.Errorf("byte %d is %q in the file", i, source[span.Start:span.End])
		}
	}
}

func TestMerge(t *testing.T) {
	documents, err := Read([]byte("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for k, v := range documents[0].Get("z").Pairs() {
		got = append(got, k.Text+"="+v.Text)
	}
	if s := strings.Join(got, " "); s != "b=1 c=2 a=3" {
		t.Errorf("got %s", s)
	}
}

func TestRefused(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+", ", 9) + "]\n"
	}
	for name, source := range map[string]string{
		"aliases": bomb,
		"itself":  "a: &a [*a]\n",
		"depth":   strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"broken":  "a: [",
	} {
		if _, err := Read([]byte(source)); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
}

func TestBefore(t *testing.T) {
	documents, err := Read([]byte("a: 1\n---\nb: 2\n---\nc: [\n"))
	if err == nil || len(documents) != 2 {
		t.Errorf("%d documents, error %v", len(documents), err)
	}
}

func TestMissing(t *testing.T) {
	var none *Node
	if none.Get("a") != nil || none.Str() != "" || none.Items() != nil || none.List() != nil || none.Key("a") != nil || none.Source().String != "" {
		t.Error("a node that is not there says something")
	}
}

// FuzzRead asks the parser itself what the values are, and looks whether they were found in the file.
// What a text of a file holds lies where the text's bytes do.
func TestReadWithin(t *testing.T) {
	const file = `x: "{a: 'b\"', c: }"`
	outer, err := Read([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	documents, err := ReadWithin(outer[0].Get("x").Source())
	if err != nil || len(documents) != 1 {
		t.Fatalf("%d documents, %v", len(documents), err)
	}
	if span := documents[0].Get("a").Span; file[span.Start:span.End] != `b\"` {
		t.Errorf("a lies at %q", file[span.Start:span.End])
	}
	if documents[0].Key("c") == nil {
		t.Error("c is lost")
	}
	var text interpolate.Text
	text.Append("a:", 7, 8)
	if documents, err = ReadWithin(text); err != nil || documents[0].Get("a").Start != 7 {
		t.Errorf("%v, %v", documents, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a: &x |\n  b\n\n   c\nd: \"e\\n\"\nf: [g, 'h''', *x]\n--- >-\n i\n\n j\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		documents, err := Read(data)
		if err != nil {
			return
		}
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		for _, d := range documents {
			var n yaml.Node
			if err := decoder.Decode(&n); err != nil {
				t.Fatal(err)
			}
			within(t, d, data, 0)
		}
	})
}

func within(t *testing.T, n *Node, data []byte, depth int) {
	if depth > 20 {
		return
	}
	if n.Text != "" {
		text := n.Source()
		if text.String != n.Text {
			t.Errorf("source %q of %q", text.String, n.Text)
		}
		for i := range len(text.String) {
			if span := text.Span(i, i+1); span.Start < 0 || span.End > len(data) || span.Start > span.End {
				t.Fatalf("%q: byte %d at %v of %d", text.String, i, span, len(data))
			}
		}
	}
	for i, v := range n.values {
		within(t, v, data, depth+1)
		if i < len(n.keys) {
			within(t, n.keys[i], data, depth+1)
		}
	}
}

// TestRepeated: a mapping of many keys that many others repeat is refused, and as many nodes that are all written are not.
func TestRepeated(t *testing.T) {
	const many = 600
	var keys, repeated, written strings.Builder
	for i := range many {
		fmt.Fprintf(&keys, "  k%d: v\n", i)
	}
	repeated.WriteString("a: &a\n" + keys.String())
	for i := range many {
		fmt.Fprintf(&repeated, "b%d: *a\n", i)
		fmt.Fprintf(&written, "b%d:\n%s", i, keys.String())
	}
	if _, err := Read([]byte(repeated.String())); err != errExpand {
		t.Errorf("what is repeated: %v", err)
	}
	if _, err := Read([]byte(written.String())); err != nil {
		t.Errorf("what is written: %v", err)
	}
}

// TestMerged has mappings that each merge the one before: they are refused while they are read, and not when all are.
func TestMerged(t *testing.T) {
	var text strings.Builder
	text.WriteString("a0: &a0 {k: v}\n")
	for i := range 3000 {
		fmt.Fprintf(&text, "a%d: &a%d\n  <<: *a%d\n  k%d: v\n", i+1, i+1, i, i)
	}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text.String()), &document); err != nil {
		t.Fatal(err)
	}
	f := &file{data: []byte(text.String()), text: text.String(), seen: map[*yaml.Node]*Node{}, size: map[*Node]int{}}
	if _, err := f.node(document.Content[0], 0); err != errExpand || f.merged > maxExpansion+3000 {
		t.Errorf("%d keys were merged: %v", f.merged, err)
	}
}
