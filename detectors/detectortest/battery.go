package detectortest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// battery tries an example that the rule finds again: in other surroundings, in pieces, in other encodings, and with a token that is
// too long to be one.
func (a *acceptance) battery(t testing.TB, rule, line string, e example) {
	t.Helper()
	if !a.fillsFile(rule) {
		a.surrounded(t, rule, e)
	}
	for _, longer := range longer(e.secret()) {
		for _, f := range a.rules.search(t, e.path, e.with(longer).text) {
			if f.rule == rule && f.secret == e.secret() {
				t.Errorf("%s: found within a longer identifier: %s", rule, line)
			}
		}
	}
	if !a.matched[rule] {
		a.overLong(t, rule, e)
	}
}

// fillsFile reports whether the rule finds only what a file holds and nothing beside.
func (a *acceptance) fillsFile(rule string) bool {
	return slices.ContainsFunc(a.p.Rules, func(r detectors.Rule) bool { return r.ID == rule && strings.HasPrefix(r.Pattern, `\A`) })
}

// surrounded wants the example's token among other text.
func (a *acceptance) surrounded(t testing.TB, rule string, e example) {
	t.Helper()
	for _, s := range surroundings {
		if e2 := s.apply(e); !a.finds(t, rule, e2) {
			t.Errorf("%s: not found %s: %q", rule, s.name, e2.text)
		}
	}
	if alone := (example{e.path, e.secret(), 0, len(e.secret())}); a.finds(t, rule, alone) {
		for _, s := range standing {
			if e2 := alone.around(s[0], s[1]); !a.finds(t, rule, e2) {
				t.Errorf("%s: not found in %q", rule, e2.text)
			}
		}
		a.backToBack(t, rule, alone)
		a.inURL(t, rule, alone)
	}
	a.inPieces(t, rule, e)
	a.inUTF16(t, rule, e)
}

// backToBack wants both of two tokens that stand one after the other.
func (a *acceptance) backToBack(t testing.TB, rule string, e example) {
	t.Helper()
	for _, between := range []string{"\n", `","`, `', '`} {
		n := 0
		for _, f := range a.rules.search(t, e.path, e.text+between+e.text) {
			if f.rule == rule && f.secret == e.text {
				n++
			}
		}
		if n != 2 {
			t.Errorf("%s: found %d times in a token, %s, and the token again: %q", rule, n, strconv.Quote(between), e.text)
		}
	}
}

// inURL wants a token within a URL, unless it is one or would need escapes there.
func (a *acceptance) inURL(t testing.TB, rule string, e example) {
	t.Helper()
	if url.QueryEscape(e.text) != e.text {
		return
	}
	for _, s := range [][2]string{
		{"https://", "@acme.example/repo.git"}, {"https://user:", "@acme.example/repo.git"},
		{"https://acme.example/v1?key=", ""}, {"https://acme.example/v1?key=", "&page=2"},
	} {
		if e2 := e.around(s[0], s[1]); !a.finds(t, rule, e2) {
			t.Errorf("%s: not found in %q", rule, e2.text)
		}
	}
}

// inPieces wants a token that a border runs through from the piece that holds it whole, and nothing from the piece that ends within it.
func (a *acceptance) inPieces(t testing.TB, rule string, e example) {
	t.Helper()
	e = e.around("first line\n", "\nlast line\n")
	for _, border := range []int{e.start + 1, (e.start + e.end) / 2, e.end - 1} {
		for _, c := range a.rules.candidates(t, match.Input{Path: e.path, Data: []byte(e.text[:border])}) {
			if c.rule == rule && c.span.End > e.start && !a.rejects(c.secret) {
				t.Errorf("%s: a piece of the token is taken for one, %q: %q", rule, c.secret, e.text)
			}
		}
	}
	rest := match.Input{Path: e.path, Data: []byte(e.text[1:]), Base: 1, Final: true}
	if !slices.ContainsFunc(a.rules.candidates(t, rest), func(f found) bool { return f.rule == rule && f.secret == e.secret() }) {
		t.Errorf("%s: not found in a piece that holds it whole: %q", rule, e.text)
	}
}

// inUTF16 wants a token from a text as programs on Windows write it.
func (a *acceptance) inUTF16(t testing.TB, rule string, e example) {
	t.Helper()
	units := utf16.Encode([]rune("first line\r\n" + e.text + "\r\n"))
	little, big := []byte{0xff, 0xfe}, []byte{0xfe, 0xff}
	for _, u := range units {
		little = append(little, byte(u), byte(u>>8))
		big = append(big, byte(u>>8), byte(u))
	}
	for _, text := range [][]byte{little, big} {
		in := match.Input{Path: e.path, Data: match.UTF8(text), Final: true}
		if !slices.ContainsFunc(a.rules.candidates(t, in), func(f found) bool { return f.rule == rule && f.secret == e.secret() }) {
			t.Errorf("%s: not found in UTF-16: %q", rule, e.text)
		}
	}
}

// overLong wants no token that is longer than [match.Longest]: the secret's own text, made long in its middle and at its end.
func (a *acceptance) overLong(t testing.TB, rule string, e example) {
	t.Helper()
	secret := e.secret()
	body := strings.Repeat(secret[len(secret)/2:len(secret)/2+1], match.Longest)
	for _, long := range []string{secret[:len(secret)/2] + body + secret[len(secret)/2:], secret + strings.Repeat(secret, match.Longest/len(secret)+1)} {
		for _, f := range a.rules.search(t, e.path, e.with(long).text) {
			if len(f.secret) > match.Longest {
				t.Errorf("%s: a token of %d bytes: %s", rule, len(f.secret), f.secret[:40])
			}
		}
		if a.p.Decode != nil {
			a.p.Decode(long) // must come to an end
		}
	}
}

// surroundings are what an example as a whole may stand in without being hidden by it.
var surroundings = []struct {
	name  string
	apply func(example) example
}{
	{"at the start of a line", func(e example) example { return e.around("first line\n", "\nlast line\n") }},
	{"indented", func(e example) example { return e.around("key:\n    ", "\n") }},
	{"after a tab", func(e example) example { return e.around("run:\n\t", "\n") }},
	{"in a list", func(e example) example { return e.around("list:\n  - ", "\n") }},
	{"in a comment", func(e example) example { return e.around("// ", "\n") }},
	{"in a shell comment", func(e example) example { return e.around("# ", "\n") }},
	{"with CRLF", func(e example) example {
		crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
		before, secret, behind := crlf(e.text[:e.start]), crlf(e.secret()), crlf(e.text[e.end:])
		return example{e.path, before + secret + behind, len(before), len(before) + len(secret)}.around("first line\r\n", "\r\nlast line\r\n")
	}},
	{"in a code block", func(e example) example { return e.around("```sh\n", "\n```\n") }},
}

// standing is what a token that needs no context may stand in.
var standing = [][2]string{
	{`"`, `"`}, {`'`, `'`}, {"`", "`"}, {"(", ")"}, {"<", ">"}, {"", ","}, {"", ";"}, {"", "\\n"}, {"\\n", "\\n"},
	{`{"key": "`, `"}`},
	{`{"key":"`, `","other":1}`},
	{`"{\"key\": \"`, `\"}"`},
	{"key: ", "\n"},
	{"key: '", "' # comment\n"},
	{"key: >-\n  ", "\n"},
	{"[section]\nkey = \"", "\"\n"},
	{"KEY=", "\n"},
	{"export KEY='", "'; run\n"},
	{"run --key=", " --quiet"},
	{"run -k ", " | cat"},
	{"<key>", "</key>"},
	{`<add key="k" value="`, `" />`},
	{"Authorization: Bearer ", "\r\n"},
	{"| key | ", " |"},
}

// A kind that its variable or header decides is found by that variable and header, however they are written. A spelling is one way of
// writing; what it cannot hold without escapes is in never.
type spelling struct{ format, never string }

const (
	unquoted = " \t\n\"'`\\$&|;<>(){}[]*?!#,"
	quoted   = "\n\"\\$`"
)

// variables are the spellings of a variable and its value.
var variables = []spelling{
	{"{name}={token}", unquoted},
	{"{name}=\"{token}\"", quoted},
	{"export {name}='{token}'", "\n'"},
	{"{name}={token} ./run.sh", unquoted},
	{"set {name}={token}\r\n", unquoted + "%^"},
	{"$env:{name} = \"{token}\"", quoted},
	{"{name}: {token}", unquoted + ":@%"},
	{"env:\n  {name}: '{token}'", "\n'"},
	{"- name: {name}\n  value: \"{token}\"", quoted},
	{"[env]\n{name} = \"{token}\"", quoted},
	{"{\"{name}\": \"{token}\"}", quoted},
	{"{\"env\":{\"{name}\":\"{token}\",\"PORT\":\"80\"}}", quoted},
	{"<{name}>{token}</{name}>", "\n&<>"},
	{"<add key=\"{name}\" value=\"{token}\" />", "\n&<>\""},
	{"<meta-data android:name=\"com.acme.{name}\" android:value=\"{token}\" />", "\n&<>\""},
	{"ENV {name}={token}", unquoted},
	{"ENV {name} {token}", unquoted},
	{"docker run -e {name}={token} image", unquoted},
	{"https://acme.example/hook?{name}={token}&x=1", unquoted + "/:@%+="},
	{"process.env.{name} = '{token}';", "\n'\\"},
	{"const key = process.env.{name} || \"{token}\";", quoted},
	{"os.environ[\"{name}\"] = \"{token}\"", quoted},
	{"key = os.getenv(\"{name}\", \"{token}\")", quoted},
	{"os.Setenv(\"{name}\", \"{token}\")", quoted},
	{"ENV['{name}'] ||= '{token}'", "\n'\\"},
}

// headers are the spellings of a request with a header.
var headers = []spelling{
	{"curl -H '{name}: {token}' https://{host}/", "\n'"},
	{"curl https://{host}/ \\\n  --header \"{name}: {token}\"", quoted},
	{"fetch('https://{host}/', {headers: {'{name}': '{token}'}})", "\n'\\"},
	{"requests.get(\"https://{host}/\", headers={\"{name}\": \"{token}\"})", quoted},
	{"GET / HTTP/1.1\r\nHost: {host}\r\n{name}: {token}\r\n", "\n"},
	{"url: https://{host}/\nheaders:\n  {name}: {token}", unquoted + "%@"},
}

// byContext tries the variables and headers by which kinds are known on the tokens of the examples: each finds one of the kind's tokens, and
// finds it in every spelling. A header that all providers use may need more than a host to be the provider's.
func (a *acceptance) byContext(t testing.TB) {
	t.Helper()
	for _, k := range a.p.Kinds {
		if a.secrets[k.Name] == nil {
			continue
		}
		for _, v := range k.Variables {
			if !a.spelled(t, k, v, variables, "{name}", v) && a.alone(k) && !strings.HasSuffix(v, "_ID") {
				t.Errorf("kind %s: none of its examples is found by the variable %s", k.Name, v)
			}
		}
		for _, h := range k.Headers {
			name, scheme, _ := strings.Cut(h, " ")
			if scheme == "Basic" {
				continue // what is sent is a pair, encoded
			}
			sent := strings.TrimSpace(scheme + " {token}")
			some := false
			for _, host := range a.p.Hosts {
				if strings.HasPrefix(host, ".") {
					host = "acme" + host
				}
				some = a.spelled(t, k, h, headers, "{name}", name, "{token}", sent, "{host}", host) || some
			}
			if !some && name != "Authorization" && len(a.p.Hosts) > 0 {
				t.Errorf("kind %s: none of its examples is found by the header %s", k.Name, h)
			}
		}
	}
}

// alone reports whether the kind is what a rule takes a match for that needs no partner and no path.
func (a *acceptance) alone(k detectors.Kind) bool {
	return slices.ContainsFunc(a.p.Rules, func(r detectors.Rule) bool {
		return len(r.Kinds) > 0 && r.Kinds[0] == k.Name && r.Required == nil && r.Path == ""
	})
}

// spelled reports whether the provider's rules find one of the kind's tokens under a name; what they find in one spelling they must find
// in all. What no spelling can hold counts as found.
func (a *acceptance) spelled(t testing.TB, k detectors.Kind, name string, all []spelling, fill ...string) (some bool) {
	t.Helper()
	replacer := strings.NewReplacer(fill...)
	written := false
	for _, secret := range a.secrets[k.Name] {
		if strings.ContainsAny(secret, "\"\n") {
			continue // a piece of a document
		}
		found, missed := 0, []string(nil)
		for _, s := range all {
			if strings.ContainsAny(secret, s.never) {
				continue
			}
			written = true
			before, after, _ := strings.Cut(replacer.Replace(s.format), "{token}")
			if e := (example{"", before + secret + after, len(before), len(before) + len(secret)}); a.findsAny(t, e) {
				found++
			} else {
				missed = append(missed, e.text)
			}
		}
		if found > 0 && missed != nil {
			t.Errorf("kind %s: found by %s, but not in %q", k.Name, name, missed)
		}
		some = some || found > 0
	}
	return some || !written
}

// findsAny reports whether any rule of the provider finds the example's token.
func (a *acceptance) findsAny(t testing.TB, e example) bool {
	t.Helper()
	return slices.ContainsFunc(a.rules.search(t, e.path, e.text), func(f found) bool { return f.secret == e.secret() && !a.rejects(f.secret) })
}
