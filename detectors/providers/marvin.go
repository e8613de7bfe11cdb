package providers

import (
	"encoding/binary"
	"math/bits"
)

// marvin32 is the checksum in the keys of Azure's services: Marvin, folded to 32 bits. Its seed is the name of what the key is for.
// https://github.com/microsoft/SymCrypt/blob/main/lib/marvin32.c
func marvin32(data []byte, seed uint64) uint32 {
	low, high := uint32(seed), uint32(seed>>32)
	mix := func() {
		high ^= low
		low = bits.RotateLeft32(low, 20) + high
		high = bits.RotateLeft32(high, 9) ^ low
		low = bits.RotateLeft32(low, 27) + high
		high = bits.RotateLeft32(high, 19)
	}
	for ; len(data) >= 4; data = data[4:] {
		low += binary.LittleEndian.Uint32(data)
		mix()
	}
	var last [4]byte
	last[copy(last[:], data)] = 0x80 // the end
	low += binary.LittleEndian.Uint32(last[:])
	mix()
	mix()
	return high ^ low
}
