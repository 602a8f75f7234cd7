package state_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// upload is the object of a checkpoint that another goroutine encodes.
type upload struct {
	checkpoint uint64
	base       []state.Object // the objects it builds on, if it is a delta
	object     state.Object
	want       string // the rows at the freeze
	done       chan struct{}
}

// What is encoded on another goroutine is the state at the freeze, however much
// the owner does meanwhile: two uploads are under way at any time, and each
// builds on the one that was complete at its freeze. The race detector watches.
func TestEncodeWhileTheOwnerGoesOn(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	table := open(t, b, countSpec)
	count, text := table.Int64(0), table.String(1)
	var uploads []*upload
	var complete []state.Object
	for checkpoint := uint64(1); checkpoint <= 15; checkpoint++ {
		rows, _ := upsert(table, int(checkpoint)*500, 3000)
		for _, r := range rows {
			*count.Ptr(r) += int64(checkpoint)
			text.Set(r, fmt.Appendf(nil, "%d", checkpoint*table.Hash(r)))
		}
		u := &upload{checkpoint: checkpoint, want: draw(table), done: make(chan struct{})}
		f := b.Freeze(checkpoint)
		if f.Delta() {
			u.base = complete
		}
		go u.encode(t, f)
		uploads = append(uploads, u)
		mutate(table, rows)
		if len(uploads) > 1 {
			complete = uploads[0].finish(t, b)
			uploads = uploads[1:]
		}
	}
	uploads[0].finish(t, b)
}

// mutate deletes a third of the rows and changes the others.
func mutate(table *state.Table, rows []state.RowID) {
	count, text := table.Int64(0), table.String(1)
	for k, r := range rows {
		switch k % 3 {
		case 0:
			table.Delete(r)
		case 1:
			*count.Ptr(r) = -1
		default:
			text.Set(r, bytes.Repeat([]byte("later"), k%40))
		}
	}
}

func (u *upload) encode(t *testing.T, f *state.Frozen) {
	defer close(u.done)
	defer f.Release()
	var object bytes.Buffer
	if err := f.Encode(&object); err != nil {
		t.Error(err)
	}
	u.object = state.ObjectOf(object.Bytes())
}

// finish waits for the object, completes its checkpoint and checks that its
// chain, which it returns, restores to the rows at the freeze.
func (u *upload) finish(t *testing.T, b *state.Backend) (chain []state.Object) {
	<-u.done
	b.Completed(u.checkpoint)
	chain = append(slices.Clone(u.base), u.object)
	restored, err := state.Restore(keyrange.All, [][]state.Object{chain})
	if err != nil {
		t.Fatal(err)
	}
	if draw(open(t, restored, countSpec)) != u.want {
		t.Errorf("checkpoint %d, of %d objects, does not hold the rows of its freeze", u.checkpoint, len(chain))
	}
	return chain
}

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
