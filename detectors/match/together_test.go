package match

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors/match/matchtest"
)

// TestTogether checks that rules which share a word are all named that match, and that most of the others are not.
func TestTogether(t *testing.T) {
	e := newPair(t, Options{}, true).windows.engine
	x := e.current(nil)
	r := rand.New(rand.NewPCG(3, 4))
	named, others := 0, 0
	for word := range x.sought {
		rules := e.sharing(int32(word), x)
		if len(rules) < 2 {
			continue
		}
		p := x.gates[word].togetherProgram(e, int32(word), x)
		if p == nil {
			t.Fatalf("no program for %q", x.sought[word].text)
		}
		d := newDFA(p, true, &tables{most: largestTables})
		var all []*regexp.Regexp
		var texts []string
		for _, n := range rules {
			re, err := syntax.Parse(e.rules[n].Pattern, syntax.Perl)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, regexp.MustCompile(e.rules[n].Pattern))
			text := matchtest.Text(r, re)
			texts = append(texts, text, "é"+text+text+"\n", matchtest.Spoil(r, text), strings.Repeat(matchtest.Spoil(r, text)+" ", 3))
		}
		for _, text := range texts {
			got, known := d.which([]byte(text))
			if !known {
				t.Fatalf("nothing is known of %q", text)
			}
			for i, re := range all {
				switch {
				case got>>i&1 == 0 && re.MatchString(text):
					t.Fatalf("%s is not named in %q", e.rules[rules[i]].ID, text)
				case got>>i&1 != 0 && !re.MatchString(text):
					others++
				}
			}
			named++
		}
	}
	if others > named {
		t.Errorf("%d rules are named in %d texts in which they do not match", others, named)
	}
}

// TestWhich compares an automaton that tells expressions apart with each of them, also with tables that are emptied again and again.
func TestWhich(t *testing.T) {
	patterns := []string{`ab+`, `(?m)^b`, `a$`, `\bba\b`, `b{3}a`, `a\z`, `\Aé`, `éb`, `(?m)b$`, `(?i)k`, `[^ab]\B`, ``}
	var all [][]*syntax.Regexp
	var each []*regexp.Regexp
	for _, pattern := range patterns {
		re, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		all, each = append(all, flatten(re)), append(each, regexp.MustCompile(pattern))
	}
	p, err := newAlternatives(all)
	if err != nil {
		t.Fatal(err)
	}
	roomy, tight := newDFA(p, true, &tables{most: largestTables}), newDFA(p, true, &tables{most: largestTables})
	tight.limit = 2000
	for _, text := range append(texts("abk \né\u212a\xff", 4000, 8), "") {
		var want uint32
		for i, re := range each {
			if re.MatchString(text) {
				want |= 1 << i
			}
		}
		if got, known := roomy.which([]byte(text)); !known || got != want {
			t.Fatalf("%q: got %b, want %b", text, got, want)
		}
		if got, known := tight.which([]byte(text)); known && got != want {
			t.Fatalf("%q: got %b, want %b, with little room", text, got, want)
		}
		tight.resets = 0
	}
}

// TestCore checks that every text that an expression matches in holds what its core matches.
func TestCore(t *testing.T) {
	for pattern, want := range map[string]string{
		`a*b{2,40}c?`:         `b{2}`,
		`(?:ab)?\bc{20}d{3,}`: `\bc{16,}d{3}`,
		`x+y{0,3}z*`:          `x+`,
		`[ab]{40}`:            `[ab]{16}`,
		`a?b*`:                ``,
	} {
		re, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, re := range core(flatten(re)) {
			got += re.String()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", pattern, got, want)
		}
	}
}
