package statetest

import (
	"math"
	"math/rand/v2"
	"strings"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
)

// value returns a random value: one of few, so that keys meet again.
func (d *driver) value(t record.Type) any {
	n := d.random.IntN(d.keys)
	switch t.Kind {
	case record.KindFloat64:
		return []float64{float64(n), -float64(n) / 3, math.Inf(1), float64(n) * 1e300}[d.random.IntN(4)]
	case record.KindString, record.KindBytes:
		return d.text(n)
	case record.KindDecimal:
		return record.Decimal{Lo: uint64(n), Hi: int64(n%3 - 1)}
	case record.KindInt32, record.KindDate:
		return int64(int32(n)<<20 - 5)
	case record.KindBool:
		return n%2 == 0
	}
	return []int64{int64(n) - 5, int64(n) << 40, nullWord, math.MaxInt64, math.MinInt64}[d.random.IntN(9)%7%5]
}

// nullWord is the integer that has the word of a null.
const nullWord = int64(keyrange.NullWord)

// texts is what texts are made of, with the bytes that end them in a key or stand for those.
const texts = "\x00\x01\xFFdefghijklmnopqrstuvwxyz"

// text returns one of few strings: short and empty ones, some that fill a page
// together, and some longer than a page.
func (d *driver) text(n int) string {
	length := n % 20
	if n%7 == 3 {
		length = rand.New(rand.NewPCG(d.seed, uint64(n))).IntN(d.longest)
	}
	return strings.Repeat(texts[n%26:][:1], length)
}
