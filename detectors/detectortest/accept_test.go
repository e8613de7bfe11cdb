package detectortest

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/detectors"
)

// recorder keeps what a test would fail with.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// acme is a provider without a flaw: its key has a form of its own, its secret only the name of a variable.
func acme() detectors.Provider {
	const source = "https://acme.example/docs"
	return detectors.Provider{
		Name: "acme", Title: "Acme", Hosts: []string{"api.acme.example"},
		Rules: []detectors.Rule{
			{
				ID: "acme-key", Description: "a key", Pattern: `(?:\b|\\[nrt])(acme_[0-9a-f]{40})(?:[^0-9A-Za-z_]|$)`, Group: 1,
				Keywords: []string{"acme_"}, Entropy: 3, Kinds: []string{"key"},
			},
		},
		Kinds: []detectors.Kind{{
			Name: "key", Title: "key", Scope: detectors.ScopeAccount, Bound: "everything", AtMost: detectors.Full,
			Variables: []string{"ACME_KEY"}, Headers: []string{"X-Acme-Key"}, Cut: "make another key", Source: source,
		}},
		Operations: []detectors.Operation{{Name: "delete", Does: detectors.Destroy, Calls: []string{"http DELETE /v1/things/*"}, Source: source}},
	}
}

const acmeExamples = `
-- match --
acme-key: acme_0123456789abcdef0123456789abcdef01234567
acme-key: key: 'acme_0123456789abcdef0123456789abcdef01234567'
-- miss --
acme_key
acme_0000000000000000000000000000000000000000
-- tags --
kind key: account; read, write, admin, destroy
`

func failures(t *testing.T, p detectors.Provider, examples string) []string {
	t.Helper()
	marked := strings.ReplaceAll(examples, "acme_0123456789abcdef0123456789abcdef01234567", "«acme_0123456789abcdef0123456789abcdef01234567»")
	r := &recorder{TB: t}
	accept(r, p, txtar.Parse([]byte(marked)))
	return r.failures
}

// Accept finds fault with each way in which a provider can be incomplete or a rule careless, and none with one that is neither.
func TestAcceptFindsFault(t *testing.T) {
	if all := failures(t, acme(), acmeExamples); all != nil {
		t.Fatalf("the faultless provider: %q", all)
	}
	for _, c := range []struct {
		name   string
		change func(*detectors.Provider)
		from   string // in the examples
		to     string
		want   string
	}{
		{name: "power left out", change: func(p *detectors.Provider) { p.Kinds[0].AtMost = 0 }, want: "no privilege"},
		{name: "power not wanted", from: "kind key: account; read, write, admin, destroy\n", want: "no line in tags"},
		{name: "power unlike the wanted", change: func(p *detectors.Provider) { p.Kinds[0].AtMost = detectors.UnknownPower }, want: "got account"},
		{name: "no source", change: func(p *detectors.Provider) { p.Kinds[0].Source = "" }, want: "source"},
		{name: "a source that is no address", change: func(p *detectors.Provider) { p.Kinds[0].Source = "the docs" }, want: "source"},
		{name: "undo that is none", change: func(p *detectors.Provider) { p.Operations[0].Undo = "no undo, but for some" }, want: "operation delete: undo"},
		{name: "a decoded claim without a document", change: func(p *detectors.Provider) {
			p.Decode = func(string) detectors.Decoded {
				return detectors.Decoded{Evidence: []detectors.Evidence{{About: "reach", Says: "it is production's"}}}
			}
		}, from: "kind key: account; read, write, admin, destroy\n", to: "kind key: account; read, write, admin, destroy\ndecode acme_0123456789abcdef0123456789abcdef01234567: nothing\n",
			want: "no document says"},
		{name: "a library without a document", change: func(p *detectors.Provider) {
			p.Libraries = []detectors.Library{{Names: []string{"acme"}, Variables: []string{"ACME_KEY"}}}
		}, want: "library"},
		{name: "power to destroy without an act", change: func(p *detectors.Provider) { p.Operations = nil }, want: "no operation destroys"},
		{name: "one syntax", from: "acme-key: key: 'acme_0123456789abcdef0123456789abcdef01234567'\n", want: "matches in 1 syntaxes"},
		{name: "one near miss", from: "acme_key\n", want: "1 near misses"},
		{name: "far misses", from: "acme_key\n", to: "some other text\n", want: "1 near misses"},
		{name: "a false match", from: "acme_key\n", to: "{acme_0123456789abcdef0123456789abcdef01234568}\n", want: "found"},
		{name: "no left boundary", change: func(p *detectors.Provider) { p.Rules[0].Pattern = `(acme_[0-9a-f]{40})(?:[^0-9A-Za-z_]|$)` }, want: "longer identifier"},
		{name: "no right boundary", change: func(p *detectors.Provider) { p.Rules[0].Pattern = `\b(acme_[0-9a-f]{40})` }, want: "longer identifier"},
		{name: "only at the start", change: func(p *detectors.Provider) { p.Rules[0].Pattern = `(?m)(?:^|')(acme_[0-9a-f]{40})\b` }, want: "not found"},
		{name: "takes the break before", change: func(p *detectors.Provider) {
			p.Rules[0].Pattern = `(?:^|[^0-9A-Za-z_])(acme_[0-9a-f]{40})(?:[^0-9A-Za-z_]|$)`
		}, want: "found 1 times"},
		{name: "a keyword that is elsewhere", change: func(p *detectors.Provider) { p.Rules[0].Keywords = []string{"acme_key"} }, want: "not found"},
		{name: "a header that decides nothing", change: func(p *detectors.Provider) {
			p.Rules[0].Allowlists = []detectors.Allowlist{{Target: "line", Regexes: []string{`X-Acme-Key`}}}
		}, want: "X-Acme-Key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, examples := acme(), acmeExamples
			if c.change != nil {
				c.change(&p)
			}
			if c.from != "" {
				examples = strings.Replace(examples, c.from, c.to, 1)
			}
			if all := failures(t, p, examples); !strings.Contains(strings.Join(all, "\n"), c.want) {
				t.Errorf("nothing about %q in %q", c.want, all)
			}
		})
	}
}
