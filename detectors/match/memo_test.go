package match

import (
	"encoding/binary"
	"testing"
)

// TestMemoIsBounded checks that texts full of matches are not remembered without end.
func TestMemoIsBounded(t *testing.T) {
	var m memo
	dense := make([][]int, 200)
	for i := range dense {
		dense[i] = make([]int, 6)
	}
	most, asked := 0, 0
	for n := range uint32(2 * mostMemos) {
		text := binary.LittleEndian.AppendUint32(nil, n)
		m.find(0, text, func([]byte) [][]int { asked++; return dense })
		m.find(0, text, func([]byte) [][]int { t.Fatal("it was forgotten at once"); return nil })
		most = max(most, len(m.matches)*200*9*8)
	}
	if most > 2*largestMemo || asked != 2*mostMemos {
		t.Errorf("%d bytes are remembered, of %d texts", most, asked)
	}
}
