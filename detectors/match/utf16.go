package match

import (
	"bytes"
	"encoding/binary"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// sniffed is how many bytes of a text say whether it is UTF-16, as many as git looks at to tell text from binary.
const sniffed = 8000

// UTF8 returns text that is UTF-16, see [UTF16], as UTF-8, and anything else as it is. Positions in such a text are those of its UTF-8 form.
func UTF8(data []byte) []byte {
	order := UTF16(data)
	if order == nil {
		return data
	}
	text := make([]byte, 0, len(data)/2)
	for len(data) >= 2 {
		r := rune(order.Uint16(data))
		data = data[2:]
		if utf16.IsSurrogate(r) {
			var next rune
			if len(data) >= 2 {
				next = rune(order.Uint16(data))
			}
			if r = utf16.DecodeRune(r, next); r != unicode.ReplacementChar {
				data = data[2:]
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return bytes.TrimPrefix(text, []byte("\ufeff"))
}

// UTF16 returns the order of the bytes in a text in UTF-16 that begins with data, nil if the text is not UTF-16. That is told by its byte order
// mark, or by what its first 8000 bytes are as UTF-16.
func UTF16(data []byte) binary.ByteOrder {
	data = data[:min(len(data), sniffed)]
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return binary.BigEndian
	case bytes.IndexByte(data, 0) < 0: // there is no line break in it, nor anything that a token is made of
		return nil
	case isText(data, binary.LittleEndian):
		return binary.LittleEndian
	case isText(data, binary.BigEndian):
		return binary.BigEndian
	}
	return nil
}

// isText reports whether data can be text in UTF-16 that has no mark: it has no control characters nor what no character has, and an eighth of
// it is ASCII behind ASCII. That has no text in another order or of another encoding, with NUL between its words or not, and nothing that is
// compressed; and tables of numbers hardly ever hold printable ones only.
func isText(data []byte, order binary.ByteOrder) bool {
	units, behind, before := len(data)/2, 0, false
	for ; len(data) >= 2; data = data[2:] {
		u := rune(order.Uint16(data))
		ascii := u == '\t' || u == '\n' || u == '\r' || ' ' <= u && u <= '~'
		if !ascii && (u < 0xa0 || u >= 0xfff0 || unicode.Is(unicode.Co, u)) { // controls, specials, private use
			return false
		}
		if ascii && before {
			behind++
		}
		before = ascii
	}
	return behind > 0 && 8*behind >= units
}
