package match

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp/syntax"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match/matchtest"
	"github.com/stagewall/stagewall/detectors/suite"
)

// hostileText is a text that is made to be slow: a unit, again and again.
type hostileText struct {
	name, unit string
	found      bool
}

func (h hostileText) of(size int) []byte {
	return []byte(strings.Repeat(h.unit, size/len(h.unit)+1)[:size])
}

// hostileTexts returns texts that are slow for what an engine with the rules does by itself, or were once.
func hostileTexts(tb testing.TB, rules []detectors.Rule) []hostileText {
	tb.Helper()
	r := rand.New(rand.NewPCG(8, 9))
	secret := letters(r, 24)
	prose := "func main() { return the value of the key of a token, if err != nil }\n"
	var keywords, near []string
	for i := range rules {
		keywords = append(keywords, rules[i].Keywords...)
		near = append(near, nearMatch(tb, &rules[i], i))
	}
	slices.Sort(keywords)
	keywords = slices.Compact(keywords)
	return []hostileText{
		{"all keywords", strings.Join(keywords, " ") + " ", true},
		{"all keywords in lines", strings.Join(keywords, "\n") + "\n", false},
		{"all keywords without blanks", strings.Join(keywords, ""), true},
		{"all keywords and almost a token", strings.Join(keywords, "='abcdefghij0123' "), true},
		{"near matches of all rules", strings.Join(near, " "), true},
		{"near matches of some rules", "api_key = 'Zq8v'\naws AKIAZQ3DRSTUVWXY2Z\nghp_0123456789abcdefghij\nsk_live_1234\n", false},
		{"near matches of one rule", "ghp_0123456789abcdefghijABCDEFGHIJ01234 ", false},
		{"near matches without blanks", "ghp_0123456789abcdefghij", false},
		{"near matches of a generic rule", "api_key = 'Zq8v' ", false},
		{"s.", "s.", false},
		{"keywords", "api", false},
		{"words for passwords", "password ", false},
		{"assignments", "key=", false},
		{"assignments of passwords", "password=", false},
		{"beginnings of keys", "-----BEGIN PRIVATE KEY-----\n", true},
		{"beginnings of tokens", "eyJ", false},
		{"assignments in a line", "api_key='" + secret + "' ", true},
		{"assignments in lines", "api_key='" + secret + "'\n", true},
		{"tokens in a line", "sk_" + "live_" + letters(r, 24) + " ", true},
		{"headers", "curl -H 'Authorization: Bearer ", false},
		{"commands", "curl=", false},
		{"manifests", "kind: Secret\ndata:\n a: ", false},
		{"manifests with short values", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  user: YQ\n  password: YWJj\n---\n", false},
		{"manifests with values elsewhere", "data:\n  password: abc-def\nkind: Secret\nstringData:\n  token: a-b-c\n", false},
		{"addresses", "postgres://a:b@", true},
		{"names", "railway_token", false},
		{"ports for passwords", "PASSWORD=3306 ", false},
		{"addresses without passwords", "POSTGIS://[\xff]?PWD=a", false},
		{"commands without passwords", "clickhouse client --password=GQ[Ue ", false},
		{"blanks", "password =                                        ", false},
		{"quotes", `"api": "`, false},
		{"zeros", "\x00", false},
		{"broken characters", "\xff\xfe", false},

		{"per cent", "%41", false},
		{"per cent signs", "%41 %zz", false},
		{"per cent signs in per cent signs", "%2525252525254B ", false},
		{"escapes", `\u0041`, false},
		{"escapes and keywords", `key\u0041`, false},
		{"base64", "QUtJQUlPU0ZPRE5ON0VYQU1QTEU", false},
		{"base64 and keywords", "secret: " + nested(20, letters(r, 20), 1) + " ", true},
		{"hex", "6b65793d", false},
		{"text in base64", nested(1<<12, prose, 1) + "\n", false},
		{"text in base64, six times", nested(1<<10, prose, 6) + "\n", false},
		{"text in base64, six times in lines", nested(40, prose, 6) + "\n", false},
		{"text in hex, six times", inHex(40, prose, 6) + "\n", false},
		{"keywords in base64, six times", nested(1<<10, "api key password secret token ", 6) + "\n", false},
	}
}

// letters returns so many letters and digits.
func letters(r *rand.Rand, n int) string {
	const all = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	text := make([]byte, n)
	for i := range text {
		text[i] = all[r.IntN(len(all))]
	}
	return string(text)
}

// nested returns about so many bytes of the unit, encoded in base64 so many times.
func nested(size int, unit string, times int) string {
	text := strings.Repeat(unit, size/len(unit)+1)
	for range times {
		text = base64.StdEncoding.EncodeToString([]byte(text))
	}
	return text
}

func inHex(size int, unit string, times int) string {
	text := strings.Repeat(unit, size/len(unit)+1)
	for range times {
		text = hex.EncodeToString([]byte(text))
	}
	return text
}

// nearMatch returns a text that the rule matches, without its last byte.
func nearMatch(tb testing.TB, rule *detectors.Rule, n int) string {
	tb.Helper()
	re, err := syntax.Parse(rule.Pattern, syntax.Perl)
	if err != nil {
		tb.Fatal(err)
	}
	text := matchtest.Text(rand.New(rand.NewPCG(uint64(n), 2)), re)
	return text[:max(0, len(text)-1)]
}

// TestHostile checks that hostile texts are searched as they would be by every expression on the whole text.
func TestHostile(t *testing.T) {
	quick := newPair(t, Options{DecodeDepth: 5}, true)
	hasty := newPair(t, Options{DecodeDepth: 5}, true).hasty().beside(quick)
	for _, text := range hostileTexts(t, quick.windows.engine.rules) {
		in := Input{Path: "a/b.yaml", Data: text.of(4<<10 - 8), Final: true} // what is no longer is remembered
		quick.compare(t, in)
		hasty.compare(t, in)
		if t.Failed() {
			t.Fatal(text.name)
		}
	}
}

// ordinary returns about so many bytes of the sources of Go's library.
func ordinary(tb testing.TB, size int) []Input {
	tb.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output() // a test built with -trimpath does not know it
	if err != nil {
		tb.Skip("no sources: ", err)
	}
	paths, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src", "*", "http", "*.go"))
	if err != nil || len(paths) == 0 {
		tb.Skip("no sources: ", err)
	}
	var files []Input
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		if size -= len(data); size < 0 {
			break
		}
		files = append(files, Input{Path: filepath.Base(path), Data: data, Final: true})
	}
	return files
}

// clock measures what bytes cost a thread, at best: whatever else runs makes it more, never less.
type clock struct{ perByte float64 } // nanoseconds

func (c *clock) measure(bytes int, work func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begun := spent()
	work()
	if took := float64(spent()-begun) / float64(bytes); c.perByte == 0 || took < c.perByte {
		c.perByte = took
	}
}

// everyRule returns an engine for all rules, and what scans with it and counts the candidates.
func everyRule(b *testing.B) (*Engine, []detectors.Rule, func(Input) int) {
	c, err := gitleaks.Default()
	if err != nil {
		b.Fatal(err)
	}
	rules := suite.Rules(suite.Providers(), c)
	e, err := New(rules, Options{DecodeDepth: 5, Global: c.Global})
	if err != nil {
		b.Fatal(err)
	}
	s := e.Scanner()
	return e, rules, func(in Input) (found int) {
		if err := s.Scan(b.Context(), in, func(Candidate) bool { found++; return true }); err != nil {
			b.Fatal(err)
		}
		return found
	}
}

// BenchmarkHostile measures texts that are made to be slow, in turn with Go's library, and reports how many times as much a byte of them costs. It
// fails where that is more than ten times as much, beyond what it costs to run the expressions that match, each once over the whole text.
func BenchmarkHostile(b *testing.B) {
	e, rules, scan := everyRule(b)
	const size = 1 << 16
	files, bytes := ordinary(b, 8*size), 0
	texts := hostileTexts(b, rules)
	var oneLine strings.Builder
	for _, f := range files {
		oneLine.Write(f.Data)
		bytes += len(f.Data)
	}
	texts = append(texts, hostileText{"code in a line", strings.ReplaceAll(oneLine.String(), "\n", " "), false})
	for _, text := range texts {
		b.Run(text.name, func(b *testing.B) {
			data := text.of(size)
			var hostile, usual clock
			in := Input{Path: "a/b.yaml", Data: data, Final: true}
			want := scan(in)
			if (want > 0) != text.found {
				b.Fatalf("%d candidates", want)
			}
			turn := func() {
				found := 0
				hostile.measure(len(data), func() { found = scan(in) })
				if found != want {
					b.Fatalf("%d candidates, and %d before", found, want)
				}
				b.StopTimer()
				usual.measure(bytes, func() {
					for _, f := range files {
						scan(f)
					}
				})
				b.StartTimer()
			}
			for b.Loop() {
				turn()
			}
			for range 4 { // a slow text is measured more than once, too
				turn()
			}
			b.SetBytes(size)
			ratio, matching := hostile.perByte/usual.perByte, expressions(b, e, data)/usual.perByte
			b.ReportMetric(ratio, "×ordinary")
			b.ReportMetric(matching, "×ordinary-to-match")
			if ratio > 10+matching {
				b.Errorf("a byte costs %.1f times as much as one of ordinary code, of which the expressions that match take %.1f", ratio, matching)
			}
		})
	}
}

// expressions returns how many nanoseconds a byte it takes to run every expression that matches over the whole text.
func expressions(b *testing.B, e *Engine, text []byte) float64 {
	b.Helper()
	sum := 0.0
	for _, r := range e.compiled {
		if r.SkipReport || !r.keywords().stand(text) {
			continue
		}
		if path, err := r.path.compile(); err != nil || r.apart() && !path.MatchString("a/b.yaml") {
			continue
		}
		re, err := r.pattern.compile()
		if err != nil {
			b.Fatal(err)
		}
		if !re.Match(text) {
			continue
		}
		var one clock
		for range 2 {
			one.measure(len(text), func() { re.FindAllSubmatchIndex(text, -1) })
		}
		sum += one.perByte
	}
	return sum
}
