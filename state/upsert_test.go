package state_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

const batchRows = 1024

// workload is batches of one key column over a number of keys, visited in a
// scattered order.
type workload struct {
	table   *state.Table
	backend *state.Backend
	batches [][]*record.Column
	hashes  [][]uint64
	rows    []state.RowID
	made    []state.RowID
}

// number is the keys i that int64 and string columns are made of.
func newWorkload(t testing.TB, typ record.Type, keys int) *workload {
	return newExpiringWorkload(t, typ, keys, state.TTL{})
}

func newExpiringWorkload(t testing.TB, typ record.Type, keys int, ttl state.TTL) *workload {
	pool := record.NewPool()
	w := &workload{backend: state.NewBackend(keyrange.All), rows: make([]state.RowID, batchRows), made: make([]state.RowID, 0, batchRows)}
	w.table = open(t, w.backend, state.TableSpec{
		Name: "work", Key: []record.Field{{Name: "k", Type: typ}},
		Values: []record.Field{{Name: "count", Type: record.Int64}}, TTL: ttl,
	})
	for n := 0; n < keys; n += batchRows {
		c := pool.NewColumn(typ, batchRows)
		for i := n; i < n+batchRows; i++ {
			key := i * 7919 % keys
			if typ == record.String {
				c.AppendString(fmt.Appendf(nil, "N%06d", key))
			} else {
				c.AppendInt64(int64(key))
			}
		}
		w.batches = append(w.batches, []*record.Column{c})
		w.hashes = append(w.hashes, keyrange.Hash(nil, []*record.Column{c}, nil, batchRows))
	}
	return w
}

// advance has a second go by.
func (w *workload) advance(i int) { w.backend.Advance(state.EventTime, record.Time(i)*1e6) }

// upsert runs batch i, counted round, and returns the rows made.
func (w *workload) upsert(i int) []state.RowID {
	i %= len(w.batches)
	w.made = w.table.Upsert(w.hashes[i], w.batches[i], nil, nil, w.rows, w.made[:0])
	return w.made
}

// A batch of known keys, and one of new keys for rows that were deleted, cost no
// allocation, whether rows expire or not.
func TestUpsertAllocatesNothingInSteadyState(t *testing.T) {
	hour := state.TTL{Clock: state.EventTime, After: time.Hour}
	for _, w := range []*workload{
		newWorkload(t, record.Int64, 64*batchRows), newWorkload(t, record.String, 64*batchRows),
		newExpiringWorkload(t, record.Int64, 64*batchRows, hour), newExpiringWorkload(t, record.String, 64*batchRows, hour),
	} {
		for i := range w.batches {
			w.upsert(i)
		}
		i := 0
		hits := testing.AllocsPerRun(100, func() { w.advance(i); w.upsert(i); i++ })
		for r := w.table.Scan(0); r != state.NoRow; r = w.table.Scan(r + 1) {
			w.table.Delete(r)
		}
		misses := testing.AllocsPerRun(300, func() {
			for _, r := range w.upsert(i) {
				w.table.Delete(r)
			}
			w.backend.Release()
			i++
		})
		if per := (hits + misses) / batchRows; per > 0.001 {
			t.Errorf("%s: %v allocations a batch of known keys, %v of new ones", w.table.Spec(), hits, misses)
		}
	}
}

func BenchmarkUpsert(b *testing.B) {
	for _, keys := range []int{batchRows, 1 << 20} {
		for _, typ := range []record.Type{record.Int64, record.String} {
			b.Run(fmt.Sprintf("hit/%s/%d", typ, keys), func(b *testing.B) {
				w := newWorkload(b, typ, keys)
				for i := range w.batches {
					w.upsert(i)
				}
				for i := 0; b.Loop(); i++ {
					w.upsert(i)
				}
				perRow(b)
			})
		}
	}
	for _, typ := range []record.Type{record.Int64, record.String} {
		b.Run(fmt.Sprintf("miss/%s", typ), func(b *testing.B) {
			w := newWorkload(b, typ, 1<<20)
			for i := 0; b.Loop(); i++ {
				if i%len(w.batches) == 0 {
					b.StopTimer()
					w.table = open(b, state.NewBackend(keyrange.All), w.table.Spec())
					b.StartTimer()
				}
				w.upsert(i)
			}
			perRow(b)
		})
	}
}

// BenchmarkExpiringUpsert has rows expire after an hour, of which a second goes by with each
// batch, or none, and is compared with rows that do not expire.
func BenchmarkExpiringUpsert(b *testing.B) {
	for _, keys := range []int{batchRows, 1 << 20} {
		for _, c := range []struct {
			name string
			ttl  state.TTL
			pace int
		}{
			{"never", state.TTL{}, 1},
			{"stands", state.TTL{Clock: state.EventTime, After: time.Hour}, 0},
			{"advances", state.TTL{Clock: state.EventTime, After: time.Hour}, 1},
			{"made", state.TTL{Clock: state.EventTime, After: math.MaxInt64, FromMade: true}, 1},
		} {
			b.Run(fmt.Sprintf("%s/%d", c.name, keys), func(b *testing.B) {
				w := newExpiringWorkload(b, record.Int64, keys, c.ttl)
				w.advance(0)
				for i := range w.batches {
					w.upsert(i)
				}
				for i := 0; b.Loop(); i++ {
					w.advance(i * c.pace)
					w.upsert(i)
					w.backend.Release()
				}
				perRow(b)
			})
		}
	}
}

func perRow(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batchRows, "ns/row")
}

// A freeze takes time by pages: ten million rows of three columns are 3,663.
func BenchmarkFreezeTenMillionRows(b *testing.B) {
	backend := state.NewBackend(keyrange.All)
	table := open(b, backend, state.TableSpec{
		Name: "big", Key: []record.Field{{Name: "k", Type: record.Int64}}, Values: []record.Field{{Name: "v", Type: record.Int64}},
	})
	pool := record.NewPool()
	for n := 0; n < 10_000_000; n += 100_000 {
		key := ints(pool, n, 100_000)
		rows := make([]state.RowID, 100_000)
		table.Upsert(keyrange.Hash(nil, []*record.Column{key}, nil, 100_000), []*record.Column{key}, nil, nil, rows, nil)
		key.Release()
	}
	checkpoint := uint64(1)
	for b.Loop() {
		backend.Freeze(checkpoint).Release()
		checkpoint++
	}
}

// BenchmarkGrow makes eight million rows, a thousand at a time, and says how long the
// slowest of ten thousand calls takes.
func BenchmarkGrow(b *testing.B) {
	const rows, per = 8_000_000, 1000
	pool := record.NewPool()
	for b.Loop() {
		table := open(b, state.NewBackend(keyrange.All), countSpec)
		var times []time.Duration
		found := make([]state.RowID, per)
		var hashes []uint64
		for n := 0; n < rows; n += per {
			key := ints(pool, n, per)
			keys := []*record.Column{key}
			hashes = keyrange.Hash(hashes[:0], keys, nil, per)
			began := time.Now()
			table.Upsert(hashes, keys, nil, nil, found, nil)
			times = append(times, time.Since(began))
			key.Release()
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)-1-len(times)/10_000].Microseconds()), "µs/slowest")
	}
}
