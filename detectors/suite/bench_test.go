package suite

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/tag"
)

// BenchmarkCatalogue measures what every start of the program pays for all that is known of providers: under 2 ms is wanted, because a
// commit waits for it. An index of it is what tagging asks.
func BenchmarkCatalogue(b *testing.B) {
	for b.Loop() {
		if len(Providers()) < 90 {
			b.Fatal("providers are missing")
		}
	}
}

func BenchmarkCatalogueIndex(b *testing.B) {
	providers := Providers()
	for b.Loop() {
		if k := tag.NewKnowledge(providers); k.Provider("railway") == nil {
			b.Fatal("the index lacks a provider")
		}
	}
}

// BenchmarkSilentRules measures what rules cost whose keywords do not stand in the text: nothing, since one automaton looks for all keywords
// at once. The text is the same, the rules are one provider's and everybody's.
func BenchmarkSilentRules(b *testing.B) {
	text := []byte(strings.Repeat("for i := range n { sum += i * i } // 0x1f, of it all\n", 1<<14))
	one, all := []detectors.Rule(nil), []detectors.Rule(nil)
	for _, p := range Providers() {
		all = append(all, silent(p.Rules, text)...)
		if p.Name == "railway" {
			one = append(one, silent(p.Rules, text)...)
		}
	}
	for _, set := range []struct {
		name  string
		rules []detectors.Rule
	}{{"one", one}, {"all", all}} {
		b.Run(set.name, func(b *testing.B) {
			engine, err := match.New(set.rules, match.Options{})
			if err != nil {
				b.Fatal(err)
			}
			scanner := engine.Scanner()
			b.SetBytes(int64(len(text)))
			b.ReportMetric(float64(len(set.rules)), "rules")
			b.ReportAllocs()
			for b.Loop() {
				err := scanner.Scan(context.Background(), match.Input{Path: "a.go", Data: text, Final: true}, func(match.Candidate) bool {
					b.Fatal("a candidate in a text without keywords")
					return false
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// silent returns the rules of which no keyword stands in the text.
func silent(rules []detectors.Rule, text []byte) []detectors.Rule {
	var kept []detectors.Rule
	lower := bytes.ToLower(text)
	for _, r := range rules {
		stands := len(r.Keywords) == 0
		for _, k := range r.Keywords {
			stands = stands || bytes.Contains(lower, []byte(strings.ToLower(k)))
		}
		if !stands {
			kept = append(kept, r)
		}
	}
	return kept
}
