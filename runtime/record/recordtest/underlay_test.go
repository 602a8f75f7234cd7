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
		if err := Check(after); err != nil {
			c.Error(err)
		}
		beneath += hidden(after)
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

// hidden counts the bytes and elements beneath nulls.
func hidden(c *record.Column) (n int) {
	if c.Encoding() == record.Dictionary {
		return 0
	}
	for i := range end(c) {
		switch {
		case !isNull(c, i):
		case c.Type() == record.String || c.Type() == record.Bytes:
			n += len(c.Strings().At(i))
		case c.Type().Kind == record.KindList:
			n += int(c.Offsets()[i+1] - c.Offsets()[i])
		}
	}
	return n
}

// TestCheck: each promise of a column, broken.
func TestCheck(t *testing.T) {
	pair, err := record.ParseType("struct<a int64>")
	if err != nil {
		t.Fatal(err)
	}
	for want, broken := range map[string]func(p *record.Pool) *record.Column{
		"row 0 has value 1 of a dictionary of 1": func(p *record.Pool) *record.Column {
			values := p.NewColumn(record.Int64, 1)
			values.AppendInt64(7)
			c := p.NewDictionary(values, 1)
			c.Codes()[0] = 1
			return c
		},
		"row 0 is not null, and has a value of the dictionary that is": func(p *record.Pool) *record.Column {
			values := p.NewColumn(record.Int64, 1)
			values.AppendNull()
			c := p.NewDictionary(values, 1)
			c.Codes()[0] = 0
			return c
		},
		"its dictionary is not plain": func(p *record.Pool) *record.Column {
			values := p.NewConstant(record.Int64, 1)
			values.AppendInt64(7)
			return p.NewDictionary(values, 0)
		},
		"its offsets into 3 are [0 4 3]": func(p *record.Pool) *record.Column {
			c := p.NewColumn(record.String, 2)
			c.AppendString([]byte("ab"))
			c.AppendString([]byte("c"))
			c.Strings().Offsets[1] = 4
			return c
		},
		"value 0 is null, and its field 0 is not": func(p *record.Pool) *record.Column {
			c := p.NewColumn(pair, 1)
			c.Child(0).AppendInt64(7)
			c.AppendStruct()
			c.SetNull(0)
			record.SetBit(c.Child(0).Validity(), 0, true)
			return c
		},
		"field 0: it has 1 rows of 0": func(p *record.Pool) *record.Column {
			c := p.NewColumn(pair, 1)
			c.Child(0).AppendInt64(7)
			return c
		},
	} {
		if err := Check(broken(record.NewPool())); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
