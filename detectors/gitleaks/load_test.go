package gitleaks

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// files returns a reader of files that are given by name.
func files(contents map[string]string) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		if text, ok := contents[path]; ok {
			return []byte(text), nil
		}
		return nil, fmt.Errorf("open %s: %w", path, os.ErrNotExist)
	}
}

func load(t *testing.T, text string, others map[string]string) Config {
	t.Helper()
	c, err := Load([]byte(text), ".gitleaks.toml", files(others))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func find(t *testing.T, c Config, id string) detectors.Rule {
	t.Helper()
	n := indexOf(c.Rules, id)
	if n < 0 {
		t.Fatalf("no rule %q", id)
	}
	return c.Rules[n]
}

func TestDefault(t *testing.T) {
	c, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Rules) != 222 || len(c.Global) != 1 {
		t.Errorf("%d rules and %d global allowlists", len(c.Rules), len(c.Global))
	}
	generic := find(t, c, "generic-api-key")
	if !generic.Generic || generic.Entropy != 3.5 || len(generic.Allowlists) < 2 || len(generic.Keywords) != 10 {
		t.Errorf("generic-api-key: %+v", generic)
	}
	for _, r := range c.Rules {
		if r.Generic != (r.ID == "generic-api-key") {
			t.Errorf("%s: generic: %v", r.ID, r.Generic)
		}
	}
}

func TestVersionIsTheModules(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "github.com/zricethezav/gitleaks/v8 v"+Version+"\n") {
		t.Errorf("go.mod asks for another version of gitleaks than %s", Version)
	}
}

func TestLoadIsRepeatable(t *testing.T) {
	const text = "[extend]\nuseDefault = true\n[[rules]]\nid = \"mine\"\nregex = \"x{9}\"\n[[allowlists]]\ntargetRules = [\"mine\"]\npaths = [\"a\"]\n"
	first := load(t, text, nil)
	for range 9 {
		if again := load(t, text, nil); !reflect.DeepEqual(first, again) {
			t.Fatal("loading again gives another result")
		}
	}
	if len(first.Rules) != 223 || len(find(t, first, "mine").Allowlists) != 1 {
		t.Errorf("%d rules, mine: %+v", len(first.Rules), find(t, first, "mine"))
	}
}

func TestLoadRule(t *testing.T) {
	c := load(t, `
title = "ours"
[[rules]]
id = "acme"
description = "A token of Acme's"
Regex = '''acme_([a-z]{8})'''
path = '''\.env$'''
secretGroup = 1
entropy = 2.5
keywords = ["ACME_", "x"]
tags = ["t"]
skipReport = true
[[rules.allowlists]]
condition = "and"
regexTarget = "line"
regexes = ["a", "b"]
stopwords = ["test"]
commits = ["ABC"]
paths = ["p"]
[[rules.required]]
id = "near"
withinLines = 3
withinColumns = 0
[[rules]]
id = "near"
regex = "near"
[rules.allowlist]
stopwords = ["old"]
[allowlist]
regexTarget = "secret"
regexes = ["g"]
`, nil)
	three, zero := 3, 0
	want := detectors.Rule{
		ID: "acme", Description: "A token of Acme's", Tags: []string{"t"}, Pattern: "acme_([a-z]{8})", Path: `\.env$`, Group: 1, Entropy: 2.5,
		Keywords: []string{"acme_", "x"}, SkipReport: true,
		Allowlists: []detectors.Allowlist{{
			MatchAll: true, Target: "line", Regexes: []string{"a", "b"}, StopWords: []string{"test"}, Commits: []string{"ABC"}, Paths: []string{"p"},
		}},
		Required: []detectors.Required{{Rule: "near", WithinLines: &three, WithinColumns: &zero}},
	}
	if got := find(t, c, "acme"); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := find(t, c, "near").Allowlists; len(got) != 1 || got[0].StopWords[0] != "old" {
		t.Errorf("the older form: %+v", got)
	}
	if len(c.Global) != 1 || c.Global[0].Target != "" || c.Global[0].Regexes[0] != "g" {
		t.Errorf("global: %+v", c.Global)
	}
}

func TestLoadExtension(t *testing.T) {
	c := load(t, `
[extend]
path = "base.toml"
disabledRules = ["off"]
[[rules]]
id = "both"
entropy = 4
keywords = ["More"]
[[rules.allowlists]]
stopwords = ["more"]
[[rules]]
id = "mine"
regex = "m"
[[allowlists]]
paths = ["mine"]
[[allowlists]]
targetRules = ["both", "theirs"]
paths = ["targeted"]
`, map[string]string{"base.toml": `
[[rules]]
id = "theirs"
regex = "t"
[[rules]]
id = "both"
description = "base"
regex = "(b)"
secretGroup = 1
entropy = 1
keywords = ["base"]
[[rules.allowlists]]
stopwords = ["base"]
[[rules]]
id = "off"
regex = "o"
[allowlist]
paths = ["base"]
`})
	var ids []string
	for _, r := range c.Rules {
		ids = append(ids, r.ID)
	}
	if got := strings.Join(ids, " "); got != "both mine theirs" {
		t.Errorf("rules: %s", got)
	}
	want := detectors.Rule{
		ID: "both", Description: "base", Pattern: "(b)", Group: 1, Entropy: 4, Keywords: []string{"base", "more"},
		Allowlists: []detectors.Allowlist{{StopWords: []string{"base"}}, {StopWords: []string{"more"}}, {Paths: []string{"targeted"}}},
	}
	if got := find(t, c, "both"); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if len(c.Global) != 2 || c.Global[0].Paths[0] != "mine" || c.Global[1].Paths[0] != "base" {
		t.Errorf("global: %+v", c.Global)
	}
	if !reflect.DeepEqual(c.Disabled, []string{"off"}) {
		t.Errorf("disabled: %v", c.Disabled)
	}
}

func TestLoadDoesNotChangeTheDefault(t *testing.T) {
	load(t, "[extend]\nuseDefault = true\n[[rules]]\nid = \"generic-api-key\"\nkeywords = [\"zzz\"]\n", nil)
	c, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(find(t, c, "generic-api-key").Keywords); n != 10 {
		t.Errorf("%d keywords", n)
	}
}

// TestLoadIsLenient has values of other types than documented, which gitleaks takes.
func TestLoadIsLenient(t *testing.T) {
	c := load(t, `
[allowlist]
paths = "one,two"
[rules]
id = "a"
regex = 3
secretGroup = "0"
entropy = "1.5"
keywords = "x"
`, nil)
	r := find(t, c, "a")
	if r.Pattern != "3" || r.Entropy != 1.5 || !slices.Equal(r.Keywords, []string{"x"}) {
		t.Errorf("%+v", r)
	}
	if len(c.Global) != 1 || !slices.Equal(c.Global[0].Paths, []string{"one", "two"}) {
		t.Errorf("%+v", c.Global)
	}
}

func TestLoadErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"syntax", "a = 1\nb = = 2\n", ".gitleaks.toml:2: "},
		{"type", "[[rules]]\nid = \"a\"\nregex = \"a\"\nsecretGroup = \"first\"\n", ".gitleaks.toml:4: the value of Rules[0].SecretGroup is of a type"},
		{"type of a list", "[allowlist]\npaths = [{a = 1}]\n", ".gitleaks.toml:2: the value of Allowlist.Paths[0] is of a type"},
		{"look-ahead", "[[rules]]\nid = \"a\"\n\nregex = '''a(?!b)'''\n", ".gitleaks.toml:4: rule \"a\": error parsing regexp: invalid or unsupported Perl syntax at character 2, \"(?!\": the syntax, RE2, has no look-around"},
		{"long", "[[rules]]\nid = \"a\"\nregex = '''(aaaaaaaaaaaaaaaaaaaaaaaaaaaaa'''\n", ".gitleaks.toml:3: rule \"a\": error parsing regexp: missing closing ) in the whole of it: correct"},
		{"bad path", "[[rules]]\nid = \"a\"\npath = '''('''\n", ".gitleaks.toml:3: rule \"a\": error parsing regexp"},
		{"bad allowlist", "[[rules]]\nid = \"a\"\nregex = \"a\"\n[[rules.allowlists]]\nregexes = [\n  \"ok\",\n  \"[\",\n]\n", ".gitleaks.toml:7: rule \"a\": error parsing regexp"},
		{"bad global allowlist", "[[allowlists]]\npaths = [\"a\"]\n[[allowlists]]\npaths = [\"*\"]\n", ".gitleaks.toml:4: error parsing regexp"},
		{"bad older allowlist", "[allowlist]\npaths = [\"*\"]\n", ".gitleaks.toml:2: error parsing regexp"},
		{"no id", "\n[[rules]]\nregex = \"a\"\n", ".gitleaks.toml:2: a rule has no id"},
		{"nothing to match", "[[rules]]\nid = \"a\"\n", ".gitleaks.toml:1: rule \"a\" has neither regex nor path"},
		{"group", "[[rules]]\nid = \"a\"\nregex = \"(a)\"\nsecretGroup = 2\n", ".gitleaks.toml:1: rule \"a\": secretGroup is 2"},
		{"both extensions", "[extend]\nuseDefault = true\npath = \"x\"\n", ".gitleaks.toml:3: extend has both path and useDefault"},
		{"missing extension", "[extend]\npath = \"x\"\n", ".gitleaks.toml:2: the extended file: open x: file does not exist"},
		{"unknown target", "[[allowlists]]\ntargetRules = [\"a\"]\npaths = [\"x\"]\n", ".gitleaks.toml:2: targetRules names \"a\""},
		{"condition", "[[allowlists]]\npaths = [\"x\"]\ncondition = \"xor\"\n", ".gitleaks.toml:3: an allowlist's condition is \"xor\""},
		{"target", "[[allowlists]]\nregexes = [\"x\"]\nregexTarget = \"word\"\n", ".gitleaks.toml:3: an allowlist's regexTarget is \"word\""},
		{"empty allowlist", "\n\n[[allowlists]]\ndescription = \"x\"\n", ".gitleaks.toml:3: an allowlist allows nothing"},
		{"empty older allowlist", "[allowlist]\npaths = []\n", ".gitleaks.toml:1: an allowlist allows nothing"},
		{"two forms", "[allowlist]\npaths = [\"x\"]\n[[allowlists]]\npaths = [\"x\"]\n", ".gitleaks.toml:1: there are both"},
		{"two forms in a rule", "[[rules]]\nid = \"a\"\nregex = \"a\"\n[rules.allowlist]\npaths = [\"x\"]\n[[rules.allowlists]]\npaths = [\"x\"]\n", ".gitleaks.toml:4: rule \"a\" has both"},
		{"unknown partner", "[[rules]]\nid = \"a\"\nregex = \"a\"\n[[rules.required]]\nid = \"b\"\n", ".gitleaks.toml:1: rule \"a\" requires \"b\""},
		{"partner without id", "[[rules]]\nid = \"a\"\nregex = \"a\"\n[[rules.required]]\nwithinLines = 1\n", ".gitleaks.toml:4: rule \"a\" requires a rule without an id"},
		{"version", "minVersion = \"new\"\n", ".gitleaks.toml:1: minVersion is \"new\""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load([]byte(test.text), ".gitleaks.toml", files(nil))
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s…", err, test.want)
			}
		})
	}
	if _, err := Load([]byte("[extend]\npath = \"x\"\n"), "a", files(nil)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the cause is lost: %v", err)
	}
}

func TestLoadEmptyTable(t *testing.T) {
	c := load(t, "[allowlist]\n[[rules]]\nid = \"a\"\nregex = \"1\"\n", nil)
	if got := find(t, c, "a"); got.Pattern != "1" {
		t.Errorf("rule: %+v", got)
	}
}

func TestLoadNotes(t *testing.T) {
	c := load(t, "minVersion = \"v99.1.0\"\n[extend]\npath = \"self\"\n[[rules]]\nid = \"a\"\nregex = \"1\"\n[[rules]]\nid = \"a\"\nregex = \"2\"\nskipReport = true\n",
		map[string]string{"self": "[[rules]]\nid=\"a\"\nregex=\"0\"\n[extend]\npath = \"self\"\n"})
	if got := find(t, c, "a"); got.Pattern != "2" || got.SkipReport {
		t.Errorf("rule: %+v", got)
	}
	var says []string
	for _, n := range c.Notes {
		says = append(says, fmt.Sprintf("%s:%d: %s", n.Path, n.Line, n.Says))
	}
	want := []string{
		".gitleaks.toml:7: rule \"a\" is written twice: only this one counts",
		".gitleaks.toml:1: the file wants gitleaks v99.1.0 or later; what is read here is what " + Version + " knows",
		"self:4: the extension is ignored: gitleaks follows 2, one after the other",
		".gitleaks.toml:4: rule \"a\" changes one that it extends: its required and skipReport are ignored",
	}
	if !reflect.DeepEqual(says, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(says, "\n"), strings.Join(want, "\n"))
	}
}

// TestLoadPassedOver: what gitleaks passes over does not keep anybody from a scan.
func TestLoadPassedOver(t *testing.T) {
	c := load(t, "[extend]\npath = \"base\"\ndisabledRules = [\n\"a\",\n\"aa\"]\n", map[string]string{
		"base": "[[allowlists]]\npaths = [\"x\"]\ntargetRules = [\"b\"]\n[[rules]]\nid=\"a\"\nregex=\"0\"\n[[rules]]\nid=\"b\"\nregex=\"0\"\n",
	})
	if got := find(t, c, "b"); len(c.Rules) != 1 || len(got.Allowlists) > 0 {
		t.Errorf("rules: %+v", c.Rules)
	}
	if len(c.Notes) != 2 || c.Notes[0].Line != 3 || !strings.Contains(c.Notes[0].Says, "targetRules") || c.Notes[1].Line != 5 || !strings.Contains(c.Notes[1].Says, `"aa"`) {
		t.Errorf("notes: %+v", c.Notes)
	}
}

func TestIgnore(t *testing.T) {
	const commit = "0123456789abcdef0123456789abcdef01234567"
	ignore, notes := ParseIgnore([]byte("# a comment\n\na/b.go:generic-api-key:12\r\n"+commit+":dir\\c.py:aws:3\nd:e.txt:aws:1\nnonsense\nx:y:z\n"), ".gitleaksignore")
	if len(notes) != 2 || notes[0].Line != 6 || notes[1].Line != 7 {
		t.Errorf("notes: %+v", notes)
	}
	tests := []struct {
		commit, path, rule string
		line               int
		want               bool
	}{
		{"", "a/b.go", "generic-api-key", 12, true},
		{commit, "a/b.go", "generic-api-key", 12, true},
		{"", "a/b.go", "generic-api-key", 13, false},
		{"", "a/b.go", "aws", 12, false},
		{commit, "dir/c.py", "aws", 3, true},
		{"", "dir/c.py", "aws", 3, false},
		{"", "d:e.txt", "aws", 1, true},
	}
	for _, test := range tests {
		if got := ignore.Has(test.commit, test.path, test.rule, test.line); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
	f := Fingerprint{Commit: commit, Path: "a", Rule: "r", Line: 7}
	if again, _ := ParseIgnore([]byte(f.String()), ""); !again[f] {
		t.Errorf("%s is not read as it was written", f)
	}
}

func TestBaseline(t *testing.T) {
	b, err := ParseBaseline([]byte(`[
		{"RuleID": "r", "File": "a.go", "Commit": "", "StartLine": 3, "Secret": "s1"},
		{"RuleID": "r", "File": "b.go", "Commit": "c", "StartLine": 4, "Secret": "REDACTED"}
	]`), "report.json")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		rule, path, commit, secret string
		line                       int
		want                       bool
	}{
		{"r", "a.go", "", "s1", 3, true},
		{"r", "a.go", "", "s1", 300, true},
		{"r", "a.go", "", "s2", 3, false},
		{"q", "a.go", "", "s1", 3, false},
		{"r", "b.go", "c", "anything", 4, true},
		{"r", "b.go", "c", "anything", 5, false},
		{"r", "b.go", "", "anything", 4, false},
	}
	for _, test := range tests {
		if got := b.Has(test.rule, test.path, test.commit, test.secret, test.line); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
	if _, err := ParseBaseline([]byte("{}"), "x.json"); err == nil || !strings.HasPrefix(err.Error(), "x.json is no JSON report of gitleaks") {
		t.Errorf("error: %v", err)
	}
}

// FuzzLoad checks that no text makes Load panic, and that what it returns is complete.
func FuzzLoad(f *testing.F) {
	f.Add("[extend]\nuseDefault = true\ndisabledRules = [\"a\"]\n")
	f.Add("[[rules]]\nid = \"a\"\nregex = '''(?i)b'''\nallowlists = [{ regexes = [\"a\", \"[\"] }, { paths = [] }]\n")
	f.Add("[extend]\npath = \"x\"\n[[rules]]\n[rules.allowlist]\n[[rules.required]]\n[[allowlists]]\ntargetRules=[\"\"]\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Load([]byte(text), "a.toml", files(map[string]string{"x": text}))
		if err != nil {
			return
		}
		for _, r := range c.Rules {
			if r.ID == "" || r.Pattern == "" && r.Path == "" {
				t.Errorf("a rule that says nothing: %+v", r)
			}
		}
	})
}
