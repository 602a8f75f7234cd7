package agg_test

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/agg/aggtest"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// check compares the results of a group with those of the model, call by call, up
// to one that has none.
func (f *forest) check(g int64) {
	f.Helper()
	row := []state.RowID{f.row(g)}
	var columns []*record.Column
	for _, field := range f.set.Results() {
		columns = append(columns, f.pool.NewColumn(field.Type, 1))
		defer columns[len(columns)-1].Release()
	}
	err := f.table(g).Final(row, columns)
	for i, c := range f.calls {
		values := f.taking(c, g)
		want, failed := aggtest.Result(c.Function, c.Distinct, f.argument(c), values)
		if failed != nil {
			f.checkError(c, row[0], err, failed.(*aggtest.RangeError))
			return
		}
		f.checkValue(c, columns[i], want, values)
	}
	if err != nil {
		f.Errorf("group %d: %v; the model has a result", g, err)
	}
}

// argument returns the type of a call's argument.
func (f *forest) argument(c agg.Call) record.Type {
	if c.Column == agg.None {
		return record.Type{}
	}
	return f.input.Field(c.Column).Type
}

// taking returns the values of a group that take part in a call; true stands for a
// row of count(*).
func (f *forest) taking(c agg.Call, g int64) (values []any) {
	for _, r := range f.rows[g] {
		switch {
		case c.Filter != agg.None && r.Values[c.Filter] != true:
		case c.Column == agg.None:
			values = append(values, true)
		default:
			values = append(values, r.Values[c.Column])
		}
	}
	return values
}

func (f *forest) checkError(c agg.Call, row state.RowID, err error, want *aggtest.RangeError) {
	f.Helper()
	got, ok := err.(*agg.RangeError)
	exact := want.Sum.String()
	if scale := f.argument(c).Scale; scale > 0 {
		exact += fmt.Sprint("e-", scale)
	}
	if !ok || got.Aggregate != c.Name || got.Value != exact || got.Group != row {
		f.Errorf("%s of row %d: %v (%+v), want the sum %s to be out of range", c.Name, row, err, got, exact)
	}
}

func (f *forest) checkValue(c agg.Call, got *record.Column, want any, values []any) {
	f.Helper()
	if got.Len() != 1 {
		f.Errorf("%s has no result, want %v", c.Name, want)
		return
	}
	if _, ok := want.(float64); ok && f.argument(c) == record.Float64 && (c.Function == "sum" || c.Function == "avg") {
		f.checkSum(c, got, values)
		return
	}
	b := optest.Batch(f.pool, record.MustSchema(record.Field{Name: "x", Type: got.Type()}), []optest.Row{{Values: []any{want}}})
	defer b.Release()
	if have, text := optest.Text(got, 0), optest.Text(b.Columns[0], 0); have != text {
		f.Errorf("%s of %d values is %s, want %s", c.Name, len(values), have, text)
	}
}

// checkSum holds the sum or average of floats to what is promised of it.
func (f *forest) checkSum(c agg.Call, got *record.Column, values []any) {
	f.Helper()
	sum := aggtest.SumOf(slices.DeleteFunc(values, func(v any) bool { return v == nil }))
	admits := sum.Admits
	if c.Function == "avg" {
		admits = sum.AdmitsAverage
	}
	if got.IsNull(0) || !admits(got.Float64s()[0]) {
		f.Errorf("%s of %d values is %s, and the exact sum is %v", c.Name, len(values), optest.Text(got, 0), sum)
	}
}
