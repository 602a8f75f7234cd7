package record

import (
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

// TestBitmapIsAList holds bitmaps to lists of bools, with anything in the bits behind
// the last.
func TestBitmapIsAList(t *testing.T) {
	trial.Run(t, 1000, func(c *trial.Case) {
		n := c.Random.IntN(200)
		bitmap, list := make([]uint64, Words(n)), make([]bool, n)
		for i := range bitmap {
			bitmap[i] = c.Random.Uint64()
		}
		var set []int32
		for i := range list {
			if list[i] = BitAt(bitmap, i); list[i] {
				set = append(set, int32(i))
			}
		}
		if got := CountBits(bitmap, n); got != len(set) {
			c.Errorf("%d of %d bits are counted as %d", len(set), n, got)
		}
		if got := AppendSetBits([]int32{-1}, bitmap, n)[1:]; !slices.Equal(got, set) {
			c.Errorf("bits %v of %d are listed as %v", set, n, got)
		}
		checkSetting(c, bitmap, list)
	})
}

// checkSetting sets one bit, then all.
func checkSetting(c *trial.Case, bitmap []uint64, list []bool) {
	if len(list) == 0 {
		return
	}
	at, v := c.Random.IntN(len(list)), c.Random.IntN(2) == 0
	SetBit(bitmap, at, v)
	list[at] = v
	for i, want := range list {
		if BitAt(bitmap, i) != want {
			c.Errorf("with bit %d set to %v, bit %d is %v", at, v, i, !want)
		}
	}
	FillBits(bitmap, len(list), v)
	for i := range list {
		if BitAt(bitmap, i) != v {
			c.Errorf("all are set to %v, and bit %d is not", v, i)
		}
	}
}
