// Package sequence is the sequence numbers of records: decimal texts that grow within a shard, and
// from a shard to its children. They are laid out like those of Kinesis Data Streams, so that they
// look, and compare, as its users know them:
//
//	bits    4      36       4       64      8    36      32     4
//	     |  2  | created | slot | counter | 0 | time | shard |  2  |
//
// created is when the shard was, in seconds; shard its index in the stream, of which slot has the
// last four bits; counter is the record's place in the shard, from 1 on; time is when it arrived,
// in seconds.
package sequence

import (
	"cmp"
	"fmt"
	"math/bits"
)

// Number is a sequence number, taken apart.
type Number struct {
	Created uint64 // 36 bits
	Shard   uint32
	Counter uint64
	Time    uint64 // 36 bits
}

// Last is the counter of the number that ends a shard.
const Last = 1<<63 - 1

const (
	version  = 2
	mostTime = 1<<36 - 1
)

// words is a number of 192 bits, the least significant word first.
type words [3]uint64

func (n Number) words() words {
	return words{
		version | uint64(n.Shard)<<4 | n.Time<<36,
		n.Time>>28&0xff | n.Counter<<16,
		n.Counter>>48 | uint64(n.Shard&0xf)<<16 | n.Created<<20 | version<<56,
	}
}

// number takes words apart; ok says that they are a sequence number.
func (w words) number() (n Number, ok bool) {
	n = Number{
		Created: w[2] >> 20 & mostTime,
		Shard:   uint32(w[0] >> 4),
		Counter: w[2]<<48 | w[1]>>16,
		Time:    w[0]>>36 | w[1]&0xff<<28,
	}
	return n, n.words() == w
}

// Compare orders sequence numbers as numbers.
func (n Number) Compare(other Number) int {
	a, b := n.words(), other.words()
	return cmp.Or(cmp.Compare(a[2], b[2]), cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0]))
}

// chunk is the greatest power of ten in 64 bits, which has chunkDigits zeros.
const (
	chunk       = 1e19
	chunkDigits = 19
)

// Append appends the number in decimal: 56 digits.
func (n Number) Append(to []byte) []byte {
	w := n.words()
	var digits [3 * chunkDigits]byte
	for i := len(digits); i > 0; i -= chunkDigits {
		var rest uint64
		for j := len(w) - 1; j >= 0; j-- {
			w[j], rest = bits.Div64(rest, w[j], chunk)
		}
		for j := i - 1; j >= i-chunkDigits; j-- {
			digits[j] = '0' + byte(rest%10)
			rest /= 10
		}
	}
	text := digits[:]
	for text[0] == '0' {
		text = text[1:]
	}
	return append(to, text...)
}

// String returns the number in decimal.
func (n Number) String() string { return string(n.Append(nil)) }

// Parse reads a sequence number that this package has written.
func Parse(text string) (Number, error) {
	var w words
	for i := range len(text) {
		carry := uint64(text[i]) - '0'
		if carry > 9 || i == 0 && carry == 0 || i > 3*chunkDigits {
			return Number{}, refuse(text)
		}
		for j := range w {
			high, low := bits.Mul64(w[j], 10)
			low, more := bits.Add64(low, carry, 0)
			w[j], carry = low, high+more
		}
		if carry > 0 {
			return Number{}, refuse(text)
		}
	}
	n, ok := w.number()
	if !ok {
		return Number{}, refuse(text)
	}
	return n, nil
}

func refuse(text string) error {
	return fmt.Errorf("%.140q is no sequence number of a record here: give one as it was answered", text)
}
