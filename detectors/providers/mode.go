package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// notProduction is every environment that a key for tests can touch: a provider's sandbox is no production, and nobody says which of
// the others it serves.
const notProduction = detectors.Unscoped &^ detectors.Production

// textual returns what a token says whose own text names its environments; says is the evidence, in words.
func textual(kind string, reach detectors.Environment, says, source string) detectors.Decoded {
	return detectors.Decoded{Kind: kind, Reach: reach, Evidence: []detectors.Evidence{{About: "reach", Says: says, Source: source}}}
}

// mode is one of the two modes that payment providers write into their keys.
type mode struct {
	reach detectors.Environment
	says  string
}

// cutMode cuts a key around live_ or test_, whichever stands first.
func cutMode(key string) (prefix string, m mode, ok bool) {
	live, test := strings.Index(key, "live_"), strings.Index(key, "test_")
	switch {
	case live >= 0 && (test < 0 || live < test):
		return key[:live], mode{detectors.Production, "the key's text says live mode"}, true
	case test >= 0:
		return key[:test], mode{notProduction, "the key's text says test mode"}, true
	}
	return key, mode{}, false
}

// ofMode decodes a key that has this prefix before its mode; any other text says nothing.
func ofMode(key, prefix, kind, source string) detectors.Decoded {
	p, m, ok := cutMode(key)
	if !ok || p != prefix {
		return detectors.Decoded{}
	}
	return textual(kind, m.reach, m.says, source)
}
