package state_test

import (
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// waiting is a table without a tier whose rows are inserted at times.
type waiting struct {
	*testing.T
	backend *state.Backend
	table   *state.Table
}

func newWaiting(t *testing.T) *waiting {
	b := state.NewBackend(keyrange.All)
	return &waiting{t, b, open(t, b, state.TableSpec{Name: "side", Key: keyAt.key, Sub: keyAt.at, Multi: true})}
}

// insert makes a row of keys from first on at times, one each.
func (w *waiting) insert(first int, times ...int64) []state.RowID {
	hashes, keys := numbers(first, len(times))
	rows := make([]state.RowID, len(times))
	at := record.NewPool().NewColumn(record.Int64, len(times))
	for _, time := range times {
		at.AppendInt64(time)
	}
	w.table.Insert(hashes, keys, []*record.Column{at}, nil, rows)
	return rows
}

// times returns those of the rows of a key.
func (w *waiting) times(key int) (times []int64) {
	hashes, keys := numbers(key, 1)
	w.table.LoadKeys(hashes, keys, nil)
	for r := w.table.Seek(0, nil); r != state.NoRow; r = w.table.Next(r) {
		times = append(times, w.table.Sub().Get(r))
	}
	return times
}

func (w *waiting) want(key int, times ...int64) {
	w.Helper()
	if got := w.times(key); !slices.Equal(got, times) {
		w.Fatalf("key %d has rows at %v, not %v", key, got, times)
	}
}

// TestNextSeesWhatWaits: rows that were inserted have no place in order at first, and are where
// they belong for whoever looks.
func TestNextSeesWhatWaits(t *testing.T) {
	w := newWaiting(t)
	first := w.insert(0, 10, 20)
	w.want(0, 10)
	second := w.insert(0, 5, 25)
	third := w.insert(0, 15, 15)
	if r := w.table.Next(first[0]); r != third[0] {
		t.Errorf("behind the first row of key 0 is %d, not the one that was inserted last, %d", r, third[0])
	}
	if r := w.table.Prev(first[0]); r != second[0] {
		t.Errorf("before the first row of key 0 is %d, not the one that was inserted meanwhile, %d", r, second[0])
	}
	w.table.Delete(third[1]) // one that waits, the newest of its key
	w.want(1, 20, 25)
	w.insert(1, 30, 30)
	fourth := w.insert(1, 40, 40)
	w.insert(1, 50, 50)
	w.table.Delete(fourth[0]) // from the middle
	w.table.SetSub(fourth[1], 60)
	w.want(1, 20, 25, 30, 50)
	w.want(2, 30, 50, 60)
}

// TestManyRowsOfOneKeyWait: a chain does not get long.
func TestManyRowsOfOneKeyWait(t *testing.T) {
	w := newWaiting(t)
	var want []int64
	for i := range int64(5000) {
		rows := w.insert(7, i)
		if i%7 == 3 {
			w.table.Delete(rows[0])
		} else {
			want = append(want, i)
		}
		if n := w.table.Waiting(); n > 1024 {
			t.Fatalf("%d rows of one key wait", n)
		}
		w.backend.Release()
	}
	w.want(7, want...)
}
