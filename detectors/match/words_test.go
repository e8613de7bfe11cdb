package match

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
)

// wordScanners are the ways to find words.
var wordScanners = map[string]func(words []string) (func([]byte, func(int32, int)), []int32){
	"few": func(words []string) (func([]byte, func(int32, int)), []int32) {
		var lengths []int32
		for _, word := range words {
			lengths = append(lengths, int32(len(word)))
		}
		f := newFewWords(words)
		return func(text []byte, found func(int32, int)) {
			f.scan(text, func(word int32, end int) bool { found(word, end); return true })
		}, lengths
	},
	"sieve": func(words []string) (func([]byte, func(int32, int)), []int32) {
		s := newSieve(anywhere(words), nil)
		return s.scan, s.lengths
	},
	"sieve of texts that were seen": func(words []string) (func([]byte, func(int32, int)), []int32) {
		var texts sample
		texts.add([]byte(strings.Repeat(strings.Join(words, " "), 50)))
		s := newSieve(anywhere(words), &texts)
		return s.scan, s.lengths
	},
}

func TestWords(t *testing.T) {
	words := []string{"he", "she", "his", "hers", "", "e", "k-1", "schlüssel", "he", "a_very_long_word"}
	tests := []struct{ text, want string }{
		{"", ""},
		{"xyz", ""},
		{"ushers", "she@1 he@2 he@2 e@3 hers@2"},
		{"HIS", "his@0"},
		{"K-1k-1", "k-1@0 k-1@3"},
		{"Schlüssel", "schlüssel@0 e@8"},
		{"h\x00e\xff", "e@2"},
		{"nothing stands here", "he@15 he@15 e@16 e@18"},
		{"a_very_long_word A_VERY_LONG_WOR", "a_very_long_word@0 e@3 e@20"},
	}
	for name, scanner := range wordScanners {
		scan, lengths := scanner(words)
		for _, test := range tests {
			var got []string
			scan([]byte(test.text), func(word int32, end int) {
				got = append(got, fmt.Sprintf("%s@%d", words[word], end-int(lengths[word])))
			})
			want := strings.Fields(test.want)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q: got %v, want %v", name, test.text, got, want)
			}
			if any := len(want) > 0; newFewWords(words).stand([]byte(test.text)) != any {
				t.Errorf("%q: stand is wrong", test.text)
			}
		}
	}
}

// TestWordsAreWhatContainsFinds compares both with a search for each word by itself.
func TestWordsAreWhatContainsFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "abAB-"[r.IntN(5)]
		}
		return string(b)
	}
	for range 300 {
		words := make([]string, 1+r.IntN(6))
		for i := range words {
			words[i] = strings.ToLower(random(1 + r.IntN(10)>>r.IntN(3)))
		}
		text := random(r.IntN(60))
		var want []string
		for end := range len(text) + 1 {
			for n, word := range words {
				if strings.HasSuffix(strings.ToLower(text[:end]), word) {
					want = append(want, fmt.Sprint(end, n))
				}
			}
		}
		slices.Sort(want)
		for name, scanner := range wordScanners {
			var got []string
			scan, _ := scanner(words)
			scan([]byte(text), func(word int32, end int) { got = append(got, fmt.Sprint(end, word)) })
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("%s: %q in %q: got %v, want %v", name, words, text, got, want)
			}
		}
	}
}

// BenchmarkWords measures both ways to find words, with gitleaks' keywords in the sources of a package.
func BenchmarkWords(b *testing.B) {
	c, err := gitleaks.Default()
	if err != nil {
		b.Fatal(err)
	}
	var words []string
	for _, rule := range c.Rules {
		for _, word := range rule.Keywords {
			words = append(words, strings.ToLower(word))
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	var text []byte
	root, err := exec.Command("go", "env", "GOROOT").Output() // a test built with -trimpath does not know it
	if err != nil {
		b.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src", "crypto", "*", "*.go"))
	if err != nil || len(files) == 0 {
		b.Fatal("no sources: ", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		text = append(text, data...)
	}
	want := -1
	for _, name := range []string{"few", "sieve"} {
		scan, _ := wordScanners[name](words)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				found := 0
				scan(text, func(int32, int) { found++ })
				if want < 0 {
					want = found
				}
				if found != want || found == 0 {
					b.Fatalf("%d words, not %d", found, want)
				}
			}
		})
	}
}

// anywhere returns words to be found wherever they stand.
func anywhere(words []string) []sought {
	all := make([]sought, len(words))
	for i, word := range words {
		all[i].text = word
	}
	return all
}

// TestWordsBesideWhatStandsBesideThem checks that words with surroundings are found where these are, and nowhere else.
func TestWordsBesideWhatStandsBesideThem(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const alphabet = "abAB-"
	for range 300 {
		words := make([]sought, 1+r.IntN(5))
		for i := range words {
			for range 1 + r.IntN(10)>>r.IntN(3) {
				words[i].text += strings.ToLower(alphabet[r.IntN(5):][:1])
			}
			if r.IntN(4) == 0 {
				continue
			}
			a := &surroundings{before: everyByte, after: [3]byteSet{everyByte, everyByte, everyByte}}
			for range 2 {
				a.before.remove(alphabet[r.IntN(5)])
				a.after[r.IntN(3)].remove(alphabet[r.IntN(5)])
			}
			words[i].around = a
		}
		var text []byte
		for range r.IntN(60) {
			text = append(text, alphabet[r.IntN(5)])
		}
		var got, want []string
		newSieve(words, nil).scan(text, func(word int32, end int) { got = append(got, fmt.Sprint(end, word)) })
		newSieve(withoutSurroundings(words), nil).scan(text, func(word int32, end int) {
			w := words[word]
			if w.around == nil || w.around.are(text, end-len(w.text), end) {
				want = append(want, fmt.Sprint(end, word))
			}
		})
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%v in %q: got %v, want %v", words, text, got, want)
		}
	}
}

func withoutSurroundings(words []sought) []sought {
	all := slices.Clone(words)
	for i := range all {
		all[i].around = nil
	}
	return all
}

// TestAround checks what is known of the bytes beside a word.
func TestAround(t *testing.T) {
	tests := []struct{ pattern, word, before, after string }{
		{`key=[0-9]`, "key", "*", "= 09 *"},
		{`\bkey`, "key", "\n\xff-=", "* * *"},
		{`(?:\b|\\[nrt])key_\d+-`, "key", "\nr-", "_ 0 0-"},
		{`[a-c]?key-?x`, "key", "*", "-x x* *"},
		{`(?m)^key[-a]`, "key", "\n", "-a * *"},
		{`[xy]{2}(?i:key)$`, "key", "xy", "* * *"},
	}
	for _, test := range tests {
		p := plan{}
		p.make(&detectors.Rule{Pattern: test.pattern, Keywords: []string{test.word}}, &parser{})
		if len(p.places) != 1 {
			t.Fatalf("%s: %d places", test.pattern, len(p.places))
		}
		after := p.places[0].program().after(test.word)
		sets := append([]byteSet{p.places[0].before(test.word)}, after[:]...)
		for i, want := range append([]string{test.before}, strings.Fields(test.after)...) {
			for c := range 256 {
				if strings.Contains(want, "*") || sets[i] == everyByte {
					break
				}
				if may := strings.IndexByte(want, byte(c)) >= 0; may && !sets[i].has(byte(c)) {
					t.Errorf("%s: set %d lacks %q", test.pattern, i, byte(c))
				}
			}
			if strings.Contains(want, "*") != (sets[i] == everyByte) {
				t.Errorf("%s: set %d is everything: %v", test.pattern, i, sets[i] == everyByte)
			}
			if sets[i] != everyByte && sets[i].has('z') {
				t.Errorf("%s: set %d has z", test.pattern, i)
			}
		}
	}
}
