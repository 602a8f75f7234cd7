package record

import (
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"github.com/weirstream/weir/runtime/trial"
)

func arrowType(t Type) arrow.DataType {
	switch t.Kind {
	case KindBool:
		return arrow.FixedWidthTypes.Boolean
	case KindInt32:
		return arrow.PrimitiveTypes.Int32
	case KindInt64:
		return arrow.PrimitiveTypes.Int64
	case KindFloat64:
		return arrow.PrimitiveTypes.Float64
	case KindDecimal:
		return &arrow.Decimal128Type{Precision: int32(t.Precision), Scale: int32(t.Scale)}
	case KindString:
		return arrow.BinaryTypes.String
	case KindBytes:
		return arrow.BinaryTypes.Binary
	case KindTimestamp:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case KindDate:
		return arrow.FixedWidthTypes.Date32
	case KindList:
		return arrow.ListOf(arrowType(t.Element()))
	}
	var fields []arrow.Field
	for _, f := range t.Fields() {
		fields = append(fields, arrow.Field{Name: f.Name, Type: arrowType(f.Type), Nullable: true})
	}
	return arrow.StructOf(fields...)
}

// asArrow returns the column as Arrow sees its memory, without a copy.
func asArrow(c *Column) arrow.ArrayData {
	buffers := []*memory.Buffer{nil}
	if c.HasNulls() {
		buffers[0] = memory.NewBufferBytes(c.validity)
	}
	if c.typ.Kind != KindStruct {
		buffers = append(buffers, memory.NewBufferBytes(c.values))
	}
	if c.typ.isText() {
		buffers = append(buffers, memory.NewBufferBytes(c.data))
	}
	var children []arrow.ArrayData
	for _, child := range c.children {
		children = append(children, asArrow(child))
	}
	return array.NewData(arrowType(c.typ), c.Len(), buffers, children, array.UnknownNullCount, 0)
}

func arrowCell(a arrow.Array, i int) cell {
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.Boolean:
		return a.Value(i)
	case *array.Int32:
		return a.Value(i)
	case *array.Int64:
		return a.Value(i)
	case *array.Float64:
		return a.Value(i)
	case *array.Decimal128:
		return Decimal{Lo: a.Value(i).LowBits(), Hi: a.Value(i).HighBits()}
	case *array.String:
		return a.Value(i)
	case *array.Binary:
		return string(a.Value(i))
	case *array.Timestamp:
		return int64(a.Value(i))
	case *array.Date32:
		return int32(a.Value(i))
	case *array.List:
		elements := []cell{}
		from, end := a.ValueOffsets(i)
		for e := from; e < end; e++ {
			elements = append(elements, arrowCell(a.ListValues(), int(e)))
		}
		return elements
	case *array.Struct:
		fields := []cell{}
		for f := range a.NumField() {
			fields = append(fields, arrowCell(a.Field(f), i))
		}
		return fields
	}
	return "of another type"
}

// TestLayoutIsArrows reads the memory of plain columns through Arrow's arrays:
// what readers and writers of Arrow's own will do at the edges.
func TestLayoutIsArrows(t *testing.T) {
	trial.Run(t, 200, func(t *trial.Case) {
		random := t.Random
		pool := NewCheckedPool()
		typ := columnTypes[random.IntN(len(columnTypes))]
		c, want := randomColumn(random, pool, typ, 1+random.IntN(150))
		plain := c.Gather(nil)
		c.Release()
		a := array.MakeFromData(asArrow(plain))
		got := make([]cell, a.Len())
		for i := range got {
			got[i] = arrowCell(a, i)
		}
		if !sameCells(got, want) {
			t.Fatalf("Arrow reads %v from a column of %v with %v", got, typ, want)
		}
		plain.Release()
		if err := pool.Check(); err != nil {
			t.Fatal(err)
		}
	})
}
