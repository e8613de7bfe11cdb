package providers

import (
	"encoding/binary"
	"math"
)

// msgpack reads values in MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md): nil, booleans, integers, floats, texts and
// bytes as string, arrays as []any and maps as []any of keys and values in turn. What it cannot read, or what is nested deeper than any
// token, ends it.
type msgpack struct {
	rest  []byte
	depth int
}

const msgpackDepth = 16

// value reads the next value.
func (m *msgpack) value() (any, bool) {
	head, ok := m.take(1)
	if !ok {
		return nil, false
	}
	switch b := head[0]; {
	case b < 0x80:
		return uint64(b), true
	case b < 0x90:
		return m.array(uint64(b&0x0f) * 2)
	case b < 0xa0:
		return m.array(uint64(b & 0x0f))
	case b < 0xc0:
		return m.text(uint64(b & 0x1f))
	case b >= 0xe0:
		return int64(int8(b)), true
	default:
		return m.long(b)
	}
}

// long reads a value whose first byte is followed by its length, or by the number itself.
func (m *msgpack) long(b byte) (any, bool) {
	switch b {
	case 0xc0:
		return nil, true
	case 0xc2, 0xc3:
		return b == 0xc3, true
	case 0xc4, 0xc5, 0xc6: // bytes
		return m.sized(1<<(b-0xc4), m.text)
	case 0xca:
		n, ok := m.number(4)
		return float64(math.Float32frombits(uint32(n))), ok
	case 0xcb:
		n, ok := m.number(8)
		return math.Float64frombits(n), ok
	case 0xcc, 0xcd, 0xce, 0xcf:
		return m.number(1 << (b - 0xcc))
	case 0xd0, 0xd1, 0xd2, 0xd3:
		size := 1 << (b - 0xd0)
		n, ok := m.number(size)
		shift := 64 - 8*size
		return int64(n<<shift) >> shift, ok
	case 0xd9, 0xda, 0xdb: // text
		return m.sized(1<<(b-0xd9), m.text)
	case 0xdc, 0xdd:
		return m.sized(2<<(b-0xdc), m.array)
	case 0xde, 0xdf:
		return m.sized(2<<(b-0xde), func(n uint64) (any, bool) { return m.array(n * 2) })
	}
	return nil, false // extensions, and the one byte that is never used
}

// sized reads a length of so many bytes and then what has that length.
func (m *msgpack) sized(bytes int, read func(uint64) (any, bool)) (any, bool) {
	n, ok := m.number(bytes)
	if !ok {
		return nil, false
	}
	return read(n)
}

func (m *msgpack) array(n uint64) (any, bool) {
	if n > uint64(len(m.rest)) || m.depth == msgpackDepth {
		return nil, false // each element takes a byte at least
	}
	m.depth++
	defer func() { m.depth-- }()
	values := make([]any, n)
	for i := range values {
		v, ok := m.value()
		if !ok {
			return nil, false
		}
		values[i] = v
	}
	return values, true
}

func (m *msgpack) text(n uint64) (any, bool) {
	b, ok := m.take(n)
	return string(b), ok
}

func (m *msgpack) number(bytes int) (uint64, bool) {
	b, ok := m.take(uint64(bytes))
	if !ok {
		return 0, false
	}
	var wide [8]byte
	copy(wide[8-bytes:], b)
	return binary.BigEndian.Uint64(wide[:]), true
}

func (m *msgpack) take(n uint64) ([]byte, bool) {
	if n > uint64(len(m.rest)) {
		return nil, false
	}
	b := m.rest[:n]
	m.rest = m.rest[n:]
	return b, true
}
