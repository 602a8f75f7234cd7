package expr

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/number"
	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// cell is a value of a row in tests: nil, bool, int32, int64, float64, dec, string,
// raw, record.Time, day, list or object.
type cell any

type (
	dec struct { // a decimal
		n     record.Decimal
		scale int
	}
	raw    string // bytes
	day    int32  // a date
	list   []cell
	object []cell // a struct, by the order of its fields
)

var (
	geoType, _  = record.ParseType("struct<lat float64, name string>")
	itemType, _ = record.ParseType("struct<sku string, qty int32>")
)

// testSchema has a column of each type, and some more of numbers.
var testSchema = record.MustSchema(
	record.Field{Name: "b", Type: record.Bool},
	record.Field{Name: "i", Type: record.Int64},
	record.Field{Name: "j", Type: record.Int64},
	record.Field{Name: "f", Type: record.Float64},
	record.Field{Name: "g", Type: record.Float64},
	record.Field{Name: "s", Type: record.String},
	record.Field{Name: "t", Type: record.Timestamp},
	record.Field{Name: "end", Type: record.Bool},
	record.Field{Name: "n", Type: record.Int32},
	record.Field{Name: "m", Type: record.Int32},
	record.Field{Name: "d", Type: number.DecimalType(10, 2)},
	record.Field{Name: "e", Type: number.DecimalType(38, 10)},
	record.Field{Name: "y", Type: record.Bytes},
	record.Field{Name: "day", Type: record.Date},
	record.Field{Name: "tags", Type: record.ListOf(record.String)},
	record.Field{Name: "geo", Type: geoType},
	record.Field{Name: "items", Type: record.ListOf(itemType)},
)

func appendCell(c *record.Column, v cell) {
	switch v := v.(type) {
	case nil:
		c.AppendNull()
	case bool:
		c.AppendBool(v)
	case int32:
		c.AppendInt32(v)
	case day:
		c.AppendInt32(int32(v))
	case int64:
		c.AppendInt64(v)
	case int:
		c.AppendInt64(int64(v))
	case float64:
		c.AppendFloat64(v)
	case dec:
		c.AppendDecimal(v.n)
	case string:
		c.AppendString([]byte(v))
	case raw:
		c.AppendString([]byte(v))
	case record.Time:
		c.AppendTime(v)
	case list:
		for _, e := range v {
			appendCell(c.Elements(), e)
		}
		c.AppendList()
	case object:
		for i, f := range v {
			appendCell(c.Child(i), f)
		}
		c.AppendStruct()
	default:
		panic(fmt.Sprintf("no cell is a %T", v))
	}
}

func cellAt(c *record.Column, row int) cell {
	if c.IsNull(row) {
		return nil
	}
	i := c.ValueIndex(row)
	v := kernel.ValuesOf(c)
	switch c.Type().Kind {
	case record.KindBool:
		return record.BitAt(v.Bits(), i)
	case record.KindInt32:
		return v.Int32s()[i]
	case record.KindDate:
		return day(v.Int32s()[i])
	case record.KindInt64:
		return v.Int64s()[i]
	case record.KindFloat64:
		return v.Float64s()[i]
	case record.KindDecimal:
		return dec{v.Decimals()[i], int(c.Type().Scale)}
	case record.KindTimestamp:
		return record.Time(v.Int64s()[i])
	case record.KindBytes:
		return raw(v.Strings().At(i))
	case record.KindList:
		cells := list{}
		for e := v.Offsets()[i]; e < v.Offsets()[i+1]; e++ {
			cells = append(cells, cellAt(v.Elements(), int(e)))
		}
		return cells
	case record.KindStruct:
		cells := object{}
		for f := range c.Type().Fields() {
			cells = append(cells, cellAt(v.Child(f), i))
		}
		return cells
	}
	return string(v.Strings().At(i))
}

// sameCell compares bit by bit, but takes any NaN for any other.
func sameCell(a, b cell) bool {
	switch x := a.(type) {
	case float64:
		y, ok := b.(float64)
		return ok && (math.Float64bits(x) == math.Float64bits(y) || x != x && y != y)
	case list:
		y, ok := b.(list)
		return ok && slices.EqualFunc(x, y, sameCell)
	case object:
		y, ok := b.(object)
		return ok && slices.EqualFunc(x, y, sameCell)
	}
	return a == b
}

func drawCell(v cell) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + v + "'"
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
		return drawFloat(v)
	case dec:
		return string(v.n.Append(nil, v.scale))
	case raw:
		return fmt.Sprintf("X'%X'", string(v))
	case day:
		return string(record.AppendDate(nil, int32(v)))
	case list:
		return "[" + drawCells(v) + "]"
	case object:
		return "{" + drawCells(v) + "}"
	}
	return fmt.Sprint(v)
}

func drawCells(cells []cell) string {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = drawCell(c)
	}
	return strings.Join(texts, ", ")
}

// drawFloat writes a float64 with a point or an exponent.
func drawFloat(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// oneRow returns a batch of testSchema with one row; columns that are not given are null.
func oneRow(pool *record.Pool, given map[string]cell) *record.Batch {
	b := pool.NewBatch(testSchema, 1)
	for _, f := range testSchema.Fields() {
		c := pool.NewColumn(f.Type, 1)
		appendCell(c, given[f.Name])
		b.Columns = append(b.Columns, c)
	}
	return b
}

func mustCheck(t testing.TB, text string, schema *record.Schema) *Checked {
	t.Helper()
	e, errs := Parse(text)
	if errs != nil {
		t.Fatalf("%s: %v", text, errs)
	}
	checked, errs := Check(e, schema)
	if errs != nil {
		t.Fatalf("%s: %v", text, errs)
	}
	return checked
}

// result draws what an expression gives for row 0: a value or its error.
func result(t testing.TB, pool *record.Pool, text string, b *record.Batch) string {
	t.Helper()
	column, failures := mustCheck(t, text, testSchema).Compile(pool).Eval(b, nil)
	defer column.Release()
	if len(failures) > 0 {
		return "error: " + failures[0].Err.Error()
	}
	return drawCell(cellAt(column, 0))
}

func checkPool(t testing.TB, pool *record.Pool) {
	t.Helper()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

func parseDecimal(text string, t record.Type) (record.Decimal, error) {
	n, _, err := decimal.Parse([]byte(text), int(t.Precision), int(t.Scale))
	return n, err
}
