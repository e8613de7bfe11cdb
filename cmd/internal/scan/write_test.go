package scan

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/tag"
)

// The whole word around a secret is hidden: the rest of a signed cookie signs as well as the token in it.
func TestAround(t *testing.T) {
	for _, test := range [][2]string{
		{"cookie s%3A<token>.1700000000.signature== path", "s%3Atoken.1700000000.signature=="},
		{`key: "<token>", other`, "token"},
		{"https://acme:<token>@db.acme.example/acme", "token"},
		{"TOKEN=<token>", "token"},
		{"<token>", "token"},
	} {
		var data []byte
		var span detectors.Span
		for _, c := range []byte(test[0]) {
			switch c {
			case '<':
				span.Start = len(data)
			case '>':
				span.End = len(data)
			default:
				data = append(data, c)
			}
		}
		got := around(data, span)
		if string(data[got.Start:got.End]) != test[1] {
			t.Errorf("%s: %s", test[0], data[got.Start:got.End])
		}
	}
}

// A long line is cut to what stands around the mark, and a minified file's is none.
func TestWindow(t *testing.T) {
	long := strings.Repeat("é", 100) + "KEY=x" + strings.Repeat("b", 100)
	text, mark := window(long, 201)
	if !strings.HasPrefix(text, "…é") || !strings.HasSuffix(text, "b") && !strings.HasSuffix(text, "…") || text[mark-1:mark+2] != "KEY" {
		t.Errorf("%q at %d", text, mark)
	}
	if text, mark := window("KEY=x", 1); text != "KEY=x" || mark != 1 {
		t.Errorf("%q at %d", text, mark)
	}
	if text, _ := window(strings.Repeat("x", 2000), 7); text != "" {
		t.Errorf("%q", text)
	}
}

// A line is divided where its column is, whatever was masked before it, and never within a secret.
func TestMaskedLine(t *testing.T) {
	m := &masked{data: []byte("a: 1\nA=one B=two C=three\n"), starts: []int{0, 5, 25}, hidden: []detectors.Span{{Start: 7, End: 10}, {Start: 13, End: 16}}}
	for column, want := range map[int]string{
		0: "|A=•••• B=•••• C=three", 1: "|A=•••• B=•••• C=three", 9: "A=•••• B=|•••• C=three", 10: "A=•••• B=|•••• C=three", 13: "A=•••• B=•••• |C=three",
		99: "A=•••• B=•••• C=three|",
	} {
		if before, after := m.line(2, column); before+"|"+after != want {
			t.Errorf("%d: %s|%s, want %s", column, before, after, want)
		}
	}
	if before, after := m.line(9, 1); before+after != "" {
		t.Error("a line that is none has text")
	}
}

// How a crossing is cut depends on what the repository does already, and on where the token is.
func TestFix(t *testing.T) {
	w := &writer{collection: &collection{opt: Options{Knowledge: tag.NewKnowledge(nil)}}}
	secret := func(name string) detectors.Token {
		return detectors.Token{Reference: &detectors.Reference{Store: "github", Name: name}}
	}
	kept := secret("TOKEN_LIVE")
	kept.Reference.Scope = "shop-staging"
	known := secret("KEY")
	known.Reach = detectors.Reach{Known: true, Environments: detectors.Production}
	for _, c := range []struct {
		token  detectors.Token
		scoped bool
		starts string
	}{
		{secret("KEY"), false, "keep one secret for each environment"},
		{secret("KEY"), true, "give it a value in preview's own secrets"},
		{secret("PREVIEW_KEY"), true, "its name says that it is preview's own"},
		{secret("PRODUCTION_KEY"), false, "keep one secret for each environment"},
		{kept, false, "it is kept in shop-staging, which is staging's own"},
		{known, false, "keep one secret for each environment"},
		{detectors.Token{Cut: "give staging a key of its own"}, false, "give preview a key of its own"},
	} {
		p := graph.Path{Environment: detectors.Preview, Hops: []analyzers.Edge{{}}, Scoped: c.scoped}
		if got := w.fix(&decided{Token: c.token}, p); !strings.HasPrefix(got, c.starts) {
			t.Errorf("%s, want %q", got, c.starts)
		}
	}
}

// Of a token that no provider knows only what its use shows is said.
func TestMost(t *testing.T) {
	for _, c := range []struct{ token, want detectors.Token }{
		{detectors.Token{AtMost: detectors.Full}, detectors.Token{}},
		{detectors.Token{AtMost: detectors.Full, AtLeast: detectors.Write}, detectors.Token{AtMost: detectors.Write}},
		{detectors.Token{Kind: "key", AtMost: detectors.Read, AtLeast: detectors.Write}, detectors.Token{AtMost: detectors.Read | detectors.Write}},
	} {
		if got := most(c.token); got != c.want.AtMost {
			t.Errorf("%+v: %v", c.token, got)
		}
	}
}
