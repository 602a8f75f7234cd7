package state

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// maxDeltas is how many deltas may build on one full snapshot, so that a
// restore reads a bounded number of objects.
const maxDeltas = 8

// Backend is the keyed state of one subtask of one step: tables, and cells for
// small values that belong to no key. It lives in memory and has one owner, the
// goroutine of the operator; only what Freeze returns may go elsewhere.
type Backend struct {
	keys   keyrange.Range
	epoch  uint64   // the time since the last freeze
	tables []*Table // by name
	cells  []cell   // by name
	pool   *blockPool

	base    *stamp  // the last completed checkpoint, which deltas build on
	pending []stamp // frozen and not yet completed, oldest first

	tier       *Tier // nil where all rows are in memory
	background func(work func())
	held       holding // that the tier knows of
	lull       lull    // since a run was written
	checked    bool    // [Backend.CheckRows]
}

// stamp is a checkpoint whose state was frozen.
type stamp struct {
	checkpoint uint64
	epoch      uint64 // the last one whose changes are in it
	deltas     int    // how many deltas a restore of it reads
}

// cell has one value, or after a restore one per old subtask.
type cell struct {
	name   string
	values [][]byte
}

// NewBackend returns empty state for the keys whose hash lies in r.
func NewBackend(r keyrange.Range) *Backend {
	return &Backend{keys: r, epoch: 1, pool: &blockPool{}}
}

// Range returns the hashes of the keys that belong here.
func (b *Backend) Range() keyrange.Range { return b.keys }

// Table opens a table, empty at first; after a restore its rows are there. Where the
// checkpoint has it with another declaration, it evolves by value column, or Table
// fails: see [TableSpec].
func (b *Backend) Table(spec TableSpec) (*Table, error) {
	if err := cmp.Or(spec.validate(), spec.checkTTL()); err != nil {
		return nil, err
	}
	t := b.declare(spec)
	if !t.spec.equal(spec) {
		if err := b.evolve(t, spec); err != nil {
			return nil, err
		}
	}
	if t.cold != nil && !b.hasTier(spec) {
		b.keep(t)
	}
	if err := t.open(spec); err != nil {
		return nil, err
	}
	return t, nil
}

// open makes the rows of a table found by their sub-keys and times, and expire, as far
// as a declaration wants that.
func (t *Table) open(spec TableSpec) error {
	t.opened = true
	if spec.Multi && spec.Ordered == Unordered {
		spec.Ordered = Ascending
	}
	if t.order == nil || t.spec.Ordered != spec.Ordered || t.spec.Within != spec.Within {
		t.spec.Ordered, t.spec.Within = spec.Ordered, spec.Within
		t.openOrder()
		if t.cold != nil {
			t.cold.whole, t.cold.asked = nil, false
		}
	}
	switch {
	case t.due == nil && spec.Due != NeverDue:
		t.openDue(spec.Due)
		if t.cold != nil {
			t.timeRuns()
		}
	case t.due != nil && t.spec.Due != spec.Due:
		return fmt.Errorf("state table %q is open, and its rows are due by another time", spec.Name)
	}
	if t.cold != nil {
		t.cold.expiry = t.expiry // it may go by another clock than the rows that were restored
	}
	return t.openTTL(spec.TTL)
}

// declare returns the table of a name, which it makes where there is none.
func (b *Backend) declare(spec TableSpec) *Table {
	i, found := b.search(spec.Name)
	if !found {
		spec.Key, spec.Sub, spec.Values = slices.Clone(spec.Key), slices.Clone(spec.Sub), slices.Clone(spec.Values)
		spec.Former, spec.Defaults, spec.Due = nil, nil, NeverDue
		t := newTable(spec, b.pool)
		if b.checked {
			t.checkRows()
		}
		b.tables = slices.Insert(b.tables, i, t)
	}
	return b.tables[i]
}

// restored returns the table that an object describes. Objects of one checkpoint
// agree on it. Of the times that its clock had in them, it has the earliest.
func (b *Backend) restored(spec TableSpec, now int64) (*Table, error) {
	if err := spec.validate(); err != nil {
		return nil, err
	}
	_, known := b.search(spec.Name)
	t := b.declare(spec)
	if !t.spec.equal(spec) {
		return nil, fmt.Errorf("state table %q is %s in one object of the checkpoint, %s in another", spec.Name, t.spec, spec)
	}
	if x := t.expiry; x != nil && (!known || now < x.now) {
		x.now = now
	}
	return t, nil
}

func (b *Backend) search(table string) (int, bool) {
	return slices.BinarySearchFunc(b.tables, table, func(t *Table, name string) int { return strings.Compare(t.spec.Name, name) })
}

// SetCell stores a copy of a small value of the subtask, such as its watermark,
// under a name. Cells are written whole with every checkpoint.
func (b *Backend) SetCell(name string, value []byte) {
	i, found := b.searchCell(name)
	if !found {
		b.cells = slices.Insert(b.cells, i, cell{name: name})
	}
	b.cells[i].values = [][]byte{bytes.Clone(value)}
}

// Cells returns what SetCell stored last; before that, what was restored: the
// value of each old subtask, in the order of their key ranges. It is empty if
// there is nothing. The caller must not change it.
func (b *Backend) Cells(name string) [][]byte {
	i, found := b.searchCell(name)
	if !found {
		return nil
	}
	return b.cells[i].values
}

func (b *Backend) searchCell(name string) (int, bool) {
	return slices.BinarySearchFunc(b.cells, name, func(c cell, name string) int { return strings.Compare(c.name, name) })
}

// addCell appends a restored value to those of a cell.
func (b *Backend) addCell(c snapshot.Cell) {
	i, found := b.searchCell(c.Name)
	if !found {
		b.cells = slices.Insert(b.cells, i, cell{name: c.Name})
	}
	b.cells[i].values = append(b.cells[i].values, bytes.Clone(c.Value))
}

// Completed says that a checkpoint is decided: it survives any failure, and
// later deltas may build on it. A checkpoint that was never frozen here, or that
// is older than the last completed one, is ignored.
func (b *Backend) Completed(checkpoint uint64) {
	i := slices.IndexFunc(b.pending, func(m stamp) bool { return m.checkpoint == checkpoint })
	if i < 0 {
		return
	}
	base := b.pending[i]
	b.base = &base
	b.pending = slices.Delete(b.pending, 0, i+1)
	for _, t := range b.tables {
		t.changes.forget(base.epoch)
	}
	b.setBounds()
}

// mostBounds is how many checkpoints keep runs apart: where none completes, runs become one all
// the same.
const mostBounds = 2

// setBounds tells tables which checkpoints the next snapshot may build on.
func (b *Backend) setBounds() {
	var bounds []uint64
	if b.base != nil {
		bounds = append(bounds, b.base.epoch)
	}
	for _, m := range b.pending[max(0, len(b.pending)-mostBounds):] {
		bounds = append(bounds, m.epoch)
	}
	for _, t := range b.tables {
		if t.cold != nil {
			t.cold.bounds = bounds
		}
	}
}

// Bytes returns the memory that the state holds on to, apart from rows that are only
// kept for a Frozen.
func (b *Backend) Bytes() int {
	n := 0
	for _, t := range b.tables {
		n += t.Bytes()
	}
	for _, c := range b.cells {
		for _, v := range c.values {
			n += len(c.name) + len(v)
		}
	}
	return n
}

// Rows returns how many rows the tables hold together, as [Table.Len] counts them.
func (b *Backend) Rows() (n int) {
	for _, t := range b.tables {
		n += t.Len()
	}
	return n
}

// Empty reports that there is neither a table nor a cell: nothing to snapshot.
func (b *Backend) Empty() bool { return len(b.tables) == 0 && len(b.cells) == 0 }
