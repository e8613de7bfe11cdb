package match

import (
	"bytes"
	"unicode/utf16"
)

// IsUTF16 reports whether data begins with a byte order mark of UTF-16.
func IsUTF16(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff})
}

// UTF8 returns text that [IsUTF16] as UTF-8, and anything else as it is. Positions in such a text are those of its UTF-8 form.
func UTF8(data []byte) []byte {
	if !IsUTF16(data) {
		return data
	}
	low, high := 0, 1
	if data[0] == 0xfe {
		low, high = 1, 0
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i+high])<<8|uint16(data[i+low]))
	}
	return []byte(string(utf16.Decode(units)))
}
