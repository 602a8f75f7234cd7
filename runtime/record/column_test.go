package record

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

// cell is the model of a value: nil is null.
type cell any

// randomCell returns a value of type t, null one time in five.
func randomCell(random *rand.Rand, t Type) cell {
	if random.IntN(5) == 0 {
		return nil
	}
	switch t.Kind {
	case KindBool:
		return random.IntN(2) == 1
	case KindFloat64:
		return random.NormFloat64()
	case KindString, KindBytes:
		return strings.Repeat("x", random.IntN(4)) + fmt.Sprint(random.IntN(100))
	case KindInt32, KindDate:
		return int32(random.Uint32())
	case KindDecimal:
		return Decimal{Lo: random.Uint64(), Hi: random.Int64N(1000) - 500}
	case KindList:
		elements := make([]cell, random.IntN(4))
		for i := range elements {
			elements[i] = randomCell(random, t.Element())
		}
		return elements
	case KindStruct:
		fields := make([]cell, len(t.Fields()))
		for i, f := range t.Fields() {
			fields[i] = randomCell(random, f.Type)
		}
		return fields
	}
	return random.Int64()
}

// appendNull appends a null, over a value at times.
func appendNull(random *rand.Rand, c *Column) {
	if v := randomCell(random, c.Type()); v != nil {
		appendCell(random, c, v)
		c.SetNull(c.stored - 1)
		return
	}
	c.AppendNull()
}

func appendCell(random *rand.Rand, c *Column, v cell) {
	switch v := v.(type) {
	case nil:
		appendNull(random, c)
	case bool:
		c.AppendBool(v)
	case float64:
		c.AppendFloat64(v)
	case string:
		c.AppendString([]byte(v))
	case int64:
		c.AppendInt64(v)
	case int32:
		c.AppendInt32(v)
	case Decimal:
		c.AppendDecimal(v)
	case []cell:
		if c.Type().Kind == KindStruct {
			for i, f := range v {
				appendCell(random, c.Child(i), f)
			}
			c.AppendStruct()
			return
		}
		for _, e := range v {
			appendCell(random, c.Elements(), e)
		}
		c.AppendList()
	}
}

func cellAt(c *Column, row int) cell {
	if c.IsNull(row) {
		return nil
	}
	i := c.ValueIndex(row)
	if c.Encoding() == Dictionary {
		c = c.Dictionary()
	}
	switch c.Type().Kind {
	case KindBool:
		return BitAt(c.Bits(), i)
	case KindFloat64:
		return c.Float64s()[i]
	case KindString, KindBytes:
		return string(c.Strings().At(i))
	case KindInt32, KindDate:
		return c.Int32s()[i]
	case KindDecimal:
		return c.Decimals()[i]
	case KindList:
		elements := []cell{}
		for e := c.Offsets()[i]; e < c.Offsets()[i+1]; e++ {
			elements = append(elements, cellAt(c.Elements(), int(e)))
		}
		return elements
	case KindStruct:
		fields := []cell{}
		for f := range c.Type().Fields() {
			fields = append(fields, cellAt(c.Child(f), i))
		}
		return fields
	}
	return c.Int64s()[i]
}

func sameCells(a, b []cell) bool { return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b) }

func cells(c *Column) []cell {
	all := make([]cell, c.Len())
	for i := range all {
		all[i] = cellAt(c, i)
	}
	return all
}

// randomColumn returns a column of rows rows in some encoding, and what is in it.
func randomColumn(random *rand.Rand, pool *Pool, t Type, rows int) (*Column, []cell) {
	want := make([]cell, rows)
	switch Encoding(random.IntN(3)) {
	case Constant:
		c, v := pool.NewConstant(t, rows), randomCell(random, t)
		appendCell(random, c, v)
		for i := range want {
			want[i] = v
		}
		return c, want
	case Dictionary:
		words := pool.NewColumn(t, 4)
		var values []cell
		for len(values) < 4 {
			if v := randomCell(random, t); v != nil {
				values = append(values, v)
				appendCell(random, words, v)
			}
		}
		c := pool.NewDictionary(words, rows)
		for i := range want {
			code := random.IntN(4)
			c.Codes()[i] = int32(code)
			want[i] = values[code]
		}
		for i := range want {
			if random.IntN(5) == 0 {
				c.SetNull(i)
				want[i] = nil
			}
		}
		return c, want
	}
	c := pool.NewColumn(t, random.IntN(rows+1))
	for i := range want {
		want[i] = randomCell(random, t)
		appendCell(random, c, want[i])
	}
	return c, want
}

var columnTypes = typesOf("bool", "int32", "int64", "float64", "decimal(38,6)", "string", "bytes", "timestamp", "date",
	"list<int32>", "list<string>", "struct<flag bool, text string>", "list<struct<n int64, tags list<decimal(4,2)>>>",
	"struct<inner struct<bits list<bool>>>")

func typesOf(names ...string) []Type {
	types := make([]Type, len(names))
	for i, name := range names {
		var err error
		if types[i], err = ParseType(name); err != nil {
			panic(err)
		}
	}
	return types
}

// inPools runs a check with a checked pool, or twice with one that lends again what
// the first time has given back.
func inPools(t *trial.Case, check func(t *trial.Case, pool *Pool)) {
	pool, times := NewCheckedPool(), 1
	if t.Random.IntN(2) == 0 {
		pool, times = NewPool(), 2
	}
	for range times {
		check(t, pool)
		if err := pool.Check(); err != nil {
			t.Fatal(err)
		}
	}
}

// checkFields holds structs to their promise: the fields of one that is null are null.
func checkFields(t *trial.Case, c *Column) {
	t.Helper()
	for _, child := range c.children {
		if c.typ.Kind == KindStruct && c.HasNulls() {
			for i := range c.stored {
				if !BitAt(c.Validity(), i) && !child.IsNull(i) {
					t.Errorf("value %d of %v is null and its field is not", i, c.typ)
				}
			}
		}
		checkFields(t, child)
	}
}

// zeroCell is what AppendZero appends.
func zeroCell(t Type) cell {
	switch t.Kind {
	case KindBool:
		return false
	case KindFloat64:
		return 0.0
	case KindString, KindBytes:
		return ""
	case KindInt32, KindDate:
		return int32(0)
	case KindDecimal:
		return Decimal{}
	case KindList:
		return []cell{}
	case KindStruct:
		fields := []cell{}
		for _, f := range t.Fields() {
			fields = append(fields, zeroCell(f.Type))
		}
		return fields
	}
	return int64(0)
}

// TestColumnIsAList holds columns of every type and encoding against plain
// lists: building, gathering, appending and truncating.
func TestColumnIsAList(t *testing.T) {
	trial.Run(t, 400, func(t *trial.Case) { inPools(t, checkColumn) })
}

func checkColumn(t *trial.Case, pool *Pool) {
	typ, rows := columnTypes[t.Random.IntN(len(columnTypes))], 1+t.Random.IntN(200)
	c, want := randomColumn(t.Random, pool, typ, rows)
	if got := cells(c); !sameCells(got, want) {
		t.Fatalf("column of %v holds %v, want %v", typ, got, want)
	}
	positions, picked := []int32{}, []cell(nil)
	for i := range rows {
		if t.Random.IntN(2) == 0 {
			positions, picked = append(positions, int32(i)), append(picked, want[i])
		}
	}
	g := c.Gather(positions)
	if got := cells(g); !sameCells(got, picked) {
		t.Fatalf("gathered %v, want %v", got, picked)
	}
	g.AppendRows(c, nil)
	checkBuilding(t, g, append(picked, want...))
	checkFields(t, g)
	g.Release()
	c.Release()
}

// checkBuilding truncates a column and appends to it.
func checkBuilding(t *trial.Case, c *Column, want []cell) {
	t.Helper()
	typ, cut := c.Type(), t.Random.IntN(c.Len()+1)
	c.Truncate(cut)
	if typ.Kind == KindList { // elements of a row that is given up
		appendCell(t.Random, c.Elements(), randomCell(t.Random, typ.Element()))
		c.Truncate(cut)
	}
	if c.Len() != cut {
		t.Fatalf("%d rows, truncated at %d", c.Len(), cut)
	}
	v := randomCell(t.Random, typ)
	appendCell(t.Random, c, v)
	c.AppendZero()
	if got, want := cells(c), append(want[:cut], v, zeroCell(typ)); !sameCells(got, want) {
		t.Fatalf("after append and truncate %v, want %v", got, want)
	}
}

func TestBatchDenseKeepsSelectedRowsAndSlots(t *testing.T) {
	trial.Run(t, 200, func(t *trial.Case) { inPools(t, checkDense) })
}

func checkDense(t *trial.Case, pool *Pool) {
	b, all := randomBatch(t, pool)
	keep, share := []int32{}, 1+t.Random.IntN(3)
	var want []cell
	for i, row := range all {
		if t.Random.IntN(share) == 0 {
			keep, want = append(keep, int32(i)), append(want, row...)
		}
	}
	shared := t.Random.IntN(2) == 0
	if shared {
		b.Retain()
	}
	selected := b
	if share > 1 || shared {
		selected = b.Select(keep)
	}
	if shared {
		if b.Len() != len(all) {
			t.Fatal("selecting changed a batch that others hold")
		}
		b.Release()
	}
	d := selected.Dense()
	var got []cell
	for i := range d.Len() {
		got = append(got, cellAt(d.Columns[0], i), cellAt(d.Columns[1], i), cellAt(d.EventTime, i), d.RowKinds.RowKinds()[i])
	}
	if !sameCells(got, want) {
		t.Fatalf("dense rows %v, want %v", got, want)
	}
	if len(d.Columns) != 2 || d.Columns[0].Encoding() != Plain || d.Columns[1].Encoding() != Plain || d.Selection() != nil {
		t.Errorf("a dense batch has %d columns, %v", len(d.Columns), d.Selection())
	}
	d.Release()
}

// randomBatch returns a batch of two columns with hidden slots, and its rows.
func randomBatch(t *trial.Case, pool *Pool) (b *Batch, rows [][]cell) {
	n := 1 + t.Random.IntN(100)
	b = pool.NewBatch(MustSchema(Field{"a", Int64}, Field{"b", String}), n)
	a, wantA := randomColumn(t.Random, pool, Int64, n)
	s, wantB := randomColumn(t.Random, pool, String, n)
	b.Columns = append(b.Columns, a, s)
	b.EventTime, b.RowKinds = pool.NewColumn(Timestamp, n), pool.NewColumn(Type{Kind: KindRowKind}, n)
	for i := range n {
		b.EventTime.AppendTime(Time(i))
		b.RowKinds.AppendRowKind(RowKind(i % 4))
		rows = append(rows, []cell{wantA[i], wantB[i], int64(i), RowKind(i % 4)})
	}
	if size := a.Bytes() + s.Bytes() + b.EventTime.Bytes() + b.RowKinds.Bytes(); b.Bytes() != size {
		t.Errorf("the batch has %d bytes, and what it holds %d", b.Bytes(), size)
	}
	return b, rows
}

func TestCheckedPoolFindsMisuse(t *testing.T) {
	for name, misuse := range map[string]func(p *Pool){
		"leak":                      func(p *Pool) { p.NewColumn(Int64, 1) },
		"write after release":       func(p *Pool) { c := p.NewColumn(Int64, 1); c.Resize(1); v := c.Int64s(); c.Release(); v[0] = 1 },
		"second release of a batch": func(p *Pool) { b := p.NewBatch(MustSchema(), 0); b.Release(); b.Release() },
		"second release":            func(p *Pool) { c := p.NewColumn(Int64, 1); c.Release(); c.Release() },
		"retain after release": func(p *Pool) {
			b := p.NewBatch(MustSchema(), 0)
			b.Release()
			b.Retain()
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := NewCheckedPool()
			panicked := func() (r any) {
				defer func() { r = recover() }()
				misuse(p)
				return nil
			}()
			if panicked == nil && p.Check() == nil {
				t.Fatal("nothing was noticed")
			}
		})
	}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	pool := NewPool()
	schema := MustSchema(Field{"a", Int64}, Field{"b", String})
	word := []byte("word")
	batch := func() {
		b := pool.NewBatch(schema, 1024)
		a, s := pool.NewColumn(Int64, 1024), pool.NewColumn(String, 1024)
		for i := range int64(1024) {
			a.AppendInt64(i)
			s.AppendString(word)
		}
		b.Columns = append(b.Columns, a, s)
		b.Release()
	}
	batch()
	if n := testing.AllocsPerRun(100, batch); n > 0 {
		t.Fatalf("%v allocations a batch", n)
	}
}

// TestAppendStrings: many values at once are what they are one by one.
func TestAppendStrings(t *testing.T) {
	pool := NewCheckedPool()
	c := pool.NewColumn(String, 0)
	c.AppendString([]byte("one"))
	c.AppendNull()
	c.AppendStrings([]byte("twothree"), []int32{3, 3, 8})
	c.AppendStrings(nil, nil)
	c.AppendString([]byte("four"))
	if got, want := cells(c), []cell{"one", nil, "two", "", "three", "four"}; !sameCells(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	constant := pool.NewConstant(String, 5)
	constant.AppendStrings([]byte("x"), []int32{1})
	if got, want := cells(constant), []cell{"x", "x", "x", "x", "x"}; !sameCells(got, want) {
		t.Errorf("a constant is %v, want %v", got, want)
	}
	c.Release()
	constant.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}
