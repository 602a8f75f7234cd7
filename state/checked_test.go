package state_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// In a checked backend every use of a row that was deleted, or whose id was kept
// over Release, panics and says so.
func TestCheckedRows(t *testing.T) {
	spec := state.TableSpec{
		Name: "checked", Key: countSpec.Key, Sub: []record.Field{{Name: "at", Type: record.Int64}}, Multi: true, Due: state.DueBySub,
		Values: []record.Field{{Name: "i", Type: record.Int64}, {Name: "f", Type: record.Float64}, {Name: "s", Type: record.String}},
	}
	price, _ := record.DecimalOf(9, 2)
	spec.Values = append(spec.Values, record.Field{Name: "d", Type: price})
	uses := map[string]func(*state.Table, state.RowID){
		"Hash":        func(t *state.Table, r state.RowID) { t.Hash(r) },
		"Sub":         func(t *state.Table, r state.RowID) { t.Sub().Get(r) },
		"SetSub":      func(t *state.Table, r state.RowID) { t.SetSub(r, 5) },
		"SetDue":      func(t *state.Table, r state.RowID) { t.SetDue(r, 5) },
		"Delete":      func(t *state.Table, r state.RowID) { t.Delete(r) },
		"Next":        func(t *state.Table, r state.RowID) { t.Next(r) },
		"AppendKeys":  func(t *state.Table, r state.RowID) { t.AppendKeys(nil, []state.RowID{r}) },
		"AppendSubs":  func(t *state.Table, r state.RowID) { t.AppendSubs(nil, []state.RowID{r}) },
		"Int64.Get":   func(t *state.Table, r state.RowID) { t.Int64(0).Get(r) },
		"Int64.Ptr":   func(t *state.Table, r state.RowID) { t.Int64(0).Ptr(r) },
		"Float64.Get": func(t *state.Table, r state.RowID) { t.Float64(1).Get(r) },
		"Float64.Ptr": func(t *state.Table, r state.RowID) { t.Float64(1).Ptr(r) },
		"String.Get":  func(t *state.Table, r state.RowID) { t.String(2).Get(r) },
		"String.Set":  func(t *state.Table, r state.RowID) { t.String(2).Set(r, []byte("x")) },
		"Decimal.Get": func(t *state.Table, r state.RowID) { t.Decimal(3).Get(r) },
		"Decimal.Set": func(t *state.Table, r state.RowID) { t.Decimal(3).Set(r, record.Decimal{Lo: 1}) },
	}
	for name, use := range uses {
		for _, end := range []string{"Delete", "Release", "Delete, evolved"} {
			t.Run(name+" behind "+end, func(t *testing.T) {
				backend := state.NewBackend(keyrange.All)
				if strings.HasSuffix(end, "evolved") {
					backend = withoutValues(t, spec)
				}
				backend.CheckRows()
				table := open(t, backend, spec)
				key := ints(record.NewPool(), 1, 1)
				rows := make([]state.RowID, 1)
				table.Insert([]uint64{7}, []*record.Column{key}, []*record.Column{key}, nil, rows)
				if end != "Release" {
					table.Delete(rows[0])
				} else {
					backend.Release()
				}
				defer func() {
					if text := fmt.Sprint(recover()); !strings.Contains(text, `table "checked" has no row`) {
						t.Errorf("it says %s", text)
					}
				}()
				use(table, rows[0])
			})
		}
	}
}

// withoutValues returns a backend that was restored with a table that has no values yet.
func withoutValues(t *testing.T, spec state.TableSpec) *state.Backend {
	spec.Values = nil
	was := state.NewBackend(keyrange.All)
	open(t, was, spec)
	restored, err := state.Restore(keyrange.All, [][]state.Object{{encode(t, was, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	return restored
}
