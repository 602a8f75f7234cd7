package state_test

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// upsertPanes makes a row of each key from 0 on, in bucket 1, and returns how many were new.
func upsertPanes(table *state.Table, n int) (made int) {
	pool := record.NewPool()
	keys, sub := pool.NewColumn(record.Int64, n), pool.NewColumn(record.Int64, n)
	for k := range n {
		keys.AppendInt64(int64(k))
		sub.AppendInt64(1)
	}
	hashes := keyrange.Hash(nil, []*record.Column{keys}, nil, n)
	return len(table.Upsert(hashes, []*record.Column{keys}, []*record.Column{sub}, nil, make([]state.RowID, n), nil))
}

// checkpointed takes a checkpoint, which completes, and returns its objects; those before it
// are given.
func checkpointed(t *testing.T, b *state.Backend, number uint64, before []state.Object) []state.Object {
	t.Helper()
	frozen := b.Freeze(number)
	defer frozen.Release()
	var object strings.Builder
	if err := frozen.Encode(&object); err != nil {
		t.Fatal(err)
	}
	if !frozen.Delta() {
		before = nil
	}
	b.Completed(number)
	return append(before, state.ObjectOf([]byte(object.String())))
}

// TestTableWithTierOpenedAgain: a table whose rows went down is opened with a declaration
// that wants all of them in memory, and the other way round.
func TestTableWithTierOpenedAgain(t *testing.T) {
	unordered := state.TableSpec{
		Name: "panes", Key: []record.Field{{Name: "k", Type: record.Int64}}, Sub: []record.Field{{Name: "b", Type: record.Int64}},
	}
	ordered, due := unordered, unordered
	ordered.Ordered, due.Due = state.Ascending, state.DueBySub
	for _, c := range []struct {
		name          string
		first, second state.TableSpec
	}{{"in order", unordered, ordered}, {"no more in order", ordered, unordered}, {"due", unordered, due}, {"the same", unordered, unordered}} {
		t.Run(c.name, func(t *testing.T) {
			b := state.NewBackend(keyrange.All)
			var merges []func() // that are done, and have not taken the place of their runs
			b.SetTier(state.NewTier(runs.NewMemory(), 1), func(work func()) { merges = append(merges, work) })
			table, err := b.Table(c.first)
			if err != nil {
				t.Fatal(err)
			}
			upsertPanes(table, 25)
			b.Release()
			upsertPanes(table, 50)
			b.Release()
			chain := checkpointed(t, b, 1, nil)
			upsertPanes(table, 75)
			b.Release()
			upsertPanes(table, 100)
			b.Release()
			for _, merge := range merges {
				merge()
			}
			if table, err = b.Table(c.second); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				b.Release()
			}
			if table.Spec().Due == state.DueBySub {
				if rows, more := table.Due(1, 1000, nil); len(rows) != 100 || more {
					t.Errorf("%d rows are due, more: %v", len(rows), more)
				}
			}
			if made := upsertPanes(table, 100); made > 0 {
				t.Errorf("%d rows were lost", made)
			}
			if c.second.Ordered != state.Unordered {
				rows := 0
				for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
					rows += len(table.AppendCluster(nil, r))
				}
				if rows != 100 {
					t.Errorf("%d rows are in order", rows)
				}
			}
			chain = checkpointed(t, b, 2, chain)
			if restored, err := state.Restore(keyrange.All, [][]state.Object{chain}); err != nil || restored.Rows() != 100 {
				t.Errorf("restored: %v, %v", restored, err)
			}
		})
	}
}

// TestTableOpenedBehindFreeze: rows that were restored, and frozen before anybody opened
// their table, are not in its tier.
func TestTableOpenedBehindFreeze(t *testing.T) {
	spec := state.TableSpec{
		Name: "panes", Key: []record.Field{{Name: "k", Type: record.Int64}}, Sub: []record.Field{{Name: "b", Type: record.Int64}},
	}
	old := state.NewBackend(keyrange.All)
	table, err := old.Table(spec)
	if err != nil {
		t.Fatal(err)
	}
	upsertPanes(table, 100)
	var object strings.Builder
	if err := old.Freeze(1).Encode(&object); err != nil {
		t.Fatal(err)
	}
	b, err := state.Restore(keyrange.All, [][]state.Object{{state.ObjectOf([]byte(object.String()))}})
	if err != nil {
		t.Fatal(err)
	}
	b.SetTier(state.NewTier(runs.NewMemory(), 1), nil)
	frozen := b.Freeze(2)
	if table, err = b.Table(spec); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		b.Release()
	}
	if made := upsertPanes(table, 100); made > 0 {
		t.Errorf("%d rows were lost", made)
	}
	object.Reset()
	if err := frozen.Encode(&object); err != nil {
		t.Fatal(err)
	}
	if restored, err := state.Restore(keyrange.All, [][]state.Object{{state.ObjectOf([]byte(object.String()))}}); err != nil || restored.Rows() != 100 {
		t.Errorf("restored: %v, %v", restored, err)
	}
}
