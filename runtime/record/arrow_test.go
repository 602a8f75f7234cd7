package record

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

var arrowTypes = map[Type]arrow.DataType{
	Bool: arrow.FixedWidthTypes.Boolean, Int64: arrow.PrimitiveTypes.Int64, Float64: arrow.PrimitiveTypes.Float64,
	String: arrow.BinaryTypes.String, Timestamp: &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"},
}

// asArrow returns the column as Arrow sees its memory, without a copy.
func asArrow(c *Column) arrow.Array {
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(c.values)}
	if c.HasNulls() {
		buffers[0] = memory.NewBufferBytes(c.validity)
	}
	if c.typ == String {
		buffers = append(buffers, memory.NewBufferBytes(c.data))
	}
	return array.MakeFromData(array.NewData(arrowTypes[c.typ], c.Len(), buffers, nil, array.UnknownNullCount, 0))
}

func arrowCell(a arrow.Array, i int) cell {
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.Boolean:
		return a.Value(i)
	case *array.Int64:
		return a.Value(i)
	case *array.Float64:
		return a.Value(i)
	case *array.String:
		return a.Value(i)
	case *array.Timestamp:
		return int64(a.Value(i))
	}
	return "of another type"
}

// TestLayoutIsArrows reads the memory of plain columns through Arrow's arrays:
// what readers and writers of Arrow's own will do at the edges.
func TestLayoutIsArrows(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 10))
		pool := NewCheckedPool()
		typ := columnTypes[random.IntN(len(columnTypes))]
		c, want := randomColumn(random, pool, typ, 1+random.IntN(150))
		plain := c.Gather(nil)
		c.Release()
		a := asArrow(plain)
		got := make([]cell, a.Len())
		for i := range got {
			got[i] = arrowCell(a, i)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: Arrow reads %v from a column of %v with %v", seed, got, typ, want)
		}
		plain.Release()
		if err := pool.Check(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
