package state_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// draw lists the rows of a countSpec table.
func draw(table *state.Table) string {
	var lines []string
	for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
		lines = append(lines, fmt.Sprintf("%016x %d %q", table.Hash(r), table.Int64(0).Get(r), table.String(1).Get(r)))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// A delta holds the rows that changed since the last completed checkpoint, and no
// others; after eight of them comes a full object.
func TestDeltasHoldChangedRows(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	table := open(t, b, countSpec)
	rows, _ := upsert(table, 0, 5000)
	count := table.Int64(0)
	chain := []state.Object{encode(t, b, 1)}
	for checkpoint := uint64(2); checkpoint <= 9; checkpoint++ {
		*count.Ptr(rows[20]) += 1
		abandoned := b.Freeze(100*checkpoint - 1)
		abandoned.Release()
		*count.Ptr(rows[30]) += 1
		table.Delete(rows[1000+checkpoint])
		made, _ := upsert(table, 10_000, 1)
		table.Delete(made[0]) // no object has it: nothing is to be said of it
		f := b.Freeze(100 * checkpoint)
		if !f.Delta() {
			t.Fatalf("checkpoint %d is full", checkpoint)
		}
		var object bytes.Buffer
		if err := f.Encode(&object); err != nil {
			t.Fatal(err)
		}
		f.Release()
		b.Completed(100 * checkpoint)
		chain = append(chain, state.ObjectOf(object.Bytes()))
		if puts, gone := entries(t, object.Bytes()); puts != 2 || gone != 1 {
			t.Errorf("checkpoint %d holds %d rows and %d that are gone, not 2 and 1", checkpoint, puts, gone)
		}
	}
	f := b.Freeze(2000)
	if f.Delta() {
		t.Error("a ninth delta")
	}
	f.Release()
	restored, err := state.Restore(keyrange.All, [][]state.Object{chain})
	if err != nil {
		t.Fatal(err)
	}
	if draw(open(t, restored, countSpec)) != draw(table) {
		t.Error("restored state differs")
	}
}

// entries counts the entries of an object.
func entries(t *testing.T, object []byte) (puts, gone int) {
	o, err := snapshot.Open(bytes.NewReader(object), int64(len(object)))
	if err != nil {
		t.Fatal(err)
	}
	rows := o.Rows(0, keyrange.All)
	for rows.Next() {
		if rows.Deleted() {
			gone++
		} else {
			puts++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return puts, gone
}

// Two runs that do the same give the same bytes.
func TestObjectsAreDeterministic(t *testing.T) {
	run := func() []byte {
		b := state.NewBackend(keyrange.All)
		table := open(t, b, countSpec)
		rows, _ := upsert(table, 0, 3000)
		for k, r := range rows {
			table.String(1).Set(r, fmt.Append(nil, k))
			if k%3 == 0 {
				table.Delete(r)
			}
		}
		upsert(table, 5000, 500)
		b.SetCell("z", []byte("1"))
		b.SetCell("a", nil)
		var object bytes.Buffer
		f := b.Freeze(1)
		defer f.Release()
		if err := f.Encode(&object); err != nil {
			t.Fatal(err)
		}
		return object.Bytes()
	}
	if !bytes.Equal(run(), run()) {
		t.Error("objects differ")
	}
}

// Checkpoints that never complete hold on to no more and more keys of rows that are gone,
// and the first that does is whole.
func TestWhatNeverCompletesIsBounded(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	table := open(t, b, countSpec)
	rows, _ := upsert(table, 0, 100)
	chain := []state.Object{encode(t, b, 1)}
	for checkpoint := uint64(2); checkpoint < 100; checkpoint++ {
		for _, r := range rows {
			table.Delete(r)
		}
		rows, _ = upsert(table, int(checkpoint)*5000, 20_000)
		b.Freeze(checkpoint).Release()
		b.Release()
		if n := b.Bytes(); n > 16<<20 {
			t.Fatalf("behind %d checkpoints that did not complete, a table of %d rows holds on to %d bytes", checkpoint, table.Len(), n)
		}
	}
	upsert(table, 50, 100)
	f := b.Freeze(100)
	if !f.Delta() {
		chain = nil
	}
	f.Release()
	restored, err := state.Restore(keyrange.All, [][]state.Object{append(chain, encode(t, b, 101))})
	if err != nil {
		t.Fatal(err)
	}
	if draw(open(t, restored, countSpec)) != draw(table) {
		t.Error("restored state differs")
	}
}

// Rows are held for one Encode before Release.
func TestEncodeOnce(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	for i, before := range []func(*state.Frozen){
		func(f *state.Frozen) { _ = f.Encode(io.Discard) },
		(*state.Frozen).Release,
	} {
		f := b.Freeze(uint64(i + 1))
		if before(f); f.Encode(io.Discard) == nil {
			t.Errorf("case %d: rows that are not held are encoded", i)
		}
		f.Release()
	}
}
