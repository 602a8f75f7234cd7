package agg

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

var decimalExtremeKinds = map[direction]*kind{least: decimalExtremeKind(least), greatest: decimalExtremeKind(greatest)}

func decimalExtremeKind(d direction) *kind {
	return &kind{
		name: d.String(),
		columns: []record.Field{
			{Name: "low", Type: record.Int64}, {Name: "high", Type: record.Int64}, {Name: "seen", Type: record.Int64},
		},
		open: func(o opening) (accumulator, error) {
			return &decimalExtreme{d, o.Table.Int64(o.column), o.Table.Int64(o.column + 1), o.Table.Int64(o.column + 2)}, nil
		},
	}
}

// decimalExtreme keeps the least or the greatest decimal as its two words.
type decimalExtreme struct {
	direction direction
	low, high state.Int64s
	seen      state.Int64s // 1 if there is a value
}

func (e *decimalExtreme) update(l *lane) {
	values := l.values.Decimals()
	for k, g := range l.groups {
		e.offer(g, values[l.at[k]])
	}
}

func (e *decimalExtreme) get(g state.RowID) record.Decimal {
	return record.Decimal{Lo: uint64(e.low.Get(g)), Hi: e.high.Get(g)}
}

func (e *decimalExtreme) offer(g state.RowID, v record.Decimal) {
	if e.seen.Get(g) != 0 {
		if order := v.Compare(e.get(g)); order == 0 || order > 0 != (e.direction == greatest) {
			return
		}
	}
	*e.low.Ptr(g), *e.high.Ptr(g), *e.seen.Ptr(g) = int64(v.Lo), v.Hi, 1
}

func (e *decimalExtreme) merge(into groups, source accumulator, from groups) {
	other := source.(*decimalExtreme)
	for k, g := range into {
		if other.seen.Get(from[k]) != 0 {
			e.offer(g, other.get(from[k]))
		}
	}
}

func finalDecimalExtreme(parts []accumulator, rows groups, to *record.Column) *RangeError {
	e, n := parts[0].(*decimalExtreme), parts[1].(*count).n
	for _, g := range rows {
		if n.Get(g) == 0 {
			to.AppendNull()
			continue
		}
		to.AppendDecimal(e.get(g))
	}
	return nil
}
