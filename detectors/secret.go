package detectors

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret holds the bytes of a credential and cannot be printed.
//
// The bytes live in a closure: reflection, which is how fmt and encoders look into unexported fields, sees a function there and not
// what it captured. All methods that fmt, encoding and log/slog call print a mask. [Secret.Reveal] is the only way out.
type Secret struct{ reveal func() string }

// mask is what every attempt to print a secret yields.
const mask = "••••"

// NewSecret returns a secret that holds value.
func NewSecret(value string) Secret { return Secret{reveal: func() string { return value }} }

// Reveal returns the value. Calls are few and named: where tokens are identified, decoded and masked, and behind --show-secrets.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Format implements [fmt.Formatter] for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, mask) }

// MarshalText implements [encoding.TextMarshaler]; JSON, XML and YAML encoders use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }

// GobEncode implements [encoding/gob.GobEncoder]; a secret does not survive it.
func (s Secret) GobEncode() ([]byte, error) { return []byte(mask), nil }

// GobDecode implements [encoding/gob.GobDecoder]; the result is empty.
func (s *Secret) GobDecode([]byte) error { s.reveal = nil; return nil }

// LogValue implements [slog.LogValuer].
func (s Secret) LogValue() slog.Value { return slog.StringValue(mask) }

// Masked returns the value in the form that reports show: the first and last bytes of a value that is long enough to keep its secret
// without them, and the separators between. At most a quarter of the value is shown, at most four bytes at each end.
func (s Secret) Masked() string {
	value := s.Reveal()
	show := min(len(value)/8, 4)
	masked := make([]rune, 0, len(value))
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c < 0x21 || c > 0x7e: // a report stays on its line, whatever the value holds
			masked = append(masked, '•')
		case i < show, i >= len(value)-show, c == '-' && len(value) == 36:
			masked = append(masked, rune(c))
		default:
			masked = append(masked, '•')
		}
	}
	const longest = 40
	if len(masked) > longest {
		head, tail := masked[:longest/2], masked[len(masked)-longest/2:]
		masked = append(append(append([]rune{}, head...), '…'), tail...)
	}
	if len(masked) < len(mask)/len("•") {
		return mask
	}
	return string(masked)
}
