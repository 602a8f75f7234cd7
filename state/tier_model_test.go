package state_test

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// heldStore counts the runs that it holds.
type heldStore struct {
	runs.ChunkStore
	held atomic.Int64
}

func (s *heldStore) Create(run runs.ID) (runs.RunWriter, error) {
	s.held.Add(1)
	return s.ChunkStore.Create(run)
}

func (s *heldStore) Drop(run runs.ID) error {
	s.held.Add(-1)
	return s.ChunkStore.Drop(run)
}

func (s *heldStore) Open(run runs.ID) (runs.RunReader, error) {
	r, err := s.ChunkStore.Open(run)
	return &closingReader{RunReader: r}, err
}

// closingReader fails who reads a run that was let go of.
type closingReader struct {
	runs.RunReader
	closed atomic.Bool
}

func (r *closingReader) ReadChunk(c runs.Chunk, buffer []byte) ([]byte, error) {
	if r.closed.Load() {
		return nil, fs.ErrClosed
	}
	return r.RunReader.ReadChunk(c, buffer)
}

func (r *closingReader) Close() error {
	r.closed.Store(true)
	return r.RunReader.Close()
}

// pane is the key of a row of a tiered model; none is the bucket NULL.
type pane struct {
	key, bucket int64
	none        bool
}

// tieredModel is a table with a tier, whose rows no operation brings up beside those that
// it is about: nothing scans. The random test of package statetest scans all the time.
type tieredModel struct {
	*trial.Case
	stores  *stores
	store   *heldStore
	end     func() // of the store
	tier    *state.Tier
	memory  int64
	backend *state.Backend
	table   *state.Table
	pool    *record.Pool
	checked bool
	keys    int64
	later   []func()       // work of the backend that is yet to be done
	beside  sync.WaitGroup // work that is done on other goroutines
	inOrder bool           // it is done at random by this one
	objects lent           // that it was restored from
	counts  bool           // whether restores count all rows one by one
	counted bool           // whether its length is known, and not about right

	rows       map[pane]int64
	checkpoint uint64
	open       []*openCheckpoint
	chains     [][]state.Object // of the last completed checkpoint
	completed  map[pane]int64
	buckets    []int64
}

// openCheckpoint is one that is encoded on another goroutine.
type openCheckpoint struct {
	number uint64
	frozen *state.Frozen
	base   []state.Object
	rows   map[pane]int64
	done   chan error
	object strings.Builder
}

func paneSpec(due bool) state.TableSpec {
	s := state.TableSpec{
		Name: "panes", Key: []record.Field{{Name: "k", Type: record.Int64}}, Sub: []record.Field{{Name: "b", Type: record.Int64}},
		Bucketed: true, Values: []record.Field{{Name: "n", Type: record.Int64}, {Name: "text", Type: record.String}},
	}
	if due {
		s.Due = state.DueBySub
	}
	return s
}

func newTieredModel(c *trial.Case) *tieredModel {
	m := &tieredModel{
		Case: c, pool: record.NewPool(), checked: c.Random.IntN(3) == 0, rows: map[pane]int64{}, completed: map[pane]int64{},
		memory: 1 << c.Random.IntN(18), inOrder: c.Random.IntN(2) == 0, stores: drawStores(c),
		keys: 40 << (3 * c.Random.IntN(2)),
	}
	apart := int64(1) << (4 * c.Random.IntN(2))
	m.buckets = []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, math.MaxInt64 - 1, math.MaxInt64}
	for b := range int64(1 + c.Random.IntN(30)) {
		m.buckets = append(m.buckets, b*apart)
	}
	m.restore()
	return m
}

// restore goes on from the last completed checkpoint.
func (m *tieredModel) restore() {
	if m.Random.IntN(3) == 0 {
		m.rescale()
	}
	m.store = &heldStore{}
	m.store.ChunkStore, m.end = m.stores.new()
	m.tier = state.NewTier(m.store, m.memory)
	m.rows = maps.Clone(m.completed)
	isCold := m.Random.IntN(2) == 0
	var err error
	if isCold {
		held, release := m.objects.of(m.chains)
		defer release()
		m.backend, err = m.tier.Restore(keyrange.All, held, m.background)
	} else {
		m.backend, err = state.Restore(keyrange.All, m.chains)
	}
	if err != nil {
		m.Fatal(err)
	}
	m.counted = !isCold || m.counts || !slices.ContainsFunc(m.chains, func(c []state.Object) bool { return len(c) > 1 })
	if m.checked {
		m.backend.CheckRows()
	}
	if !isCold {
		m.backend.SetTier(m.tier, m.background)
	}
	if m.table, err = m.backend.Table(paneSpec(true)); err != nil {
		m.Fatal(err)
	}
	m.checkLen()
}

// checkLen compares how many rows the table says it has.
func (m *tieredModel) checkLen() {
	m.Helper()
	if got := m.table.Len(); m.counted && got != len(m.rows) {
		m.Fatalf("%d rows, not %d", got, len(m.rows))
	}
}

// background has work of the backend done at once, at random, or by another goroutine.
func (m *tieredModel) background(work func()) {
	switch {
	case m.Random.IntN(4) == 0:
		work()
	case m.inOrder:
		m.later = append(m.later, work)
	default:
		m.beside.Go(work)
	}
}

// work does some of what the backend has put off.
func (m *tieredModel) work() {
	for len(m.later) > 0 && m.Random.IntN(3) > 0 {
		at := m.Random.IntN(len(m.later))
		m.later[at]()
		m.later = slices.Delete(m.later, at, at+1)
	}
}

func (m *tieredModel) draw(n int) (some []pane) {
	for range n {
		p := pane{key: m.Random.Int64N(m.keys), bucket: m.buckets[m.Random.IntN(len(m.buckets))]}
		if m.Random.IntN(20) == 0 {
			p.bucket, p.none = 0, true
		}
		some = append(some, p)
	}
	return some
}

// columns returns hashes, keys and sub-keys.
func (m *tieredModel) columns(some []pane) (hashes []uint64, key, sub []*record.Column) {
	k, b := m.pool.NewColumn(record.Int64, len(some)), m.pool.NewColumn(record.Int64, len(some))
	for _, p := range some {
		k.AppendInt64(p.key)
		if p.none {
			b.AppendNull()
		} else {
			b.AppendInt64(p.bucket)
		}
	}
	key, sub = []*record.Column{k}, []*record.Column{b}
	return keyrange.Hash(nil, key, nil, len(some)), key, sub
}

func textOf(n int64) string { return strings.Repeat(fmt.Sprint("text ", n, " "), 1+int(n%5)) }

func (m *tieredModel) check(p pane, r state.RowID) {
	m.Helper()
	want, n := m.rows[p], m.table.Int64(0).Get(r)
	if text := string(m.table.String(1).Get(r)); n != want || text != textOf(n) {
		m.Fatalf("the row of %v has %d and %q, not %d", p, n, text, want)
	}
}

func (m *tieredModel) set(p pane, r state.RowID, n int64) {
	*m.table.Int64(0).Ptr(r) = n
	m.table.String(1).Set(r, []byte(textOf(n)))
	m.rows[p] = n
}

func (m *tieredModel) upsert() {
	some := m.draw(m.Random.IntN(60))
	hashes, key, sub := m.columns(some)
	rows := make([]state.RowID, len(some))
	made := m.table.Upsert(hashes, key, sub, nil, rows, nil)
	for _, r := range made {
		m.table.String(1).Set(r, []byte(textOf(0)))
	}
	for k, p := range some {
		_, known := m.rows[p]
		if isNew := slices.Contains(m.table.Made(), int32(k)); isNew && known || !known && !slices.Contains(made, rows[k]) {
			m.Fatalf("the row of %v is known: %v, made: %v", p, known, isNew)
		}
		m.check(p, rows[k])
		m.set(p, rows[k], m.rows[p]+1)
	}
	m.checkLen()
}

// find looks rows up, and changes or deletes some of them.
func (m *tieredModel) find(some []pane, deletes int) {
	hashes, key, sub := m.columns(some)
	rows := make([]state.RowID, len(some))
	m.table.Find(hashes, key, sub, nil, rows)
	for k, p := range some {
		if _, known := m.rows[p]; known != (rows[k] != state.NoRow) {
			if known || slices.Contains(some[:k], p) && rows[k] != rows[slices.Index(some, p)] {
				m.Fatalf("Find gives row %d for %v", rows[k], p)
			}
			if !slices.Contains(some[:k], p) {
				m.Fatalf("Find gives row %d for %v, which is not there", rows[k], p)
			}
			continue // was deleted just now
		} else if !known {
			continue
		}
		m.check(p, rows[k])
		switch n := m.Random.IntN(100); {
		case n < deletes:
			m.table.Delete(rows[k])
			delete(m.rows, p)
		case n < deletes+10:
			m.set(p, rows[k], m.rows[p]+1)
		}
	}
	m.checkLen()
}

// due takes rows that are due; where it takes all it drops their buckets.
func (m *tieredModel) due() {
	until, all := m.buckets[m.Random.IntN(len(m.buckets))], m.Random.IntN(3) > 0
	for calls := 0; ; calls++ {
		rows, more := m.table.Due(until, m.Random.IntN(30), nil)
		left, last := m.dueUntil(until), int64(math.MinInt64)
		for _, r := range rows {
			p := m.paneOf(r)
			if !left[p] || p.bucket < last {
				m.Fatalf("%v is due until %d, behind %d", p, until, last)
			}
			m.check(p, r)
			delete(left, p)
			last = p.bucket
		}
		for p := range left {
			if !more || len(rows) > 0 && p.bucket < last {
				m.Fatalf("%v is not due until %d, but %d rows are", p, until, len(rows))
			}
		}
		for _, r := range rows {
			if all || m.Random.IntN(3) == 0 {
				delete(m.rows, m.paneOf(r))
				m.table.Delete(r)
			}
		}
		if !more && (all || len(rows) == 0) || !all && calls > 3 || calls > 5000 {
			break
		}
		if m.Random.IntN(3) == 0 {
			m.backend.Release()
			if m.Random.IntN(4) == 0 {
				return
			}
		}
	}
	if !all || len(m.dueUntil(until)) > 0 {
		return
	}
	var nulls []pane
	for p := range m.rows {
		if p.none {
			nulls = append(nulls, p)
		}
	}
	slices.SortFunc(nulls, func(a, b pane) int { return cmp.Compare(a.key, b.key) })
	if m.Random.IntN(2) == 0 {
		m.find(nulls, 100)
		m.table.DropBuckets(until)
	}
}

func (m *tieredModel) dueUntil(until int64) map[pane]bool {
	left := map[pane]bool{}
	for p := range m.rows {
		if !p.none && p.bucket <= until {
			left[p] = true
		}
	}
	return left
}

func (m *tieredModel) paneOf(r state.RowID) (p pane) { return paneAt(m.table, m.pool, r) }

func paneAt(t *state.Table, pool *record.Pool, r state.RowID) (p pane) {
	c := pool.NewColumn(record.Int64, 1)
	defer c.Release()
	t.AppendKeys([]*record.Column{c}, []state.RowID{r})
	p.key, p.none = c.Int64s()[0], t.SubIsNull(r)
	if !p.none {
		p.bucket = t.Sub().Get(r)
	}
	return p
}

func (m *tieredModel) freeze() {
	m.checkpoint++
	o := &openCheckpoint{number: m.checkpoint, rows: maps.Clone(m.rows), done: make(chan error, 1), frozen: m.backend.Freeze(m.checkpoint)}
	if o.frozen.Delta() {
		o.base = m.chains[0]
	}
	m.open = append(m.open, o)
	switch m.Random.IntN(4) {
	case 0: // is never encoded
		o.frozen.Release()
		o.done <- io.ErrClosedPipe
	default:
		go func() {
			err := o.frozen.Encode(&o.object)
			o.frozen.Release()
			o.done <- err
		}()
	}
}

// finish completes or abandons one of the open checkpoints, and those before it.
func (m *tieredModel) finish() {
	if len(m.open) == 0 {
		return
	}
	at := m.Random.IntN(len(m.open))
	for _, o := range m.open[:at] {
		<-o.done
	}
	o := m.open[at]
	m.open = m.open[at+1:]
	if err := <-o.done; err == io.ErrClosedPipe || m.Random.IntN(4) == 0 {
		return
	} else if err != nil {
		m.Fatal(err)
	}
	m.chains = [][]state.Object{append(slices.Clone(o.base), state.ObjectOf([]byte(o.object.String())))}
	m.completed = o.rows
	m.backend.Completed(o.number)
	m.compare(m.completed)
}

// compare restores the completed checkpoint in several parts.
func (m *tieredModel) compare(want map[pane]int64) {
	m.Helper()
	got, parts := map[pane]int64{}, 1+m.Random.IntN(3)
	for i := range parts {
		b, err := state.Restore(keyrange.Of(i, parts), m.chains)
		if err != nil {
			m.Fatal(err)
		}
		if m.Random.IntN(2) == 0 {
			b = restoreCold(m, keyrange.Of(i, parts), m.chains, &m.objects)
			defer b.Close()
		}
		t, err := b.Table(paneSpec(m.Random.IntN(2) == 0))
		if err != nil {
			m.Fatal(err)
		}
		for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
			p := paneAt(t, m.pool, r)
			if n := t.Int64(0).Get(r); string(t.String(1).Get(r)) != textOf(n) {
				m.Fatalf("%v: another text", p)
			} else if _, twice := got[p]; twice {
				m.Fatalf("%v twice", p)
			} else {
				got[p] = n
			}
		}
	}
	for p, n := range want {
		if got[p] != n {
			m.Fatalf("checkpoint has %d for %v, not %d", got[p], p, n)
		}
	}
	if len(got) != len(want) {
		m.Fatalf("checkpoint has %d rows, not %d", len(got), len(want))
	}
}

// crash gives the backend up, with checkpoints that are still open.
func (m *tieredModel) crash() {
	m.backend.Close()
	for _, o := range m.open {
		if err := <-o.done; err != nil && err != io.ErrClosedPipe {
			m.Fatal(err)
		}
	}
	m.open = nil
	m.beside.Wait()
	for _, work := range m.later { // nobody waits for it any more
		work()
	}
	m.later = nil
	m.objects.check(m)
	m.objects = nil
	if held := m.store.held.Load(); held != 0 {
		m.Fatalf("%d runs are left", held)
	}
	if used, holders := m.tier.Used(); used != 0 || holders != 0 {
		m.Fatalf("%d bytes of %d backends are still accounted for", used, holders)
	}
	m.end()
	m.restore()
}

// TestTierOfRowsThatNobodyScans has rows go down and come up by their keys and by time
// only, while checkpoints are encoded on other goroutines.
func TestTierOfRowsThatNobodyScans(t *testing.T) {
	trial.Run(t, 40, func(c *trial.Case) {
		state.SetGraves(c, 1<<c.Random.IntN(14))
		state.SetStep(c, 1<<c.Random.IntN(9))
		state.SetTombstones(c, c.Random.Uint64N(1<<c.Random.IntN(9)))
		m := newTieredModel(c)
		m.counts = c.Random.IntN(2) == 0
		state.SetCounted(c, map[bool]uint64{true: 1 << 16}[m.counts])
		crashes := 1 + c.Random.IntN(200)
		for range 600 {
			switch n := c.Random.IntN(100); {
			case n < 35:
				m.upsert()
			case n < 55:
				m.find(m.draw(m.Random.IntN(60)), m.Random.IntN(60))
			case n < 61:
				m.due()
			case n < 75:
				m.work()
				m.backend.Release()
			case n < 85:
				m.freeze()
			case n < 95:
				m.finish()
			case c.Random.IntN(crashes) == 0:
				m.crash()
			}
		}
		m.crash()
		m.backend.Close()
		m.end()
	})
}
