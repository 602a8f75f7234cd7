package state_test

import (
	"hash/crc32"
	"math"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// rescale has several subtasks go on from the completed checkpoint for a while, each with a part
// of the keys, and complete others: deltas, most often.
func (m *tieredModel) rescale() {
	if m.chains == nil {
		return
	}
	var chains [][]state.Object
	parts := 2 + m.Random.IntN(3)
	for i := range parts {
		store, end := m.stores.new()
		tier := state.NewTier(store, m.memory)
		held, release := m.objects.of(m.chains)
		b, err := tier.Restore(keyrange.Of(i, parts), held, nil)
		if err != nil {
			m.Fatal(err)
		}
		release()
		chains = append(chains, m.goOn(b))
		b.Close()
		end()
	}
	m.objects.check(m)
	m.chains, m.objects = chains, nil
}

// goOn has one of several subtasks emit rows that are due, change some that are not, and complete
// checkpoints in between.
func (m *tieredModel) goOn(b *state.Backend) (chain []state.Object) {
	table := openPanes(m, b)
	for number := range uint64(1 + m.Random.IntN(3)) {
		until := m.buckets[m.Random.IntN(len(m.buckets))]
		for more := m.Random.IntN(2) == 0; more; {
			var rows []state.RowID
			rows, more = table.Due(until, 1+m.Random.IntN(30), nil)
			for _, r := range rows {
				delete(m.completed, paneAt(table, m.pool, r))
				table.Delete(r)
			}
			if m.Random.IntN(3) == 0 {
				b.Release()
			}
			more = more && m.Random.IntN(9) > 0
		}
		for _, p := range m.draw(m.Random.IntN(60)) {
			hashes, key, sub := m.columns([]pane{p})
			if rows := []state.RowID{0}; b.Range().Contains(hashes[0]) {
				n, isThere := m.completed[p]
				table.Find(hashes, key, sub, nil, rows)
				if isThere != (rows[0] != state.NoRow) || isThere && table.Int64(0).Get(rows[0]) != n {
					m.Fatalf("at another parallelism %v is row %d; it is there: %v, with %d", p, rows[0], isThere, n)
				}
				if isThere {
					*table.Int64(0).Ptr(rows[0]) = n
				}
			}
		}
		b.Release()
		chain = checkpointed(m.T, b, number+1, chain)
	}
	return chain
}

// rescale has several subtasks of both go on from the completed checkpoint for a while, each with
// a part of the keys, and complete others.
func (w *twins) rescale() {
	parts, seed := 2+w.Random.IntN(3), w.Random.Uint32()
	for at, t := range w.twins {
		var chains [][]state.Object
		for i := range parts {
			var tier *state.Tier
			end := func() {}
			if at == 1 {
				store, endStore := w.stores.new()
				tier, end = state.NewTier(store, w.memory), endStore
			}
			b, err := tier.Restore(keyrange.Of(i, parts), t.chains, nil)
			if err != nil {
				w.Fatal(err)
			}
			chains = append(chains, w.goOn(b, seed+uint32(i)))
			b.Close()
			end()
		}
		t.chains = chains
	}
	w.equal("a rescaled checkpoint", w.stored)
}

// goOn has one of several subtasks take what is due, change and delete some rows, and complete two
// checkpoints. What it does follows from the rows and a number.
func (w *twins) goOn(b *state.Backend, seed uint32) (chain []state.Object) {
	table, err := b.Table(w.spec)
	if err != nil {
		w.Fatal(err)
	}
	b.Advance(state.EventTime, record.Time(w.now))
	for number := range uint64(2) {
		until := w.now + int64(seed)%w.times
		for more := w.spec.Due != state.NeverDue && seed%4 == 0; more; {
			var rows []state.RowID
			rows, more = table.Due(until, 7, nil)
			for _, r := range rows {
				table.Delete(r)
			}
			b.Release()
		}
		for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
			switch sum := crc32.ChecksumIEEE([]byte(w.read(table, r))) ^ seed; sum % 8 {
			case uint32(number):
				table.Delete(r)
			case uint32(2 + number):
				w.set(table, r, int64(sum%math.MaxInt16))
			}
		}
		b.Release()
		chain = checkpointed(w.T, b, number+1, chain)
	}
	return chain
}
