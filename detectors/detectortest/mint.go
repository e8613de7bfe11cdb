// Package detectortest is the test kit of the first room. It mints tokens, so that no file of the project holds a string that a scanner
// would flag: a fixture writes {{railway}} or {{stripe-live#2}}, and the kit puts a value of the true format there, the same for the
// same name on every machine.
package detectortest

import (
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tables lists where formats are written: as a text for [fill], or as a function where a format needs arithmetic.
var (
	tables   = []map[string]string{infraFormats, saasFormats}
	computed = []map[string]func(*rand.Rand) string{infraComputed, saasComputed}
)

// format returns the function that makes values of the fixture's name, without its number.
func format(name string) (func(*rand.Rand) string, bool) {
	for _, table := range computed {
		if f, ok := table[name]; ok {
			return f, true
		}
	}
	for _, table := range tables {
		if text, ok := table[name]; ok {
			return func(r *rand.Rand) string { return fill(r, text) }, true
		}
	}
	return nil, false
}

var placeholder = regexp.MustCompile(`\{\{([a-z][a-z0-9-]*)(#[0-9]+)?(@base64)?\}\}`)

// Minted is a value that [Expand] put into a text.
type Minted struct {
	Name  string // as in the text, with its number: "railway", "stripe-live#2"
	Value string // as it stands in the text: encoded for {{railway@base64}}
}

// Mint returns the value for a name, with or without a number. It panics for a name that no table knows: a test's typing error.
func Mint(name string) string {
	base, _, _ := strings.Cut(name, "#")
	f, ok := format(base)
	if !ok {
		panic(fmt.Sprintf("detectortest: no format for %q", base))
	}
	h := fnv.New64a()
	h.Write([]byte("stagewall fixture " + name))
	return f(rand.New(rand.NewPCG(h.Sum64(), 1)))
}

// Known reports whether there is a format for the name.
func Known(name string) bool {
	base, _, _ := strings.Cut(name, "#")
	_, ok := format(base)
	return ok
}

// Names returns the names for which there is a format, sorted.
func Names() []string {
	var all []string
	for _, table := range computed {
		all = slices.AppendSeq(all, maps.Keys(table))
	}
	for _, table := range tables {
		all = slices.AppendSeq(all, maps.Keys(table))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Expand replaces every {{name}} or {{name#N}} whose name has a format, and {{name@base64}} by the value's encoding, and returns what it
// put in, each once, in order. Other texts in double braces, such as a template's, stay.
func Expand(text string) (string, []Minted) {
	var minted []Minted
	text = placeholder.ReplaceAllStringFunc(text, func(m string) string {
		name, encoding, _ := strings.Cut(m[2:len(m)-2], "@")
		if !Known(name) {
			return m
		}
		value := Mint(name)
		if encoding != "" {
			value = base64.StdEncoding.EncodeToString([]byte(value))
		}
		if one := (Minted{name, value}); !slices.Contains(minted, one) {
			minted = append(minted, one)
		}
		return value
	})
	return text, minted
}

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var alphabets = map[byte]string{
	'A': digits + upper + lower,
	'a': digits + lower,
	'U': digits + upper,
	'K': "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
	'L': upper,
	'l': lower,
	'd': digits,
	'h': "0123456789abcdef",
	'b': digits + upper + lower + "-_",
	'B': digits + upper + lower + "+/",
	't': lower + "234567",
	'T': upper + "234567",
}

var field = regexp.MustCompile(`\{([A-Za-z])([0-9]*)\}`)

// fill replaces {A24} by 24 letters and digits, and likewise: a lower-case letters and digits, U upper-case letters and digits, L upper
// and l lower case, d digits, h hexadecimal, b base64 for URLs, B base64, t and T base32 in lower and upper case, K bech32; {u} is a random UUID.
func fill(r *rand.Rand, format string) string {
	return field.ReplaceAllStringFunc(format, func(m string) string {
		if m[1] == 'u' {
			s := letters(r, alphabets['h'], 32)
			return s[:8] + "-" + s[8:12] + "-4" + s[13:16] + "-" + string("89ab"[r.IntN(4)]) + s[17:20] + "-" + s[20:]
		}
		n, err := strconv.Atoi(m[2 : len(m)-1])
		if err != nil || alphabets[m[1]] == "" {
			panic("detectortest: bad format " + m)
		}
		return letters(r, alphabets[m[1]], n)
	})
}

func letters(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}
