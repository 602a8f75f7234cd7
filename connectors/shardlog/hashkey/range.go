package hashkey

import (
	"fmt"
	"math/bits"
)

// Range is the hash keys of a shard, both ends among them.
type Range struct {
	First Key `json:"first"`
	Last  Key `json:"last"`
}

// All is all hash keys.
var All = Range{Least, Greatest}

// Contains reports whether a hash key is in the range.
func (r Range) Contains(k Key) bool { return r.First.Compare(k) <= 0 && k.Compare(r.Last) <= 0 }

// Before reports whether another range begins right behind this one.
func (r Range) Before(next Range) bool { return r.Last != Greatest && r.Last.Next() == next.First }

// Split divides a range where a key is to begin the second part. Both parts have at least two
// hash keys, as the service wants it.
func (r Range) Split(at Key) (low, high Range, err error) {
	if at.Compare(r.First.Next()) <= 0 || at.Compare(r.Last) >= 0 || r.First.Next() == Least {
		return low, high, fmt.Errorf("%v does not divide the range from %v to %v: it has to be greater than the first one and the "+
			"one behind that, and less than the last", at, r.First, r.Last)
	}
	return Range{r.First, at.Previous()}, Range{at, r.Last}, nil
}

// Middle returns the hash key that splits the range evenly.
func (r Range) Middle() Key {
	lo, carry := bits.Add64(r.First.Lo, r.Last.Lo, 0)
	hi, carry := bits.Add64(r.First.Hi, r.Last.Hi, carry)
	return Key{hi>>1 | carry<<63, lo>>1 | hi<<63}.Next()
}

// Even divides the space into n ranges of one width; the last also has what is left over.
func Even(n int) []Range {
	width, left := Greatest.div(uint64(n)) // of 2^128-1: the width of 2^128 is one more if nothing else is left
	if left == uint64(n)-1 {
		width = width.Next()
	}
	all := make([]Range, n)
	for first, i := Least, 0; i < n; i++ {
		all[i].First = first
		first = add(first, width)
		all[i].Last = first.Previous()
	}
	all[n-1].Last = Greatest
	return all
}

func add(a, b Key) Key {
	lo, carry := bits.Add64(a.Lo, b.Lo, 0)
	hi, _ := bits.Add64(a.Hi, b.Hi, carry)
	return Key{hi, lo}
}
