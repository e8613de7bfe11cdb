package scan

import (
	"bytes"
	"io"

	"golang.org/x/text/encoding/unicode"

	"github.com/stagewall/stagewall/detectors/match"
)

// sniff is how many bytes are looked at to tell text from binary, as git does.
const sniff = 8000

// isBinary reports whether data is no text: it has a NUL byte near its beginning and is not UTF-16.
func isBinary(data []byte) bool {
	head := data[:min(len(data), sniff)]
	return bytes.IndexByte(head, 0) >= 0 && !match.IsUTF16(head)
}

// plainReader is [match.UTF8] for a text that is read piece by piece; head is its first two bytes.
func plainReader(head []byte, in io.Reader) io.Reader {
	if !match.IsUTF16(head) {
		return in
	}
	return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(in)
}
