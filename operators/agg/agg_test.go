package agg_test

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// A bench is a set over a table of groups that all have the key 0 and are told
// apart by their order key, which is their id, too.
type bench struct {
	t     testing.TB
	pool  *record.Pool
	set   *agg.Set
	input *record.Schema
	table *state.Table
	acc   *agg.Accumulators
}

var benchKey = []record.Field{{Name: "key", Type: record.Int64}}

// groupID is the sub-key that tells the groups of a key apart.
var groupID = []record.Field{{Name: "group", Type: record.Int64}}

func newBench(t testing.TB, argument record.Type, calls ...agg.Call) *bench {
	t.Helper()
	input := record.MustSchema(benchKey[0], record.Field{Name: "x", Type: argument}, record.Field{Name: "wanted", Type: record.Bool})
	set, err := agg.Compile(calls, input)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, pool: record.NewCheckedPool(), set: set, input: input}
	b.open(state.NewBackend(keyrange.All))
	return b
}

func (b *bench) open(backend *state.Backend) {
	var err error
	if b.table, err = backend.Table(state.TableSpec{Name: "groups", Key: benchKey, Sub: groupID, Values: b.set.Values()}); err != nil {
		b.t.Fatal(err)
	}
	b.acc, err = b.set.Open(agg.Place{Backend: backend, Pool: b.pool, Table: b.table, Name: "groups", Keys: benchKey, IDs: b.table.Sub()})
	if err != nil {
		b.t.Fatal(err)
	}
}

// groups returns in rows those of a group, which it makes if need be.
func (b *bench) groups(hashes []uint64, keys []*record.Column, group int64, rows []state.RowID) {
	id := b.pool.NewConstant(record.Int64, len(rows))
	defer id.Release()
	id.AppendInt64(group)
	b.table.Upsert(hashes, keys, []*record.Column{id}, nil, rows, nil)
}

// add adds values to a group.
func (b *bench) add(group int64, values ...any) {
	rows := make([]optest.Row, len(values))
	for i, v := range values {
		rows[i].Values = []any{int64(0), v, true}
	}
	b.addRows(group, rows...)
}

func (b *bench) addRows(group int64, rows ...optest.Row) {
	batch := optest.Batch(b.pool, b.input, rows)
	keys := batch.Columns[:1]
	hashes := keyrange.Hash(nil, keys, nil, len(rows))
	groups := make([]state.RowID, len(rows))
	b.groups(hashes, keys, group, groups)
	b.acc.Update(&agg.Input{Batch: batch, Keys: keys, Hashes: hashes, Groups: groups})
	batch.Release()
}

// row returns the row of one group.
func (b *bench) row(group int64) []state.RowID {
	key := b.pool.NewColumn(record.Int64, 1)
	defer key.Release()
	key.AppendInt64(0)
	keys, rows := []*record.Column{key}, make([]state.RowID, 1)
	b.groups(keyrange.Hash(nil, keys, nil, 1), keys, group, rows)
	return rows
}

func (b *bench) merge(into, from int64) {
	to := b.row(into)
	b.acc.Merge(to, b.acc, b.row(from))
}

// results draws the results of a group.
func (b *bench) results(group int64) string {
	b.t.Helper()
	columns, err := b.final(group)
	if err != nil {
		b.t.Fatal(err)
	}
	var texts []string
	for _, c := range columns {
		texts = append(texts, optest.Text(c, 0))
		c.Release()
	}
	return strings.Join(texts, " ")
}

func (b *bench) final(group int64) ([]*record.Column, error) {
	var columns []*record.Column
	for _, f := range b.set.Results() {
		columns = append(columns, b.pool.NewColumn(f.Type, 1))
	}
	err := b.acc.Final(b.row(group), columns)
	return columns, err
}

func (b *bench) close() {
	b.t.Helper()
	if err := b.pool.Check(); err != nil {
		b.t.Error(err)
	}
}

func call(function string) agg.Call {
	return agg.Call{Name: function, Function: function, Column: 1, Filter: agg.None}
}

var distinct = agg.Call{Name: "distinct", Function: "count", Distinct: true, Column: 1, Filter: agg.None}

// The decimals of the tests: amounts, and a number that no two of fit.
var (
	cents  = record.Type{Kind: record.KindDecimal, Precision: 38, Scale: 2}
	wholes = record.Type{Kind: record.KindDecimal, Precision: 38}
	huge   = func() record.Decimal {
		v, _, err := decimal.Parse([]byte("99999999999999999999999999999999999999"), 38, 0)
		if err != nil {
			panic(err)
		}
		return v
	}()
)

func TestFunctions(t *testing.T) {
	nan, inf, minusZero := math.NaN(), math.Inf(1), math.Copysign(0, -1)
	const most, least = int64(math.MaxInt64), int64(math.MinInt64)
	for _, c := range []struct {
		function string
		argument record.Type
		values   []any
		want     string
	}{
		{"count", record.String, []any{"a", nil, ""}, "2"},
		{"count", record.Int64, nil, "0"},
		{"sum", record.Int64, []any{int64(1), nil, int64(-3)}, "-2"},
		{"sum", record.Int64, []any{nil}, "null"},
		{"sum", record.Int64, []any{most, most, least, least, int64(3)}, "1"},
		{"sum", record.Int64, []any{least, least, most, most}, "-2"},
		{"sum", record.Float64, []any{1e100, 1.0, -1e100}, "1"},
		{"sum", record.Float64, []any{inf, 1.0}, "Infinity"},
		{"sum", record.Float64, []any{inf, -inf, 1.0}, "NaN"},
		{"sum", record.Float64, []any{1.0, nan, inf}, "NaN"},
		{"sum", record.Float64, []any{nil, nil}, "null"},
		{"avg", record.Int64, []any{int64(1), int64(2), nil}, "1.5"},
		{"avg", record.Int64, []any{most, most, most - 1}, "9223372036854776000"},
		{"avg", record.Int64, []any{least}, "-9223372036854776000"},
		{"avg", record.Int64, nil, "null"},
		{"avg", record.Float64, []any{1.0, 2.0, nil}, "1.5"},
		{"avg", record.Float64, nil, "null"},
		{"min", record.Int64, []any{int64(5), nil, int64(-7)}, "-7"},
		{"min", record.Int64, []any{most}, "9223372036854775807"},
		{"max", record.Int64, []any{least}, "-9223372036854775808"},
		{"max", record.Int64, []any{nil}, "null"},
		{"min", record.Timestamp, []any{record.Time(5e6), record.Time(-1e6)}, "-1s"},
		{"max", record.Timestamp, []any{record.Time(5e6), record.Time(-1e6)}, "5s"},
		{"min", record.Float64, []any{nan, 2.5, -1.5}, "-1.5"},
		{"max", record.Float64, []any{2.5, nan, inf}, "NaN"},
		{"max", record.Float64, []any{-inf, -2.5}, "-2.5"},
		{"min", record.Float64, []any{0.0, minusZero}, "-0"},
		{"max", record.Float64, []any{minusZero, 0.0}, "0"},
		{"min", record.Bool, []any{true, false}, "false"},
		{"max", record.Bool, []any{false, nil}, "false"},
		{"min", record.String, []any{"b", "", "a"}, ""},
		{"min", record.String, []any{"b", "ab", nil}, "ab"},
		{"max", record.String, []any{"b", "ab", nil}, "b"},
		{"max", record.String, []any{nil}, "null"},
		{"distinct", record.Int64, []any{int64(1), int64(1), nil, int64(0)}, "2"},
		{"distinct", record.String, []any{"", "a", "a", nil}, "2"},
		{"distinct", record.Float64, []any{nan, nan, 0.0, minusZero}, "2"},
		{"distinct", record.Bool, []any{true, false, true}, "2"},
		{"distinct", record.Timestamp, nil, "0"},
		{"count", record.ListOf(record.Int64), []any{nil, nil}, "0"},
		{"sum", record.Int32, []any{int32(math.MaxInt32), int32(math.MaxInt32), nil}, "4294967294"},
		{"avg", record.Int32, []any{int32(-1), int32(2)}, "0.5"},
		{"min", record.Int32, []any{int32(5), int32(-7), nil}, "-7"},
		{"max", record.Date, []any{int32(5), int32(-7), nil}, "1970-01-06"},
		{"min", record.Bytes, []any{"b", "\x00"}, "AA=="},
		{"distinct", record.Bytes, []any{"b", "\x00", "b"}, "2"},
		{"distinct", cents, []any{decimal.FromInt64(5), decimal.FromInt64(5), decimal.FromInt64(-5), nil}, "2"},
		{"sum", cents, []any{decimal.FromInt64(150), nil, decimal.FromInt64(-25)}, "1.25"},
		{"sum", cents, []any{huge, huge, huge.Neg(), huge.Neg(), decimal.FromInt64(1)}, "0.01"},
		{"sum", cents, []any{nil}, "null"},
		{"avg", cents, []any{decimal.FromInt64(100), decimal.FromInt64(0), decimal.FromInt64(0)}, "0.333333"},
		{"avg", cents, []any{decimal.FromInt64(-200), decimal.FromInt64(0), decimal.FromInt64(0)}, "-0.666667"},
		{"avg", wholes, []any{huge, huge, huge.Neg(), decimal.FromInt64(0), huge.Neg(), decimal.FromInt64(3)}, "0.500000"},
		{"avg", cents, nil, "null"},
		{"min", cents, []any{decimal.FromInt64(150), decimal.FromInt64(-25), huge, nil}, "-0.25"},
		{"max", cents, []any{decimal.FromInt64(-25), huge.Neg(), nil}, "-0.25"},
		{"max", cents, []any{nil}, "null"},
	} {
		t.Run(fmt.Sprintf("%s(%v)%v", c.function, c.argument, c.values), func(t *testing.T) {
			aggregate := call(c.function)
			if c.function == "distinct" {
				aggregate = distinct
			}
			b := newBench(t, c.argument, aggregate)
			defer b.close()
			// At once, one by one, backwards, and merged from a group per value.
			b.add(1, c.values...)
			for i, v := range c.values {
				b.add(2, v)
				b.add(3, c.values[len(c.values)-1-i])
				b.add(int64(10+i), v)
				b.merge(4, int64(10+i))
			}
			for group := int64(1); group <= 4; group++ {
				if got := b.results(group); got != c.want {
					t.Errorf("group %d: %s, want %s", group, got, c.want)
				}
			}
		})
	}
}

func TestFilter(t *testing.T) {
	all, some := call("sum"), call("sum")
	some.Name, some.Filter = "some", 2
	rows := agg.Call{Name: "rows", Function: "count", Column: agg.None, Filter: 2}
	b := newBench(t, record.Int64, all, some, rows)
	defer b.close()
	b.addRows(1,
		optest.Row{Values: []any{int64(0), int64(1), true}},
		optest.Row{Values: []any{int64(0), int64(2), false}},
		optest.Row{Values: []any{int64(0), int64(4), nil}},
		optest.Row{Values: []any{int64(0), nil, true}})
	if got := b.results(1); got != "7 1 2" {
		t.Errorf("%s, want 7 1 2", got)
	}
}

func TestSumOutsideInt64(t *testing.T) {
	b := newBench(t, record.Int64, call("sum"))
	b.add(1, int64(math.MinInt64), int64(-1))
	_, err := b.final(1)
	var outside *agg.RangeError
	if e, ok := err.(*agg.RangeError); ok {
		outside = e
	}
	if outside == nil || outside.Aggregate != "sum" || outside.Value != "-9223372036854775809" || outside.Group != b.row(1)[0] {
		t.Errorf("got %v (%+v)", err, outside)
	}
}

// What no decimal holds is an error when it is read, also where 128 bits do not
// hold it.
func TestDecimalsOutside(t *testing.T) {
	for _, n := range []int{2, 5} {
		b := newBench(t, cents, call("sum"))
		want := new(big.Int)
		digits, _ := new(big.Int).SetString("99999999999999999999999999999999999999", 10)
		for range n {
			b.add(1, huge)
			want.Add(want, digits)
		}
		_, err := b.final(1)
		text := fmt.Sprintf(`aggregate "sum": the sum %se-2 exceeds the range of decimal(38,2)`, want)
		if err == nil || !strings.HasPrefix(err.Error(), text) {
			t.Errorf("got %v, want %s", err, text)
		}
	}
	b := newBench(t, cents, call("avg")) // four places more do not fit
	b.add(1, huge)
	if _, err := b.final(1); err == nil {
		t.Error("the average has 40 digits")
	}
}

// A group's distinct values go with it, and come back with a restore.
func TestDistinctValuesLiveWithTheirGroup(t *testing.T) {
	b := newBench(t, record.String, distinct)
	defer b.close()
	backend := state.NewBackend(keyrange.All)
	b.open(backend)
	for i := range 3000 {
		b.add(int64(i%3), fmt.Sprint("value ", i/6))
	}
	frozen := backend.Freeze(1)
	var object bytes.Buffer
	if err := frozen.Encode(&object); err != nil {
		t.Fatal(err)
	}
	frozen.Release()
	backend, err := state.Restore(keyrange.All, [][]state.Object{{state.ObjectOf(object.Bytes())}})
	if err != nil {
		t.Fatal(err)
	}
	b.open(backend)
	b.add(0, "value 0", "another")
	gone := b.row(1)
	b.acc.Forget(gone)
	b.table.Delete(gone[0])
	b.add(1, "value 0")
	if got := b.results(0) + " " + b.results(1) + " " + b.results(2); got != "501 1 500" {
		t.Errorf("%s, want 501 1 500", got)
	}
}

func TestCompileErrors(t *testing.T) {
	input := record.MustSchema(record.Field{Name: "who", Type: record.String}, record.Field{Name: "n", Type: record.Int64})
	for _, c := range []struct {
		call agg.Call
		want string
	}{
		{agg.Call{Name: "x", Function: "summ", Column: 1, Filter: agg.None},
			`aggregate "x": there is no aggregate function "summ"; did you mean "sum"?`},
		{agg.Call{Name: "x", Function: "sum", Column: 0, Filter: agg.None},
			`aggregate "x": sum takes int32, int64, float64 or decimal, and who is string; CAST it, or choose another column`},
		{agg.Call{Name: "x", Function: "max", Column: agg.None, Filter: agg.None},
			`aggregate "x": max needs an argument: only count takes *`},
		{agg.Call{Name: "x", Function: "sum", Distinct: true, Column: 1, Filter: agg.None},
			`aggregate "x": DISTINCT is for count(DISTINCT x) only`},
		{agg.Call{Name: "x", Function: "count", Distinct: true, Column: agg.None, Filter: agg.None},
			`aggregate "x": DISTINCT is for count(DISTINCT x) only`},
		{agg.Call{Name: "x", Function: "count", Column: agg.None, Filter: 1},
			`aggregate "x": a filter must be bool, and n is int64`},
	} {
		if _, err := agg.Compile([]agg.Call{c.call}, input); err == nil || err.Error() != c.want {
			t.Errorf("%+v: %v, want %s", c.call, err, c.want)
		}
	}
}

// Calls that need the same part share it.
func TestPartsAreShared(t *testing.T) {
	input := record.MustSchema(record.Field{Name: "n", Type: record.Int64})
	var calls []agg.Call
	for _, f := range []string{"sum", "avg", "count", "min"} {
		calls = append(calls, agg.Call{Name: f, Function: f, Column: 0, Filter: agg.None})
	}
	set, err := agg.Compile(calls, input)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range set.Values() {
		names = append(names, f.Name)
	}
	want := "sum(n int64).low, sum(n int64).high, count(n int64).n, min(n int64).greatest"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("state is %s, want %s", got, want)
	}
}
