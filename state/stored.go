package state

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/snapshot"
)

// This file is for those who look at state without running the job that it is of.

// Stored is the state of one old subtask, as its objects have it.
type Stored struct {
	old    *oldState
	tables []StoredTable
}

// OpenStored opens the objects of a subtask: a full one, then the deltas that build on it. What
// is wrong with one is an [ObjectError].
func OpenStored(chain []Object) (*Stored, error) {
	old, err := openChain(0, chain)
	if err != nil {
		return nil, err
	}
	s := &Stored{old: old}
	last := len(old.objects) - 1
	for _, h := range old.objects[last].Header.Tables {
		spec, err := specOf(h)
		if err != nil {
			return nil, &ObjectError{0, last, err}
		}
		parts, err := old.partsOf(h)
		if err != nil {
			return nil, err
		}
		t := StoredTable{Spec: spec, header: h, old: old, parts: parts}
		for _, p := range parts {
			meta := p.object.Run(p.table).Meta
			t.Entries += meta.Entries()
			t.Bytes += meta.Bytes()
			t.exact = len(parts) == 1 && meta.Tombstones() == 0
		}
		s.tables = append(s.tables, t)
	}
	return s, nil
}

// Range returns the hashes that the subtask had.
func (s *Stored) Range() keyrange.Range { return s.old.keys() }

// Tables returns the tables in the order of their names.
func (s *Stored) Tables() []StoredTable { return s.tables }

// StoredTable is a table of an old subtask.
type StoredTable struct {
	Spec TableSpec
	// Entries is those of all objects: rows, what says that they are gone, and what newer
	// entries hide.
	Entries uint64
	Bytes   int64 // of those

	header snapshot.Table
	old    *oldState
	parts  []objectPart // the newest first
	exact  bool         // each entry is a row
}

// Schema returns the columns of the rows: key, sub-key and values. Where two have one name,
// those behind say in brackets what they are.
func (t *StoredTable) Schema() *record.Schema {
	taken := map[string]bool{}
	var fields []record.Field
	add := func(of string, more []record.Field) {
		for i, f := range more {
			if taken[f.Name] {
				f.Name = fmt.Sprintf("%s (%s %d)", f.Name, of, i+1)
			}
			taken[f.Name] = true
			fields = append(fields, f)
		}
	}
	add("key", t.Spec.Key)
	add("sub-key", t.Spec.Sub)
	add("value", t.Spec.Values)
	return record.MustSchema(fields...)
}

// Count returns how many rows there are. Where it cannot be told by the entries it reads them.
func (t *StoredTable) Count() (rows int, err error) {
	if t.exact && t.Spec.TTL.Clock == NoClock {
		return int(t.Entries), nil
	}
	l := layoutOf(&t.Spec)
	err = t.each(func(_, value []byte) error {
		if !l.expired(value, timeIn(t.header)) {
			rows++
		}
		return nil
	})
	return rows, err
}

// each calls do with the entries that are rows, and with those that have expired.
func (t *StoredTable) each(do func(key, value []byte) error) error {
	newestFirst := make([]*runs.Iterator, len(t.parts))
	for i, p := range t.parts {
		newestFirst[i] = p.object.Rows(p.table, keyrange.All)
	}
	merged := runs.Merge(newestFirst...)
	for merged.Next() {
		if err := do(merged.Key(), merged.Value()); err != nil {
			return err
		}
	}
	for i, rows := range newestFirst {
		if err := rows.Err(); err != nil {
			return &ObjectError{0, len(t.old.objects) - 1 - i, err}
		}
	}
	return nil
}

// storedRows is how many rows of a table are decoded at once.
const storedRows = 1024

// Rows calls do with the rows, some at a time, in the order in which they are stored: that of
// the hashes of their keys. The batch is the caller's to release.
func (t *StoredTable) Rows(pool *record.Pool, do func(*record.Batch) error) error {
	schema, now, blocks := t.Schema(), timeIn(t.header), &blockPool{}
	decoded := newTable(t.Spec, blocks)
	flush := func() error {
		b := decoded.batchOf(pool, schema)
		decoded = newTable(t.Spec, blocks)
		if b.Len() == 0 {
			b.Release()
			return nil
		}
		return do(b)
	}
	err := t.each(func(key, value []byte) error {
		if decoded.layout.expired(value, now) {
			return nil
		}
		r := decoded.takeRow()
		decoded.makeRoom()
		if err := decoded.layout.parse(key, value, &decoded.columns, r); err != nil {
			return &ObjectError{0, len(t.old.objects) - 1, fmt.Errorf("table %q: %w", t.Spec.Name, err)}
		}
		if decoded.count < storedRows {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return err
}

// batchOf returns all rows of a table from which none was taken.
func (t *Table) batchOf(pool *record.Pool, schema *record.Schema) *record.Batch {
	rows := make([]RowID, t.count)
	for i := range rows {
		rows[i] = RowID(i)
	}
	b := pool.NewBatch(schema, len(rows))
	for _, columns := range [2][]column{t.keys, t.values} {
		for i := range columns {
			to := pool.NewColumn(columns[i].typ, len(rows))
			columns[i].appendTo(to, rows)
			b.Columns = append(b.Columns, to)
		}
	}
	return b
}
