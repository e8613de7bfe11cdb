package tag

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// formatOne begins everything that ids are hashed from. It changes when the format of ids does.
const formatOne = "stagewall token 1"

// ID returns a token's id: the same for the same secret on every machine, wherever it stands and however it was found. Ids are
// published in baselines, so a secret that could be guessed is stretched first; that takes under a millisecond.
func ID(provider string, secret detectors.Secret) string {
	value := secret.Reveal()
	if guessable(value) {
		// The salt need not be secret: it only keeps tables made for other programs from fitting.
		if key, err := pbkdf2.Key(sha256.New, value, []byte(formatOne), stretching, sha256.Size); err == nil {
			value = string(key)
		}
	}
	return id(provider, value)
}

// ReferenceID returns the id of a token that is known by name only.
func ReferenceID(r detectors.Reference) string { return id("reference", r.Store, r.Scope, r.Name) }

func id(parts ...string) string {
	sum := sha256.Sum256([]byte(formatOne + "\x00" + strings.Join(parts, "\x00")))
	return "tok_" + hex.EncodeToString(sum[:8])
}

// stretching is the number of rounds that make one guess take some hundred microseconds instead of one.
const stretching = 500

// guessable reports whether a search could find the value from its hash: it has fewer bits than a random 128-bit value less a margin,
// or is a URL, whose only secret part may be a short password.
func guessable(value string) bool {
	const enough = 96
	return strings.Contains(value, "://") || strings.ContainsAny(value, " ;=") && len(value) < 512 || bits(value) < enough
}

// bits estimates a value's entropy as Shannon's of its bytes times its length.
func bits(value string) float64 {
	var counts [256]int
	for i := range len(value) {
		counts[value[i]]++
	}
	sum, n := 0.0, float64(len(value))
	for _, c := range counts {
		if c > 0 {
			sum -= float64(c) * math.Log2(float64(c)/n)
		}
	}
	return sum
}
