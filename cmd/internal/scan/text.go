package scan

import (
	"bytes"
	"encoding/binary"
	"io"

	"golang.org/x/text/encoding/unicode"

	"github.com/stagewall/stagewall/detectors/match"
)

// sniff is how many bytes are looked at to tell text from binary, as git does.
const sniff = 8000

// isBinary reports whether data is no text: it has a NUL byte near its beginning and is not UTF-16.
func isBinary(data []byte) bool {
	head := data[:min(len(data), sniff)]
	return bytes.IndexByte(head, 0) >= 0 && match.UTF16(head) == nil
}

// plainReader is [match.UTF8] for a text that is read piece by piece; head is its beginning.
func plainReader(head []byte, in io.Reader) io.Reader {
	order := unicode.BigEndian
	switch match.UTF16(head) {
	case nil:
		return in
	case binary.LittleEndian:
		order = unicode.LittleEndian
	}
	return unicode.UTF16(order, unicode.UseBOM).NewDecoder().Reader(in)
}
