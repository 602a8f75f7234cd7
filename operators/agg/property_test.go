package agg_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// TestAgainstModel keeps groups as windows and sessions do, in two tables: it adds
// rows, merges, drops and restores groups at random, and holds each aggregate of
// each type to the model.
func TestAgainstModel(t *testing.T) {
	trial.Run(t, 200, func(c *trial.Case) {
		f := newForest(c)
		for range 5 + c.Random.IntN(60) {
			f.operate()
		}
		for g := range int64(forestGroups) {
			f.check(g)
		}
		if err := f.pool.Check(); err != nil {
			c.Error(err)
		}
	})
}

// forestGroups is how many groups there are: half of them have the key null, half
// another one; the even ones are in one table, the odd ones in the other.
const forestGroups = 8

// A forest is groups that have come together from others, and the rows that each
// of them stands for.
type forest struct {
	*trial.Case
	pool   *record.Pool
	set    *agg.Set
	calls  []agg.Call
	input  *record.Schema
	value  func(*rand.Rand) any
	most   int // rows of a batch
	tables [2]table
	state  *state.Backend
	rows   [forestGroups][]optest.Row
}

type table struct {
	*state.Table
	*agg.Accumulators
}

func newForest(c *trial.Case) *forest {
	v := drawValues(c.Random)
	f := &forest{Case: c, pool: record.NewCheckedPool(), value: v.draw, most: []int{10, 30, 300}[c.Random.IntN(3)],
		state: state.NewBackend(keyrange.All),
		input: record.MustSchema(benchKey[0], record.Field{Name: "x", Type: v.of}, record.Field{Name: "wanted", Type: record.Bool})}
	f.calls = allCalls(f.input)
	c.Random.Shuffle(len(f.calls), func(i, j int) { f.calls[i], f.calls[j] = f.calls[j], f.calls[i] })
	var err error
	if f.set, err = agg.Compile(f.calls, f.input); err != nil {
		c.Fatal(err)
	}
	c.Describe(func() string { return fmt.Sprintf("values of %v, %s", v.of, v.kind) })
	f.open()
	return f
}

// allCalls returns all aggregates of column x, with and without the filter wanted.
func allCalls(input *record.Schema) (calls []agg.Call) {
	for _, function := range agg.FunctionNames() {
		for argument, c := range map[string]agg.Call{"*": {Column: agg.None}, "x": {Column: 1}, "DISTINCT x": {Column: 1, Distinct: true}} {
			for filter, column := range map[string]int{"": agg.None, " FILTER": 2} {
				c.Function, c.Filter, c.Name = function, column, function+"("+argument+")"+filter
				if _, err := agg.Compile([]agg.Call{c}, input); err == nil {
					calls = append(calls, c)
				}
			}
		}
	}
	slices.SortFunc(calls, func(a, b agg.Call) int { return strings.Compare(a.Name, b.Name) })
	return calls
}

func (f *forest) open() {
	f.state.CheckRows()
	for i := range f.tables {
		name := fmt.Sprint("groups", i)
		t, err := f.state.Table(state.TableSpec{Name: name, Key: benchKey, Sub: groupID, Values: f.set.Values()})
		if err != nil {
			f.Fatal(err)
		}
		acc, err := f.set.Open(agg.Place{Backend: f.state, Pool: f.pool, Table: t, Name: name, Keys: benchKey, IDs: t.Sub()})
		if err != nil {
			f.Fatal(err)
		}
		f.tables[i] = table{t, acc}
	}
}

func (t table) find(hashes []uint64, keys []*record.Column, ids *record.Column, rows []state.RowID) {
	t.Upsert(hashes, keys, []*record.Column{ids}, nil, rows, nil)
}

func (f *forest) table(g int64) table { return f.tables[g%2] }

func (f *forest) operate() {
	f.state.Release()
	g := f.Random.Int64N(forestGroups)
	switch n := f.Random.IntN(10); {
	case n < 5:
		f.add(g%2, 1+f.Random.IntN(f.most))
	case n < 8:
		f.merge(g, f.sibling(g))
	case n == 8:
		f.restore()
	default:
		f.check(g)
	}
}

// sameKey is how many groups have one key.
const sameKey = forestGroups / 2

// sibling returns another group with the key of g.
func (f *forest) sibling(g int64) int64 {
	first := g / sameKey * sameKey
	return first + (g-first+1+f.Random.Int64N(sameKey-1))%sameKey
}

func key(g int64) any {
	if g < sameKey {
		return nil
	}
	return int64(7)
}

// add adds rows to groups of one table.
func (f *forest) add(table int64, n int) {
	rows, ids := make([]optest.Row, n), make([]int64, 0, n)
	for i := range rows {
		g := table + 2*f.Random.Int64N(forestGroups/2)
		wanted := []any{true, false, nil}[f.Random.IntN(3)]
		rows[i].Values = []any{key(g), f.value(f.Random), wanted}
		f.rows[g] = append(f.rows[g], rows[i])
		ids = append(ids, g)
	}
	b := recordtest.UnderlayBatch(f.Random, optest.Batch(f.pool, f.input, rows))
	if f.Random.IntN(2) == 0 {
		b = optest.Disguise(b, f.Random)
	}
	in := &agg.Input{Batch: b, Keys: b.Columns[:1], Rows: b.Selection(), Groups: make([]state.RowID, n)}
	in.Hashes = keyrange.Hash(nil, in.Keys, in.Rows, b.Physical())
	sub := f.pool.NewColumn(record.Int64, b.Physical())
	sub.Resize(b.Physical())
	for k, g := range ids {
		sub.Int64s()[physical(in.Rows, k)] = g
	}
	t := f.tables[table]
	t.Upsert(in.Hashes, in.Keys, []*record.Column{sub}, in.Rows, in.Groups, nil)
	t.Update(in)
	sub.Release()
	b.Release()
}

func physical(rows []int32, k int) int {
	if rows == nil {
		return k
	}
	return int(rows[k])
}

// row returns the row of a group, which it makes if need be.
func (f *forest) row(g int64) state.RowID {
	keys := optest.Batch(f.pool, record.MustSchema(benchKey...), []optest.Row{{Values: []any{key(g)}}})
	defer keys.Release()
	var row [1]state.RowID
	id := f.pool.NewColumn(record.Int64, 1)
	defer id.Release()
	id.AppendInt64(g)
	f.table(g).find(keyrange.Hash(nil, keys.Columns, nil, 1), keys.Columns, id, row[:])
	return row[0]
}

// merge adds a group to another, and drops it as a rule; at times a group of the other
// key goes together with it.
func (f *forest) merge(into, from int64) {
	var to, source, gone []state.RowID
	for other := range int64(1 + f.Random.IntN(2)) {
		into, from := (into+other*sameKey)%forestGroups, (from+other*sameKey)%forestGroups
		to, source = append(to, f.row(into)), append(source, f.row(from))
		f.rows[into] = append(f.rows[into], f.rows[from]...)
		if f.Random.IntN(4) > 0 || len(f.rows[into]) > 100*f.most {
			gone, f.rows[from] = append(gone, f.row(from)), nil
		}
	}
	f.table(into).Merge(to, f.table(from).Accumulators, source)
	f.table(from).Forget(gone)
	for _, r := range gone {
		f.table(from).Delete(r)
	}
}

// restore goes on with what a checkpoint holds.
func (f *forest) restore() {
	frozen := f.state.Freeze(1)
	var object bytes.Buffer
	err := frozen.Encode(&object)
	frozen.Release()
	if err == nil {
		f.state, err = state.Restore(keyrange.All, [][]state.Object{{state.ObjectOf(object.Bytes())}})
	}
	if err != nil {
		f.Fatal(err)
	}
	f.open()
}
