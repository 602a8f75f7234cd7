package state_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// accounts is a table of rows that take 48 bytes in a snapshot or, with a note, about
// 60 more.
type accounts struct {
	backend *state.Backend
	table   *state.Table
	pool    *record.Pool
	rows    []state.RowID
	hashes  []uint64
	note    bool
}

func newAccounts(b testing.TB, keys int, note bool) *accounts {
	spec := state.TableSpec{Name: "accounts", Key: []record.Field{{Name: "id", Type: record.Int64}}}
	for i := range 3 {
		spec.Values = append(spec.Values, record.Field{Name: fmt.Sprint("v", i), Type: record.Int64})
	}
	if note {
		spec.Values = append(spec.Values, record.Field{Name: "note", Type: record.String})
	}
	a := &accounts{backend: state.NewBackend(keyrange.All), pool: record.NewPool(), note: note}
	a.table = open(b, a.backend, spec)
	for n := 0; n < keys; n += 1000 {
		id := ints(a.pool, n, 1000)
		a.change(id)
		id.Release()
	}
	return a
}

// change counts a batch of ids.
func (a *accounts) change(id *record.Column) {
	keys := []*record.Column{id}
	a.hashes = keyrange.Hash(a.hashes[:0], keys, nil, id.Len())
	a.rows = slices.Grow(a.rows[:0], id.Len())[:id.Len()]
	a.table.Upsert(a.hashes, keys, nil, nil, a.rows, nil)
	for i := range 3 {
		v := a.table.Int64(i)
		for _, r := range a.rows {
			*v.Ptr(r) += int64(i) + 1
		}
	}
	if a.note {
		note := a.table.String(3)
		for _, r := range a.rows {
			note.Set(r, []byte("a note of sixty bytes, which are what a name and a place take"))
		}
	}
}

// changeRandom counts n random ids below keys.
func (a *accounts) changeRandom(random *rand.Rand, n, keys int) {
	id := a.pool.NewColumn(record.Int64, n)
	for range n {
		id.AppendInt64(random.Int64N(int64(keys)))
	}
	a.change(id)
	id.Release()
}

// snapshot freezes, encodes and completes a checkpoint.
func (a *accounts) snapshot(b testing.TB, checkpoint uint64, to io.Writer) {
	f := a.backend.Freeze(checkpoint)
	defer f.Release()
	if err := f.Encode(to); err != nil {
		b.Fatal(err)
	}
	a.backend.Completed(checkpoint)
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkEncode says how much CPU a snapshot of a million rows takes, the collector's
// included, and how many bytes a row has in it.
func BenchmarkEncode(b *testing.B) {
	const keys = 1_000_000
	for _, note := range []bool{false, true} {
		b.Run(map[bool]string{false: "words", true: "text"}[note], func(b *testing.B) {
			a := newAccounts(b, keys, note)
			var size counter
			least := time.Hour
			for i := 0; b.Loop(); i++ {
				began := cpuTime()
				size = 0
				f := a.backend.Freeze(uint64(i + 1))
				if err := f.Encode(&size); err != nil {
					b.Fatal(err)
				}
				f.Release()
				least = min(least, cpuTime()-began)
			}
			b.ReportMetric(least.Seconds()*1e3, "ms-cpu")
			b.ReportMetric(float64(size)/keys, "bytes/row")
		})
	}
}

// counter counts the bytes written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// BenchmarkDelta says what part of a full snapshot one percent of a million keys,
// changed at random, takes.
func BenchmarkDelta(b *testing.B) {
	const keys = 1_000_000
	random := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		a := newAccounts(b, keys, false)
		var full, delta counter
		a.snapshot(b, 1, &full)
		a.changeRandom(random, keys/100, keys)
		a.snapshot(b, 2, &delta)
		b.ReportMetric(100*float64(delta)/float64(full), "%-of-full")
	}
}

// BenchmarkRestore says how much CPU a restore of a million rows takes, of one object.
func BenchmarkRestore(b *testing.B) {
	a := newAccounts(b, 1_000_000, false)
	var object bytes.Buffer
	a.snapshot(b, 1, &object)
	least := time.Hour
	for b.Loop() {
		began := cpuTime()
		if _, err := state.Restore(keyrange.All, [][]state.Object{{state.ObjectOf(object.Bytes())}}); err != nil {
			b.Fatal(err)
		}
		least = min(least, cpuTime()-began)
	}
	b.ReportMetric(least.Seconds()*1e3, "ms-cpu")
}

// BenchmarkStall says how long the longest of the first 20 batches of a thousand random
// rows takes behind a freeze of eight million rows, while they are encoded, and how long
// the freeze itself.
func BenchmarkStall(b *testing.B) {
	const keys = 8_000_000
	random := rand.New(rand.NewPCG(1, 1))
	a := newAccounts(b, keys, false)
	checkpoint := uint64(0)
	for b.Loop() {
		checkpoint++
		began := time.Now()
		f := a.backend.Freeze(checkpoint)
		freeze := time.Since(began)
		encoded := make(chan error)
		go func() { encoded <- f.Encode(io.Discard) }()
		var longest time.Duration
		for range 20 {
			began := time.Now()
			a.changeRandom(random, 1000, keys)
			longest = max(longest, time.Since(began))
		}
		if err := <-encoded; err != nil {
			b.Fatal(err)
		}
		f.Release()
		b.ReportMetric(float64(freeze.Microseconds()), "µs/freeze")
		b.ReportMetric(float64(longest.Microseconds()), "µs/slowest")
	}
}

// BenchmarkPeak says how much memory two million keys take that change at random, with
// a checkpoint a second and without.
func BenchmarkPeak(b *testing.B) {
	const keys = 2_000_000
	for _, checkpoints := range []bool{false, true} {
		b.Run(fmt.Sprintf("checkpoints=%v", checkpoints), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(peak(b, keys, checkpoints)>>20), "MiB")
			}
		})
	}
}

func peak(b *testing.B, keys int, checkpoints bool) (most uint64) {
	random := rand.New(rand.NewPCG(1, 1))
	a := newAccounts(b, keys, false)
	runtime.GC()
	encoded := make(chan error, 1)
	last, checkpoint := time.Now(), uint64(0)
	var f *state.Frozen
	for began := time.Now(); time.Since(began) < 6*time.Second; {
		for range 20 {
			a.changeRandom(random, 1000, keys)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapSys-m.HeapReleased)
		if f != nil && len(encoded) > 0 {
			if err := <-encoded; err != nil {
				b.Fatal(err)
			}
			f.Release()
			a.backend.Completed(checkpoint)
			f = nil
		}
		if checkpoints && f == nil && time.Since(last) > time.Second {
			last = time.Now()
			checkpoint++
			frozen := a.backend.Freeze(checkpoint)
			f = frozen
			go func() { encoded <- frozen.Encode(io.Discard) }()
		}
	}
	if f != nil {
		<-encoded
	}
	return most
}
