package state

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// Restore returns the state of the keys whose hash lies in r. Each chain is the
// objects of one old subtask, the full one first and then the deltas that build
// on it. Chains whose key range does not touch r are ignored; the others must
// cover r without an overlap. Without any chain the state is empty.
//
// It fails if an object is damaged, incomplete or of another kind, and names
// chain, object, block and offset.
func Restore(r keyrange.Range, chains [][][]byte) (*Backend, error) {
	var olds []*oldState
	for i, chain := range chains {
		old, err := openChain(chain)
		if err != nil {
			return nil, fmt.Errorf("state: restore chain %d: %w", i, err)
		}
		if old.keys().Overlaps(r) {
			old.number = i
			olds = append(olds, old)
		}
	}
	if len(chains) == 0 {
		return NewBackend(r), nil
	}
	slices.SortFunc(olds, func(a, b *oldState) int { return cmp.Compare(a.keys().First, b.keys().First) })
	if err := checkCover(r, olds); err != nil {
		return nil, fmt.Errorf("state: restore: %w", err)
	}
	if len(olds) == 1 && olds[0].keys() == r {
		return olds[0].restore()
	}
	return merge(r, olds)
}

// checkCover makes sure that the ranges of the old subtasks, which are in order,
// hold each hash of r once.
func checkCover(r keyrange.Range, olds []*oldState) error {
	next := r.First
	for i, old := range olds {
		keys := old.keys()
		switch {
		case i > 0 && keys.First <= olds[i-1].keys().Last:
			return fmt.Errorf("chains %d and %d hold the same keys, from hash %016x on", olds[i-1].number, old.number, keys.First)
		case keys.First > next:
			return fmt.Errorf("no chain holds the keys from hash %016x to %016x", next, keys.First-1)
		case keys.Last >= r.Last:
			return nil
		}
		next = keys.Last + 1
	}
	return fmt.Errorf("no chain holds the keys from hash %016x to %016x", next, r.Last)
}

// oldState is the objects of one old subtask.
type oldState struct {
	number  int
	objects []*snapshot.Object
}

func (o *oldState) keys() keyrange.Range { return keyrange.Range(o.objects[0].Header.Range) }

// openChain opens the objects of a chain and checks that they build on each other.
func openChain(chain [][]byte) (*oldState, error) {
	if len(chain) == 0 {
		return nil, fmt.Errorf("it has no object")
	}
	old := &oldState{}
	for i, bytes := range chain {
		o, err := snapshot.Open(bytes)
		if err == nil {
			err = checkLink(old.objects, o.Header)
		}
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", i, err)
		}
		old.objects = append(old.objects, o)
	}
	return old, nil
}

// checkLink makes sure that an object with header h can follow those before. A
// delta may skip some of them: what they changed since its base is in it, too.
func checkLink(before []*snapshot.Object, h snapshot.Header) error {
	switch {
	case h.Hash != keyrange.HashName:
		return fmt.Errorf("its keys were hashed by %q; this weir knows %q", h.Hash, keyrange.HashName)
	case h.PageBytes != pageBytes:
		return fmt.Errorf("it has pages of %d bytes; this weir reads pages of %d", h.PageBytes, pageBytes)
	case len(before) == 0 && h.Base != nil:
		return fmt.Errorf("it builds on checkpoint %d, whose object is missing", *h.Base)
	case len(before) == 0:
		return nil
	case h.Base == nil:
		return fmt.Errorf("it stands alone (checkpoint %d), so it must come first", h.Checkpoint)
	}
	last := before[len(before)-1].Header
	if !slices.ContainsFunc(before, func(o *snapshot.Object) bool { return o.Header.Checkpoint == *h.Base }) {
		return fmt.Errorf("it builds on checkpoint %d, whose object is missing", *h.Base)
	}
	if h.Checkpoint <= last.Checkpoint || h.Range != last.Range {
		return fmt.Errorf("checkpoint %d of range %x cannot follow checkpoint %d of range %x", h.Checkpoint, h.Range, last.Checkpoint, last.Range)
	}
	return nil
}

// restore returns the state that the objects hold, page by page.
func (o *oldState) restore() (*Backend, error) {
	b := NewBackend(o.keys())
	for i, object := range o.objects {
		if err := b.apply(object); err != nil {
			return nil, fmt.Errorf("state: restore chain %d, object %d: %w", o.number, i, err)
		}
	}
	for _, t := range b.tables {
		if err := t.complete(b.keys); err != nil {
			return nil, fmt.Errorf("state: restore chain %d, table %q: %w", o.number, t.spec.Name, err)
		}
	}
	return b, nil
}

// apply takes in the pages and cells of one object.
func (b *Backend) apply(o *snapshot.Object) error {
	tables := make([]*Table, len(o.Header.Tables))
	for i, h := range o.Header.Tables {
		spec, err := specOf(h)
		if err != nil {
			return err
		}
		t, err := b.Table(spec)
		switch {
		case err != nil:
			return err
		case h.Rows > maxRows || RowID(h.Rows) < t.limit:
			return fmt.Errorf("table %q cannot have %d rows after %d", h.Name, h.Rows, t.limit)
		}
		t.limit = RowID(h.Rows)
		tables[i] = t
	}
	b.cells = nil
	for _, c := range o.Cells {
		b.addCell(c)
	}
	return o.Pages(func(a snapshot.Address, content []byte) error {
		if int(a.Table) >= len(tables) {
			return fmt.Errorf("there are %d tables", len(tables))
		}
		return tables[a.Table].setPage(a, content)
	})
}

// specOf returns the declaration that a header describes.
func specOf(h snapshot.Table) (TableSpec, error) {
	s := TableSpec{Name: h.Name, Multi: h.Multi}
	var err error
	if s.Key, err = fieldsOf(h.Key); err == nil {
		s.Sub, err = fieldsOf(h.Sub)
	}
	if err == nil {
		s.Values, err = fieldsOf(h.Values)
	}
	if err != nil {
		return s, fmt.Errorf("table %q: %w", h.Name, err)
	}
	return s, nil
}

func fieldsOf(described []snapshot.Field) ([]record.Field, error) {
	fields := make([]record.Field, len(described))
	for i, d := range described {
		t, ok := typeOf(d.Type)
		if !ok {
			return nil, fmt.Errorf("column %q has type %q, which this weir does not keep in state", d.Name, d.Type)
		}
		fields[i] = record.Field{Name: d.Name, Type: t}
	}
	return fields, nil
}

// typeOf is the inverse of arrowName.
func typeOf(name string) (record.Type, bool) {
	for _, t := range []record.Type{record.Bool, record.Int32, record.Int64, record.Float64,
		record.String, record.Bytes, record.Timestamp, record.Date} {
		if arrowName(t) == name {
			return t, true
		}
	}
	var precision, scale int
	if n, _ := fmt.Sscanf(name, "decimal128(%d, %d)", &precision, &scale); n < 2 {
		return record.Type{}, false
	}
	t, err := record.DecimalOf(precision, scale)
	return t, err == nil && arrowName(t) == name
}

// merge returns the rows of old subtasks whose hash lies in r.
func merge(r keyrange.Range, olds []*oldState) (*Backend, error) {
	b := NewBackend(r)
	for _, o := range olds {
		old, err := o.restore()
		if err != nil {
			return nil, err
		}
		for _, t := range old.tables {
			to, err := b.Table(t.spec)
			if err != nil {
				return nil, fmt.Errorf("state: restore chain %d: %w", o.number, err)
			}
			to.copyRows(t, r)
		}
		for _, c := range old.snapshotCells() {
			b.addCell(c)
		}
	}
	for _, t := range b.tables {
		t.reindex()
	}
	return b, nil
}
