package match

// encodings is a set of encodings.
type encodings uint8

const (
	percent encodings = 1 << iota
	unicodeEscape
	hexadecimal
	base64Text
)

var encodingNames = [...]string{"percent", "unicode", "hex", "base64"}

// names returns the names of the set's encodings; nil for none.
func (e encodings) names() []string {
	var names []string
	for i, name := range encodingNames {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}
