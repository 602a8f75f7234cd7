package state_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// lentObject is an object that can be read only while somebody holds it.
type lentObject struct {
	io.ReaderAt
	holders atomic.Int64
	reads   atomic.Int64
}

func (o *lentObject) ReadAt(p []byte, offset int64) (int, error) {
	o.reads.Add(1)
	if o.holders.Load() <= 0 {
		return 0, fs.ErrClosed
	}
	return o.ReaderAt.ReadAt(p, offset)
}

func (o *lentObject) hold() (release func()) {
	o.holders.Add(1)
	return func() { o.holders.Add(-1) }
}

// lent is objects that a restore is given.
type lent []*lentObject

// of returns the same chains, whose objects are held until the caller says release.
func (l *lent) of(chains [][]state.Object) (held [][]state.Object, release func()) {
	var all []func()
	for _, chain := range chains {
		var copied []state.Object
		for _, o := range chain {
			object := &lentObject{ReaderAt: o.Content}
			*l = append(*l, object)
			all = append(all, object.hold())
			copied = append(copied, state.Object{Content: object, Size: o.Size, Hold: object.hold})
		}
		held = append(held, copied)
	}
	return held, func() {
		for _, release := range all {
			release()
		}
	}
}

// check fails where somebody still holds an object.
func (l lent) check(t testing.TB) {
	t.Helper()
	for _, o := range l {
		if n := o.holders.Load(); n != 0 {
			t.Errorf("an object is held by %d", n)
		}
	}
}

// restoreCold restores with a tier that has memory for nothing.
func restoreCold(t testing.TB, r keyrange.Range, chains [][]state.Object, objects *lent) *state.Backend {
	t.Helper()
	held, release := objects.of(chains)
	defer release()
	b, err := state.NewTier(runs.NewMemory(), 1).Restore(r, held, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// panesIn upserts the panes of so many keys in a bucket, adds one to each, and returns how many were new.
func panesIn(table *state.Table, bucket int64, keys int) (rows []state.RowID, made int) {
	pool := record.NewPool()
	k, b := pool.NewColumn(record.Int64, keys), pool.NewColumn(record.Int64, keys)
	var hashes []uint64
	for n := range int64(keys) {
		k.AppendInt64(n)
		b.AppendInt64(bucket)
	}
	hashes = keyrange.Hash(nil, []*record.Column{k}, nil, keys)
	rows = make([]state.RowID, keys)
	made = len(table.Upsert(hashes, []*record.Column{k}, []*record.Column{b}, nil, rows, nil))
	return rows, made
}

// mine is panesIn for the keys that belong to a backend.
func mine(b *state.Backend, table *state.Table, bucket int64, keys int) (own []state.RowID) {
	rows, _ := panesIn(table, bucket, keys)
	for _, r := range rows {
		if b.Range().Contains(table.Hash(r)) {
			own = append(own, r)
		} else {
			table.Delete(r)
		}
	}
	return own
}

func openPanes(t testing.TB, b *state.Backend) *state.Table {
	t.Helper()
	table, err := b.Table(paneSpec(true))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestBucketDroppedByOneSubtask: what one old subtask has dropped is still there of the other.
func TestBucketDroppedByOneSubtask(t *testing.T) {
	const keys = 1000
	for _, until := range []int64{1, math.MaxInt64} {
		var chains [][]state.Object
		want := map[int64]int{}
		for i := range 2 {
			b := state.NewBackend(keyrange.Of(i, 2))
			table := openPanes(t, b)
			for bucket := range int64(3) {
				mine(b, table, bucket, keys)
			}
			b.Release()
			chain := checkpointed(t, b, 1, nil)
			if i == 0 {
				for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
					if table.Sub().Get(r) <= until {
						table.Delete(r)
					}
				}
				table.DropBuckets(until)
				b.Release()
			}
			for _, r := range mine(b, table, 10, 10) { // so that there is a run that drops
				*table.Int64(0).Ptr(r)++
			}
			for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
				want[table.Sub().Get(r)]++
			}
			b.Release()
			chain = checkpointed(t, b, 2, chain)
			if len(chain) != 2 {
				t.Fatal("the second checkpoint is no delta")
			}
			chains = append(chains, chain)
		}
		for bucket := range int64(3) {
			b := restoreCold(t, keyrange.All, chains, new(lent))
			if _, made := panesIn(openPanes(t, b), bucket, keys); made != keys-want[bucket] {
				t.Errorf("until %d: of bucket %d %d rows are new, want %d", until, bucket, made, keys-want[bucket])
			}
			b = restoreCold(t, keyrange.All, chains, new(lent))
			chain := checkpointed(t, b, 3, nil)
			for _, b := range []*state.Backend{b, restoreCold(t, keyrange.All, [][]state.Object{chain}, new(lent))} {
				table, got := openPanes(t, b), map[int64]int{}
				for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
					got[table.Sub().Get(r)]++
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("until %d: rows by bucket are %v, want %v", until, got, want)
				}
			}
		}
	}
}

// TestReopen restores more than fits: nothing is read but metas, until rows are looked for.
func TestReopen(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	const rows = 100_000
	spec := state.TableSpec{Name: "counts", Key: countSpec.Key, Values: countSpec.Values}
	table := open(t, b, spec)
	upsert(table, 0, rows)
	chains := [][]state.Object{checkpointed(t, b, 1, nil)}
	var objects lent
	held, release := objects.of(chains)
	restored, err := state.NewTier(runs.NewMemory(), 1<<20).Restore(keyrange.All, held, nil)
	if err != nil {
		t.Fatal(err)
	}
	release()
	cold := open(t, restored, spec)
	if reads := objects[0].reads.Load(); reads > 8 {
		t.Errorf("a restore read %d times", reads)
	}
	if n := cold.Len(); n != rows {
		t.Errorf("%d rows, want %d", n, rows)
	}
	if bytes := cold.Bytes(); bytes > 1<<20 {
		t.Errorf("nothing was looked for, and the table takes %d bytes", bytes)
	}
	if _, made := upsert(cold, rows/2, rows); len(made) != rows/2 {
		t.Errorf("%d rows are new, want %d", len(made), rows/2)
	}
	restored.Close()
	objects.check(t)

	objects = nil
	held, release = objects.of(chains)
	if restored, err = state.NewTier(runs.NewMemory(), 1<<30).Restore(keyrange.All, held, nil); err != nil {
		t.Fatal(err)
	}
	release()
	if _, made := upsert(open(t, restored, spec), 0, rows); len(made) != 0 {
		t.Errorf("%d rows are new that fit into memory", len(made))
	}
	objects.check(t)
}

// TestReopenDamaged: what is wrong with an object is found when it is read, and is what the
// object makes of it.
func TestReopenDamaged(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	upsert(open(t, b, countSpec), 0, 1000)
	frozen := b.Freeze(1)
	var object strings.Builder
	if err := frozen.Encode(&object); err != nil {
		t.Fatal(err)
	}
	content := []byte(object.String())
	content[len(content)/2] ^= 1
	damaged := state.ObjectOf(content)
	remedy := failure.Fatal(errors.New("restore it from a copy"))
	damaged.Explain = func(err error) error { return errors.Join(err, remedy) }
	restored, err := state.NewTier(runs.NewMemory(), 1).Restore(keyrange.All, [][]state.Object{{damaged}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var written strings.Builder
	err = restored.Freeze(2).Encode(&written)
	checkDamage(t, "a checkpoint", err, remedy)
	func() {
		defer func() {
			thrown, _ := recover().(failure.Thrown)
			checkDamage(t, "a lookup", thrown.Err, remedy)
		}()
		upsert(open(t, restored, countSpec), 0, 1000)
	}()
}

func checkDamage(t *testing.T, who string, err, remedy error) {
	t.Helper()
	if !errors.Is(err, remedy) || failure.ClassOf(err) != failure.ClassFatal ||
		!strings.Contains(fmt.Sprint(err), "table counts of checkpoint 1: chunk") || !strings.Contains(fmt.Sprint(err), "damaged: CRC-32C") {
		t.Errorf("%s gives an error of class %q: %v", who, failure.ClassOf(err), err)
	}
}

// TestExpiredByOneClock: rows that have expired by the clock of one old subtask do not come back
// with the clock of another that was behind, though they are still in the object.
func TestExpiredByOneClock(t *testing.T) {
	spec := state.TableSpec{Name: "seen", Key: countSpec.Key, TTL: state.TTL{Clock: state.EventTime, After: 100 * time.Microsecond}}
	const keys = 1000
	var chains [][]state.Object
	for i, now := range []record.Time{1000, 10} {
		b := state.NewBackend(keyrange.Of(i, 2))
		table := open(t, b, spec)
		b.Advance(state.EventTime, 0)
		hashes, column := numbers(0, keys)
		var mine []int32
		for k, hash := range hashes {
			if b.Range().Contains(hash) {
				mine = append(mine, int32(k))
				hashes[len(mine)-1] = hash
			}
		}
		hashes = hashes[:len(mine)]
		table.Upsert(hashes, column, nil, mine, make([]state.RowID, len(mine)), nil)
		b.Advance(state.EventTime, now)
		chains = append(chains, checkpointed(t, b, 1, nil))
	}
	for _, restore := range []func() *state.Backend{
		func() *state.Backend { return restoreCold(t, keyrange.All, chains, new(lent)) },
		func() *state.Backend {
			b, err := state.Restore(keyrange.All, chains)
			if err != nil {
				t.Fatal(err)
			}
			return b
		},
	} {
		b := restore()
		table := open(t, b, spec)
		b.Advance(state.EventTime, 50)
		hashes, column := numbers(0, keys)
		rows := make([]state.RowID, keys)
		table.Find(hashes, column, nil, nil, rows)
		for k, r := range rows {
			if isThere, want := r != state.NoRow, keyrange.Of(1, 2).Contains(hashes[k]); isThere != want {
				t.Fatalf("key %d is there: %v, want %v", k, isThere, want)
			}
		}
	}
}
