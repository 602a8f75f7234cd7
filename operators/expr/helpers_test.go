package expr

import (
	"flag"
	"fmt"
	"math"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

// cell is a value of a row in tests: nil, bool, int64, float64, string or record.Time.
type cell any

// testSchema has a column of each type, and one more of numbers.
var testSchema = record.MustSchema(
	record.Field{Name: "b", Type: record.Bool},
	record.Field{Name: "i", Type: record.Int64},
	record.Field{Name: "j", Type: record.Int64},
	record.Field{Name: "f", Type: record.Float64},
	record.Field{Name: "g", Type: record.Float64},
	record.Field{Name: "s", Type: record.String},
	record.Field{Name: "t", Type: record.Timestamp},
	record.Field{Name: "end", Type: record.Bool},
)

func appendCell(c *record.Column, v cell) {
	switch v := v.(type) {
	case nil:
		c.AppendNull()
	case bool:
		c.AppendBool(v)
	case int64:
		c.AppendInt64(v)
	case int:
		c.AppendInt64(int64(v))
	case float64:
		c.AppendFloat64(v)
	case string:
		c.AppendString([]byte(v))
	case record.Time:
		c.AppendTime(v)
	default:
		panic(fmt.Sprintf("no cell is a %T", v))
	}
}

func cellAt(c *record.Column, row int) cell {
	if c.IsNull(row) {
		return nil
	}
	i := c.ValueIndex(row)
	v := valuesOf(c)
	switch c.Type() {
	case record.Bool:
		return record.BitAt(v.Bits(), i)
	case record.Int64:
		return v.Int64s()[i]
	case record.Float64:
		return v.Float64s()[i]
	case record.Timestamp:
		return record.Time(v.Int64s()[i])
	}
	return string(v.Strings().At(i))
}

// sameCell compares bit by bit, but takes any NaN for any other.
func sameCell(a, b cell) bool {
	x, ok1 := a.(float64)
	y, ok2 := b.(float64)
	if ok1 && ok2 {
		return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
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
		return floatLiteral(v)
	}
	return fmt.Sprint(v)
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
