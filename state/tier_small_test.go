package state_test

import (
	"io"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// openCounts opens tables of a key and a number, the first with so many rows.
func openCounts(t *testing.T, b *state.Backend, first state.TableSpec, rows int) (tables [2]*state.Table) {
	t.Helper()
	for i, spec := range []state.TableSpec{first, {Name: "small"}} {
		spec.Key, spec.Values = []record.Field{{Name: "k", Type: record.Int64}}, []record.Field{{Name: "n", Type: record.Int64}}
		var err error
		if tables[i], err = b.Table(spec); err != nil {
			t.Fatal(err)
		}
	}
	count(tables[0], 0, rows)
	return tables
}

// TestSmallTableLeavesDeltas: the runs of a table with few rows become one with each
// checkpoint, and still the whole state need not be written.
func TestSmallTableLeavesDeltas(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	b.SetTier(state.NewTier(runs.NewMemory(), 1), nil)
	tables := openCounts(t, b, state.TableSpec{Name: "large"}, 10_000)
	for range 2 { // both begin to go down
		count(tables[1], 0, 1)
		b.Release()
	}
	for checkpoint := range uint64(20) {
		count(tables[0], 100*int(checkpoint), 10)
		count(tables[1], 0, 1)
		b.Release()
		frozen := b.Freeze(checkpoint)
		if err := frozen.Encode(io.Discard); err != nil {
			t.Fatal(err)
		}
		if isDelta := frozen.Delta(); isDelta != (checkpoint%9 != 0) { // eight on one
			t.Errorf("checkpoint %d is a delta: %v", checkpoint, isDelta)
		}
		frozen.Release()
		b.Completed(checkpoint)
	}
}

// TestTableOutOfTierLeavesOthersInPeace: where rows that cannot go down take more memory
// than there is, the few that can do not go down and up with each call.
func TestTableOutOfTierLeavesOthersInPeace(t *testing.T) {
	store := &countingStore{ChunkStore: runs.NewMemory()}
	b := state.NewBackend(keyrange.All)
	b.SetTier(state.NewTier(store, 1<<16), nil)
	tables := openCounts(t, b, state.TableSpec{Name: "middle"}, 0)
	large, err := b.Table(state.TableSpec{
		Name: "large", Key: []record.Field{{Name: "k", Type: record.Int64}}, Sub: []record.Field{{Name: "bucket", Type: record.Int64}},
		Bucketed: true, Ordered: state.Ascending,
	})
	if err != nil {
		t.Fatal(err)
	}
	upsertPanes(large, 10_000)
	for range 100 {
		count(tables[1], 0, 10)
		b.Release()
	}
	if store.made > 0 {
		t.Errorf("%d runs were made", store.made)
	}
}

// TestTierForgetsWhatIsGone: keys that come and go leave nothing behind for ever.
func TestTierForgetsWhatIsGone(t *testing.T) {
	b, table, _, _ := tiered(t, 1)
	for round := range 50 {
		count(table, 1000*round, 1000)
		b.Release() // which takes some down
		b.Freeze(uint64(2*round + 1)).Release()
		for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
			table.Delete(r)
		}
		b.Release()
		b.Freeze(uint64(2*round + 2)).Release()
	}
	if entries := table.TierEntries(); entries > 5000 {
		t.Errorf("the tier of an empty table has %d entries", entries)
	}
}

// TestTierThatForgotLeadsToFullCheckpoint: what is gone since the last checkpoint is forgotten
// by the one that follows it.
func TestTierThatForgotLeadsToFullCheckpoint(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	b.SetTier(state.NewTier(runs.NewMemory(), 1), nil)
	table := openCounts(t, b, state.TableSpec{Name: "large"}, 150)[0]
	empty := func() {
		for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
			table.Delete(r)
		}
	}
	b.Release() // which takes them down
	b.Freeze(1).Release()
	empty()
	b.Freeze(2).Release()
	count(table, 2000, 1600)
	chain := checkpointed(t, b, 3, nil)
	empty()
	chain = checkpointed(t, b, 4, chain)
	if restored, err := state.Restore(keyrange.All, [][]state.Object{chain}); err != nil || restored.Rows() > 0 {
		t.Errorf("restored: %d rows, %v", restored.Rows(), err)
	}
}
