// Package hashkey is the space in which partition keys are spread over shards: the 128-bit numbers, of
// which each shard has a range.
package hashkey

import (
	"cmp"
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Key is a hash key, from 0 to 2^128-1.
type Key struct{ Hi, Lo uint64 }

// The ends of the space.
var (
	Least    = Key{}
	Greatest = Key{^uint64(0), ^uint64(0)}
)

// Of returns the hash key of a partition key: its MD5, the first byte the most significant.
func Of(partitionKey []byte) Key {
	sum := md5.Sum(partitionKey)
	return Key{binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:])}
}

// Compare orders hash keys as numbers.
func (k Key) Compare(other Key) int {
	return cmp.Or(cmp.Compare(k.Hi, other.Hi), cmp.Compare(k.Lo, other.Lo))
}

// Next returns the number behind k; behind the greatest is the least.
func (k Key) Next() Key {
	lo, carry := bits.Add64(k.Lo, 1, 0)
	return Key{k.Hi + carry, lo}
}

// Previous returns the number before k; before the least is the greatest.
func (k Key) Previous() Key {
	lo, borrow := bits.Sub64(k.Lo, 1, 0)
	return Key{k.Hi - borrow, lo}
}

// mostDigits is how many decimal digits a hash key has at most.
const mostDigits = 39

// Parse reads a hash key in decimal, without a sign or leading zeros.
func Parse(text string) (k Key, err error) {
	if text == "" || len(text) > mostDigits || len(text) > 1 && text[0] == '0' {
		return k, refuse(text)
	}
	for i := range len(text) {
		digit := uint64(text[i]) - '0'
		if digit > 9 {
			return k, refuse(text)
		}
		high, lo := bits.Mul64(k.Lo, 10)
		over, hi := bits.Mul64(k.Hi, 10)
		lo, carry := bits.Add64(lo, digit, 0)
		hi, carry = bits.Add64(hi, high, carry)
		if over+carry > 0 {
			return k, refuse(text)
		}
		k = Key{hi, lo}
	}
	return k, nil
}

func refuse(text string) error {
	return fmt.Errorf("%.60q is no hash key: that is a whole number from 0 to %v", text, Greatest)
}

// chunk is the greatest power of ten in 64 bits, which has chunkDigits zeros.
const (
	chunk       = 1e19
	chunkDigits = 19
)

// String returns the number in decimal.
func (k Key) String() string {
	high, low := k.div(chunk)
	if high == (Key{}) {
		return fmt.Sprint(low)
	}
	highest, middle := high.div(chunk)
	if highest == (Key{}) {
		return fmt.Sprintf("%d%0*d", middle, chunkDigits, low)
	}
	return fmt.Sprintf("%d%0*d%0*d", highest.Lo, chunkDigits, middle, chunkDigits, low)
}

// div divides by a number.
func (k Key) div(by uint64) (quotient Key, remainder uint64) {
	quotient.Hi, remainder = k.Hi/by, k.Hi%by
	quotient.Lo, remainder = bits.Div64(remainder, k.Lo, by)
	return quotient, remainder
}

// MarshalText implements [encoding.TextMarshaler].
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *Key) UnmarshalText(text []byte) (err error) {
	*k, err = Parse(string(text))
	return err
}
