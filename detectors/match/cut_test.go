package match

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

func TestFindCuts(t *testing.T) {
	const far = "536870912" // unbounded
	tests := []struct {
		pattern  string
		keywords string // separated by blanks; empty: any word
		want     string // the words of each cut and its longest prefix; empty: no cuts
	}{
		{`\bkey-[0-9]{4}\b`, "key-", "key-/0"},
		{`(?i)[\w.-]{0,50}?(?:acme)(?:[ \t]{0,20})=([a-z]{8})`, "acme", "acme/150"}, // \w holds the long s and the Kelvin sign
		{`[a-z]{0,9}token=\w+`, "token", "token/9"},
		{`https?://hooks\.example\.com/\w+`, "hooks.example.com", "hooks.example.com/8"},
		{`(?:access|auth|(?-i:[Aa]pi|API))=\w+`, "access api auth", "access api auth/0"},
		{`(?i:(?:my|the)?(?:ACCESS|auth))=\w+`, "access auth", "access auth/3"},
		{`a(?:bc|bd)x`, "abc abd", "abc abd/0"},
		{`a(?:bc|bd)x`, "abc", ""},
		{`(?:foo|bar-(?:x|y))+z`, "foo bar", "bar foo/0"},
		{`x(?:foo.|.bar)`, "foo bar", "foo/1; bar/5"},
		{`(?:(?:foo)?bar){2,3}`, "bar", "bar/3"},
		{`\w*secret`, "secret", "secret/" + far},
		{`.*secret`, "secret", "secret/" + far},
		{`(?s).*secret`, "secret", "secret/" + far},
		{`x[kK]ey`, "key", "key/1"},
		{`foo|bar`, "foo", ""},
		{`foo?bar`, "foobar", ""},
		{`foo?bar`, "fo", "fo/0"},
		{`[a-z]{3}-[0-4]{3}`, "", "-00 -01 -02 -03 -04 -10 -11 -12 -13 -14 -20 -21 -22 -23 -24 -30 -31 -32 -33 -34 -40 -41 -42 -43 -44/3"},
		{`[a-z]{3}-[a-z]{3}`, "", ""},
		{`[a-z]{3}://x`, "", "://x/3"},
		{`[ab][cd]e[0-9]{9}`, "", "ace ade bce bde/0"},
		{`abcdefghijklmnopq`, "", "abcdefghijkl/0"},
		{`é+x`, "x", "x/" + far},
		{`[é]x`, "x", "x/2"},
		{``, "", ""},
	}
	for _, test := range tests {
		re, err := syntax.Parse(test.pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		words := choice{keywords: strings.Fields(test.keywords)}
		if test.keywords == "" {
			words.shortest = 3
		}
		cuts, _ := bestCuts(nil, flatten(re), nil, words)
		for _, c := range cuts {
			got = append(got, fmt.Sprintf("%s/%d", strings.Join(c.words, " "), c.before.longest))
		}
		if s := strings.Join(got, "; "); s != test.want {
			t.Errorf("%s, %q: got %q, want %q", test.pattern, test.keywords, s, test.want)
		}
	}
}

func TestPrefixStart(t *testing.T) {
	re, err := syntax.Parse(`[a-z.]{0,4}(?:é|\s)key`, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	cuts, _ := findCuts(flatten(re), []string{"key"})
	before := cuts[0].before
	tests := []struct {
		text string
		want int
	}{
		{"key", 0},
		{"abc key", 0},
		{"abcdef key", 1}, // at most six bytes
		{"a;bc key", 2},
		{"ab.é\nkey", 0}, // the characters may stand in any order: more is allowed than matches
		{"X key", 1},
	}
	for _, test := range tests {
		if got := before.start([]byte(test.text), strings.Index(test.text, "key")); got != test.want {
			t.Errorf("%q: got %d, want %d", test.text, got, test.want)
		}
	}
}

// TestDFA compares the automaton with the expression.
func TestDFA(t *testing.T) {
	patterns := []string{
		`abc`, `a+b`, `(?i)aBk`, `a{2,3}b?$`, `\bab\b`, `a\B.b`, `(?m)^a.*b$`, `^ab`, `a\z`, `a.c`, `(?s)a.c`, `[^a]b`, `é`, `a[^b]*b`, `(?:ab|a)(?:c|bcd)`,
		`a??b`, `[[:alpha:]]+_`, `\s+a`, `a(?:\n|$)`, `\x00a`, `(?i)[k-s]`, `a{0}`, `a|`, `[\w.-]{0,3}?(?:ab|c)[ =]{0,2}([ab]{2,})(?:[ ;]|$)`,
		`(?i)ak`, `[^a]{3}`, `.{2}é`, `[à-ü]+a`, `\x{fffd}{2}`, `\pL{2}`, `é[\x{4e00}-\x{9fff}\x{fffd}]`, `\b[^é]\B`, `(?i)[a-z]{2}\z`,
	}
	texts := append(texts("abcABk_ =\n;é\x00\xff", 2000, 12), texts("aké\u212a世\x00\xff", 4000, 6)...)
	for _, pattern := range patterns {
		re := regexp.MustCompile(pattern)
		anchored := regexp.MustCompile(`^(?:` + pattern + `)`)
		parsed, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		program, err := newProgram(flatten(parsed))
		if err != nil {
			t.Fatal(err)
		}
		here, anywhere := newDFA(program, false, &tables{most: largestTables}), newDFA(program, true, &tables{most: largestTables})
		for _, text := range texts {
			loc := anchored.FindStringIndex(text)
			stop, match, alive := here.run([]byte(text), 0, len(text), never)
			if match != (loc != nil) {
				t.Fatalf("%s on %q: match is %v, want %v", pattern, text, match, loc)
			}
			if alive || loc != nil && stop < loc[1] {
				t.Fatalf("%s on %q: stops at %d, before %v", pattern, text, stop, loc)
			}
			covered := make([]bool, len(text))
			anywhere.search([]byte(text), 0, func(start, end int) {
				for i := start; i < end; i++ {
					covered[i] = true
				}
			})
			for _, loc := range re.FindAllStringIndex(text, -1) {
				for i := loc[0]; i < loc[1]; i++ {
					if !covered[i] {
						t.Fatalf("%s on %q: %v is not covered", pattern, text, loc)
					}
				}
			}
		}
	}
}

// TestDFAOverflow checks that a table that is too large changes nothing, or, if it is that again and again, that everything is covered.
func TestDFAOverflow(t *testing.T) {
	const pattern = `a[ab]{12}[^a]` // has thousands of states
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	program, err := newProgram(flatten(parsed))
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(strings.Join(texts("ab", 4000, 60), "c"))
	covered := func(d *dfa) (sum int) {
		d.search(text, 0, func(start, end int) { sum += end - start })
		return sum
	}
	unlimited := newDFA(program, true, &tables{most: largestTables})
	want := covered(unlimited)
	few, many := newDFA(program, true, &tables{most: largestTables}), newDFA(program, true, &tables{most: largestTables})
	few.limit = unlimited.size/2 + 1
	if got := covered(few); got != want || few.resets == 0 || few.resets > mostResets {
		t.Errorf("%d bytes are covered, not %d, after %d resets", got, want, few.resets)
	}
	many.limit = unlimited.size / 100
	if got := covered(many); got < want || !many.exhausted() {
		t.Errorf("%d bytes are covered, not at least %d", got, want)
	}
	many.resets = mostResets + 1
	many.reset()
	if stop, match, _ := many.run(text, 0, 0, never); stop != len(text) || !match {
		t.Error("an exhausted dfa excludes a match")
	}
	if unlimited.shared.size != unlimited.size || many.shared.size != many.size {
		t.Errorf("the totals are %d and %d, not %d and %d", unlimited.shared.size, many.shared.size, unlimited.size, many.size)
	}
}

// TestSearchIsTight checks that a part is hardly longer than a match can be, though one could have begun at every byte before.
func TestSearchIsTight(t *testing.T) {
	parsed, err := syntax.Parse(`a[ab]{0,8}c`, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	program, err := newProgram(flatten(parsed))
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(strings.Repeat("ab", 1000) + "c" + strings.Repeat("ab", 1000) + "cabc")
	var got []string
	newDFA(program, true, &tables{most: largestTables}).search(text, 0, func(start, end int) { got = append(got, fmt.Sprint(start, end)) })
	if want := []string{"1990 2002", "3991 4005"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
