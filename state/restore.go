package state

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"reflect"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/snapshot"
)

// Object is a state object of a checkpoint, as a store has it.
type Object struct {
	// Name, if set, is what the object must be called if it says so: another one in its place, or
	// an older one, is as good as any in itself.
	Name    string
	Content io.ReaderAt
	Size    int64
	// Hold, if set, is called where rows will be read from the object behind the restore, by
	// several goroutines; release, when they no longer are.
	Hold func() (release func())
	// Explain, if set, makes of what is found wrong with the object then the error with which
	// the operator ends.
	Explain func(error) error
}

// ObjectOf returns an object that is held in memory.
func ObjectOf(content []byte) Object {
	return Object{Content: bytes.NewReader(content), Size: int64(len(content))}
}

// ObjectError says that an object of a chain cannot be restored from.
type ObjectError struct {
	Chain, Object int
	Err           error
}

func (e *ObjectError) Error() string {
	return fmt.Sprintf("state: restore chain %d: object %d: %v", e.Chain, e.Object, e.Err)
}

// Unwrap returns the reason.
func (e *ObjectError) Unwrap() error { return e.Err }

// Restore returns the state of the keys whose hash lies in r. Each chain is the
// objects of one old subtask, the full one first and then the deltas that build
// on it. Chains whose key range does not touch r are ignored; the others must
// cover r without an overlap. Without any chain the state is empty. Of an object no
// more is read than what belongs to r.
//
// It fails with an [ObjectError] if an object is damaged, incomplete or of another kind,
// and names chunk and offset.
func Restore(r keyrange.Range, chains [][]Object) (*Backend, error) {
	return (*Tier)(nil).Restore(r, chains, nil)
}

// restore takes in the objects of old subtasks.
func (b *Backend) restore(chains [][]Object) error {
	var olds []*oldState
	for i, chain := range chains {
		old, err := openChain(i, chain)
		if err != nil {
			return err
		}
		if old.keys().Overlaps(b.keys) {
			olds = append(olds, old)
		}
	}
	if len(chains) == 0 {
		return nil
	}
	slices.SortFunc(olds, func(a, b *oldState) int { return cmp.Compare(a.keys().First, b.keys().First) })
	if err := checkCover(b.keys, olds); err != nil {
		return fmt.Errorf("state: restore: %w", err)
	}
	fits := b.fits(olds)
	stays := func(s TableSpec) bool { return !fits && b.canStay(s, olds) }
	for _, old := range olds {
		if err := b.takeIn(old, stays); err != nil {
			return err
		}
	}
	if b.tier != nil {
		b.account()
	}
	return nil
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
	stored  []Object
	objects []*snapshot.Object
}

func (o *oldState) keys() keyrange.Range { return keyrange.Range(o.objects[0].Header.Range) }

// openChain opens the objects of a chain and checks that they build on each other.
func openChain(number int, chain []Object) (*oldState, error) {
	if len(chain) == 0 {
		return nil, fmt.Errorf("state: restore chain %d: it has no object", number)
	}
	old := &oldState{number: number, stored: chain}
	for i, object := range chain {
		o, err := snapshot.Open(object.Content, object.Size)
		if err == nil {
			err = object.checkName(o.Header)
		}
		if err == nil {
			err = checkLink(old.objects, o.Header)
		}
		if err != nil {
			return nil, &ObjectError{number, i, err}
		}
		old.objects = append(old.objects, o)
	}
	return old, nil
}

// checkName makes sure that an object with header h is the one that was asked for.
func (o *Object) checkName(h snapshot.Header) error {
	if o.Name == "" || h.Name == "" || h.Name == o.Name {
		return nil
	}
	return fmt.Errorf("it is %s, of checkpoint %d, in the place of another", h.Name, h.Checkpoint)
}

// checkLink makes sure that an object with header h can follow those before. A
// delta may skip some of them: what they changed since its base is in it, too.
func checkLink(before []*snapshot.Object, h snapshot.Header) error {
	switch {
	case h.Hash != keyrange.HashName:
		return fmt.Errorf("its keys were hashed by %q; this weir knows %q", h.Hash, keyrange.HashName)
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

// takeIn adds the cells of an old subtask, and its rows as far as they belong here: to memory,
// unless they stay where they are.
func (b *Backend) takeIn(old *oldState, stays func(TableSpec) bool) error {
	last := len(old.objects) - 1
	for _, c := range old.objects[last].Cells {
		b.addCell(c)
	}
	for _, h := range old.objects[last].Header.Tables {
		spec, err := specOf(h)
		if err != nil {
			return &ObjectError{old.number, last, err}
		}
		t, err := b.restored(spec, timeIn(h))
		if err != nil {
			return &ObjectError{old.number, last, err}
		}
		take := old.takeRows
		if stays(spec) {
			take = b.below(old)
		}
		if err := take(t, h, b.keys); err != nil {
			return err
		}
		t.lastNumber = max(t.lastNumber, h.Last)
	}
	return nil
}

// takeRows adds the rows of a table whose hash lies in r.
func (o *oldState) takeRows(t *Table, h snapshot.Table, r keyrange.Range) error {
	last := len(o.objects) - 1
	parts, err := o.partsOf(h)
	if err != nil {
		return err
	}
	newestFirst := make([]*runs.Iterator, len(parts))
	entries := 0
	for i, p := range parts {
		entries += int(p.object.Run(p.table).Meta.Entries())
		newestFirst[i] = p.object.Rows(p.table, r)
	}
	if t.count == 0 {
		t.index = newIndex(entries)
	}
	merged := runs.Merge(newestFirst...)
	for merged.Next() {
		if t.layout.expired(merged.Value(), timeIn(h)) {
			continue // it was absent, and the clock of others may not be so far
		}
		if err := t.addStored(merged.Key(), merged.Value(), o.keys()); err != nil {
			return &ObjectError{o.number, last, fmt.Errorf("table %q: %w", h.Name, err)}
		}
	}
	for i, rows := range newestFirst {
		if err := rows.Err(); err != nil {
			return &ObjectError{o.number, last - i, err}
		}
	}
	return nil
}

// objectPart is a table in an object.
type objectPart struct {
	object *snapshot.Object
	stored Object
	table  int
}

// partsOf returns a table in the objects that have it, the newest first: in all, or in those
// since it was opened.
func (o *oldState) partsOf(h snapshot.Table) (parts []objectPart, err error) {
	for i, object := range slices.Backward(o.objects) {
		at := slices.IndexFunc(object.Header.Tables, func(was snapshot.Table) bool { return was.Name == h.Name })
		if at < 0 {
			break
		}
		if !sameColumns(object.Header.Tables[at], h) {
			return nil, &ObjectError{o.number, i, fmt.Errorf("table %q has other columns in the object before it", h.Name)}
		}
		parts = append(parts, objectPart{object, o.stored[i], at})
	}
	return parts, nil
}

// sameColumns reports whether two objects have the same declaration of a table.
func sameColumns(a, b snapshot.Table) bool {
	a.Last, a.Now = b.Last, b.Now
	return reflect.DeepEqual(a, b)
}

// addStored adds a row of a snapshot of some keys.
func (t *Table) addStored(key, value []byte, keys keyrange.Range) error {
	r := t.takeRow()
	t.makeRoom()
	if err := t.layout.parse(key, value, &t.columns, r); err != nil {
		return err
	}
	if hash := t.hash.get(r); !keys.Contains(hash) {
		return fmt.Errorf("the hash %016x of a row is outside of the key range", hash)
	}
	t.live.set(r)
	t.changes.make(r)
	t.reindex(r)
	return nil
}

// timeIn returns the time of the clock by which rows expire.
func timeIn(h snapshot.Table) int64 {
	if h.Now == nil {
		return noTime
	}
	return *h.Now
}

// specOf returns the declaration that a header describes.
func specOf(h snapshot.Table) (TableSpec, error) {
	s := TableSpec{Name: h.Name, Version: h.Version, Multi: h.Multi, Bucketed: h.Bucketed}
	clock := slices.Index(clocks[:], h.Expires)
	if clock < 0 {
		return s, fmt.Errorf("table %q: its rows expire by %q, a clock that this weir does not know", h.Name, h.Expires)
	}
	s.TTL.Clock = Clock(clock)
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
	if t, err := record.ParseType(name); err == nil && t.IsNested() {
		return t, arrowName(t) == name
	}
	var precision, scale int
	if n, _ := fmt.Sscanf(name, "decimal128(%d, %d)", &precision, &scale); n < 2 {
		return record.Type{}, false
	}
	t, err := record.DecimalOf(precision, scale)
	return t, err == nil && arrowName(t) == name
}
