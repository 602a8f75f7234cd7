package process

import (
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// failures are the rows of one batch that failed.
type failures struct {
	rows   []int32
	errors []string
}

func (f *failures) reset() {
	clear(f.errors)
	f.rows, f.errors = f.rows[:0], f.errors[:0]
}

func (f *failures) add(what string, failed []expr.Failure) {
	for _, one := range failed {
		f.rows = append(f.rows, one.Row)
		f.errors = append(f.errors, what+": "+one.Err.Error())
	}
}

// letters returns the rows as a batch of [stream.DeadLetterSchema], in the order
// in which they failed. The raw text of a row is JSON, its position its event
// time where it has one.
func (f *failures) letters(ctx stream.OperatorContext, b *record.Batch) *record.Batch {
	letters := ctx.Pool.NewBatch(stream.DeadLetterSchema, len(f.rows))
	for range stream.DeadLetterSchema.Len() {
		letters.Columns = append(letters.Columns, ctx.Pool.NewColumn(record.String, len(f.rows)))
	}
	var text []byte
	for i, row := range f.rows {
		letters.Columns[0].AppendString([]byte(ctx.Step))
		letters.Columns[1].AppendString(appendPosition(text[:0], b, int(row)))
		letters.Columns[2].AppendString([]byte(f.errors[i]))
		text = appendRow(text[:0], b, int(row))
		letters.Columns[3].AppendString(cut(text, stream.MaxRawBytes))
	}
	if b.EventTime != nil {
		letters.EventTime = b.EventTime.Gather(f.rows)
	}
	if b.RowWatermark != nil {
		letters.RowWatermark = b.RowWatermark.Gather(f.rows)
	}
	return letters
}

// cut returns the first bytes of text, at most n and no piece of a character.
func cut(text []byte, n int) []byte {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

func appendPosition(to []byte, b *record.Batch, row int) []byte {
	if b.EventTime == nil {
		return to
	}
	at := b.EventTime.Int64s()[b.EventTime.ValueIndex(row)]
	return record.AppendTime(append(to, "event time "...), record.Time(at))
}

// appendRow appends a row of b as a JSON object. NaN and infinities, which JSON
// has no numbers for, stand as strings.
func appendRow(to []byte, b *record.Batch, row int) []byte {
	to = append(to, '{')
	for i, c := range b.Columns {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(appendQuoted(to, b.Schema.Field(i).Name), ':')
		to = appendCell(to, c, row)
	}
	return append(to, '}')
}

func appendCell(to []byte, c *record.Column, row int) []byte {
	if c.IsNull(row) {
		return append(to, "null"...)
	}
	i := c.ValueIndex(row)
	if c.Encoding() == record.Dictionary {
		c = c.Dictionary()
	}
	switch c.Type().Kind {
	case record.KindBool:
		return strconv.AppendBool(to, record.BitAt(c.Bits(), i))
	case record.KindInt64:
		return strconv.AppendInt(to, c.Int64s()[i], 10)
	case record.KindTimestamp:
		return append(record.AppendTime(append(to, '"'), record.Time(c.Int64s()[i])), '"')
	case record.KindFloat64:
		v := c.Float64s()[i]
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return append(record.AppendFloat(append(to, '"'), v), '"')
		}
		return record.AppendFloat(to, v)
	}
	return appendQuoted(to, string(c.Strings().At(i)))
}

func appendQuoted(to []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // every string has JSON
	return append(to, quoted...)
}
