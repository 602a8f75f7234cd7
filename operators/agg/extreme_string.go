package agg

import (
	"bytes"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// The kinds of strings and bytes differ only in what the state is said to hold.
var (
	stringExtremeKinds = map[direction]*kind{least: stringExtremeKind(least, record.String),
		greatest: stringExtremeKind(greatest, record.String)}
	bytesExtremeKinds = map[direction]*kind{least: stringExtremeKind(least, record.Bytes), greatest: stringExtremeKind(greatest, record.Bytes)}
)

func stringExtremeKind(d direction, t record.Type) *kind {
	return &kind{
		name:    d.String(),
		columns: []record.Field{{Name: "text", Type: t}, {Name: "seen", Type: record.Int64}},
		open: func(o opening) (accumulator, error) {
			return &stringExtreme{d, o.Table.String(o.column), o.Table.Int64(o.column + 1)}, nil
		},
	}
}

// stringExtreme keeps the least or the greatest string, in the order of bytes.
type stringExtreme struct {
	direction direction
	text      state.Strings
	seen      state.Int64s // 1 if there is a value
}

func (e *stringExtreme) update(l *lane) {
	values := l.values.Strings()
	for k, g := range l.groups {
		e.offer(g, values.At(int(l.at[k])))
	}
}

func (e *stringExtreme) offer(g state.RowID, v []byte) {
	if e.seen.Get(g) == 0 {
		*e.seen.Ptr(g) = 1
		e.text.Set(g, v)
		return
	}
	if order := bytes.Compare(v, e.text.Get(g)); order > 0 && e.direction == greatest || order < 0 && e.direction == least {
		e.text.Set(g, v)
	}
}

func (e *stringExtreme) merge(into groups, source accumulator, from groups) {
	other := source.(*stringExtreme)
	for k, g := range into {
		if other.seen.Get(from[k]) != 0 {
			e.offer(g, other.text.Get(from[k]))
		}
	}
}

func finalStringExtreme(parts []accumulator, rows groups, to *record.Column) *RangeError {
	e, n := parts[0].(*stringExtreme), parts[1].(*count).n
	for _, g := range rows {
		if n.Get(g) == 0 {
			to.AppendNull()
			continue
		}
		to.AppendString(e.text.Get(g))
	}
	return nil
}
