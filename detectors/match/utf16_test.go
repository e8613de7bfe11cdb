package match_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stagewall/stagewall/detectors/match"
)

// TestUTF16 tells text in UTF-16 from all else, with its mark and without, and turns it into UTF-8.
func TestUTF16(t *testing.T) {
	for _, text := range []string{"A=b\r\n", "# 这是生产环境的数据库密码，请勿外传。\nA=b\n", "a=😀\té€", strings.Repeat("long ", 4000)} {
		for _, mark := range []string{"\ufeff", ""} {
			for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
				var data []byte
				for _, unit := range utf16.Encode([]rune(mark + text)) {
					data = order.AppendUint16(data, unit)
				}
				if got := string(match.UTF8(data)); got != text {
					t.Errorf("%v, mark %q: %q, want %q", order, mark, got, text)
				}
			}
		}
	}
	for _, data := range []string{
		"", "\x00", "a", "a=b\n", "a\x00\x00\x00b\x00\x00\x00", "a\x00\x01\x00", "\x00\x00\x00\x00", "ELF\x00\x01\x00", "\x00asm\x01\x00\x00\x00", "a=b\x00c=d\x00",
	} {
		if match.UTF16([]byte(data)) != nil || string(match.UTF8([]byte(data))) != data {
			t.Errorf("%q is taken for UTF-16", data)
		}
	}
	if got := string(match.UTF8([]byte("\xff\xfea\x00\x00\xd8b\x00\x00\xd8c"))); got != "a\ufffdb\ufffd" {
		t.Errorf("halves of characters: %q", got)
	}
}
