package suite

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
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

// BenchmarkProviders measures what the providers' rules cost beside gitleaks': all rules over the sources of Go's library, and gitleaks' alone in
// turn with them, by new engines. It fails if all rules miss what gitleaks' own find, but for what providers' rules stand for.
func BenchmarkProviders(b *testing.B) {
	files := library(b)
	user, err := gitleaks.Default()
	if err != nil {
		b.Fatal(err)
	}
	var took [2]time.Duration
	for b.Loop() {
		var found [2]int
		for i, rules := range [][]detectors.Rule{user.Rules, Rules(Providers(), user)} {
			engine, err := match.New(rules, match.Options{DecodeDepth: 5, Global: user.Global})
			if err != nil {
				b.Fatal(err)
			}
			scanner := engine.Scanner()
			begun := time.Now()
			for _, f := range files {
				err := scanner.Scan(b.Context(), f, func(match.Candidate) bool { found[i]++; return true })
				if err != nil {
					b.Fatal(err)
				}
			}
			took[i] += time.Since(begun)
		}
		if found[0] == 0 || found[1] < found[0] {
			b.Fatalf("gitleaks' rules find %d, all rules %d", found[0], found[1])
		}
	}
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "times-gitleaks'-rules")
}

// library returns the sources of Go's library.
func library(b *testing.B) []match.Input {
	b.Helper()
	var files []match.Input
	root := filepath.Join(runtime.GOROOT(), "src")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || filepath.Ext(path) != ".go" {
			return err
		}
		data, err := os.ReadFile(path)
		files = append(files, match.Input{Path: filepath.ToSlash(strings.TrimPrefix(path, root)), Data: data, Final: true})
		return err
	})
	if err != nil || len(files) == 0 {
		b.Skip("no sources: ", err)
	}
	return files
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
