package scan

import (
	"bytes"
	"context"
	"io"
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

// scanText scans one text with all rules.
func scanText(t *testing.T, r io.Reader) *Result {
	t.Helper()
	config, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := match.New(suite.Rules(config), match.Options{DecodeDepth: 5})
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(context.Background(), Options{
		Source: source.Reader("text", r), Target: report.Target{Mode: "stdin"}, Engine: engine,
		Knowledge: tag.NewKnowledge(suite.Providers()), Now: time.Unix(0, 0),
	})
	if err != nil || len(result.Errors) > 0 {
		t.Fatal(err, result.Errors)
	}
	return result
}

// TestWindows: nothing is lost, said twice or misplaced at the borders between the windows of a large text.
func TestWindows(t *testing.T) {
	line := "nothing stands here, on this line or the next\n"
	filler := strings.Repeat(line, window/len(line)+1)
	for _, shift := range []int{0, 7, 20, 60, overlap / 2, overlap - 30, overlap, overlap + 10} {
		var b bytes.Buffer
		b.WriteString(filler[:window-shift])
		secret := "STRIPE_SECRET_KEY=" + detectortest.Mint("stripe-live") + "\n"
		b.WriteString("\n" + secret + secret[:len(secret)-1] + " # again\n")
		b.WriteString(filler)
		wantLine := strings.Count(filler[:window-shift], "\n") + 2
		result := scanText(t, &b)
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

// TestUTF16 reads what Windows' programs write.
func TestUTF16(t *testing.T) {
	text := "STRIPE_SECRET_KEY=" + detectortest.Mint("stripe-live") + "\r\n"
	for name, order := range map[string][2]int{"little end first": {0, 1}, "big end first": {1, 0}} {
		mark := []byte{0xff, 0xfe}
		data := []byte{mark[order[0]], mark[order[1]]}
		for i := range len(text) {
			unit := [2]byte{text[i], 0}
			data = append(data, unit[order[0]], unit[order[1]])
		}
		if result := scanText(t, bytes.NewReader(data)); len(result.Tokens) != 1 {
			t.Errorf("%s: %d tokens", name, len(result.Tokens))
		}
	}
}
