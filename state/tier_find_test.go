package state_test

import (
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// TestFindInTierTakesNoRoom: places that Find has looked rows up in are given out again.
func TestFindInTierTakesNoRoom(t *testing.T) {
	b, table, _, _ := tiered(t, 1)
	count(table, 0, 100)
	b.Release() // some are down
	pool := record.NewPool()
	keys := pool.NewColumn(record.Int64, 100)
	defer keys.Release()
	for k := range 100 {
		keys.AppendInt64(int64(1000 + k))
	}
	hashes := keyrange.Hash(nil, []*record.Column{keys}, nil, 100)
	rows := make([]state.RowID, 100)
	var before int
	for round := range 1000 {
		table.Find(hashes, []*record.Column{keys}, nil, nil, rows)
		for _, r := range rows {
			if r != state.NoRow {
				t.Fatalf("Find gives row %d for a key that is not there", r)
			}
		}
		b.Release()
		if round == 10 {
			before = table.Bytes()
		}
	}
	if bytes := table.Bytes(); bytes > before {
		t.Errorf("the table took %d bytes, and takes %d", before, bytes)
	}
}

// TestTierKeepsWhatIsUsed: rows that are asked for all the time stay in memory, while others
// come and go.
func TestTierKeepsWhatIsUsed(t *testing.T) {
	b, table, store, _ := tiered(t, 1<<16)
	for first := 0; first < 50_000; first += 100 {
		count(table, first, 100)
		b.Release()
	}
	missed, rounds := 0, 0
	for first := 100; first < 50_000; first += 100 {
		reads := store.reads
		count(table, 0, 50)
		if rounds++; store.reads > reads {
			missed++
		}
		count(table, first, 100)
		b.Release()
	}
	if missed > 65 { // by the clock they are 53: all rows were used once
		t.Errorf("rows that are used all the time were looked for in the tier in %d of %d calls", missed, rounds)
	}
	if bytes := table.Bytes(); bytes > 4<<16 {
		t.Errorf("the table takes %d bytes, which is far more than it may", bytes)
	}
}
