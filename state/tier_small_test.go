package state_test

import (
	"bytes"
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

// TestTierThatForgotLeadsToFullCheckpoint: a checkpoint completes so late that merges have
// crossed it, and left out that its rows are gone. The next one cannot build on it.
func TestTierThatForgotLeadsToFullCheckpoint(t *testing.T) {
	state.SetTombstones(t, 10)
	b, table, _, _ := tiered(t, 1)
	count(table, 0, 500)
	b.Release() // which begins the tier
	first := b.Freeze(1)
	var object bytes.Buffer
	if err := first.Encode(&object); err != nil {
		t.Fatal(err)
	}
	first.Release()
	for number := range uint64(12) {
		count(table, 500, 1500)
		b.Release()
		for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
			table.Delete(r)
		}
		b.Freeze(2 + number).Release()
	}
	b.Completed(1)
	chain := checkpointed(t, b, 100, []state.Object{state.ObjectOf(object.Bytes())})
	if restored, err := state.Restore(keyrange.All, [][]state.Object{chain}); err != nil || restored.Rows() > 0 {
		t.Errorf("restored: %d rows, %v", restored.Rows(), err)
	}
}
