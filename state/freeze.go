package state

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// Frozen is the state at one checkpoint, or what of it changed since the last
// completed one. It shares its pages with the tables, which copy a page before
// they write to it.
type Frozen struct {
	header snapshot.Header
	cells  []snapshot.Cell
	pages  []frozenPage

	// The pages last changed in epochs since < e ≤ until.
	since, until uint64
	released     atomic.Bool
}

// frozenPage is a page of words, or of strings.
type frozenPage struct {
	address snapshot.Address
	words   []uint64
	text    []byte
}

// The numbers of the columns of a table in a snapshot; keys come from
// firstKeyColumn on, then sub-keys, then values.
const (
	liveColumn = iota
	hashColumn
	_ // was the order key
	firstKeyColumn
)

// Freeze takes hold of the state for a checkpoint, whose numbers must rise. It
// notes which pages to write and copies none, so that its time goes by the
// number of pages. The caller goes on with the tables at once, hands the Frozen
// to whoever encodes it, and sees to its release.
//
// What is frozen is a delta on the last completed checkpoint, unless there is
// none or eight deltas build on one full snapshot already.
func (b *Backend) Freeze(checkpoint uint64) *Frozen {
	if n := len(b.pending); n > 0 && b.pending[n-1].checkpoint >= checkpoint || b.base != nil && b.base.checkpoint >= checkpoint {
		panic(fmt.Sprintf("state: Freeze(%d) after a checkpoint that is not older", checkpoint))
	}
	m := stamp{checkpoint: checkpoint, epoch: b.epochs.now}
	f := &Frozen{until: b.epochs.now, cells: b.snapshotCells()}
	f.header = snapshot.Header{
		Checkpoint: checkpoint, Range: snapshot.Range(b.keys), Hash: keyrange.HashName,
		PageBytes: pageBytes, Tables: make([]snapshot.Table, 0, len(b.tables)),
	}
	if b.base != nil && b.base.deltas < maxDeltas {
		base := b.base.checkpoint
		f.header.Base, f.since = &base, b.base.epoch
		m.deltas = b.base.deltas + 1
	}
	for i, t := range b.tables {
		f.header.Tables = append(f.header.Tables, t.describe())
		f.hold(uint16(i), t)
	}
	b.pending = append(b.pending, m)
	b.epochs.end(f)
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

// hold notes the pages of a table that changed since the base.
func (f *Frozen) hold(table uint16, t *Table) {
	f.holdWords(snapshot.Address{Table: table, Column: liveColumn, Part: snapshot.Bits}, &t.live.words)
	f.holdWords(snapshot.Address{Table: table, Column: hashColumn, Part: snapshot.Words}, &t.hash)
	number := uint16(firstKeyColumn)
	for _, columns := range [][]column{t.keys, t.values} {
		for i := range columns {
			f.holdColumn(table, number, &columns[i])
			number++
		}
	}
}

func (f *Frozen) holdColumn(table, number uint16, c *column) {
	f.holdWords(snapshot.Address{Table: table, Column: number, Part: snapshot.Words}, &c.words)
	f.holdWords(snapshot.Address{Table: table, Column: number, Part: snapshot.Bits}, &c.nulls)
	if c.heap == nil {
		return
	}
	for p := range c.heap.pages {
		if page := &c.heap.pages[p]; page.changed > f.since {
			a := snapshot.Address{Table: table, Column: number, Part: snapshot.Strings, Number: uint32(p)}
			f.pages = append(f.pages, frozenPage{address: a, text: page.data})
		}
	}
}

func (f *Frozen) holdWords(a snapshot.Address, w *words) {
	for p, changed := range w.changed {
		if changed > f.since {
			a.Number = uint32(p)
			f.pages = append(f.pages, frozenPage{address: a, words: w.pages[p]})
		}
	}
}

// Delta reports whether the object builds on those of the last completed
// checkpoint; otherwise it stands alone.
func (f *Frozen) Delta() bool { return f.header.Base != nil }

// Encode returns the object to upload. It may be called once, before Release,
// from any goroutine.
func (f *Frozen) Encode() ([]byte, error) {
	if f.released.Load() {
		return nil, errors.New("state: Encode of a snapshot that was released")
	}
	w := snapshot.NewWriter(f.header, f.cells)
	scratch := make([]byte, 0, pageBytes)
	for _, p := range f.pages {
		content := p.text
		if p.words != nil {
			content = appendWords(scratch[:0], p.words)
		}
		w.Page(p.address, content)
	}
	return w.Finish()
}

func appendWords(to []byte, words []uint64) []byte {
	for _, w := range words {
		to = binary.LittleEndian.AppendUint64(to, w)
	}
	return to
}

// Release gives the pages up, so that the tables need no longer copy them. It
// may be called from any goroutine, more than once, and must be called for every
// Frozen, encoded or not.
func (f *Frozen) Release() {
	if !f.released.Swap(true) {
		f.pages = nil
	}
}

// describe returns the header of the table's pages.
func (t *Table) describe() snapshot.Table {
	return snapshot.Table{
		Name: t.spec.Name, Key: describeFields(t.spec.Key), Sub: describeFields(t.spec.Sub), Multi: t.spec.Multi,
		Values: describeFields(t.spec.Values), Rows: uint32(t.limit),
	}
}

func describeFields(fields []record.Field) []snapshot.Field {
	d := make([]snapshot.Field, len(fields))
	for i, f := range fields {
		d[i] = snapshot.Field{Name: f.Name, Type: arrowName(f.Type)}
	}
	return d
}

// arrowName is what Arrow calls a type, "" if state does not hold it.
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
	}
	return ""
}
