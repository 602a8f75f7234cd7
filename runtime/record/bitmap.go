package record

import "math/bits"

// A bitmap holds one bit per row, least significant bit of word 0 first: the
// layout of Arrow on a little-endian machine. Bits past the last row are
// unspecified.

// Words returns how many 64-bit words hold n bits.
func Words(n int) int { return (n + 63) >> 6 }

// BitAt reports whether bit i is set.
func BitAt(bitmap []uint64, i int) bool { return bitmap[i>>6]>>(uint(i)&63)&1 != 0 }

// SetBit sets bit i to v without a branch.
func SetBit(bitmap []uint64, i int, v bool) {
	w, s := &bitmap[i>>6], uint(i)&63
	*w = *w&^(1<<s) | bitOf(v)<<s
}

// FillBits sets the first n bits to v; bits behind them, in the last word, too.
func FillBits(bitmap []uint64, n int, v bool) {
	fill := -bitOf(v)
	for i := range Words(n) {
		bitmap[i] = fill
	}
}

// CountBits returns how many of the first n bits are set.
func CountBits(bitmap []uint64, n int) int {
	count := 0
	for _, w := range bitmap[:n>>6] {
		count += bits.OnesCount64(w)
	}
	if rest := uint(n) & 63; rest != 0 {
		count += bits.OnesCount64(bitmap[n>>6] & (1<<rest - 1))
	}
	return count
}

// AppendSetBits appends the positions below n of set bits to positions.
func AppendSetBits(positions []int32, bitmap []uint64, n int) []int32 {
	for i := range Words(n) {
		w := bitmap[i]
		if rest := n - i<<6; rest < 64 {
			w &= 1<<uint(rest) - 1
		}
		for ; w != 0; w &= w - 1 {
			positions = append(positions, int32(i<<6+bits.TrailingZeros64(w)))
		}
	}
	return positions
}

func bitOf(v bool) uint64 {
	if v {
		return 1
	}
	return 0
}
