package recordtest

import (
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
)

var types = []string{"bool", "int32", "int64", "float64", "decimal(38,6)", "string", "bytes", "timestamp", "date",
	"list<struct<n int64, tags list<string>>>", "struct<flag bool, inner struct<text string>>"}

// TestUnderlay compares what is seen of columns before and after, of all types and
// encodings.
func TestUnderlay(t *testing.T) {
	beneath := 0
	trial.Run(t, 500, func(c *trial.Case) {
		u, pool := underlay{c.Random}, record.NewCheckedPool()
		typ, err := record.ParseType(types[c.Random.IntN(len(types))])
		if err != nil {
			c.Fatal(err)
		}
		before := u.column(pool, typ, 1+c.Random.IntN(100))
		after := Underlay(pool, c.Random, before.Retain())
		if after.Encoding() != before.Encoding() || after.Len() != before.Len() || after.Type() != typ {
			c.Fatalf("%d rows of %v, %v, became %d of %v, %v", before.Len(), typ, before.Encoding(), after.Len(), after.Type(), after.Encoding())
		}
		for row := range before.Len() {
			if a, b := before.AppendJSON(nil, row), after.AppendJSON(nil, row); string(a) != string(b) {
				c.Errorf("row %d of %v was %s and is %s", row, typ, a, b)
			}
		}
		beneath += hidden(c, after)
		before.Release()
		after.Release()
		if err := pool.Check(); err != nil {
			c.Error(err)
		}
	})
	if beneath == 0 && !t.Failed() {
		t.Error("there is nothing beneath any null")
	}
}

// column returns a column of any values and nulls, in any encoding.
func (u underlay) column(pool *record.Pool, t record.Type, rows int) *record.Column {
	switch u.IntN(3) {
	case 0:
		c := pool.NewConstant(t, rows)
		u.orNull(c)
		return c
	case 1:
		values := pool.NewColumn(t, 0)
		for range 3 {
			u.any(values)
		}
		c := pool.NewDictionary(values, rows)
		for row := range rows {
			if c.Codes()[row] = int32(u.IntN(3)); u.IntN(3) == 0 {
				c.SetNull(row)
			}
		}
		return c
	}
	c := pool.NewColumn(t, 0)
	for range rows {
		u.orNull(c)
	}
	return c
}

func (u underlay) orNull(c *record.Column) {
	if u.IntN(3) == 0 {
		c.AppendNull()
		return
	}
	u.any(c)
}

// hidden counts the bytes and elements beneath nulls, and holds structs that are
// null to their promise: so are their fields.
func hidden(t *trial.Case, c *record.Column) (n int) {
	if c.Encoding() == record.Dictionary || !c.HasNulls() {
		return 0
	}
	for i := range end(c) {
		if record.BitAt(c.Validity(), i) {
			continue
		}
		switch c.Type().Kind {
		case record.KindString, record.KindBytes:
			n += len(c.Strings().At(i))
		case record.KindList:
			n += int(c.Offsets()[i+1] - c.Offsets()[i])
		case record.KindStruct:
			for f := range c.Type().Fields() {
				if !c.Child(f).IsNull(i) {
					t.Errorf("value %d is null and field %d of it is not", i, f)
				}
			}
		}
	}
	return n
}
