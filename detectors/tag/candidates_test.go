package tag

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// plainly is [Knowledge.speaksOf] that compares a name with what all providers document.
func plainly(k *Knowledge, name string) (string, []string) {
	words := wordsOf(name)
	provider, kinds, several := k.only(k.names, words, k.extends)
	if provider == "" && !several {
		provider, kinds, _ = k.only(k.names, words, k.speaks)
	}
	return provider, kinds
}

// madeNames returns names that are made of words of documented ones.
func madeNames(k *Knowledge, n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	all := []string{"my", "app", "deploy", "key", "token", "secret", "api", "webhook", "id"}
	var documented []string
	for name, words := range k.words() {
		documented = append(documented, name)
		all = append(all, words...)
	}
	slices.Sort(documented)
	slices.Sort(all)
	made := []string{"", "_", "A"}
	for range n {
		var words []string
		for range random.IntN(3) {
			words = append(words, all[random.IntN(len(all))])
		}
		if random.IntN(2) == 0 {
			words = append(words, documented[random.IntN(len(documented))])
		}
		for range random.IntN(3) {
			words = append(words, all[random.IntN(len(all))])
		}
		made = append(made, strings.ToUpper(strings.Join(words, "_")))
	}
	return made
}

// TestCandidates: that few providers are asked changes nothing.
func TestCandidates(t *testing.T) {
	k := known()
	spoken := 0
	for _, name := range madeNames(k, 5_000) {
		provider, kinds := k.speaksOf(name)
		if want, of := plainly(k, name); provider != want || !slices.Equal(kinds, of) {
			t.Errorf("%s: %s %v, want %s %v", name, provider, kinds, want, of)
		}
		if provider != "" {
			spoken++
		}
	}
	if spoken < 500 {
		t.Errorf("%d names speak of a provider", spoken)
	}
}

func BenchmarkSpeaksOf(b *testing.B) {
	k := known()
	all := madeNames(k, 1_000)
	k.candidates()
	for _, way := range []struct {
		name string
		of   func(string) (string, []string)
	}{{"candidates", k.speaksOf}, {"all", func(name string) (string, []string) { return plainly(k, name) }}} {
		b.Run(way.name, func(b *testing.B) {
			spoken := 0
			for i := range b.N {
				if provider, _ := way.of(all[i%len(all)]); provider != "" {
					spoken++
				}
			}
			if b.N > 10_000 && spoken == 0 {
				b.Error("no name speaks of a provider")
			}
		})
	}
}
