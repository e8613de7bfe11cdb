package match

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"testing"
)

// TestWalk compares walks with the expression.
func TestWalk(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	letters := []string{"a", "b", "B", "k", "K", "7", " ", "\n", "é", "\u212a", "\xff", "="}
	for _, text := range []string{
		`a`, `(?i)bk`, `[a-c]{2,4}=`, `a?b*7+`, `(?:ab|b7|=)+k`, `\ba\b`, `(?m)^a.*$`, `\Aa`, `b\z`, `[^b]{3}`, `(?s).{2,}?k`, `(?:a|\B7){2,3}`, `é+`, `(?i)[k-m]é`,
		`(?:(?:a*b)*7?)*=`, `\x{fffd}`, `a{40}`, `(?:|a)b`,
	} {
		re, err := syntax.Parse(text, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		seq := flatten(re)
		whole := regexp.MustCompile(text)
		for range 2000 {
			var data []byte
			for range r.IntN(12) {
				data = append(data, letters[r.IntN(len(letters))]...)
			}
			loc := whole.FindIndex(data)
			if loc == nil {
				continue
			}
			on := walk{text: data, at: loc[0]}
			if !on.matches(seq) {
				t.Fatalf("%s: not found on from %d in %q", text, loc[0], data)
			}
			if !on.far && loc[0]+on.most < loc[1] {
				t.Fatalf("%s: looked at %d bytes from %d in %q", text, on.most, loc[0], data)
			}
			back := walk{text: data, at: loc[1], back: true}
			if !back.matches(seq) {
				t.Fatalf("%s: not found back from %d in %q", text, loc[1], data)
			}
		}
		program, err := newProgram(seq)
		if err != nil {
			t.Fatal(err)
		}
		for range 2000 { // where an automaton finds nothing, a walk finds nothing
			var data []byte
			for range r.IntN(12) {
				data = append(data, letters[r.IntN(len(letters))]...)
			}
			at := r.IntN(len(data) + 1)
			d := newDFA(program, false, &tables{most: largestTables})
			_, want, _ := d.run(data, at, len(data), never)
			w := walk{text: data, at: at}
			if got := w.matches(seq); got && !want {
				t.Fatalf("%s: found at %d in %q", text, at, data)
			}
		}
	}
}

// TestWalkEnds tests that walks end early that would take long or go far, and then say that anything is possible.
func TestWalkEnds(t *testing.T) {
	for _, text := range []string{`a*b`, `(?:(?:a*)*)*b`, `(?:a{0,30}a{0,30}){0,30}b`} {
		re, err := syntax.Parse(text, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		data := make([]byte, 1000)
		for i := range data {
			data[i] = 'a'
		}
		w := walk{text: data}
		if !w.matches(flatten(re)) || !w.far {
			t.Errorf("%s: found nothing", text)
		}
		if w.steps > 100*walkSteps {
			t.Errorf("%s: %d steps", text, w.steps)
		}
	}
}

// TestNearest compares runs that are found with all there are.
func TestNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for pass := range uint32(2000) {
		n := nearest{run: run{least: 1 + r.IntN(5)}}
		n.set.add('a')
		n.set.add('b')
		text := make([]byte, r.IntN(60))
		for i := range text {
			text[i] = "aabc"[r.IntN(4)]
		}
		at := 0
		for range 20 {
			if at = max(0, at-3+r.IntN(10)); at > len(text) {
				at = 0
			}
			want := never
			for start := at; start+n.least <= len(text) && want == never; start++ {
				for i := start; i < start+n.least && text[i] != 'c'; i++ {
					if i == start+n.least-1 {
						want = start
					}
				}
			}
			reach := r.IntN(60)
			if got := n.reaches(text, pass+1, at, reach); got != (want <= at+reach) {
				t.Fatalf("%d bytes at %d in %q: %v, want %d, within %d", n.least, at, text, got, want, reach)
			}
		}
	}
}

// TestRunOf tests which run is chosen.
func TestRunOf(t *testing.T) {
	for _, c := range []struct {
		pattern  string
		has, not string
		least    int
		reach    int
	}{
		{`key=[0-9a-f]{32}\b`, "af09", "gk=", 32, 4},
		{`key(?:x[0-9a-f]{40}|[g-k]{32}-\s)`, "gf", "- z", 32, 4},
		{`key.*secret_(?:live|test)_[0-9A-Za-z]{20,64}`, "s_zZ", "-", 32, unbounded},
		{`[0-9a-f]{2,}`, "", "", 0, 0},
		{`key[ =]{1,9}([0-9a-f]{32,})(?:;.*)?`, "af", " =;", 32, 12},
		{`k(?:~\s{0,3}[0-9A-F]{40}|[^\n]{7}[A-F]{50})`, "0A", "~ g", 40, 29},
		{`key\s*=\s{0,9}(?:\r?\n)+[0-9a-f]{32}`, "0f", "= ", 32, 213},
		{`(?:[0-9a-f]{32})?`, "", "", 0, 0},
		{`.{200}`, "", "", 0, 0},
	} {
		re, err := syntax.Parse(c.pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		got := new(measures).runOf(flatten(re))
		if got.least != c.least || got.reach != c.reach {
			t.Errorf("%s: %d bytes within %d, want %d within %d", c.pattern, got.least, got.reach, c.least, c.reach)
		}
		for _, b := range []byte(c.has) {
			if !got.set.has(b) {
				t.Errorf("%s: no %q", c.pattern, b)
			}
		}
		for _, b := range []byte(c.not) {
			if got.set.has(b) {
				t.Errorf("%s: %q", c.pattern, b)
			}
		}
	}
}
