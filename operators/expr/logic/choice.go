package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// choice puts together a column whose rows come from several others.
type choice struct {
	typ   record.Type
	out   *record.Column // unless values vary in size: then rows are put in order at the end
	parts []*record.Column
	from  []int32 // per row, where values vary: position in parts, or one of the marks below
	run   []int32 // scratch of appendRuns
}

const (
	notAsked int32 = -1 - iota
	isNull
)

// begin starts a column in which every row of rows will be given once.
func (c *choice) begin(r *kernel.Run, t record.Type) {
	c.typ = t
	if !kernel.IsVaried(t) {
		c.out = r.NewColumn(t, false)
		return
	}
	c.parts, c.from = c.parts[:0], c.from[:0]
	for range r.Batch.Physical() {
		c.from = append(c.from, notAsked)
	}
}

// null gives rows that are null.
func (c *choice) null(rows []int32) {
	for _, row := range rows {
		if kernel.IsVaried(c.typ) {
			c.from[row] = isNull
		} else {
			c.out.SetNull(int(row))
		}
	}
}

// take gives rows as they are in part, whose reference it takes over.
func (c *choice) take(part *record.Column, rows []int32) {
	if kernel.IsVaried(c.typ) {
		for _, row := range rows {
			c.from[row] = int32(len(c.parts))
		}
		c.parts = append(c.parts, part)
		return
	}
	switch c.typ.Kind {
	case record.KindBool:
		takeBits(c.out.Bits(), part, rows)
	case record.KindInt32, record.KindDate:
		takeValues[int32](c.out, part, rows)
	case record.KindDecimal:
		takeValues[record.Decimal](c.out, part, rows)
	default: // 8 bytes wide; the bits are moved whatever they mean
		takeValues[int64](c.out, part, rows)
	}
	if part.HasNulls() {
		for _, row := range rows {
			if part.IsNull(int(row)) {
				c.out.SetNull(int(row))
			}
		}
	}
	part.Release()
}

func takeBits(to []uint64, part *record.Column, rows []int32) {
	values := kernel.ValuesOf(part).Bits()
	for _, row := range rows {
		record.SetBit(to, int(row), record.BitAt(values, part.ValueIndex(int(row))))
	}
}

func takeValues[T record.Fixed](out, part *record.Column, rows []int32) {
	to, values := record.Values[T](out), record.Values[T](kernel.ValuesOf(part))
	if part.Encoding() == record.Plain {
		for _, row := range rows {
			to[row] = values[row]
		}
		return
	}
	for _, row := range rows {
		to[row] = values[part.ValueIndex(int(row))]
	}
}

// end returns the column.
func (c *choice) end(r *kernel.Run) *record.Column {
	if !kernel.IsVaried(c.typ) {
		out := c.out
		c.out = nil
		return out
	}
	out := r.Pool.NewColumn(c.typ, len(c.from))
	if c.typ.IsNested() {
		c.appendRuns(out)
	} else {
		c.appendTexts(r, out)
	}
	for i, p := range c.parts {
		p.Release()
		c.parts[i] = nil
	}
	return out
}

func (c *choice) appendTexts(r *kernel.Run, out *record.Column) {
	size := 0
	for row, part := range c.from {
		switch {
		case part == notAsked:
			out.AppendString(nil)
		case part == isNull || c.parts[part].IsNull(row):
			out.AppendNull()
		default:
			p := c.parts[part]
			text := kernel.ValuesOf(p).Strings().At(p.ValueIndex(row))
			if !r.Fits(int32(row), size+len(text)) {
				text = nil
			}
			size += len(text)
			out.AppendString(text)
		}
	}
}

// appendRuns appends rows that follow one another in one part together.
func (c *choice) appendRuns(out *record.Column) {
	for row := 0; row < len(c.from); {
		part := c.from[row]
		if part < 0 {
			out.AppendNull()
			row++
			continue
		}
		c.run = c.run[:0]
		for ; row < len(c.from) && c.from[row] == part; row++ {
			c.run = append(c.run, int32(row))
		}
		out.AppendRows(c.parts[part], c.run)
	}
}
