package state_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// TestManyRowsInOrder has one key get up to some ten thousand rows and lose them again,
// in all kinds of order, beside keys of few rows: they are found in order from
// anywhere, both ways.
func TestManyRowsInOrder(t *testing.T) { trial.Run(t, 24, checkOrder) }

// orderModel is the rows of a table by key, in order.
type orderModel struct {
	*trial.Case
	backend *state.Backend
	table   *state.Table
	key     *record.Column
	hashes  []uint64
	rows    [orderedKeys][]state.RowID
	order   state.Order
	draw    func() int64 // a sub-key
}

const orderedKeys = 3

func checkOrder(c *trial.Case) {
	m := &orderModel{Case: c, backend: state.NewBackend(keyrange.All), order: state.Order(1 + c.Random.IntN(2))}
	m.table = open(c, m.backend, state.TableSpec{
		Name: "ends", Multi: true, Ordered: m.order, Key: []record.Field{{Name: "n", Type: record.Int64}},
		Sub: []record.Field{{Name: "end", Type: record.Int64}}})
	m.key = ints(record.NewPool(), 0, orderedKeys)
	defer m.key.Release()
	m.hashes = keyrange.Hash(nil, []*record.Column{m.key}, nil, orderedKeys)
	m.draw = draws(c.Random)
	for most := []int{20, 300, 12_000}[c.Random.IntN(3)]; most > 0; most -= 1 + most/4 {
		m.grow(most)
		m.move(c.Random.IntN(1 + most/8))
		m.check()
		m.shrink()
		m.check()
		m.backend.Release()
	}
}

// draws returns how sub-keys come: rising, falling, anywhere, or few of them.
func draws(random *rand.Rand) func() int64 {
	next, step := int64(0), []int64{1, -1, 0}[random.IntN(3)]
	among := []int64{3, 40, 1 << 40}[random.IntN(3)]
	return func() int64 {
		if next += step; step != 0 && random.IntN(20) > 0 {
			return next
		}
		return next + random.Int64N(among)
	}
}

// grow makes so many rows of the first key, and few of the others.
func (m *orderModel) grow(most int) {
	for k := range m.rows {
		n := most
		if k > 0 {
			n = m.Random.IntN(9)
		}
		m.table.LoadKeys(m.hashes, []*record.Column{m.key}, nil)
		for range n {
			if m.Random.IntN(2) == 0 {
				m.table.Seek(k, nil) // the row that is made may go by what this has found
			}
			if had := len(m.rows[k]); had > 0 && m.Random.IntN(8) == 0 {
				m.table.Delete(m.rows[k][had-1])
				m.rows[k] = m.rows[k][:had-1]
			}
			m.rows[k] = append(m.rows[k], m.table.InsertKey(k, m.draw()))
		}
	}
}

// move gives so many rows of the first key another sub-key, a near one as a rule.
func (m *orderModel) move(n int) {
	for range n {
		r := m.rows[0][m.Random.IntN(len(m.rows[0]))]
		to := m.draw()
		if m.Random.IntN(3) > 0 {
			to = m.table.Sub().Get(r) + m.Random.Int64N(5) - 2
		}
		m.table.SetSub(r, to)
	}
}

// shrink deletes rows of each key: the first ones, some anywhere, nearly all, or all at
// once.
func (m *orderModel) shrink() {
	for k := range m.rows {
		m.sort(k)
		if n := len(m.rows[k]); n > 0 && m.Random.IntN(8) == 0 {
			m.table.DeleteClusters(m.hashes[k:k+1], []*record.Column{m.key}, nil, []int32{int32(k)})
			m.rows[k] = nil
		}
		first, share := m.Random.IntN(1+len(m.rows[k])), []int{0, 50, 97, 100}[m.Random.IntN(4)]
		kept := m.rows[k][:0]
		for i, r := range m.rows[k] {
			if i < first && m.Random.IntN(100) < share {
				m.table.Delete(r)
			} else {
				kept = append(kept, r)
			}
		}
		m.rows[k] = kept
	}
}

// sort puts the rows of a key in order.
func (m *orderModel) sort(k int) {
	sub, number := m.table.Sub(), m.table.Number()
	slices.SortFunc(m.rows[k], func(a, b state.RowID) int {
		if m.order == state.Descending && sub.Get(a) != sub.Get(b) {
			return cmp.Compare(sub.Get(b), sub.Get(a))
		}
		return cmp.Or(cmp.Compare(sub.Get(a), sub.Get(b)), cmp.Compare(number.Get(a), number.Get(b)))
	})
}

// check goes through the rows of all keys, and looks for some of them.
func (m *orderModel) check() {
	for k := range m.rows {
		m.sort(k)
		want := append(slices.Clone(m.rows[k]), state.NoRow)
		r := m.seek(k, nil)
		for i, row := range want {
			if r != row {
				m.Fatalf("entry %d of %d of key %d is row %d, not %d", i, len(want)-1, k, r, row)
			}
			if r == state.NoRow {
				break
			}
			if before := m.table.Prev(r); i == 0 && before != state.NoRow || i > 0 && before != want[i-1] {
				m.Fatalf("before entry %d of %d of key %d is row %d", i, len(want)-1, k, before)
			}
			r = m.table.Next(r)
		}
		for range min(100, len(want)-1) {
			m.checkSeek(k, want)
		}
	}
}

// checkSeek looks for the first row of a sub-key, and for what is in front of a row and
// behind it.
func (m *orderModel) checkSeek(k int, want []state.RowID) {
	sub, i := m.table.Sub(), m.Random.IntN(len(want)-1)
	v := sub.Get(want[i]) + m.Random.Int64N(3) - 1
	first := slices.IndexFunc(want, func(r state.RowID) bool {
		return r == state.NoRow || m.order == state.Ascending && sub.Get(r) >= v || m.order == state.Descending && sub.Get(r) <= v
	})
	for _, c := range []struct {
		from state.Cursor
		want state.RowID
	}{
		{state.FromInt64(nil, v), want[first]},
		{m.table.Before(nil, want[i]), want[i]},
		{m.table.Behind(nil, want[i]), want[i+1]},
	} {
		if got := m.seek(k, c.from); got != c.want {
			m.Fatalf("Seek of key %d from %x finds row %d, not %d", k, c.from, got, c.want)
		}
	}
}

func (m *orderModel) seek(k int, from state.Cursor) state.RowID {
	m.table.LoadKeys(m.hashes, []*record.Column{m.key}, nil)
	return m.table.Seek(k, from)
}
