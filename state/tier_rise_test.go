package state_test

import (
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// coldPanes is ten panes of bucket 5 and 5000 of bucket 6, all of them below a table.
type coldPanes struct {
	backend *state.Backend
	table   *state.Table
	later   []func() // runs that are to be written
}

func newColdPanes(t *testing.T) *coldPanes {
	t.Helper()
	first := state.NewBackend(keyrange.All)
	table, err := first.Table(paneSpec(true))
	if err != nil {
		t.Fatal(err)
	}
	panesIn(table, 5, 10)
	panesIn(table, 6, 5000)
	c := &coldPanes{}
	chains := [][]state.Object{checkpointed(t, first, 1, nil)}
	tier := state.NewTier(runs.NewMemory(), 1<<16)
	if c.backend, err = tier.Restore(keyrange.All, chains, func(work func()) { c.later = append(c.later, work) }); err != nil {
		t.Fatal(err)
	}
	if c.table, err = c.backend.Table(paneSpec(true)); err != nil {
		t.Fatal(err)
	}
	return c
}

// onePane upserts the pane of a key.
func onePane(table *state.Table, bucket, key int64) state.RowID {
	pool := record.NewPool()
	k, b := pool.NewColumn(record.Int64, 1), pool.NewColumn(record.Int64, 1)
	k.AppendInt64(key)
	b.AppendInt64(bucket)
	var rows [1]state.RowID
	table.Upsert(keyrange.Hash(nil, []*record.Column{k}, nil, 1), []*record.Column{k}, []*record.Column{b}, nil, rows[:], nil)
	return rows[0]
}

// due returns what is due in bucket 5, and deletes it if it shall.
func (c *coldPanes) due(deletes bool) (all []state.RowID) {
	for more := true; more; {
		var rows []state.RowID
		rows, more = c.table.Due(5, 100, nil)
		if !deletes && len(rows) <= len(all) {
			continue // they are due until they are deleted
		}
		all = rows
		for _, r := range rows {
			if deletes {
				c.table.Delete(r)
			}
		}
	}
	return all
}

// rows returns how many rows a checkpoint has.
func (c *coldPanes) rows(t *testing.T, checkpoint uint64) int {
	t.Helper()
	restored, err := state.Restore(keyrange.All, [][]state.Object{checkpointed(t, c.backend, checkpoint, nil)})
	if err != nil {
		t.Fatal(err)
	}
	return restored.Rows()
}

// TestTierHidesNoRowMadeAgain: a row was written, deleted and made anew, which two runs on their
// way hold. Its bucket rises, and then only the first of them lands: what rose is hidden by the
// next checkpoint, but not the row.
func TestTierHidesNoRowMadeAgain(t *testing.T) {
	c := newColdPanes(t)
	onePane(c.table, 5, 99)
	c.backend.Freeze(2).Release()
	c.table.Delete(onePane(c.table, 5, 99))
	onePane(c.table, 5, 99)
	c.backend.Freeze(3).Release()
	if due := c.due(false); len(due) != 11 {
		t.Fatalf("%d rows are due", len(due))
	}
	c.later[0]()
	c.backend.Release()
	if rows := c.rows(t, 4); rows != 5011 {
		t.Errorf("restored: %d rows", rows)
	}
}

// TestTierNotesRowsOnTheirWay: a row is deleted behind the rise of its bucket while its run is on
// its way, which what rose says nothing about.
func TestTierNotesRowsOnTheirWay(t *testing.T) {
	c := newColdPanes(t)
	onePane(c.table, 5, 99)
	c.backend.Freeze(2).Release()
	c.due(true)
	if rows := c.rows(t, 3); rows != 5000 {
		t.Errorf("restored: %d rows", rows)
	}
}

// TestTierFindsRowsAfloat: rows that have risen and were not deleted are found by their keys in
// the same call, and are due only once.
func TestTierFindsRowsAfloat(t *testing.T) {
	c := newColdPanes(t)
	c.due(false)
	if rows, made := panesIn(c.table, 5, 12); made != 2 || len(rows) != 12 {
		t.Errorf("of ten rows and two new ones %d are new", made)
	}
	if due := c.due(false); len(due) != 12 {
		t.Errorf("%d rows are due", len(due))
	}
	c.backend.Release()
	if due := c.due(true); len(due) != 12 || c.table.Len() != 5000 {
		t.Errorf("%d rows were due, %d are left", len(due), c.table.Len())
	}
}

// TestTierRisesBesideMemory: of a bucket memory has some rows, new ones and such as are below, too.
func TestTierRisesBesideMemory(t *testing.T) {
	c := newColdPanes(t)
	panesIn(c.table, 5, 3)
	onePane(c.table, 5, 99)
	if due := c.due(false); len(due) != 11 || c.table.Len() != 5011 {
		t.Errorf("%d rows are due, of %d", len(due), c.table.Len())
	}
	c.due(true)
	if rows := c.rows(t, 2); rows != 5000 {
		t.Errorf("restored: %d rows", rows)
	}
}

// TestTierMergesDroppedBuckets: what is written of a bucket that a newer run has dropped is neither
// read nor copied, and the next bucket is whole.
func TestTierMergesDroppedBuckets(t *testing.T) {
	first := state.NewBackend(keyrange.All)
	table, err := first.Table(paneSpec(true))
	if err != nil {
		t.Fatal(err)
	}
	panesIn(table, 5, 50_000)
	panesIn(table, 6, 10)
	objects := &lent{}
	b := restoreCold(t, keyrange.All, [][]state.Object{checkpointed(t, first, 1, nil)}, objects)
	if table, err = b.Table(paneSpec(true)); err != nil {
		t.Fatal(err)
	}
	for more := true; more; {
		var rows []state.RowID
		rows, more = table.Due(5, 1000, nil)
		for _, r := range rows {
			table.Delete(r)
		}
	}
	table.DropBuckets(5)
	before := (*objects)[0].reads.Load()
	chain := checkpointed(t, b, 2, nil)
	if reads := (*objects)[0].reads.Load() - before; reads > 3 {
		t.Errorf("a checkpoint without a large bucket reads %d times of what there was", reads)
	}
	if restored, err := state.Restore(keyrange.All, [][]state.Object{chain}); err != nil || restored.Rows() != 10 {
		t.Errorf("restored: %d rows, %v", restored.Rows(), err)
	}
}

// TestTierSetsRowsAside: of rows that have risen some are set aside. They come up once, are in a
// checkpoint, and come up again when they are taken back.
func TestTierSetsRowsAside(t *testing.T) {
	c := newColdPanes(t)
	onePane(c.table, 5, 99)
	seen := 0
	for more := true; more; {
		var rows []state.RowID
		rows, more = c.table.Due(6, 100, nil)
		seen += len(rows)
		for i := 0; i < len(rows); i += 2 {
			c.table.Delete(rows[i])
		}
		for i := 1; i < len(rows); i += 2 {
			c.table.SetAside(rows[i : i+1])
		}
		c.backend.Release()
	}
	left := c.table.Len()
	if seen != 5011 || left < 2000 || left > 3000 {
		t.Errorf("%d rows of 5011 came up, %d are left", seen, left)
	}
	if rows := c.rows(t, 2); rows != left {
		t.Errorf("restored: %d rows of %d", rows, left)
	}
	c.table.TakeBack()
	var again int
	for more := true; more; {
		var rows []state.RowID
		rows, more = c.table.Due(6, 100, nil)
		again += len(rows)
		for _, r := range rows {
			c.table.Delete(r)
		}
	}
	if again != left || c.table.Len() != 0 {
		t.Errorf("%d rows of %d come up again, %d are left", again, left, c.table.Len())
	}
}
