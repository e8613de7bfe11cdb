package match

import (
	"encoding/binary"
	"math"
)

// sample counts sequences of four bytes in some of the texts that a scanner comes to first. What is frequent there, pairs of bytes
// hardly tell: that Kubernetes' sources hold "node" 118 thousand times, say.
//
// The sequences share counters, so hardly any is counted too low.
type sample struct {
	counts [1 << 16]uint16
	total  int
}

const (
	sampleSize = 1 << 18 // bytes of a sample, roughly
	samplePart = 1 << 9  // bytes of a text that are counted at the least, if it has them
	longText   = 32      // of a long text it is this part

	asFrequent = 1 << 13 // how many bytes would tell as much as the table of rarities does
)

// add counts a part of the text, unless the sample has enough.
func (s *sample) add(text []byte) {
	if s.total >= sampleSize {
		return
	}
	n := min(len(text), max(samplePart, len(text)/longText), sampleSize)
	from := (len(text) - n) / 2 // files begin alike
	for part := text[from : from+n]; len(part) >= window; part = part[1:] {
		if n := &s.counts[s.slot(part)]; *n < math.MaxUint16 {
			*n++
		}
		s.total++
	}
}

func (*sample) slot(four []byte) uint32 { return mixed(binary.LittleEndian.Uint32(four)) >> 16 }

// frequency returns roughly which part of all sequences of four bytes in texts is the given one, in any case. The sample may be nil.
func (s *sample) frequency(four string) float64 {
	usual := frequencyOfAll(four)
	if s == nil {
		return usual
	}
	return (float64(s.counts[s.slot([]byte(four))]) + asFrequent*usual) / float64(s.total+asFrequent)
}
