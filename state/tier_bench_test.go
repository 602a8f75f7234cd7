package state_test

import (
	"math/rand/v2"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// BenchmarkTierSessions moves sessions of random keys, of which a quarter fits into memory:
// what a batch of a thousand rows costs, per row.
func BenchmarkTierSessions(b *testing.B) {
	const keys, batch = 1 << 19, 1000
	store, err := runs.OpenFiles(env.OS{}, b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	backend := state.NewBackend(keyrange.All)
	backend.SetTier(state.NewTier(store, keys*100/4), func(work func()) { go work() })
	table, err := backend.Table(state.TableSpec{
		Name: "sessions", Key: keyAt.key, Sub: keyAt.at, Multi: true, Due: state.DueBySub,
		Values: []record.Field{{Name: "start", Type: record.Int64}, {Name: "n", Type: record.Int64}},
	})
	if err != nil {
		b.Fatal(err)
	}
	pool, random, at := record.NewPool(), rand.New(rand.NewPCG(1, 1)), int64(0)
	step := func(key func(i int) int64) {
		c := pool.NewColumn(record.Int64, batch)
		for i := range batch {
			c.AppendInt64(key(i))
		}
		column := []*record.Column{c}
		table.LoadKeys(keyrange.Hash(nil, column, nil, batch), column, nil)
		for k := range batch {
			at++
			r := table.Seek(k, nil)
			if r == state.NoRow {
				r = table.InsertKey(k, at)
			} else {
				table.SetSub(r, at)
			}
			*table.Int64(1).Ptr(r)++
		}
		backend.Release()
		c.Release()
	}
	for first := int64(0); first < keys; first += batch {
		step(func(i int) int64 { return first + int64(i) })
	}
	b.ResetTimer()
	for range b.N {
		step(func(int) int64 { return random.Int64N(keys) })
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batch), "ns/row")
}
