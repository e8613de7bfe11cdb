package detectortest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/detectors"
)

// Accept runs the examples of a provider, testdata/NAME.txtar, and checks that what the provider says of itself is complete.
//
// The file's comment is for readers. Its sections hold one example a line; empty lines and lines that begin with # are skipped, and ↵
// stands for a line break within an example.
//
//	-- match --
//	RULE: TEXT          the rule finds a token in the text
//	RULE @PATH: TEXT    likewise, in a file of that path
//	-- miss --
//	TEXT                no rule finds a token in the text
//	@PATH: TEXT         likewise, in a file of that path
//	-- tags --
//	kind NAME: SCOPE; PRIVILEGES
//	decode VALUE: WHAT ITS TEXT SAYS
//
// The token that a match is to find stands between « and », or else it is the first {{name}}. No other rule may find it too, and each
// match is tried again in a battery of surroundings. Every kind that a rule finds has matches in two syntaxes and two near misses, which
// are texts that hold a keyword of one of its rules; its variables and headers find its tokens however they are written. A kind's line is
// its scope and what it allows at most, and every kind has one; a decode line is all that [Describe] says.
func Accept(t testing.TB, p detectors.Provider) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", p.Name+".txtar"))
	if err != nil {
		t.Fatalf("%s has no examples: %v", p.Name, err)
	}
	accept(t, p, archive)
}

func accept(t testing.TB, p detectors.Provider, archive *txtar.Archive) {
	t.Helper()
	complete(t, p)
	a := &acceptance{
		p: p, rules: newRules(t, p.Rules), matched: map[string]bool{}, tagged: map[string]bool{},
		syntaxes: map[string]map[string]bool{}, secrets: map[string][]string{}, missed: map[string]int{},
	}
	run := map[string]func(testing.TB, string){"match": a.match, "miss": a.miss, "tags": a.tags}
	seen := map[string]bool{}
	for _, f := range archive.Files {
		if run[f.Name] == nil {
			t.Fatalf("%s.txtar: unknown section %q", p.Name, f.Name)
		}
		for line := range strings.Lines(string(f.Data)) {
			line = strings.TrimRight(line, "\r\n")
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			seen[f.Name] = true
			run[f.Name](t, line)
		}
	}
	for name := range run {
		if !seen[name] {
			t.Errorf("%s.txtar: no examples in section %s", p.Name, name)
		}
	}
	for _, r := range p.Rules {
		if !r.SkipReport && r.Pattern != "" && !a.matched[r.ID] { // a rule that looks at paths only matches no text
			t.Errorf("rule %s has no match", r.ID)
		}
	}
	for _, k := range p.Kinds {
		if !a.tagged[k.Name] {
			t.Errorf("kind %s has no line in tags, want: %s", k.Name, describeKind(k))
		}
	}
	a.known(t)
	a.byContext(t)
}

// acceptance is one run of [Accept].
type acceptance struct {
	p       detectors.Provider
	rules   *rules
	matched map[string]bool // rules with a match
	tagged  map[string]bool // kinds with a line in tags

	syntaxes map[string]map[string]bool // by kind, how its matches are written
	secrets  map[string][]string        // by kind, its matches
	missed   map[string]int             // by kind, its near misses
}

// cut splits a line "HEAD: REST"; the head of a path may follow an @.
func cut(t testing.TB, line string) (head, path, rest string) {
	t.Helper()
	head, rest, ok := strings.Cut(line, ": ")
	if !ok {
		t.Fatalf("not an example: %q", line)
	}
	head, path, _ = strings.Cut(head, "@")
	return strings.TrimSpace(head), path, rest
}

// example is a text and the token in it, which is the bytes [start, end).
type example struct {
	path, text string
	start, end int
}

func (e example) secret() string { return e.text[e.start:e.end] }

// around returns the example with other text before and behind it.
func (e example) around(before, behind string) example {
	return example{e.path, before + e.text + behind, e.start + len(before), e.end + len(before)}
}

// with returns the example with another secret.
func (e example) with(secret string) example {
	return example{e.path, e.text[:e.start] + secret + e.text[e.end:], e.start, e.start + len(secret)}
}

// parse expands an example's text and finds the wanted token in it.
func parse(t testing.TB, path, text string) example {
	t.Helper()
	text = strings.ReplaceAll(text, "↵", "\n")
	if !strings.Contains(text, "«") {
		if at := placeholder.FindStringIndex(text); at != nil {
			text = text[:at[0]] + "«" + text[at[0]:at[1]] + "»" + text[at[1]:]
		}
	}
	text, _ = Expand(text)
	before, rest, ok := strings.Cut(text, "«")
	secret, behind, closed := strings.Cut(rest, "»")
	if !ok || !closed {
		t.Fatalf("no token in the example %q", text)
	}
	return example{path, before + secret + behind, len(before), len(before) + len(secret)}
}

func (a *acceptance) match(t testing.TB, line string) {
	t.Helper()
	rule, path, text := cut(t, line)
	if !slices.ContainsFunc(a.p.Rules, func(r detectors.Rule) bool { return r.ID == rule }) {
		t.Errorf("no rule %s", rule)
		return
	}
	e := parse(t, path, text)
	defer func() { a.matched[rule] = true }()
	if !a.finds(t, rule, e) {
		t.Errorf("%s: not found: %s\nfound: %+v", rule, line, a.rules.search(t, e.path, e.text))
		return
	}
	for _, f := range a.rules.search(t, e.path, e.text) {
		if f.rule != rule && f.secret == e.secret() && !a.handed(f.rule) {
			t.Errorf("%s: %s finds the same token: %s", rule, f.rule, line)
		}
	}
	a.shown(rule, e)
	a.battery(t, rule, line, e)
}

// handed reports whether the rule's findings are none by themselves.
func (a *acceptance) handed(rule string) bool {
	return slices.ContainsFunc(a.p.Rules, func(r detectors.Rule) bool { return r.ID == rule && r.Handed })
}

// longer returns the longer identifiers that a secret may be a part of: none where it begins and ends with other bytes than words do.
func longer(secret string) []string {
	var all []string
	if isWord(secret[len(secret)-1]) {
		all = append(all, secret+"x7")
	}
	if isWord(secret[0]) {
		all = append(all, "x7"+secret)
	}
	return all
}

func isWord(b byte) bool {
	return '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' || b == '_'
}

// finds reports whether the rule finds the example's token.
func (a *acceptance) finds(t testing.TB, rule string, e example) bool {
	t.Helper()
	return slices.ContainsFunc(a.rules.search(t, e.path, e.text), func(f found) bool {
		return f.rule == rule && f.secret == e.secret() && !a.rejects(f.secret)
	})
}

func (a *acceptance) rejects(secret string) bool {
	return a.p.Decode != nil && a.p.Decode(secret).Reject != ""
}

func (a *acceptance) miss(t testing.TB, line string) {
	t.Helper()
	path := ""
	if strings.HasPrefix(line, "@") {
		_, path, line = cut(t, line)
	}
	text, _ := Expand(strings.ReplaceAll(line, "↵", "\n"))
	a.near(path, text)
	for _, f := range a.rules.search(t, path, text) {
		if !a.handed(f.rule) && !a.rejects(f.secret) {
			t.Errorf("%s: found %q in %s", f.rule, f.secret, line)
		}
	}
}

func (a *acceptance) tags(t testing.TB, line string) {
	t.Helper()
	head, want, ok := cutTag(line)
	what, name, _ := strings.Cut(head, " ")
	var got string
	switch i := slices.IndexFunc(a.p.Kinds, func(k detectors.Kind) bool { return k.Name == name }); {
	case !ok:
		t.Fatalf("not a tag: %q", line)
	case what == "kind" && i >= 0:
		got = describeKind(a.p.Kinds[i])
		a.tagged[name] = true
	case what == "decode" && a.p.Decode != nil:
		value, _ := Expand(name)
		d := a.p.Decode(value)
		got = Describe(d)
		for _, e := range d.Evidence {
			if !isSource(e.Source) && !strings.HasSuffix(e.Says, "cannot be decoded") { // which claims nothing
				t.Errorf("%s: no document says that %s", head, e.Says)
			}
		}
	default:
		t.Errorf("nothing to tag in %q", line)
		return
	}
	if got != want {
		t.Errorf("%s\n got %s\nwant %s", head, got, want)
	}
}

// cutTag splits a line "HEAD: REST" of the tags at the last colon, because a value that is decoded may hold others.
func cutTag(line string) (head, rest string, ok bool) {
	const reject = ": reject"
	i := strings.LastIndex(line, ": ")
	if i < 0 {
		return "", "", false
	}
	head, rest = line[:i], line[i+len(": "):]
	if before, ok := strings.CutSuffix(head, reject); ok {
		return before, line[len(before)+len(": "):], true
	}
	return head, rest, true
}

func describeKind(k detectors.Kind) string { return k.Scope.String() + "; " + k.AtMost.String() }

// Describe writes what a token's text says on one line, in the order of the fields of [detectors.Decoded], with nothing for what it does
// not say, and "nothing" if it says nothing at all. Evidence is left out.
func Describe(d detectors.Decoded) string {
	if d.Reject != "" {
		return "reject: " + d.Reject
	}
	var says []string
	if d.Kind != "" {
		says = append(says, "kind "+d.Kind)
	}
	if d.Reach != 0 {
		says = append(says, "reach "+d.Reach.String())
	}
	if d.Exact {
		says = append(says, "exactly "+d.AtMost.String())
	} else if d.AtMost != 0 {
		says = append(says, "at most "+d.AtMost.String())
	}
	for _, h := range d.Hosts {
		says = append(says, "host "+h)
	}
	for _, id := range d.IDs {
		says = append(says, id.What+" "+id.Value)
	}
	if says == nil {
		return "nothing"
	}
	return strings.Join(says, "; ")
}

// Examples returns the names of the providers that have examples in a directory.
func Examples(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".txtar"); ok {
			names = append(names, name)
		}
	}
	return names, err
}
