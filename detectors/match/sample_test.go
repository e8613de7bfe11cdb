package match

import (
	"strings"
	"testing"
)

// TestSample checks that words are looked for by what is rare in the texts that were seen.
func TestSample(t *testing.T) {
	var texts sample
	for range 100 {
		texts.add([]byte(strings.Repeat("the node of another NODE\n", 20)))
	}
	if some, none := texts.frequency("node"), texts.frequency("lino"); some < 1./50 || some > 1./10 || none > 1./1000 {
		t.Errorf(`"node" has a share of %g, and "lino" of %g`, some, none)
	}
	words := anywhere([]string{"linode"})
	if w := newSieve(words, &texts).words[1]; w.text[w.offset:][:window] == "node" {
		t.Error(`"node" is looked for, which is frequent`)
	}
	const long = sampleSize * 2 * longText
	if texts.add(make([]byte, long)); texts.total < sampleSize || texts.total > sampleSize+long/longText {
		t.Errorf("%d bytes were counted", texts.total)
	}
	before := texts
	if texts.add([]byte("more")); texts != before {
		t.Error("there is no end to counting")
	}
}
