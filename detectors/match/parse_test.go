package match

import (
	"regexp/syntax"
	"slices"
	"testing"

	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/suite"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text   string
		pieces []string
	}{
		{`ab`, []string{`ab`}},
		{`a(?:b|c){0,2}?d+(e)`, []string{`a`, `(?:b|c){0,2}?`, `d+`, `(e)`}},
		{`[(|]x(a[^])|]b)*[[:alpha:](]`, []string{`[(|]x`, `(a[^])|]b)*`, `[[:alpha:](]`}},
		{`\(a(b\))+{`, []string{`\(a`, `(b\))+`, `{`}},
		{`(a){x}`, []string{`(a)`, `{x}`}},
		{`((?i)a)b`, []string{`((?i)a)`, `b`}},
		{`(?P<n>a)b`, []string{`(?P<n>a)`, `b`}},
		{`a|(b)`, nil},
		{`(?i)a(b)`, nil},
		{`(a`, nil},
		{`a)`, nil},
		{`[a`, nil},
		{`(a)\Q(\E`, nil},
	} {
		if got := split(c.text); !slices.Equal(got, c.pieces) {
			t.Errorf("%s: %q, want %q", c.text, got, c.pieces)
		}
	}
}

// TestPiecesAreTheWhole tests that the pieces of the rules' expressions are what the expressions are.
func TestPiecesAreTheWhole(t *testing.T) {
	c, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	var p parser
	divided := 0
	for _, r := range suite.Rules(suite.Providers(), c) {
		whole, err := syntax.Parse(r.Pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		seq, err := p.parse(r.Pattern)
		if err != nil {
			t.Fatalf("%s: %v", r.ID, err)
		}
		if len(split(r.Pattern)) > 1 {
			divided++
		}
		if want := joined(flatten(whole)); !slices.EqualFunc(joined(seq), want, (*syntax.Regexp).Equal) {
			t.Errorf("%s: %s, want %s", r.ID, seq, want)
		}
	}
	if divided < 100 {
		t.Errorf("%d expressions are divided", divided)
	}
}

// joined returns the sequence with literals that follow each other as one, and groups without their numbers.
func joined(seq []*syntax.Regexp) (all []*syntax.Regexp) {
	for _, re := range seq {
		re := unnumbered(re)
		if last := len(all) - 1; last >= 0 && re.Op == syntax.OpLiteral && all[last].Op == syntax.OpLiteral && all[last].Flags == re.Flags {
			both := *re
			both.Rune = slices.Concat(all[last].Rune, re.Rune)
			all[last] = &both
		} else {
			all = append(all, re)
		}
	}
	return all
}

func unnumbered(re *syntax.Regexp) *syntax.Regexp {
	bare := *re
	bare.Cap, bare.Sub = 0, slices.Clone(re.Sub)
	for i := range bare.Sub {
		bare.Sub[i] = unnumbered(bare.Sub[i])
	}
	return &bare
}
