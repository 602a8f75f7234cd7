package state

import (
	"fmt"
	"math/bits"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
)

// subs returns the sub-key columns.
func (t *Table) subs() []column { return t.keys[len(t.spec.Key):] }

// AppendSubs appends the sub-keys of rows to plain columns of their types, one
// column per sub-key column.
func (t *Table) AppendSubs(to []*record.Column, rows []RowID) {
	t.mustHaveAll(rows)
	subs := t.subs()
	for i := range subs {
		subs[i].appendTo(to[i], rows)
	}
}

// Sub returns the first sub-key column, of type Int64 or Timestamp. Its values
// change by SetSub only.
func (t *Table) Sub() Int64s {
	if len(t.spec.Sub) == 0 || !isTime(t.spec.Sub[0].Type) {
		panic(fmt.Sprintf("state: Sub on table %q, which has no sub-key of type Int64 or Timestamp", t.spec.Name))
	}
	return Int64s{t, &t.subs()[0].words}
}

// Number returns the numbers of the rows of a Multi table, which tell rows of one
// key apart for ever: a row that is made later has a greater one. They never change.
func (t *Table) Number() Int64s { return Int64s{t, &t.number} }

// SubIsNull reports whether the first sub-key column of a row is null.
func (t *Table) SubIsNull(r RowID) bool { return t.subs()[0].isNull(r) }

// SetSub changes the first sub-key column of a row of a Multi table, which must
// be of type Int64 or Timestamp. Elsewhere rows are found by their sub-key, which
// stands.
func (t *Table) SetSub(r RowID, v int64) {
	if !t.spec.Multi || len(t.spec.Sub) == 0 || !isTime(t.spec.Sub[0].Type) {
		panic(fmt.Sprintf("state: SetSub on table %q, which is not Multi with a sub-key of integers", t.spec.Name))
	}
	t.mustHave(r)
	c := &t.subs()[0]
	t.touch(r)
	t.bury(r)
	*c.words.at(r) = uint64(v)
	c.setNull(r, false)
	if t.order != nil {
		t.order.reattach(r)
	}
	if t.spec.Due == DueBySub {
		t.due.list(r)
	}
}

// subHashes returns what tells the sub-keys of a batch apart, or so many of their first
// columns, with the hash of their key: the canonical word of an only column, and a hash
// of several.
func (t *Table) subHashes(sub []*record.Column, sel []int32, n int) []uint64 {
	b := &t.batch
	switch {
	case len(sub) == 0 || t.spec.Multi:
		return nil
	case len(sub) == 1 && !inHeap(sub[0].Type()):
		return b.keys[len(t.spec.Key)].words
	}
	b.mixed = keyrange.Words(b.mixed[:0], sub[0], sel, n)
	for _, c := range sub[1:] {
		b.mixed = keyrange.Words(b.mixed, c, sel, n) // behind those of the columns before
		for k, word := range b.mixed[n:] {
			b.mixed[k] = mixWord(b.mixed[k], word)
		}
		b.mixed = b.mixed[:n]
	}
	return b.mixed
}

// hashOf is subHashes of one row, and of so many columns.
func (t *Table) hashOf(r RowID, columns int) (hash uint64) {
	subs := t.subs()
	for i := range columns {
		word := subs[i].wordOf(r)
		if hash = mixWord(hash, word); i == 0 {
			hash = word
		}
	}
	return hash
}

func mixWord(hash, word uint64) uint64 {
	hi, lo := bits.Mul64(hash, 0x9FB21C651E98DF25)
	return (hi ^ lo) ^ word
}

// wordOf returns the word by [keyrange.Words] of a row's value.
func (c *column) wordOf(r RowID) uint64 {
	if c.heap == nil && !c.isNull(r) {
		return c.words.get(r)
	}
	return c.canonical(c.scalar(r))
}

// canonical returns the word by [keyrange.Words] of a key or sub-key.
func (c *column) canonical(v scalar) uint64 {
	switch {
	case v.null:
		return keyrange.NullWord
	case c.heap == nil:
		return v.word
	case c.typ.Kind == record.KindDecimal:
		return keyrange.DecimalWord(decimalOf(v.text), int(c.typ.Scale))
	default:
		return keyrange.TextWord(v.text)
	}
}
