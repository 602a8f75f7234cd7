package state_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

var countSpec = state.TableSpec{
	Name:   "counts",
	Key:    []record.Field{{Name: "n", Type: record.Int64}},
	Values: []record.Field{{Name: "count", Type: record.Int64}, {Name: "text", Type: record.String}},
}

func open(t testing.TB, b *state.Backend, spec state.TableSpec) *state.Table {
	t.Helper()
	table, err := b.Table(spec)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// ints returns a key column of the numbers from first on.
func ints(p *record.Pool, first, n int) *record.Column {
	c := p.NewColumn(record.Int64, n)
	for i := range n {
		c.AppendInt64(int64(first + i))
	}
	return c
}

// upsert adds the keys first … first+n−1 to a table of one int64 key.
func upsert(t *state.Table, first, n int) (rows, made []state.RowID) {
	pool := record.NewCheckedPool()
	key := ints(pool, first, n)
	defer key.Release()
	keys := []*record.Column{key}
	rows = make([]state.RowID, n)
	return rows, t.Upsert(keyrange.Hash(nil, keys, nil, n), keys, nil, nil, rows, nil)
}

func TestSameKeyTwiceInABatchIsOneRow(t *testing.T) {
	pool := record.NewCheckedPool()
	table := open(t, state.NewBackend(keyrange.All), countSpec)
	key := pool.NewColumn(record.Int64, 0)
	for _, v := range []int64{4, 5, 4, 4, 6, 5} {
		key.AppendInt64(v)
	}
	keys := []*record.Column{key}
	for _, c := range []struct {
		name   string
		hashes []uint64
	}{
		{"hashed", keyrange.Hash(nil, keys, nil, 6)},
		{"all hashes equal", []uint64{9, 9, 9, 9, 9, 9}},
	} {
		rows := make([]state.RowID, 6)
		made := table.Upsert(c.hashes, keys, nil, nil, rows, nil)
		if len(made) != 3 || rows[0] != rows[2] || rows[0] != rows[3] || rows[1] != rows[5] || rows[0] == rows[1] || rows[0] == rows[4] {
			t.Errorf("%s: rows %d, made %d", c.name, rows, made)
		}
		if again := table.Upsert(c.hashes, keys, nil, nil, rows, nil); len(again) != 0 {
			t.Errorf("%s: found rows were made again: %d", c.name, again)
		}
		for _, r := range made {
			table.Delete(r)
		}
	}
	key.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

func TestRowsAreReusedAndStartAtZero(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	table := open(t, b, countSpec)
	rows, _ := upsert(table, 0, 5000)
	for _, r := range rows {
		*table.Int64(0).Ptr(r) = 7
		table.String(1).Set(r, []byte("something"))
	}
	bytes := table.Bytes()
	for _, r := range rows {
		table.Delete(r)
	}
	b.Release()
	rows, _ = upsert(table, 9000, 5000)
	for _, r := range rows {
		if table.Int64(0).Get(r) != 0 || len(table.String(1).Get(r)) != 0 {
			t.Fatalf("row %d begins with %d %q", r, table.Int64(0).Get(r), table.String(1).Get(r))
		}
	}
	if bytes += 64 << 10; table.Bytes() > bytes || table.Len() != 5000 {
		t.Errorf("%d rows take %d bytes, more than %d", table.Len(), table.Bytes(), bytes)
	}
}

// Replacing strings for ever takes a bounded amount of memory, and what
// compaction moves is in the next delta.
func TestGarbageOfStringsIsCompacted(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	table := open(t, b, countSpec)
	rows, _ := upsert(table, 0, 1000)
	long := strings.Repeat("x", 150)
	text := table.String(1)
	chain := []state.Object{encode(t, b, 1)}
	for round := range 50 {
		for _, r := range rows {
			text.Set(r, fmt.Appendf(nil, "%s %d %d", long, r, round))
		}
	}
	text.Set(rows[0], []byte(strings.Repeat("y", 1<<20)))
	text.Set(rows[0], text.Get(rows[1])) // a view of the heap itself
	for k, r := range rows {
		want := fmt.Sprintf("%s %d %d", long, max(k, 1), 49)
		if got := string(text.Get(r)); got != want {
			t.Fatalf("row %d is %q, not %q", r, got, want)
		}
	}
	*table.Int64(0).Ptr(rows[0]) = 1 // the last change before the delta moves nothing
	chain = append(chain, encode(t, b, 2))
	for range 5 {
		for _, r := range rows[:900] {
			text.Set(r, []byte(long)) // compacts what the other rows have
		}
	}
	chain = append(chain, encode(t, b, 3))
	restored, err := state.Restore(keyrange.All, [][]state.Object{chain})
	if err != nil {
		t.Fatal(err)
	}
	if draw(open(t, restored, countSpec)) != draw(table) {
		t.Error("restored state differs")
	}
	if live, bytes := 1000*160, b.Bytes(); bytes > 4*live {
		t.Errorf("%d bytes of strings take %d", live, bytes)
	}
}

func TestSmallTablesAreSmall(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	table := open(t, b, countSpec)
	rows, _ := upsert(table, 0, 10)
	for _, r := range rows {
		table.String(1).Set(r, []byte("short"))
	}
	if n := b.Bytes(); n > 2000 {
		t.Errorf("10 rows take %d bytes", n)
	}
}

func TestDeclarationsAreChecked(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	n := record.Field{Name: "n", Type: record.Int64}
	for _, bad := range []state.TableSpec{
		{},
		{Name: "x", Values: []record.Field{{Name: "v", Type: record.Type{}}}},
		{Name: "x", Values: []record.Field{n, n}},
		{Name: "x", Key: []record.Field{{Name: "l", Type: record.ListOf(record.Int64)}}},
		{Name: "x", Values: []record.Field{{Name: "l", Type: record.ListOf(record.Interval)}}},
	} {
		if _, err := b.Table(bad); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

// encode freezes, encodes and completes a checkpoint.
func encode(t testing.TB, b *state.Backend, checkpoint uint64) state.Object {
	t.Helper()
	f := b.Freeze(checkpoint)
	defer f.Release()
	var object bytes.Buffer
	if err := f.Encode(&object); err != nil {
		t.Fatal(err)
	}
	b.Completed(checkpoint)
	return state.ObjectOf(object.Bytes())
}
