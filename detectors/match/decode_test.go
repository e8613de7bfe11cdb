package match

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// encodedText is what [findEncoded] finds, as one expression.
var encodedText = regexp.MustCompile(`(%[0-9A-Fa-f]{2}(?:.*%[0-9A-Fa-f]{2})?)|` +
	`((?:U\+[a-fA-F0-9]{4}(?:\s|$))+|(?:\\{1,2}[uU][a-fA-F0-9]{4})+)|` +
	`([0-9A-Fa-f]{32,})|` +
	`([\w/+-]{16,}={0,2})`)

func TestFindEncoded(t *testing.T) {
	alphabets := []struct {
		letters string
		longest int
	}{
		{"%4aU+u\\0041g \n=é", 60},
		{"0123abcdefABCDEF", 50},
		{"0123abcdef g", 140},
		{"AZaz09+/-_=", 60},
		{"AZaz09+/-_= %\\", 90},
		{"U+0041 ", 40},
		{`\u0041`, 40},
		{"%41\n", 30},
	}
	for _, a := range alphabets {
		for _, text := range texts(a.letters, 3000, a.longest) {
			var want []string
			for _, loc := range encodedText.FindAllStringSubmatchIndex(text, -1) {
				for kind := range 4 {
					if start := loc[2*kind+2]; start >= 0 {
						want = append(want, fmt.Sprint(encodings(1<<kind).names(), start, loc[2*kind+3]))
					}
				}
			}
			var got []string
			for _, e := range findEncoded(nil, []byte(text)) {
				got = append(got, fmt.Sprint(e.kind.names(), e.Start, e.End))
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%q:\ngot  %v\nwant %v", text, got, want)
			}
		}
	}
}

// decodeAll decodes a text as often as it can, and returns what each pass made of it, and the last pass's origin of each byte.
func decodeAll(t *testing.T, text string, compatible bool) (passes []string) {
	t.Helper()
	e, err := New(nil, Options{Gitleaks: compatible})
	if err != nil {
		t.Fatal(err)
	}
	s := e.Scanner()
	s.text = []byte(text)
	for {
		decoded, layer := s.decode(nil, s.depth)
		if len(layer) == 0 {
			return passes
		}
		passes = append(passes, string(decoded))
		s.text = decoded
		s.depth++
	}
}

func TestDecode(t *testing.T) {
	b64 := base64.StdEncoding.EncodeToString
	tests := []struct {
		name, text string
		want       string // the passes, joined by |
	}{
		{"base64", "x: " + b64([]byte("a longer secret 1")) + " ", "x: a longer secret 1 "},
		{"without padding", strings.TrimRight(b64([]byte("a longer secret 1")), "="), "a longer secret 1"},
		{"for URLs", base64.RawURLEncoding.EncodeToString([]byte("a longer secret>>>?")), "a longer secret>>>?"},
		{"for URLs, padded", base64.URLEncoding.EncodeToString([]byte("longer secret>>>?")), "longer secret>>>?"},
		{"both alphabets", "abcdefgh+jklmno-", ""},
		{"a word", "internationalization", ""},
		{"unprintable", b64([]byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x10\x11")), ""},
		{"twice", b64([]byte(b64([]byte("a longer secret 1")))), b64([]byte("a longer secret 1")) + "|a longer secret 1"},
		{"hex", "0x" + hex.EncodeToString([]byte("a longer secret 1")), ""}, // the x joins it to a run of letters of base64
		{"hex alone", hex.EncodeToString([]byte("a longer secret 1")) + ";", "a longer secret 1;"},
		{"upper hex", strings.ToUpper(hex.EncodeToString([]byte("a longer secret 1"))), "a longer secret 1"},
		{"odd hex", hex.EncodeToString([]byte("a longer secret 1")) + "3", ""},
		{"percent", "http://h/?q=" + url.QueryEscape("a b/c") + "&r", "http://h/?q=a+b/c&r"},
		{"percent, unprintable", "100%00 sure %41", ""},
		{"percent in two lines", "%41 %\n%42%", "A %\nB%"},
		{"escapes", `"\u0061\\u0062\U0063"`, `"abc"`},
		{"code points", "U+0061 U+0062\tU+00e9", "abé"},
		{"code points in words", "U+0061x U+00622", ""},
		{"no code point at the end of a word", "MENU+0061 ", "MENa"},
		{"meeting", "%41" + b64([]byte("a longer secret 1")) + "%42", "A" + b64([]byte("a longer secret 1")) + "B"},
		{"meeting, then decoded", "%22" + b64([]byte("a longer secret 1")) + "%22", `"` + b64([]byte("a longer secret 1")) + `"|"a longer secret 1"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(decodeAll(t, test.text, false), "|"); got != test.want {
				t.Errorf("%q:\ngot  %q\nwant %q", test.text, got, test.want)
			}
		})
	}
}

func TestLenientBase64(t *testing.T) {
	for text, want := range map[string]string{
		base64.RawStdEncoding.EncodeToString([]byte("longer secret>>>??")):   "longer secret>>>??",
		base64.URLEncoding.EncodeToString([]byte("longer secret>>>?")):       "longer secret>>>?",
		base64.StdEncoding.EncodeToString([]byte("longer secret>>>?")):       "longer secret>>>?",
		base64.StdEncoding.EncodeToString([]byte("longer secret>>>?")) + "=": "",
	} {
		if got, ok := decodeBase64(nil, []byte(text), true); ok != (want != "") || ok && string(got) != want {
			t.Errorf("%s: %q, %v", text, got, ok)
		}
		strict, ok := decodeBase64(nil, []byte(text), false)
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			decoded, err = base64.RawURLEncoding.DecodeString(text)
		}
		if ok != (err == nil) || ok && string(strict) != string(decoded) {
			t.Errorf("%s: strict: %q, %v; want %q, %v", text, strict, ok, decoded, err)
		}
	}
}

// TestOrigin checks that a part of a decoded text is found again where it stood.
func TestOrigin(t *testing.T) {
	secret := "a longer secret 1"
	tests := []struct{ name, text, in string }{ // in: the encoded part
		{"plain beside", "%41 " + secret + " %42", secret},
		{"percent", "x%41 a" + strings.Replace(secret, " ", "%20", 1) + " %42", strings.Replace(secret, " ", "%20", 1)},
		{"base64", "é %41 " + base64.StdEncoding.EncodeToString([]byte("k="+secret)) + "\n %42", base64.StdEncoding.EncodeToString([]byte("k=" + secret))},
		{"escapes", `\u0041 "` + strings.Replace(secret, "a", `\u0061`, 1) + `"`, strings.Replace(secret, "a", `\u0061`, 1)},
		{"nested", "U+0041 ; " + hex.EncodeToString([]byte("key: "+url.PathEscape(secret))) + " ", hex.EncodeToString([]byte("key: " + url.PathEscape(secret)))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := New([]detectors.Rule{{ID: "r", Pattern: secret}}, Options{DecodeDepth: 4})
			if err != nil {
				t.Fatal(err)
			}
			var got []Candidate
			if err := e.Scanner().Scan(t.Context(), Input{Data: []byte(test.text), Final: true}, func(c Candidate) bool {
				if string(c.Value) != secret {
					t.Errorf("the value is %q", c.Value)
				}
				got = append(got, c)
				return true
			}); err != nil {
				t.Fatal(err)
			}
			start := strings.Index(test.text, test.in)
			want := detectors.Span{Start: start, End: start + len(test.in)}
			if len(got) != 1 || got[0].Match != want || got[0].Secret != want {
				t.Errorf("got %+v, want %v", got, want)
			}
		})
	}
}

// TestNextRun compares the search for runs with one that looks at every byte.
func TestNextRun(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for range 20000 {
		text := make([]byte, r.IntN(80))
		for i := range text {
			text[i] = "aZ09+/-_ .\xff"[r.IntN(5)%(1+r.IntN(11))]
			if r.IntN(25) == 0 {
				text[i] = byte(r.IntN(256))
			}
		}
		from := r.IntN(len(text) + 1)
		want := detectors.Span{Start: len(text), End: len(text)}
		for start := from; start < len(text); start++ {
			end := start
			for end < len(text) && byteClass[text[end]]&isBase64 != 0 {
				end++
			}
			if end-start >= shortestBase64 {
				want = detectors.Span{Start: start, End: end}
				break
			}
		}
		if got := nextRun(text, from); got != want {
			t.Fatalf("%q from %d: got %v, want %v", text, from, got, want)
		}
	}
}
