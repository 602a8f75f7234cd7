package datagen

import (
	"math"
	"math/bits"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// column fills a column of a batch. Rows are numbered from first within split,
// and random values are drawn from stream, of which each column of each split
// has its own.
type column interface {
	fill(to *record.Column, stream uint64, split, first int64, rows int)
}

// make returns rows of a split as a batch.
func (s *source) make(pool *record.Pool, split, first int64, rows int) *record.Batch {
	b := pool.NewBatch(s.schema, rows)
	for i, c := range s.columns {
		to := pool.NewColumn(s.schema.Field(i).Type, rows)
		stream := mix(mix(mix(s.seed)+uint64(split)) + uint64(i))
		c.fill(to, stream, split, first, rows)
		b.Columns = append(b.Columns, to)
	}
	return b
}

// step is the golden ratio in 64 bits: multiples of it are spread evenly, and
// mix makes them look random (Steele, Lea, Flood, Fast Splittable Pseudorandom
// Number Generators, 2014).
const step = 0x9e3779b97f4a7c15

func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// at returns the state from which the random value of a row is mixed; that of
// the next row is step more.
func at(stream uint64, row int64) uint64 { return stream + uint64(row)*step }

// below returns a random value below n from 64 random bits.
func below(random, n uint64) uint64 {
	high, _ := bits.Mul64(random, n)
	return high
}

// uniform is uniform(low, low+span-1) of integers and dates.
type uniform[T int32 | int64] struct {
	low  int64
	span uint64
}

func (c uniform[T]) fill(to *record.Column, stream uint64, _, first int64, rows int) {
	to.Resize(rows)
	x := at(stream, first)
	for i, values := 0, record.Values[T](to); i < len(values); i++ {
		values[i] = T(c.low + int64(below(mix(x), c.span)))
		x += step
	}
}

// uniformDecimals is uniform(low, low+span-1) of decimals, as whole numbers.
type uniformDecimals struct {
	low  int64
	span uint64
}

func (c uniformDecimals) fill(to *record.Column, stream uint64, _, first int64, rows int) {
	to.Resize(rows)
	x := at(stream, first)
	for i, values := 0, to.Decimals(); i < len(values); i++ {
		values[i] = decimal.FromInt64(c.low + int64(below(mix(x), c.span)))
		x += step
	}
}

// sequence is sequence() of a source with so many splits.
type sequence[T int32 | int64] struct{ splits int64 }

func (c sequence[T]) fill(to *record.Column, _ uint64, split, first int64, rows int) {
	to.Resize(rows)
	v := first*c.splits + split
	for i, values := 0, record.Values[T](to); i < len(values); i++ {
		values[i] = T(v)
		v += c.splits
	}
}

// uniformFloats is uniform(low, low+span) of a float64 column.
type uniformFloats struct{ low, span float64 }

func (c uniformFloats) fill(to *record.Column, stream uint64, _, first int64, rows int) {
	to.Resize(rows)
	x := at(stream, first)
	for i, values := 0, to.Float64s(); i < len(values); i++ {
		// The conversion keeps compilers from fusing, which rounds differently.
		values[i] = c.low + float64(c.span*(float64(mix(x)>>11)/(1<<53)))
		x += step
	}
}

// clock is clock(start, step, disorder), in µs.
type clock struct{ start, step, disorder int64 }

func (c clock) fill(to *record.Column, stream uint64, _, first int64, rows int) {
	to.Resize(rows)
	x, now := at(stream, first), c.start+first*c.step
	for i, values := 0, to.Int64s(); i < len(values); i++ {
		values[i] = now - int64(below(mix(x), uint64(c.disorder)+1))
		x += step
		now += c.step
	}
}

// choice is keys(n) and oneof(a, b, …).
type choice struct{ texts [][]byte }

func (c choice) fill(to *record.Column, stream uint64, _, first int64, rows int) {
	x := at(stream, first)
	for range rows {
		to.AppendString(c.texts[below(mix(x), uint64(len(c.texts)))])
		x += step
	}
}

// chance is chance(p): true where the random value is below p's share of 2⁶⁴.
type chance struct{ limit uint64 }

func newChance(p float64) chance {
	if p >= 1 {
		return chance{math.MaxUint64}
	}
	return chance{uint64(p * (1 << 63) * 2)}
}

func (c chance) fill(to *record.Column, stream uint64, _, first int64, rows int) {
	to.Resize(rows)
	x := at(stream, first)
	for i, values := 0, to.Bits(); i < rows; i++ {
		record.SetBit(values, i, mix(x) < c.limit || c.limit == math.MaxUint64)
		x += step
	}
}
