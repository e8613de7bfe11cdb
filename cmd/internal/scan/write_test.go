package scan

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// The whole word around a secret is hidden: the rest of a signed cookie signs as well as the token in it.
func TestAround(t *testing.T) {
	for _, test := range [][2]string{
		{"cookie s%3A<token>.1700000000.signature== path", "s%3Atoken.1700000000.signature=="},
		{`key: "<token>", other`, "token"},
		{"https://acme:<token>@db.acme.example/acme", "token"},
		{"TOKEN=<token>", "token"},
		{"<token>", "token"},
	} {
		var data []byte
		var span detectors.Span
		for _, c := range []byte(test[0]) {
			switch c {
			case '<':
				span.Start = len(data)
			case '>':
				span.End = len(data)
			default:
				data = append(data, c)
			}
		}
		got := around(data, span)
		if string(data[got.Start:got.End]) != test[1] {
			t.Errorf("%s: %s", test[0], data[got.Start:got.End])
		}
	}
}

// A long line is cut to what stands around the mark, and a minified file's is none.
func TestWindow(t *testing.T) {
	long := strings.Repeat("é", 100) + "KEY=x" + strings.Repeat("b", 100)
	text, mark := window(long, 201)
	if !strings.HasPrefix(text, "…é") || !strings.HasSuffix(text, "b") && !strings.HasSuffix(text, "…") || text[mark-1:mark+2] != "KEY" {
		t.Errorf("%q at %d", text, mark)
	}
	if text, mark := window("KEY=x", 1); text != "KEY=x" || mark != 1 {
		t.Errorf("%q at %d", text, mark)
	}
	if text, _ := window(strings.Repeat("x", 2000), 7); text != "" {
		t.Errorf("%q", text)
	}
}
