package scan

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/source"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
	"github.com/stagewall/stagewall/detectors/tag"
)

// small lets small texts be read as large ones are.
var small = sizes{whole: 64 << 10, piece: 16 << 10, overlap: 2 << 10}

// scanText scans one text with all rules, as if it were large.
func scanText(t *testing.T, r io.Reader, jobs int) *Result {
	t.Helper()
	return scanSized(t, r, jobs, small)
}

func scanSized(t *testing.T, r io.Reader, jobs int, sizes sizes) *Result {
	t.Helper()
	config, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := match.New(suite.Rules(suite.Providers(), config), match.Options{DecodeDepth: 5})
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(context.Background(), Options{
		Source: source.Reader("text", r), Target: report.Target{Mode: "stdin"}, Engine: engine,
		Knowledge: tag.NewKnowledge(suite.Providers()), Now: time.Unix(0, 0), Jobs: jobs, sizes: sizes,
	})
	if err != nil || len(result.Errors) > 0 {
		t.Fatal(err, result.Errors)
	}
	return result
}

// TestPieces: nothing is lost, said twice or misplaced at the borders between the pieces of a large text.
func TestPieces(t *testing.T) {
	line := "nothing stands here, on this line or the next\n"
	filler := strings.Repeat(line, small.whole/len(line)+1)
	border, overlap := 3*small.piece+small.overlap, small.overlap
	for _, shift := range []int{0, 7, 20, 60, overlap / 2, overlap - 30, overlap, overlap + 10, -10, -overlap + 20, -overlap - 5} {
		var b bytes.Buffer
		b.WriteString(filler[:border-shift])
		secret := "STRIPE_SECRET_KEY=" + detectortest.Mint("stripe-live") + "\n"
		b.WriteString("\n" + secret + secret[:len(secret)-1] + " # again\n")
		b.WriteString(filler)
		wantLine := strings.Count(filler[:border-shift], "\n") + 2
		for _, jobs := range []int{1, 3} {
			result := scanText(t, bytes.NewReader(b.Bytes()), jobs)
			if len(result.Tokens) != 1 || len(result.Tokens[0].Places) != 2 {
				t.Fatalf("shift %d: %d tokens, %+v", shift, len(result.Tokens), result.Tokens)
			}
			for i, p := range result.Tokens[0].Places {
				if p.Line != wantLine+i || p.Column != len("STRIPE_SECRET_KEY=")+1 {
					t.Errorf("shift %d: place %d is %d:%d, want line %d", shift, i, p.Line, p.Column, wantLine+i)
				}
			}
		}
	}
}

// TestLongLine: columns count from the beginning of a line that spans pieces.
func TestLongLine(t *testing.T) {
	before := strings.Repeat("a b c ", small.whole/6+1)
	secret := `STRIPE_SECRET_KEY="` + detectortest.Mint("stripe-live") + `"`
	result := scanText(t, strings.NewReader("first\n"+before+secret+before), 2)
	if len(result.Tokens) != 1 || len(result.Tokens[0].Places) != 1 {
		t.Fatalf("%+v", result.Tokens)
	}
	if p := result.Tokens[0].Places[0]; p.Line != 2 || p.Column != len(before)+len(`STRIPE_SECRET_KEY="`)+1 || p.EndLine != 2 {
		t.Errorf("%+v", p)
	}
}

// TestStreamLeavesNoGarbage: to read more of a large file takes no more memory, whatever is decoded of it.
func TestStreamLeavesNoGarbage(t *testing.T) {
	line := "nothing%20stands%20here, on this line or the next\n"
	allocated := func(size int) uint64 {
		text := io.LimitReader(&again{text: line}, int64(size))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		scanSized(t, text, 1, usual())
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	const short, long = 18 << 20, 34 << 20
	if less, more := allocated(short), allocated(long); more > less+(long-short)/4 {
		t.Errorf("%d bytes for %d, and %d for %d", less, short, more, long)
	}
}

// again reads a text again and again, without end.
type again struct {
	text string
	at   int
}

func (a *again) Read(p []byte) (int, error) {
	n := copy(p, a.text[a.at:])
	a.at = (a.at + n) % len(a.text)
	return n, nil
}

// TestUTF16 reads what Windows' programs write, at any size. The mark at the beginning is no part of the first line, and some write none.
func TestUTF16(t *testing.T) {
	secret := "STRIPE_SECRET_KEY=" + detectortest.Mint("stripe-live") + "\r\n"
	for name, order := range map[string][2]int{"little end first": {0, 1}, "big end first": {1, 0}} {
		for _, before := range []string{"", "é\r\n", strings.Repeat("nothing\r\n", small.whole/18+1)} {
			mark := []byte{0xff, 0xfe}
			data := []byte{mark[order[0]], mark[order[1]]}
			for _, r := range before + secret {
				unit := [2]byte{byte(r), 0}
				data = append(data, unit[order[0]], unit[order[1]])
			}
			wantPlace(t, name, scanText(t, bytes.NewReader(data), 2), strings.Count(before, "\n")+1)
			wantPlace(t, name+", unmarked", scanText(t, bytes.NewReader(data[2:]), 2), strings.Count(before, "\n")+1)
		}
	}
}

// TestMark: the mark of UTF-8 is no part of the first line either.
func TestMark(t *testing.T) {
	wantPlace(t, "mark", scanText(t, strings.NewReader("\ufeffSTRIPE_SECRET_KEY="+detectortest.Mint("stripe-live")), 1), 1)
}

func wantPlace(t *testing.T, name string, result *Result, line int) {
	t.Helper()
	if len(result.Tokens) != 1 || len(result.Tokens[0].Places) != 1 {
		t.Fatalf("%s: %+v", name, result.Tokens)
	}
	if p := result.Tokens[0].Places[0]; p.Line != line || p.Column != len("STRIPE_SECRET_KEY=")+1 {
		t.Errorf("%s: stands at %d:%d, want line %d", name, p.Line, p.Column, line)
	}
}

// TestCiphertext: a value that is encrypted where it stands is no token, and the same text elsewhere is one.
func TestCiphertext(t *testing.T) {
	text := strings.Repeat(detectortest.Mint("password")+"Qx7", 4)
	for _, before := range []string{"secure: ", "encryptedkey: ", "{cipher}"} {
		result := scanText(t, strings.NewReader("api_key: "+text+"\n"), 1)
		if len(result.Tokens) != 1 {
			t.Fatalf("%d tokens in plain text", len(result.Tokens))
		}
		result = scanText(t, strings.NewReader("stack_key: "+before+text+"\n"+before+text+"\n"), 1)
		if len(result.Tokens) != 0 {
			t.Errorf("%d tokens behind %s", len(result.Tokens), before)
		}
	}
}
