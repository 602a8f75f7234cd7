package state

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
)

// nestedTypes are lists and structs of everything, in each other.
func nestedTypes(t testing.TB) []record.Type {
	t.Helper()
	decimal, err := record.DecimalOf(20, 3)
	if err != nil {
		t.Fatal(err)
	}
	var fields []record.Field
	for i, typ := range []record.Type{record.Bool, record.Int32, record.Int64, record.Float64, decimal,
		record.String, record.Bytes, record.Timestamp, record.Date, record.ListOf(record.String)} {
		fields = append(fields, record.Field{Name: string(rune('a' + i)), Type: typ})
	}
	all, err := record.StructOf(fields...)
	if err != nil {
		t.Fatal(err)
	}
	return []record.Type{record.ListOf(record.Int64), all, record.ListOf(all), record.ListOf(record.ListOf(record.Bool))}
}

// TestNestedValuesReadBack spells random values and reads them: they are the same,
// nulls at every level included.
func TestNestedValuesReadBack(t *testing.T) {
	trial.Run(t, 40, func(c *trial.Case) {
		random := rand.New(rand.NewPCG(c.Seed, 1))
		pool := record.NewCheckedPool()
		for _, typ := range nestedTypes(t) {
			b := recordtest.Batch(pool, random, record.MustSchema(record.Field{Name: "v", Type: typ}), 20)
			was := b.Columns[0].Gather(nil)
			read := pool.NewColumn(typ, 0)
			for i := range was.Len() {
				if was.IsNull(i) {
					continue
				}
				spelled := appendValue(nil, was, i)
				if err := checkNested(typ, spelled); err != nil {
					c.Fatalf("%s: %v in % x", typ, err, spelled)
				}
				read.Truncate(0)
				appendNested(read, spelled)
				if want, got := was.AppendText(nil, i), read.AppendText(nil, 0); !bytes.Equal(want, got) {
					c.Fatalf("%s: %s is read as %s", typ, want, got)
				}
				if err := recordtest.Check(read); err != nil {
					c.Fatalf("%s: %v", typ, err)
				}
			}
			read.Release()
			was.Release()
			b.Release()
		}
	})
}

// FuzzNested reads any bytes: those that are no value are refused, and what is read
// has one spelling of its own.
func FuzzNested(f *testing.F) {
	f.Add(uint8(0), []byte{2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add(uint8(3), []byte{1, 1, 2, 0, 1, 1})
	f.Add(uint8(2), bytes.Repeat([]byte{0xFF}, 20))
	f.Add(uint8(1), bytes.Repeat([]byte{1}, 90))
	types := nestedTypes(f)
	f.Fuzz(func(t *testing.T, which uint8, spelled []byte) {
		typ := types[int(which)%len(types)]
		if checkNested(typ, spelled) != nil || len(spelled) == 0 {
			return
		}
		pool := record.NewCheckedPool()
		c := pool.NewColumn(typ, 0)
		defer c.Release()
		appendNested(c, spelled)
		again := appendValue(nil, c, 0)
		if len(again) > len(spelled) || checkNested(typ, again) != nil {
			t.Errorf("% x is read and spelled % x", spelled, again)
		}
	})
}
