package code

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// parse makes parts of a text in which {X} is a name and {} is unknown; literals lie in it as they do in a file.
func parse(text string) []analyzers.Part {
	var parts []analyzers.Part
	for from := 0; from < len(text); {
		open := strings.IndexByte(text[from:], '{')
		if open != 0 {
			to := len(text)
			if open > 0 {
				to = from + open
			}
			parts = append(parts, analyzers.Part{Text: text[from:to], Span: detectors.Span{Start: from, End: to}})
			from = to
			continue
		}
		end := from + strings.IndexByte(text[from:], '}')
		if name := text[from+1 : end]; name == "" {
			parts = append(parts, Unknown())
		} else {
			parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{Name: name}})
		}
		from = end + 1
	}
	return parts
}

func TestLocate(t *testing.T) {
	tests := []struct{ text, host, path, raw string }{
		{"https://api.acme.com/v1/things?x=1", "api.acme.com", "/v1/things", "/v1/things"},
		{"https://API.acme.com:8443", "api.acme.com", "", ""},
		{"https://user:pw@api.acme.com/v1", "api.acme.com", "/v1", ""},
		{"https://api.acme.com/v1/{ID}/volumes", "api.acme.com", "/v1/*/volumes", ""},
		{"https://{HOST}/v1", "", "/v1", ""},
		{"https://{APP}.acme.com/v1", "", "/v1", ""},
		{"{BASE}/v1/things", "", "/v1/things", "/v1/things"},
		{"/v1/things{}", "", "/v1/things", "/v1/things"},
		{"things", "", "", ""},
	}
	for _, test := range tests {
		a := Locate(parse(test.text))
		if a.Host != test.host || a.Path.Text != test.path {
			t.Errorf("%s: %q %q, want %q %q", test.text, a.Host, a.Path.Text, test.host, test.path)
		}
		if raw := test.text[a.Path.Span.Start:a.Path.Span.End]; !strings.Contains(raw, test.raw) {
			t.Errorf("%s: the path's span holds %q", test.text, raw)
		}
	}
}

func TestLocateFallback(t *testing.T) {
	base := analyzers.Value{Parts: parse("https://api.acme.com")}
	a := Locate([]analyzers.Part{{Hole: &analyzers.Hole{Name: "BASE", Default: &base}}, {Text: "/v1"}})
	if a.Host != "api.acme.com" || a.Path.Text != "/v1" {
		t.Errorf("%+v", a)
	}
}

func TestTelling(t *testing.T) {
	tests := map[string]bool{
		"a plain sentence of words":            false,
		"production":                           false,
		"./scripts/2024/deploy.sh":             false,
		"AUTH_2FA_REQUESTED":                   false,
		"sk1234567890abcdef":                   true,
		"Bearer sk1234567890abcdef":            true,
		"https://api.acme.com/v1/some/2":       false,
		"https://hooks.x.com/T0/a1b2c3d4e5f6g": true,
		"https://api.x.com?k=a1b2c3d4e5f6g":    true,
		"postgres://app:pw@db/app":             true,
		"{TOKEN}":                              true,
		"{}":                                   false,
		"{config#railway.token}":               true,
		"{user.types#UserSchema}":              false,
		"{creds#RAILWAY}":                      true,
		"{creds#hosts.RAILWAY_2}":              true,
		"{client#SEND()}":                      false,
		"mutation {volumeDelete} 123":          true, // a name stands in it
	}
	for text, want := range tests {
		if got := Telling(parse(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestDocument(t *testing.T) {
	tests := map[string]string{
		`mutation($id: String!) { volumeDelete(volumeId: $id) }`: "mutation String volumeDelete volumeId",
		`{ me { id } }`:                  "me id",
		`query Me @cached { me }`:        "query Me me",
		`mutations are described here {`: "",
		`text`:                           "",
	}
	for text, want := range tests {
		var got []string
		for _, w := range Document([]byte(text), detectors.Span{End: len(text)}) {
			got = append(got, w.Text)
			if text[w.Span.Start:w.Span.End] != w.Text {
				t.Errorf("%q lies elsewhere", w.Text)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestHeader(t *testing.T) {
	for name, want := range map[string]bool{
		"Authorization": true, "Project-Access-Token": true, "X-Api-Key": true, "apikey": true, "token": false, "Content-Type": false,
	} {
		if Header(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	if got := Scheme(parse("Bearer {X}")); got != "Bearer" {
		t.Errorf("scheme %q", got)
	}
	if got := Scheme(parse("sk12345 {X}")); got != "" {
		t.Errorf("scheme %q", got)
	}
	if got := Query(parse("https://a/b?x=1&api_key={X}")); got != "api_key" {
		t.Errorf("parameter %q", got)
	}
}

func TestNest(t *testing.T) {
	step := func(name string, offset, phase int) Placed {
		return Placed{Step: &analyzers.Step{Op: analyzers.OpRead, Name: name}, Offset: offset, Phase: phase}
	}
	guard := func(pattern string, from, to int) Guarded {
		return Guarded{From: from, To: to, Guard: analyzers.Guard{Patterns: []string{pattern}}}
	}
	steps := Nest(
		[]Placed{step("d", 50, 1), step("a", 5, 1), step("b", 15, 1), step("c", 25, 1), step("first", 26, 0)},
		[]Guarded{guard("inner", 20, 30), guard("outer", 10, 40)},
		func(int) detectors.Place { return detectors.Place{} },
	)
	var show func(steps []analyzers.Step) string
	show = func(steps []analyzers.Step) string {
		var out []string
		for _, s := range steps {
			if s.Guard != nil {
				out = append(out, s.Guard.Patterns[0]+"("+show(s.Steps)+")")
			} else {
				out = append(out, s.Name)
			}
		}
		return strings.Join(out, " ")
	}
	if got, want := show(steps), "outer(inner(first)) a outer(b inner(c)) d"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
