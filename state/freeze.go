package state

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// pieceBytes is how much of an object is handed on at once; tests take less.
var pieceBytes = 64 << 10

// Frozen is the state at one checkpoint, or what of it changed since the last
// completed one. It reads the rows of the tables in place; the tables save a row for
// it before they change one that it has not read yet.
type Frozen struct {
	header   snapshot.Header
	cells    []snapshot.Cell
	tables   []*frozenTable
	pool     *blockPool
	encoded  atomic.Bool
	released atomic.Bool
}

// Freeze takes hold of the state for a checkpoint, whose numbers must rise. It notes
// which rows to write and copies none: some bits a row and some words a page. The
// caller goes on with the tables at once, hands the Frozen to whoever encodes it, and
// sees to its release.
//
// What is frozen is a delta on the last completed checkpoint, unless there is none,
// eight deltas build on one full snapshot already, or so many rows were deleted that
// their keys were not kept.
func (b *Backend) Freeze(checkpoint uint64) *Frozen {
	if n := len(b.pending); n > 0 && b.pending[n-1].checkpoint >= checkpoint || b.base != nil && b.base.checkpoint >= checkpoint {
		panic(fmt.Sprintf("state: Freeze(%d) after a checkpoint that is not older", checkpoint))
	}
	m := stamp{checkpoint: checkpoint, epoch: b.epoch}
	f := &Frozen{cells: b.snapshotCells(), pool: b.pool}
	b.pool.trim()
	f.header = snapshot.Header{
		Checkpoint: checkpoint, Range: snapshot.Range(b.keys), Hash: keyrange.HashName, Tables: make([]snapshot.Table, 0, len(b.tables)),
	}
	for _, t := range b.tables {
		if t.cold != nil {
			t.spill(b.epoch)
			b.lull.end()
		}
	}
	if b.deltaIsPossible() {
		base := b.base.checkpoint
		f.header.Base = &base
		m.deltas = b.base.deltas + 1
	}
	for _, t := range b.tables {
		f.header.Tables = append(f.header.Tables, t.describe())
		f.tables = append(f.tables, t.freeze(b.epoch, f.since(b)))
	}
	b.pending = append(b.pending, m)
	b.epoch++
	b.setBounds()
	return f
}

// deltaIsPossible reports whether the next snapshot may build on the last completed one.
func (b *Backend) deltaIsPossible() bool {
	return b.base != nil && b.base.deltas < maxDeltas && !slices.ContainsFunc(b.tables, func(t *Table) bool {
		return !t.changes.known(b.base.epoch) || t.cold != nil && t.cold.isWhole(b.base.epoch)
	})
}

// since returns the epoch behind which changes are in a delta; nil is all rows.
func (f *Frozen) since(b *Backend) *uint64 {
	if f.header.Base == nil {
		return nil
	}
	return &b.base.epoch
}

// freeze ends an epoch of the table and takes hold of all its rows, or of those that
// changed since another epoch.
func (t *Table) freeze(epoch uint64, since *uint64) *frozenTable {
	if t.cold != nil {
		return &frozenTable{pool: t.pool, below: t.cold.since(since)}
	}
	var f *frozenTable
	if since == nil {
		f = newFrozenTable(t, slices.Clone(t.live), graves{through: noBucket})
	} else {
		changed := t.changes.since(*since)
		changed.rows.and(t.live)
		f = newFrozenTable(t, changed.rows, changed.gone)
	}
	t.changes.end(epoch)
	t.prune()
	t.frozen = append(t.frozen, f)
	return f
}

// snapshotCells returns all cells; their values are never changed in place.
func (b *Backend) snapshotCells() (cells []snapshot.Cell) {
	for _, c := range b.cells {
		for _, v := range c.values {
			cells = append(cells, snapshot.Cell{Name: c.name, Value: v})
		}
	}
	return cells
}

// Delta reports whether the object builds on those of the last completed
// checkpoint; otherwise it stands alone.
func (f *Frozen) Delta() bool { return f.header.Base != nil }

// ErrEncoded says that a Frozen was encoded before: the rows that have changed since are
// not held any more. Only another checkpoint can be written.
var ErrEncoded = errors.New("state: Encode of a snapshot for the second time")

// Encode is [Frozen.EncodeAs] of an object without a name.
func (f *Frozen) Encode(to io.Writer) error { return f.EncodeAs("", to) }

// EncodeAs writes the object to upload, and that it has this name: see [Object.Name]. It
// may be called once, before Release, from any goroutine; a second time it fails with
// [ErrEncoded]. Of rows it holds some 16 MiB, or an eighth of a table, at a time.
func (f *Frozen) EncodeAs(name string, to io.Writer) error {
	if f.released.Load() {
		return errors.New("state: Encode of a snapshot that was released")
	}
	if f.encoded.Swap(true) {
		return ErrEncoded
	}
	f.header.Name = name
	buffered := bufio.NewWriterSize(to, pieceBytes)
	if err := f.encode(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

func (f *Frozen) encode(to io.Writer) error {
	w, err := snapshot.NewWriter(to, f.header, f.cells)
	if err != nil {
		return err
	}
	buffer := f.pool.takeBuffer()
	defer f.pool.putBuffer(buffer)
	for i, t := range f.tables {
		table, err := w.Table(i)
		if err == nil {
			err = t.encode(table, buffer)
		}
		if err != nil {
			return fmt.Errorf("state table %q: %w", f.header.Tables[i].Name, err)
		}
	}
	return w.Finish()
}

// encode writes the rows of a table in the order of their keys.
func (f *frozenTable) encode(w rowWriter, buffer *rowBuffer) error {
	defer f.finish()
	if f.below != nil {
		return f.below.copyTo(w)
	}
	if f.gone.through > noBucket {
		if err := w.DropBuckets(f.gone.through); err != nil {
			return err
		}
	}
	for pass := range f.passes.count() {
		buffer.reset()
		f.take(pass, buffer)
		err := buffer.each(func(key, value []byte, gone bool) error {
			if gone {
				return w.Delete(key)
			}
			return w.Put(key, value)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Release gives the rows up, so that the tables need no longer save them. It may be
// called from any goroutine, more than once, and must be called for every Frozen,
// encoded or not.
func (f *Frozen) Release() {
	if !f.released.Swap(true) {
		for _, t := range f.tables {
			t.finish()
		}
	}
}

// describe returns the header of the table.
func (t *Table) describe() snapshot.Table {
	return snapshot.Table{
		Name: t.spec.Name, Version: t.spec.Version, Key: describeFields(t.spec.Key), Sub: describeFields(t.spec.Sub),
		Multi: t.spec.Multi, Last: t.lastNumber, Bucketed: t.spec.Bucketed,
		Values: describeFields(t.spec.Values), Expires: t.spec.TTL.Clock.String(), Now: t.clock(),
	}
}

// clock returns the time of the clock by which rows expire, if it has one.
func (t *Table) clock() *int64 {
	if t.expiry == nil || t.expiry.now == noTime {
		return nil
	}
	now := t.expiry.now
	return &now
}

func describeFields(fields []record.Field) []snapshot.Field {
	d := make([]snapshot.Field, len(fields))
	for i, f := range fields {
		d[i] = snapshot.Field{Name: f.Name, Type: arrowName(f.Type)}
	}
	return d
}

// arrowName is what Arrow calls a type, and job files a list or struct; "" if state
// does not hold it.
func arrowName(t record.Type) string {
	switch t.Kind {
	case record.KindBool, record.KindInt32, record.KindInt64, record.KindFloat64:
		return t.String()
	case record.KindDecimal:
		return fmt.Sprintf("decimal128(%d, %d)", t.Precision, t.Scale)
	case record.KindString:
		return "utf8"
	case record.KindBytes:
		return "binary"
	case record.KindTimestamp:
		return "timestamp[us, tz=UTC]"
	case record.KindDate:
		return "date32[day]"
	case record.KindList:
		if arrowName(t.Element()) != "" {
			return t.String()
		}
	case record.KindStruct:
		if !slices.ContainsFunc(t.Fields(), func(f record.Field) bool { return arrowName(f.Type) == "" }) {
			return t.String()
		}
	}
	return ""
}
