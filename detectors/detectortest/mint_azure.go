package detectortest

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"math/bits"
	"math/rand/v2"
	"strings"
)

// azureKey makes keys of Azure's services: base 64 that ends with the service's mark, up to two bits of key and a checksum made with the seed.
func azureKey(format, seed, padding string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		for {
			raw, err := base64.RawStdEncoding.DecodeString(fill(r, format) + "AAAAAA")
			if err != nil {
				panic(err)
			}
			key := base64.RawStdEncoding.EncodeToString(azureSigned(raw, seed)) + padding
			letters := strings.Contains(format, "AzFu") || strings.Contains(format, "AzSe") // keys of functions and search services have neither + nor /
			if !letters || !strings.ContainsAny(key, "+/") {
				return key
			}
		}
	}
}

// azureSigned writes the checksum of the other bytes into the last four.
func azureSigned(raw []byte, seed string) []byte {
	cut := len(raw) - 4
	binary.LittleEndian.PutUint32(raw[cut:], azureMarvin(raw[:cut], binary.BigEndian.Uint64([]byte(seed))))
	return raw
}

// azureCacheKey makes keys of caches, in which + and / are replaced after the checksum was made.
func azureCacheKey(r *rand.Rand) string {
	for {
		key := azureKey("{A33}AzCa", "Access00", "=")(r)
		if !strings.ContainsAny(key[:37], "+/") {
			return strings.NewReplacer("+", "P", "/", "F").Replace(key)
		}
	}
}

// azureDevOps makes personal access tokens of the old form: 28 random bytes in base 32, with their CRC-32 scattered among them.
func azureDevOps(r *rand.Rand) string {
	random := []byte(letters(r, alphabets['A'], 28))
	sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(random)^0xE0B9692D)
	var raw []byte
	raw = append(raw, random[:2]...)
	raw = append(raw, sum[3])
	raw = append(raw, random[2:6]...)
	raw = append(raw, sum[2], sum[1])
	raw = append(raw, random[6:19]...)
	raw = append(raw, sum[0])
	raw = append(raw, random[19:]...)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
}

// azureMarvin is the checksum Marvin, folded to 32 bits, https://github.com/microsoft/SymCrypt/blob/main/lib/marvin32.c
func azureMarvin(data []byte, seed uint64) uint32 {
	a, b := uint32(seed), uint32(seed>>32)
	round := func(word uint32) {
		a += word
		b ^= a
		a = bits.RotateLeft32(a, 20) + b
		b = bits.RotateLeft32(b, 9) ^ a
		a = bits.RotateLeft32(a, 27) + b
		b = bits.RotateLeft32(b, 19)
	}
	data = append(append([]byte{}, data...), 0x80)
	for len(data)%4 != 0 {
		data = append(data, 0)
	}
	for i := 0; i < len(data); i += 4 {
		round(binary.LittleEndian.Uint32(data[i:]))
	}
	round(0)
	return a ^ b
}
