package keyrange

import (
	"math/bits"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// HashName names the function of [Hash] and its version. Checkpoints hold it:
// state that was divided by one function cannot be read with another.
const HashName = "weir-1"

// The constants of weir-1: fractional bits of π and of the golden ratio.
const (
	hashSeed       = 0x243F6A8885A308D3
	hashMultiplier = 0x9E3779B97F4A7C15
)

// Hash appends the key hash of each selected row (sel nil = all n rows). Rows
// whose keys are equal have equal hashes, however the columns are encoded: a
// null equals a null, −0.0 equals 0.0 and NaN equals NaN. Without key columns
// every hash is 0.
//
// All bits are well mixed; [Range] divides keys by the highest ones, hash tables
// take the lowest.
func Hash(hashes []uint64, keys []*record.Column, sel []int32, n int) []uint64 {
	if sel != nil {
		n = len(sel)
	}
	had := len(hashes)
	end := had + n
	hashes = slices.Grow(hashes, n)[:end]
	if len(keys) == 0 {
		fill(hashes[had:], 0)
		return hashes
	}
	fill(hashes[had:], hashSeed)
	for _, key := range keys {
		hashes = Words(hashes, key, sel, n) // behind the hashes, dropped again
		absorb(hashes[had:end], hashes[end:])
		hashes = hashes[:end]
	}
	for k, h := range hashes[had:] {
		hashes[had+k] = mix(h)
	}
	return hashes
}

// absorb makes each hash depend on what it was and on a word.
func absorb(hashes, words []uint64) {
	for k, w := range words[:len(hashes)] {
		hashes[k] = mix(hashes[k] ^ w)
	}
}

// mix spreads each bit of x over the whole word: it folds the 128-bit product
// with a constant. Applied twice it leaves no bit predictable from another.
func mix(x uint64) uint64 {
	hi, lo := bits.Mul64(x, hashMultiplier)
	return hi ^ lo
}
