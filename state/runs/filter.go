package runs

import (
	"encoding/binary"
	"math/bits"
)

// Each chunk has a Bloom filter (Bloom, "Space/Time Trade-offs in Hash Coding with
// Allowable Errors", 1970) of the prefixes of its keys, with 12 bits a prefix and 8
// probes, for which theory has 0.31 % of false positives. Its probes are made from two
// hashes (Kirsch and Mitzenmacher, "Less Hashing, Same Performance", 2006), which in
// filters so small costs a little: 0.35 % are measured. A filter to each chunk, not one to
// the run: so it is made as the chunks are, of just the right size, before anybody knows
// how many there will be; and the index has led to the chunk anyway.
const (
	filterBits   = 12
	filterProbes = 8
)

// appendFilter appends the filter of hashes, at least one.
func appendFilter(to []byte, hashes []uint64) []byte {
	had := len(to)
	to = extend(to, (len(hashes)*filterBits+7)/8)
	filter := to[had:]
	size := uint64(len(filter)) * 8
	for _, hash := range hashes {
		at, step := probes(hash)
		for range filterProbes {
			bit := uint64(at) * size >> 32
			filter[bit/8] |= 1 << (bit % 8)
			at += step
		}
	}
	return to
}

// filterHas reports false where hash is not among those that filter was made of.
func filterHas(filter []byte, hash uint64) bool {
	size := uint64(len(filter)) * 8
	at, step := probes(hash)
	for range filterProbes {
		bit := uint64(at) * size >> 32
		if filter[bit/8]&(1<<(bit%8)) == 0 {
			return false
		}
		at += step
	}
	return true
}

// probes returns the first probe, as a fraction of 2³², and the way to the next.
func probes(hash uint64) (at, step uint32) { return uint32(hash), uint32(hash >> 32) }

// The constants of the filter's hash: fractional bits of e and of the square root of 2.
const (
	filterSeed       = 0xB7E151628AED2A6B
	filterMultiplier = 0x6A09E667F3BCC909
)

// filterHash hashes the prefix of a key: each word of 8 bytes is folded in by a product
// of 128 bits. Key hashes alone would not do: all keys of a chunk share their high bits.
func filterHash(prefix []byte) uint64 {
	h := uint64(filterSeed) ^ uint64(len(prefix))
	for ; len(prefix) >= 8; prefix = prefix[8:] {
		h = fold(h ^ binary.LittleEndian.Uint64(prefix))
	}
	if len(prefix) > 0 {
		var word [8]byte
		copy(word[:], prefix)
		h = fold(h ^ binary.LittleEndian.Uint64(word[:]))
	}
	return fold(h)
}

func fold(x uint64) uint64 {
	hi, lo := bits.Mul64(x, filterMultiplier)
	return hi ^ lo
}
