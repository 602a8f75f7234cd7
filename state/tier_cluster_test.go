package state_test

import (
	"math"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

var keyAt = struct{ key, at []record.Field }{
	[]record.Field{{Name: "k", Type: record.Int64}}, []record.Field{{Name: "at", Type: record.Int64}},
}

// tieredTable is tiered with a table of any declaration.
func tieredTable(t *testing.T, memory int64, spec state.TableSpec) (*state.Backend, *state.Table, *countingStore) {
	t.Helper()
	store := &countingStore{ChunkStore: runs.NewMemory()}
	b := state.NewBackend(keyrange.All)
	b.SetTier(state.NewTier(store, memory), nil)
	table, err := b.Table(spec)
	if err != nil {
		t.Fatal(err)
	}
	return b, table, store
}

// numbers returns a column of n numbers from first on, and their hashes.
func numbers(first, n int) (hashes []uint64, column []*record.Column) {
	c := record.NewPool().NewColumn(record.Int64, n)
	for i := range n {
		c.AppendInt64(int64(first + i))
	}
	column = []*record.Column{c}
	return keyrange.Hash(nil, column, nil, n), column
}

// TestInsertReadsNothing: rows that are appended need nothing of what is below, whose keys
// they have. A key that is read is looked for once, until its rows go down.
func TestInsertReadsNothing(t *testing.T) {
	b, table, store := tieredTable(t, 1<<16, state.TableSpec{Name: "side", Key: keyAt.key, Sub: keyAt.at, Multi: true, Due: state.DueBySub})
	hashes, keys := numbers(0, 100)
	rows := make([]state.RowID, len(hashes))
	for at := range 200 {
		_, sub := numbers(1000*at, len(hashes))
		before := store.reads
		if at%2 == 0 {
			table.Insert(hashes, keys, sub, nil, rows)
		} else {
			table.LoadKeys(hashes, keys, nil)
			for k := range hashes {
				table.InsertKey(k, int64(1000*at+k))
			}
		}
		if store.reads > before {
			t.Fatalf("the %d-th insertion read %d chunks", at, store.reads-before)
		}
		b.Release()
	}
	for round := range 3 {
		before := store.reads
		for first := range 2 {
			hashes, keys := numbers(10*first, 10)
			table.LoadKeys(hashes, keys, nil)
			for k := range hashes {
				n := 0
				for r := table.Seek(k, nil); r != state.NoRow; r = table.Next(r) {
					n++
				}
				if n != 200 {
					t.Fatalf("key %d has %d rows", 10*first+k, n)
				}
			}
		}
		if reads := store.reads - before; (reads > 0) != (round == 0) {
			t.Errorf("round %d read %d chunks", round, reads)
		}
	}
}

// TestExpiredHidesOlder: a row that has expired and was left out by a merge hides the one that
// it was before, which would have lived for longer.
func TestExpiredHidesOlder(t *testing.T) {
	spec := state.TableSpec{Name: "seen", Key: keyAt.key, TTL: state.TTL{Clock: state.EventTime, After: time.Hour}}
	old := state.NewBackend(keyrange.All)
	table, err := old.Table(spec)
	if err != nil {
		t.Fatal(err)
	}
	upsert := func(first, n int) (made int) {
		hashes, keys := numbers(first, n)
		return len(table.Upsert(hashes, keys, nil, nil, make([]state.RowID, n), nil))
	}
	old.Advance(state.EventTime, 0)
	upsert(0, 10_000)
	chain := checkpointed(t, old, 1, nil)

	b, err := state.Restore(keyrange.All, [][]state.Object{chain})
	if err != nil {
		t.Fatal(err)
	}
	b.SetTier(state.NewTier(runs.NewMemory(), 1), nil)
	spec.TTL.After = 10 * time.Microsecond
	if table, err = b.Table(spec); err != nil {
		t.Fatal(err)
	}
	b.Release() // all go down
	b.Advance(state.EventTime, 100)
	if made := upsert(0, 10); made > 0 {
		t.Fatalf("%d rows have expired too early", made)
	}
	b.Release() // until 109
	b.Advance(state.EventTime, 200)
	for first := range 20 { // runs that become one with those, but not with the oldest
		upsert(20_000+10*first, 10)
		b.Release()
	}
	if made := upsert(0, 10); made != 10 {
		t.Errorf("of 10 rows that have expired %d are back", 10-made)
	}
	b.Advance(state.EventTime, record.Time(2*time.Hour/time.Microsecond))
	for checkpoint := range uint64(20) {
		upsert(100_000, 1000)
		checkpointed(t, b, 2+checkpoint, chain)
		b.Release()
	}
	if entries := table.TierEntries(); entries > 30_000 {
		t.Errorf("the tier of a table whose rows have expired has %d entries", entries)
	}
}

// TestFirstTimeDatesRowsBelow: rows that went down before there was any time begin to age
// when there is.
func TestFirstTimeDatesRowsBelow(t *testing.T) {
	b, table, _ := tieredTable(t, 1, state.TableSpec{
		Name: "seen", Key: keyAt.key, TTL: state.TTL{Clock: state.EventTime, After: 10 * time.Microsecond},
	})
	hashes, keys := numbers(0, 100)
	rows := make([]state.RowID, len(hashes))
	table.Upsert(hashes, keys, nil, nil, rows, nil)
	b.Release()
	b.Advance(state.EventTime, 1000)
	b.Release()
	b.Advance(state.EventTime, 1009)
	if table.Find(hashes, keys, nil, nil, rows); rows[7] == state.NoRow {
		t.Error("a row has expired that is 9 µs old")
	}
	b.Advance(state.EventTime, 1010)
	if table.Find(hashes, keys, nil, nil, rows); rows[7] != state.NoRow {
		t.Error("a row has not expired that is 10 µs old")
	}
}

// TestDueBringsUpWhatItGivesOut: memory keeps to its bound while very many rows that lie close
// to each other in time are due, where a call finds few of them.
func TestDueBringsUpWhatItGivesOut(t *testing.T) {
	const memory = 1 << 20
	state.SetGraves(t, 1<<14)
	b, table, _ := tieredTable(t, memory, state.TableSpec{Name: "sessions", Key: keyAt.key, Sub: keyAt.at, Multi: true, Due: state.DueBySub})
	const n = 100_000
	for first := 0; first < n; first += 1000 {
		hashes, keys := numbers(first, 1000)
		_, at := numbers(first+1<<40, 1000)
		table.Insert(hashes, keys, at, nil, make([]state.RowID, 1000))
		b.Release()
	}
	given, most := 0, 0
	var rows []state.RowID
	for more := true; more; b.Release() {
		rows, more = table.Due(math.MaxInt64, 100, rows[:0])
		most, given = max(most, b.Bytes()), given+len(rows)
		for _, r := range rows {
			table.Delete(r)
		}
	}
	if given != n {
		t.Errorf("%d of %d rows were due", given, n)
	}
	if most > 2*memory {
		t.Errorf("rows took %d bytes, of %d", most, memory)
	}
}

// TestDeleteClusterLargerThanMemory: what is below memory does not come up to be deleted, and is
// gone for whoever restores.
func TestDeleteClusterLargerThanMemory(t *testing.T) {
	const memory, n = 1 << 20, 100_000
	state.SetGraves(t, 1<<14)
	b, table, _ := tieredTable(t, memory, state.TableSpec{
		Name: "values", Within: 1, Key: keyAt.key,
		Sub: []record.Field{{Name: "group", Type: record.Int64}, {Name: "value", Type: record.Int64}},
	})
	group := func(id, rows int) (hashes []uint64, key, within []*record.Column) {
		ids := record.NewPool().NewColumn(record.Int64, rows)
		for range rows {
			ids.AppendInt64(int64(id))
		}
		within = []*record.Column{ids}
		return keyrange.Hash(nil, within, nil, rows), within, within
	}
	for first := 0; first < n; first += 1000 {
		for id := range 2 {
			hashes, key, within := group(id, 1000)
			_, values := numbers(first, 1000)
			table.Upsert(hashes, key, append(within, values...), nil, make([]state.RowID, 1000), nil)
		}
		b.Release()
	}
	before := b.Bytes()
	hashes, key, within := group(0, 1)
	table.DeleteClusters(hashes, key, within, nil)
	if after := b.Bytes(); after > before+memory/2 {
		t.Errorf("rows and keys take %d bytes, where it was %d", after, before)
	}
	if table.Len() != n {
		t.Errorf("%d rows are left of %d", table.Len(), n)
	}
	chain := checkpointed(t, b, 1, nil)
	if restored, err := state.Restore(keyrange.All, [][]state.Object{chain}); err != nil || restored.Rows() != n {
		t.Errorf("restored: %d rows of %d, %v", restored.Rows(), n, err)
	}
}

// TestRowThatRoseAlone: a row that has come up by its time brings none of its cluster along, which
// comes up when somebody looks at it.
func TestRowThatRoseAlone(t *testing.T) {
	state.SetStep(t, 0)
	spec := state.TableSpec{Name: "side", Key: keyAt.key, Sub: keyAt.at, Multi: true, Due: state.DueBySub}
	b, table, _ := tieredTable(t, 1, spec)
	hashes, keys := numbers(0, 10)
	rows := make([]state.RowID, len(hashes))
	for at := range 20 {
		_, sub := numbers(100*at, len(hashes))
		table.Insert(hashes, keys, sub, nil, rows)
		b.Release()
	}
	due, more := table.Due(2, 2, nil)
	if len(due) == 0 || !more {
		t.Fatalf("%d rows are due, more: %v", len(due), more)
	}
	if all := table.AppendCluster(nil, due[0]); len(all) != 20 {
		t.Errorf("of the cluster of a row that rose there are %d rows", len(all))
	}
	b.Release()
	if due, _ = table.Due(1, 1, nil); len(due) != 1 {
		t.Fatalf("%d rows are due", len(due))
	}
	table.LoadKeys(hashes, keys, nil)
	n := 0
	for r := table.Seek(0, nil); r != state.NoRow; r = table.Next(r) {
		n++
	}
	if n != 20 {
		t.Errorf("of the key of a row that rose there are %d rows", n)
	}
}

// TestTimesPutOffAreForgotten: rows that are put off again and again leave no heap of times at
// which they are not due.
func TestTimesPutOffAreForgotten(t *testing.T) {
	spec := state.TableSpec{
		Name: "timers", Key: keyAt.key, Due: state.DueByValue(0), Values: []record.Field{{Name: "due", Type: record.Timestamp}},
	}
	b, table, _ := tieredTable(t, 1, spec)
	const keys = 100
	hashes, columns := numbers(0, keys)
	rows := make([]state.RowID, keys)
	for round := range int64(500) {
		table.Upsert(hashes, columns, nil, nil, rows, nil)
		for _, r := range rows {
			table.SetDue(r, 1_000_000+round)
		}
		b.Release()
		if n := table.TimeEntries(); n > 20*keys {
			t.Fatalf("in round %d there are %d times of %d rows", round, n, keys)
		}
	}
	if due, _ := table.Due(2_000_000, 2*keys, nil); len(due) != keys {
		t.Errorf("%d rows are due", len(due))
	}
}
