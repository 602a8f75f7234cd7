package state_test

import (
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// TestManyRows has the index grow over several segments, with good hashes and with
// few, while rows come and go: each key keeps its row until that is deleted.
func TestManyRows(t *testing.T) { trial.Run(t, 8, checkManyRows) }

func checkManyRows(c *trial.Case) {
	pool := record.NewPool()
	backend := state.NewBackend(keyrange.All)
	table, err := backend.Table(countSpec)
	if err != nil {
		c.Fatal(err)
	}
	most, mask := 20_000+c.Random.IntN(50_000), ^uint64(0)
	if c.Random.IntN(2) == 0 {
		mask = ^uint64(0) << (50 + c.Random.IntN(4)) // some thousand hashes
	}
	rowOf, greatest := map[int64]state.RowID{}, 0
	for range 200 {
		n := 1 + c.Random.IntN(2000)
		first := c.Random.IntN(most)
		key := ints(pool, first, n)
		keys := []*record.Column{key}
		hashes := keyrange.Hash(nil, keys, nil, n)
		for i := range hashes {
			hashes[i] &= mask
		}
		rows := make([]state.RowID, n)
		made := table.Upsert(hashes, keys, nil, nil, rows, nil)
		greatest = max(greatest, table.Len())
		for i, r := range rows {
			k := int64(first + i)
			had, known := rowOf[k]
			switch {
			case known && had != r:
				c.Fatalf("key %d has row %d, and had %d, among %d rows", k, r, had, table.Len())
			case !known:
				made = made[1:]
			}
			rowOf[k] = r
			if c.Random.IntN(5) == 0 {
				table.Delete(r)
				delete(rowOf, k)
			}
		}
		backend.Release()
		if most := 64<<10 + 100*greatest; table.Bytes() > most {
			c.Fatalf("%d rows at most take %d bytes, more than %d", greatest, table.Bytes(), most)
		}
		if key.Release(); len(made) > 0 || table.Len() != len(rowOf) {
			c.Fatalf("%d rows too many were made; the table has %d rows instead of %d", len(made), table.Len(), len(rowOf))
		}
	}
}
