package match

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match/matchtest"
)

var (
	nearRule  = flag.String("near", "", "the rule whose near matches are tried; empty for some or all of them")
	nearWorst = flag.Int("worst", 20, "how many of the worst near matches are printed")
)

// nearTexts returns texts that are full of near matches of a rule.
func nearTexts(tb testing.TB, rule *detectors.Rule, n int) []hostileText {
	tb.Helper()
	re, err := syntax.Parse(rule.Pattern, syntax.Perl)
	if err != nil {
		tb.Fatal(err)
	}
	var all []hostileText
	for _, near := range matchtest.Near(rand.New(rand.NewPCG(uint64(n), 3)), re, rule.Keywords) {
		for _, separator := range []string{"", " ", "\n"} {
			unit := near + separator
			if len(rule.Keywords) > 0 && !containsAny(strings.ToLower(unit), rule.Keywords) {
				unit += rule.Keywords[0] + " "
			}
			all = append(all, hostileText{name: fmt.Sprintf("%s %q", rule.ID, unit), unit: unit})
		}
	}
	return all
}

func containsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, strings.ToLower(word)) })
}

// TestNearMatches checks that texts full of near matches are searched as they would be by every expression on the whole text.
func TestNearMatches(t *testing.T) {
	quick := newPair(t, Options{DecodeDepth: 1}, true)
	hasty := newPair(t, Options{DecodeDepth: 1}, true).hasty().beside(quick)
	for i := range quick.windows.engine.rules {
		rule := &quick.windows.engine.rules[i]
		texts := nearTexts(t, rule, i)
		switch {
		case *nearRule == "" && i%4 == 0 && len(texts) > 0: // one of some
			texts = texts[i/4%len(texts):][:1]
		case *nearRule != "all" && *nearRule != rule.ID:
			continue
		}
		for _, text := range texts {
			in := Input{Path: "a/b.yaml", Data: text.of(2 << 10), Final: true}
			quick.compare(t, in)
			hasty.compare(t, in)
			if t.Failed() {
				t.Fatal(text.name)
			}
		}
	}
}

// BenchmarkNearMatches measures texts full of near matches of each rule, as BenchmarkHostile does, and prints the worst: for every rule by -near all,
// which takes minutes.
func BenchmarkNearMatches(b *testing.B) {
	e, rules, scan := everyRule(b)
	const size = 1 << 15
	files, bytes := ordinary(b, 4*size), 0
	for _, f := range files {
		bytes += len(f.Data)
	}
	type cost struct {
		name            string
		found           int
		times, matching float64
	}
	var costs []cost
	for b.Loop() {
		costs = nil
		for i := range rules {
			if *nearRule != "all" && *nearRule != rules[i].ID && (*nearRule != "" || i%20 != 0) {
				continue
			}
			var usual clock
			ordinary := func() {
				usual.measure(bytes, func() {
					for _, f := range files {
						scan(f)
					}
				})
			}
			for range 2 {
				ordinary()
			}
			for _, text := range nearTexts(b, &rules[i], i) {
				in := Input{Path: "a/b.yaml", Data: text.of(size), Final: true}
				var hostile clock
				found := 0
				turn := func() {
					for range 2 {
						hostile.measure(size, func() { found = scan(in) })
					}
				}
				for turns := 0; turns < 3; turns++ { // again if it was slow, as something else may have run
					if turn(); hostile.perByte < 8*usual.perByte {
						break
					}
					ordinary()
				}
				k := cost{text.name, found, hostile.perByte / usual.perByte, 0}
				if k.times > 10 {
					k.matching = expressions(b, e, in.Data) / usual.perByte
				}
				costs = append(costs, k)
			}
		}
	}
	slices.SortFunc(costs, func(a, b cost) int { return cmp.Compare(b.times-b.matching, a.times-a.matching) })
	many := 0
	for _, k := range costs {
		if k.times > 10+k.matching {
			many++
		}
	}
	for _, k := range costs[:min(*nearWorst, len(costs))] {
		b.Logf("%6.1f × %6.1f to match %3d found %.150s", k.times, k.matching, k.found, k.name)
	}
	b.ReportMetric(float64(len(costs)), "texts")
	if b.ReportMetric(costs[0].times-costs[0].matching, "×ordinary"); many > 0 {
		b.Errorf("%d of %d texts cost more than ten times as much as ordinary code", many, len(costs))
	}
}
