package providers

import (
	"encoding/base64"
	"runtime"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors/detectortest"
)

// A decoder gets texts of any size and shape. One that is no token's size it does not take apart, and of others it needs no more memory than a
// small multiple; the text stays a token.
func TestDecodersAreBounded(t *testing.T) {
	const size, multiple = longestText / 2, 256
	encode := base64.RawURLEncoding.EncodeToString
	std := base64.StdEncoding.EncodeToString
	nested := std([]byte("\x94\x93\x01\x02\x03\xa1x" + strings.Repeat("\x91", size/2) + "\x01"))
	hostile := map[string]string{
		"a web token with long claims":        "eyJhbGciOiJub25lIn0." + encode([]byte(`{"iss":"`+strings.Repeat("a", size)+`"}`)) + ".sig",
		"a web token with many claims":        "eyJhbGciOiJub25lIn0." + encode([]byte(`{"scope":[`+strings.Repeat(`"a",`, size/4)+`"a"]}`)) + ".sig",
		"nested macaroons":                    "fm2_" + nested,
		"many macaroons":                      strings.Repeat("fm2_AAAA,", size/9),
		"an array of many":                    "fm2_" + std([]byte("\xdd\x00\x00\x7f\xff"+strings.Repeat("\x00", size))),
		"a long macaroon of a registry":       "pypi-" + encode([]byte("\x02"+strings.Repeat("\x02\x01[", size/3))),
		"base 64 in base 64":                  again(5, strings.Repeat("a", size/8)),
		"a signature with many parameters":    "https://a.blob.core.windows.net/?sig=x" + strings.Repeat("&a=b", size/4),
		"a connection string with many pairs": "AccountKey=x;" + strings.Repeat("a=b;", size/4),
		"a long key":                          "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n" + strings.Repeat("AAAA", size/4) + "\n-----END OPENSSH " + "PRIVATE KEY-----",
		"a long login":                        std([]byte("user:" + strings.Repeat("p", size))),
		"a long service account":              "ops_" + std([]byte(`{"signInAddress":"`+strings.Repeat("a", size)+`"}`)),
		"a long address":                      "postgres://u:" + strings.Repeat("p", size) + "@h/d",
		"an address with many hosts":          "mongodb://u:p@" + strings.Repeat("h,", size/2) + "h/d",
		"bytes":                               strings.Repeat("\xff\x00", size/2),
		"a prefix":                            detectortest.Mint("convex-prod") + strings.Repeat(":|", size/2),
	}
	for _, p := range All() {
		if p.Decode == nil {
			continue
		}
		for what, text := range hostile {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			p.Decode(text)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > uint64(multiple*len(text)) {
				t.Errorf("%s: %s of %d kB takes %d kB", p.Name, what, len(text)>>10, used>>10)
			}
			if long := p.Decode(strings.Repeat(text, 4)); len(text) > size && long.Reject != "" {
				t.Errorf("%s: %s, four times over, is rejected: %s", p.Name, what, long.Reject)
			}
		}
	}
}

// again encodes a text in base 64, n times.
func again(n int, text string) string {
	for range n {
		text = base64.StdEncoding.EncodeToString([]byte(text))
	}
	return text
}
