package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// size is a number of bytes on the command line: a number, and behind it k, M or G for powers of ten, or Ki, Mi or Gi for powers of two;
// a B may follow. 0 is no limit.
type size int64

// units are in the order in which they are tried.
var units = []struct {
	name  string
	bytes int64
}{{"ki", 1 << 10}, {"mi", 1 << 20}, {"gi", 1 << 30}, {"k", 1e3}, {"m", 1e6}, {"g", 1e9}, {"", 1}}

// Set implements pflag.Value.
func (s *size) Set(text string) error {
	number := strings.TrimSuffix(strings.ToLower(text), "b")
	for _, u := range units {
		if digits, ok := strings.CutSuffix(number, u.name); ok {
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil || n < 0 || n > math.MaxInt64/u.bytes {
				break
			}
			*s = size(n * u.bytes)
			return nil
		}
	}
	return fmt.Errorf("%q is no size; one is 1000, 500k, 20M, 1G", text)
}

// String implements pflag.Value.
func (s *size) String() string {
	if *s == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*s), 10)
}

// Type implements pflag.Value.
func (s *size) Type() string { return "size" }

// megabytes is a size in gitleaks' unit, a million bytes.
type megabytes size

// Set implements pflag.Value.
func (m *megabytes) Set(text string) error { return (*size)(m).Set(text + "M") }

// String implements pflag.Value.
func (m *megabytes) String() string { return (*size)(m).String() }

// Type implements pflag.Value.
func (m *megabytes) Type() string { return "int" }
