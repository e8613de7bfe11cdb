package match_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/match"
)

// engine returns an engine for the rules, which must be good.
func engine(t *testing.T, opt match.Options, rules ...detectors.Rule) *match.Engine {
	t.Helper()
	e, err := match.New(rules, opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	return e
}

// scan returns the candidates in a text as "rule:secret", joined by blanks.
func scan(t *testing.T, e *match.Engine, in match.Input) string {
	t.Helper()
	var found []string
	err := e.Scanner().Scan(t.Context(), in, func(c match.Candidate) bool {
		found = append(found, e.Rules()[c.Rule].ID+":"+string(c.Value))
		if c.Depth == 0 && string(in.Data[c.Secret.Start:c.Secret.End]) != string(c.Value) {
			t.Errorf("the span holds %q, not %q", in.Data[c.Secret.Start:c.Secret.End], c.Value)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(found, " ")
}

func file(path, text string) match.Input {
	return match.Input{Path: path, Data: []byte(text), Final: true}
}

func distance(n int) *int { return &n }

func TestScan(t *testing.T) {
	key := detectors.Rule{ID: "key", Pattern: `key-([a-z]+)`, Keywords: []string{"Key-"}}
	tests := []struct {
		name  string
		rules []detectors.Rule
		opt   match.Options
		in    match.Input
		want  string
	}{
		{"nothing", []detectors.Rule{key}, match.Options{}, file("", ""), ""},
		{"group", []detectors.Rule{key}, match.Options{}, file("", "a key-abc key-d"), "key:abc key:d"},
		{"keyword in another case", []detectors.Rule{{ID: "r", Pattern: `(?i)acme=\w+`, Keywords: []string{"ACME"}}}, match.Options{}, file("", "AcMe=1"), "r:AcMe=1"},
		{"keyword elsewhere", []detectors.Rule{{ID: "r", Pattern: `[0-9]{4}`, Keywords: []string{"acme"}}}, match.Options{}, file("", "1234 Acme"), "r:1234"},
		{"no keyword there", []detectors.Rule{{ID: "r", Pattern: `[0-9]{4}`, Keywords: []string{"acme"}}}, match.Options{}, file("", "1234"), ""},
		{"keyword outside ASCII", []detectors.Rule{{ID: "r", Pattern: `[0-9]{4}`, Keywords: []string{"Schlüssel"}}}, match.Options{}, file("", "SCHLÜSSEL 1234"), "r:1234"},
		{"no keywords", []detectors.Rule{{ID: "r", Pattern: `[0-9]{4}`}}, match.Options{}, file("", "1234"), "r:1234"},
		{"the rule's group", []detectors.Rule{{ID: "r", Pattern: `(a)(b)(c)`, Group: 2}}, match.Options{}, file("", "abc"), "r:b"},
		{"the first group that is not empty", []detectors.Rule{{ID: "r", Pattern: `a(x?)(b)`}}, match.Options{}, file("", "ab"), "r:b"},
		{"an empty group", []detectors.Rule{{ID: "r", Pattern: `a(x?)b`, Group: 1}}, match.Options{}, file("", "ab axb"), "r:x"},
		{"the match without groups", []detectors.Rule{{ID: "r", Pattern: `ab`}}, match.Options{}, file("", "xab"), "r:ab"},
		{"line breaks around the match", []detectors.Rule{{ID: "r", Pattern: `\nab\n`}}, match.Options{}, file("", "x\nab\n"), "r:ab"},
		{"the end", []detectors.Rule{{ID: "r", Pattern: `ab(?:;|$)`}}, match.Options{}, file("", "abc ab; ab"), "r:ab; r:ab"},
		{"word boundaries", []detectors.Rule{{ID: "r", Pattern: `\bab\b`}}, match.Options{}, file("", "xab abx .ab. ab"), "r:ab r:ab"},
		{"line boundaries", []detectors.Rule{{ID: "r", Pattern: `(?m)^ab$`, Keywords: []string{"ab"}}}, match.Options{}, file("", "ab\nxab\nab x\nab"), "r:ab r:ab"},
		{"text boundaries", []detectors.Rule{{ID: "r", Pattern: `^ab`, Keywords: []string{"ab"}}}, match.Options{}, file("", "x\nab ab"), ""},
		{"the secret's entropy", []detectors.Rule{{ID: "r", Pattern: `k=(\w+)`, Entropy: 2}}, match.Options{}, file("", "k=aaaaaaaa k=abcd k=abcdefgh"), "r:abcdefgh"},

		{"path", []detectors.Rule{{ID: "r", Pattern: `ab`, Path: `\.env$`}}, match.Options{}, file("a/.env", "ab"), "r:ab"},
		{"another path", []detectors.Rule{{ID: "r", Pattern: `ab`, Path: `\.env$`}}, match.Options{}, file("a/.envrc", "ab"), ""},
		{"path only", []detectors.Rule{{ID: "r", Path: `\.p12$`}}, match.Options{}, file("a.p12", ""), "r:"},
		{"another path only", []detectors.Rule{{ID: "r", Path: `\.p12$`}}, match.Options{}, file("a.p13", "a.p12"), ""},
		{"path only, in a later piece", []detectors.Rule{{ID: "r", Path: `\.p12$`}}, match.Options{}, match.Input{Path: "a.p12", Base: 1}, ""},

		{"allowed path", []detectors.Rule{allow(key, detectors.Allowlist{Paths: []string{`^docs/`}})}, match.Options{}, file("docs/a", "key-a"), ""},
		{"path that is not allowed", []detectors.Rule{allow(key, detectors.Allowlist{Paths: []string{`^docs/`}})}, match.Options{}, file("a/docs/a", "key-a"), "key:a"},
		{"allowed commit", []detectors.Rule{allow(key, detectors.Allowlist{Commits: []string{"ABC"}})}, match.Options{}, match.Input{Commit: "abc", Data: []byte("key-a "), Final: true}, ""},
		{"allowed secret", []detectors.Rule{allow(key, detectors.Allowlist{Regexes: []string{`^x`, `y$`}})}, match.Options{}, file("", "key-xa key-ay key-ax"), "key:ax"},
		{"allowed match", []detectors.Rule{allow(key, detectors.Allowlist{Regexes: []string{`^key-x`}, Target: "match"})}, match.Options{}, file("", "key-xa key-ax"), "key:ax"},
		{"allowed line", []detectors.Rule{allow(key, detectors.Allowlist{Regexes: []string{`^test`}, Target: "line"})}, match.Options{}, file("", "test key-a\n key-b test\ntest\nkey-c"), "key:b key:c"},
		{"stop word", []detectors.Rule{allow(key, detectors.Allowlist{StopWords: []string{"Exam"}})}, match.Options{}, file("", "key-myexample key-ample"), "key:ample"},
		{"one criterion is enough", []detectors.Rule{allow(key, detectors.Allowlist{Paths: []string{"p"}, StopWords: []string{"s"}})}, match.Options{}, file("q", "key-s key-a"), "key:a"},
		{"all criteria, one of them missing", []detectors.Rule{allow(key, detectors.Allowlist{MatchAll: true, Paths: []string{"p"}, StopWords: []string{"s"}})}, match.Options{}, file("q", "key-s"), "key:s"},
		{"all criteria", []detectors.Rule{allow(key, detectors.Allowlist{MatchAll: true, Paths: []string{"p"}, StopWords: []string{"s"}})}, match.Options{}, file("p", "key-s key-a"), "key:a"},
		{"all criteria of the file", []detectors.Rule{allow(key, detectors.Allowlist{MatchAll: true, Paths: []string{"p"}, Commits: []string{"c"}})}, match.Options{}, file("p", "key-s"), "key:s"},
		{"a global allowlist for files", []detectors.Rule{key}, match.Options{Global: []detectors.Allowlist{{Paths: []string{"p"}}}}, file("p", "key-s"), ""},
		{"a global allowlist for secrets", []detectors.Rule{key}, match.Options{Global: []detectors.Allowlist{{StopWords: []string{"s"}}}}, file("p", "key-s key-a"), "key:a"},

		{"an ordinary rule beats a generic one", []detectors.Rule{{ID: "g", Pattern: `\w+`, Generic: true}, {ID: "n", Pattern: `ab(c)`}}, match.Options{}, file("", "abcd x"), "n:c g:x"},
		{"a provider's rule beats others", []detectors.Rule{{ID: "n", Pattern: `ab+`}, {ID: "p", Pattern: `b+`, Provider: "p"}, {ID: "g", Pattern: `\w+`, Generic: true}}, match.Options{}, file("", "abb ab"), "p:bb p:b"},
		{"what is beaten beats nothing", []detectors.Rule{{ID: "g", Pattern: `c+`, Generic: true}, {ID: "n", Pattern: `[bc]+`}, {ID: "p", Pattern: `[ab]+`, Provider: "p"}}, match.Options{}, file("", "abc"), "p:ab g:c"},
		{"neighbours stay", []detectors.Rule{{ID: "g", Pattern: `a+`, Generic: true}, {ID: "p", Pattern: `b+`, Provider: "p"}}, match.Options{}, file("", "aabb"), "g:aa p:bb"},
		{"equals stay", []detectors.Rule{{ID: "b", Pattern: `a+`}, {ID: "a", Pattern: `a+`}}, match.Options{}, file("", "a"), "b:a a:a"},

		{"partner near", []detectors.Rule{partner("r", detectors.Required{Rule: "host", WithinLines: distance(1)}), host}, match.Options{}, file("", "key-a\n\nkey-b\nhost"), "r:b"},
		{"partner anywhere", []detectors.Rule{partner("r", detectors.Required{Rule: "host"}), host}, match.Options{}, file("", "key-a\n\nkey-b\nhost"), "r:a r:b"},
		{"no partner", []detectors.Rule{partner("r", detectors.Required{Rule: "host"}), host}, match.Options{}, file("", "key-a"), ""},
		{"partner in columns", []detectors.Rule{partner("r", detectors.Required{Rule: "host", WithinColumns: distance(3)}), host}, match.Options{}, file("", "key-a\n  host\n     key-b"), "r:a r:b"},
		{"partner not in columns", []detectors.Rule{partner("r", detectors.Required{Rule: "host", WithinColumns: distance(3)}), host}, match.Options{}, file("", "key-a\n    host"), ""},
		{"all partners", []detectors.Rule{partner("r", detectors.Required{Rule: "host"}, detectors.Required{Rule: "user"}), host, {ID: "user", Pattern: "user"}}, match.Options{}, file("", "key-a host"), ""},
		{"a partner in plain text", []detectors.Rule{partner("r", detectors.Required{Rule: "host"}), host}, match.Options{DecodeDepth: 1}, file("", "host "+encode("some key-abcdef")), "r:abcdef"},

		{"not decoded", []detectors.Rule{key}, match.Options{}, file("", encode("some key-abcdef")), ""},
		{"decoded", []detectors.Rule{key}, match.Options{DecodeDepth: 1}, file("", encode("some key-abcdef")), "key:abcdef"},
		{"not deep enough", []detectors.Rule{key}, match.Options{DecodeDepth: 1}, file("", encode(encode("some key-abcdef"))), ""},
		{"deep enough", []detectors.Rule{key}, match.Options{DecodeDepth: 2}, file("", encode(encode("some key-abcdef"))), "key:abcdef"},
		{"two in one encoded text", []detectors.Rule{key}, match.Options{DecodeDepth: 1}, file("", encode("key-abcdef key-ghi")), "key:abcdef key:ghi"},
		{"plain beside encoded", []detectors.Rule{key}, match.Options{DecodeDepth: 5}, file("", "%41 key-a %41"), "key:a"},
		{"encoded and decoded", []detectors.Rule{{ID: "r", Pattern: `k=(\S+)`}}, match.Options{DecodeDepth: 1}, file("", "k="+encode("alpha, beta, gamma")+"\n"), "r:alpha,"},
		{"per cent signs in an address", []detectors.Rule{{ID: "r", Pattern: `p://(\S+)`}}, match.Options{DecodeDepth: 1}, file("", "p://a:%41@b\n"), "r:a:%41@b"},
		{"a provider's beside a generic one in one encoded text", []detectors.Rule{{ID: "g", Pattern: `g+-x`, Generic: true}, {ID: "p", Pattern: `p+-x`, Provider: "p"}},
			match.Options{DecodeDepth: 1}, file("", encode("ggggg-x ppppp-x")), "g:ggggg-x p:ppppp-x"},
		{"a provider's in a generic encoded text", []detectors.Rule{{ID: "g", Pattern: `k=(\w+)`, Generic: true}, {ID: "p", Pattern: `p+-x`, Provider: "p"}},
			match.Options{DecodeDepth: 1}, file("", "k="+encode("ppppp-x and more")), "p:ppppp-x"},

		{"cut off at the end", []detectors.Rule{key}, match.Options{}, match.Input{Data: []byte("key-a key-b")}, "key:a"},
		{"cut off at the start", []detectors.Rule{key}, match.Options{}, match.Input{Data: []byte("key-a key-b"), Base: 3, Final: true}, "key:b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := scan(t, engine(t, test.opt, test.rules...), test.in); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func allow(r detectors.Rule, a detectors.Allowlist) detectors.Rule {
	r.Allowlists = []detectors.Allowlist{a}
	return r
}

func partner(id string, required ...detectors.Required) detectors.Rule {
	return detectors.Rule{ID: id, Pattern: `key-(\w+)`, Keywords: []string{"key"}, Required: required}
}

var host = detectors.Rule{ID: "host", Pattern: `host`, Keywords: []string{"host"}, SkipReport: true}

func encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestCandidate(t *testing.T) {
	e := engine(t, match.Options{DecodeDepth: 5}, detectors.Rule{ID: "r", Pattern: `key=(\w+);`})
	text := "key=abcd; " + encode(strings.ReplaceAll("a key=efgh; ", "e", "%65"))
	var got []string
	err := e.Scanner().Scan(t.Context(), file("", text), func(c match.Candidate) bool {
		got = append(got, fmt.Sprintf("%v %v %s %d %v %.1f", c.Match, c.Secret, c.Value, c.Depth, c.Encodings, c.Entropy))
		return true
	})
	want := []string{"{0 9} {4 8} abcd 0 [] 2.0", "{10 34} {10 34} efgh 2 [percent base64] 2.0"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got  %q, %v\nwant %q", got, err, want)
	}
}

func TestScanStops(t *testing.T) {
	e := engine(t, match.Options{}, detectors.Rule{ID: "r", Pattern: `[a-z]`})
	n := 0
	if err := e.Scanner().Scan(t.Context(), file("", "a b c"), func(match.Candidate) bool { n++; return n < 2 }); err != nil || n != 2 {
		t.Errorf("%d candidates, %v", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Scanner().Scan(ctx, file("", "a b c"), func(match.Candidate) bool { t.Error("a candidate"); return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		rules []detectors.Rule
		want  string
	}{
		{[]detectors.Rule{{Pattern: "a"}}, "rule 1 has no id"},
		{[]detectors.Rule{{ID: "a", Pattern: "a"}, {ID: "a", Pattern: "b"}}, `rule "a" is given twice`},
		{[]detectors.Rule{{ID: "a"}}, `rule "a" has neither a pattern nor a path`},
		{[]detectors.Rule{{ID: "a", Pattern: "a", Required: []detectors.Required{{Rule: "b"}}}}, `rule "a" requires rule "b", which does not exist`},
	}
	for _, test := range tests {
		if _, err := match.New(test.rules, match.Options{}); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

func TestCheck(t *testing.T) {
	good := detectors.Rule{ID: "good", Pattern: "x"}
	tests := []struct {
		rule detectors.Rule
		want string
	}{
		{detectors.Rule{ID: "a", Pattern: "("}, `rule "a": pattern: error parsing regexp: missing closing ): `},
		{detectors.Rule{ID: "a", Pattern: "a(?!b)"}, `rule "a": pattern: error parsing regexp: invalid or unsupported Perl syntax`},
		{detectors.Rule{ID: "a", Path: "["}, `rule "a": path: error parsing regexp`},
		{detectors.Rule{ID: "a", Pattern: "(a)", Group: 2}, `rule "a": there is no group 2: the pattern has 1`},
		{allow(detectors.Rule{ID: "a", Pattern: "a"}, detectors.Allowlist{Paths: []string{"*"}}), `rule "a": allowlist: error parsing regexp`},
		{allow(detectors.Rule{ID: "a", Pattern: "a"}, detectors.Allowlist{Regexes: []string{"a)(?:b"}}), `rule "a": allowlist: error parsing regexp`},
		{allow(detectors.Rule{ID: "a", Pattern: "a"}, detectors.Allowlist{Regexes: []string{"a"}, Target: "word"}), `rule "a": allowlist: the target is "word"`},
	}
	for _, test := range tests {
		e, err := match.New([]detectors.Rule{good, test.rule}, match.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Check(); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	e, err := match.New([]detectors.Rule{good}, match.Options{Global: []detectors.Allowlist{{Paths: []string{"("}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Check(); err == nil || !strings.HasPrefix(err.Error(), "global allowlist: error parsing regexp") {
		t.Errorf("global allowlist: %v", err)
	}
}

// TestBadRuleIsSkipped checks that a rule that cannot be compiled stops no other, and is named.
func TestBadRuleIsSkipped(t *testing.T) {
	for _, bad := range []detectors.Rule{{ID: "bad", Pattern: "("}, {ID: "bad", Pattern: "a", Path: "("}} {
		e, err := match.New([]detectors.Rule{bad, {ID: "good", Pattern: "a"}}, match.Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		err = e.Scanner().Scan(t.Context(), file("p", "a"), func(match.Candidate) bool { n++; return true })
		if err == nil || !strings.HasPrefix(err.Error(), `rule "bad": `) || n != 1 {
			t.Errorf("%d candidates, %v", n, err)
		}
	}
}

// TestWorkers checks that scanners share an engine, and that a scanner gives the same results for the same text whatever it saw before.
func TestWorkers(t *testing.T) {
	e := engine(t, match.Options{DecodeDepth: 2}, defaultRules(t)...)
	texts := make([]string, 40)
	for i := range texts {
		texts[i] = strings.Repeat("x = 1\n", i) + "api_key = '" + detectortest.Mint(fmt.Sprintf("password#%d", i)) + "'\n"
	}
	want, found := make([]string, len(texts)), 0
	for i, text := range texts {
		want[i] = scan(t, e, file("", text))
		if want[i] != "" {
			found++
		}
	}
	if found < len(texts)/2 {
		t.Fatalf("only %d of %d texts hold anything", found, len(texts))
	}
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			s := e.Scanner()
			for n := range 3 * len(texts) {
				i := (n*7 + w) % len(texts)
				var got []string
				err := s.Scan(t.Context(), file("", texts[i]), func(c match.Candidate) bool {
					got = append(got, e.Rules()[c.Rule].ID+":"+string(c.Value))
					return true
				})
				if err != nil || strings.Join(got, " ") != want[i] {
					t.Errorf("got %q, %v, want %q", got, err, want[i])
				}
			}
		})
	}
	workers.Wait()
}

// TestTakes checks that a scanner tells which files are credentials themselves, whatever it looked at before.
func TestTakes(t *testing.T) {
	rules := []detectors.Rule{{ID: "word", Pattern: "a+", Keywords: []string{"a"}}, {ID: "p12", Path: `\.p12$`}, {ID: "keys", Path: `^keys/`}, {ID: "env", Path: `\.env$`, Pattern: "b"}}
	e, err := match.New(rules, match.Options{Global: []detectors.Allowlist{{Paths: []string{`^testdata/`}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := e.Scanner()
	for _, test := range []struct {
		path string
		want []int
	}{{"a.txt", nil}, {"keys/a.p12", []int{1, 2}}, {"a.env", nil}, {"a.p12", []int{1}}, {"testdata/a.p12", nil}, {"", nil}} {
		if got := s.Takes(test.path, ""); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.path, got, test.want)
		}
		if err := s.Scan(t.Context(), match.Input{Path: test.path, Data: []byte("a"), Final: true}, func(match.Candidate) bool { return true }); err != nil {
			t.Fatal(err)
		}
	}
}

// TestManyBlanks finds what stands behind more blanks than a match is expected to have.
func TestManyBlanks(t *testing.T) {
	secret := strings.Repeat("0a1b", 10)
	e := engine(t, match.Options{}, detectors.Rule{ID: "key", Pattern: `key\s*=\s*([0-9a-f]{40})\b`, Group: 1, Keywords: []string{"key"}})
	for _, before := range []int{0, 1, 99, 100, 101, 1000} {
		for _, after := range []int{0, 1, 99, 100, 101, 1000} {
			text := "the key of a key" + strings.Repeat(" ", before) + "=" + strings.Repeat("\n ", after/2) + strings.Repeat("\t", after%2) + secret
			if got, want := scan(t, e, file("a", text)), "key:"+secret; got != want {
				t.Errorf("%d blanks before the sign and %d behind it: %q, want %q", before, after, got, want)
			}
		}
	}
}
