package history

import (
	"bytes"
	"hash/crc32"
	"hash/maphash"
	"math/bits"

	"github.com/stagewall/stagewall/detectors"
)

// chunk is a part of a text, of whole lines.
type chunk struct {
	detectors.Span
	hash uint64
}

const (
	leastChunk = 512 // bytes, of every chunk but a text's last
	mostChunk  = 8 * leastChunk
)

// cut cuts a text into chunks, behind lines that their own bytes choose, so that a change moves no border but those beside it.
func cut(chunks []chunk, seed maphash.Seed, text []byte) []chunk {
	for start := 0; start < len(text); {
		end := len(text)
		for at := start + leastChunk; at < len(text); {
			n := bytes.IndexByte(text[at:], '\n')
			if n < 0 {
				break
			}
			at += n + 1
			if crc32.Checksum(text[at-32:at], castagnoli)%4 == 0 || at-start >= mostChunk {
				end = at
				break
			}
		}
		chunks = append(chunks, chunk{detectors.Span{Start: start, End: end}, maphash.Bytes(seed, text[start:end])})
		start = end
	}
	return chunks
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// row returns what tells a chunk and as many behind it from all others.
func row(chunks []chunk, behind int) uint64 {
	sum := uint64(0)
	for i := range behind + 1 {
		if i == len(chunks) {
			return then(sum, 0)
		}
		sum = then(sum, chunks[i].hash)
	}
	return sum
}

// then is the hash of two things in a row.
func then(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0x9e3779b97f4a7c15, bits.RotateLeft64(b, 29)^0xbf58476d1ce4e5b9)
	return hi ^ lo ^ b
}

// line is a line of a text, with its break.
type line struct {
	start  int
	before uint64 // the hash of the lines before it, from the first that is looked at
	sum    int    // the weight of these
}

// lines are lines in a row. Behind the last is one without bytes, for what is before it.
type lines struct {
	list []line
	seed maphash.Seed
	base uint64   // of the polynomial that hashes a row of lines
	pow  []uint64 // its powers
}

// read takes the lines of the text in the span.
func (l *lines) read(text []byte, in detectors.Span) {
	l.list = l.list[:0]
	next := line{start: in.Start}
	for at := in.Start; at < in.End; at = next.start {
		end := in.End
		if n := bytes.IndexByte(text[at:in.End], '\n'); n >= 0 {
			end = at + n + 1
		}
		l.list = append(l.list, next)
		next = line{end, addMod(mulMod(next.before, l.base), maphash.Bytes(l.seed, text[at:end])%modulus+1), next.sum + weight(text[at:end])}
	}
	l.list = append(l.list, next)
	for len(l.pow) < len(l.list) {
		if len(l.pow) == 0 {
			l.pow = append(l.pow, 1)
			continue
		}
		l.pow = append(l.pow, mulMod(l.pow[len(l.pow)-1], l.base))
	}
}

// hash returns the hash of lines [a,b).
func (l *lines) hash(a, b int) uint64 {
	return addMod(l.list[b].before, modulus-mulMod(l.list[a].before, l.pow[b-a]))
}

// weight returns the weight of lines [a,b).
func (l *lines) weight(a, b int) int { return l.list[b].sum - l.list[a].sum }

// modulus is a prime. Two rows of n lines that differ have the same hash for n of so many bases, one of which is chosen when the program runs.
const modulus = 1<<61 - 1

func mulMod(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return addMod(lo&modulus, lo>>61|hi<<3)
}

func addMod(a, b uint64) uint64 {
	sum := a + b
	sum = sum&modulus + sum>>61
	if sum >= modulus {
		sum -= modulus
	}
	return sum
}

// forward returns where the line ends with which the lines behind the offset weigh more than the extent, or the text's end.
func forward(text []byte, offset, extent int) int {
	for sum := 0; offset < len(text) && sum <= extent; {
		end := len(text)
		if n := bytes.IndexByte(text[offset:], '\n'); n >= 0 {
			end = offset + n + 1
		}
		sum += weight(text[offset:end])
		offset = end
	}
	return offset
}
