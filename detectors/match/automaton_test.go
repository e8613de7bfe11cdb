package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestAutomaton(t *testing.T) {
	words := []string{"he", "she", "his", "hers", "", "e", "k-1", "schlüssel", "he"}
	a := newAutomaton(words)
	tests := []struct{ text, want string }{
		{"", ""},
		{"xyz", ""},
		{"ushers", "she@1 he@2 he@2 e@3 hers@2"},
		{"HIS", "his@0"},
		{"K-1k-1", "k-1@0 k-1@3"},
		{"Schlüssel", "schlüssel@0 e@8"},
		{"h\x00e\xff", "e@2"},
	}
	for _, test := range tests {
		var got []string
		a.scan([]byte(test.text), func(word int32, end int) {
			got = append(got, fmt.Sprintf("%s@%d", words[word], end-int(a.lengths[word])))
		})
		want := strings.Fields(test.want)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", test.text, got, want)
		}
		if a.contains([]byte(test.text)) != (len(want) > 0) {
			t.Errorf("%q: contains is wrong", test.text)
		}
	}
}

// TestAutomatonFindsWhatContainsFinds compares the automaton with a search for each word by itself.
func TestAutomatonFindsWhatContainsFinds(t *testing.T) {
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
			words[i] = strings.ToLower(random(1 + r.IntN(4)))
		}
		text := random(r.IntN(40))
		var got, want []string
		newAutomaton(words).scan([]byte(text), func(word int32, end int) { got = append(got, fmt.Sprint(end, word)) })
		for end := range len(text) + 1 {
			for n, word := range words {
				if strings.HasSuffix(strings.ToLower(text[:end]), word) {
					want = append(want, fmt.Sprint(end, n))
				}
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%q in %q: got %v, want %v", words, text, got, want)
		}
	}
}
