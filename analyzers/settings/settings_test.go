package settings

import (
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// TestKeys finds the keys under which the word value stands.
func TestKeys(t *testing.T) {
	for _, test := range []struct {
		name, data string
		want       []string
	}{
		{"a.json", `{"github": {"token": "value"}, "npm": {"token": "x"}}`, []string{"github", "token"}},
		{"a.json", "{\"list\": /* c */ [{\"name\": \"a\"}, {\"name\": \"value\"}]}", []string{"list", "name"}},
		{"a.yaml", "github:\n  name: x\n  token: value # v\nother: y\n", []string{"github", "token"}},
		{"a.yml", "list:\n- name: a\n  token: \"the value\"\n", []string{"list", "token"}},
		{"a.yml", "text: |\n  one\n  value\n", []string{"text"}},
		{"a.toml", "name = \"x\"\n[github.api]\ntoken = \"value\"\n[npm]\ntoken = \"y\"\n", []string{"github", "api", "token"}},
		{"a.toml", "[[list]]\nname = \"a\"\n[[list]]\nname = \"value\"\n", []string{"list", "name"}},
		{".env", "# NAME=x\nNAME=y\nexport TOKEN=\"a\nvalue\"\n", []string{"TOKEN"}},
		{"a.ini", "[api]\ntoken = value\n[npm]\ntoken = x\n", []string{"api", "token"}},
		{"app.properties", "app.token=value\n", []string{"app.token"}},
		{"", "\ngithub:\n  token: value\n", []string{"github", "token"}},
		{"", "TOKEN=value\n", []string{"TOKEN"}},
		{"", `{"token": "value"}`, []string{"token"}},
		{"", "value", nil},
	} {
		f, ok := Read(test.name, []byte(test.data))
		if !ok {
			t.Errorf("%q cannot be read", test.data)
			continue
		}
		at := strings.Index(test.data, "value")
		if values := f.Values(test.want); !slices.ContainsFunc(values, func(s detectors.Span) bool { return s.Start <= at && at+5 <= s.End }) && len(test.want) > 0 && !strings.Contains(test.data, "\"a\nvalue") {
			t.Errorf("in %s %q the values under %q stand at %v", test.name, test.data, test.want, values)
		}
		if got := f.Keys(detectors.Span{Start: at, End: at + 5}); !slices.Equal(got, test.want) {
			t.Errorf("in %s %q it stands under %q, want %q", test.name, test.data, got, test.want)
		}
	}
}

func TestUnder(t *testing.T) {
	stands := []string{"github", "token"}
	for _, test := range []struct {
		read []string
		want bool
	}{
		{nil, true}, {[]string{"GitHub"}, true}, {[]string{"github", "Token"}, true}, {[]string{Any, "token"}, true},
		{[]string{"github", "name"}, false}, {[]string{"token"}, false}, {[]string{"github", "token", "x"}, false},
	} {
		if got := Under(test.read, stands); got != test.want {
			t.Errorf("%q: %t", test.read, got)
		}
	}
}

// FuzzRead: no file makes it fail.
func FuzzRead(f *testing.F) {
	f.Add("a.json", `{"a": [{"b": "c"}]}`, 5, 9)
	f.Add("a.toml", "[a]\nb = 1", 0, 20)
	f.Add("", "a:\n- b: &x c\n- *x\n", 9, 3)
	f.Add(".env", "A=b", -1, 99)
	f.Fuzz(func(t *testing.T, name, data string, start, end int) {
		if file, ok := Read(name, []byte(data)); ok {
			file.Keys(detectors.Span{Start: start, End: end})
		}
	})
}
