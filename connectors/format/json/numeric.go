package json

import (
	"math"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/jsontext"
)

// A number may stand in quotes: that is how programs write those which
// JavaScript would round.

// number returns the text of a number and the position behind it; -1 where there
// is none.
func (d *Decoder) number(buf []byte, at int) ([]byte, int) {
	quoted := buf[at] == '"'
	if quoted {
		at++
	}
	end, ok := jsontext.Number(buf, at)
	if !ok || quoted && buf[end] != '"' {
		return nil, -1
	}
	if quoted {
		return buf[at:end], end + 1
	}
	return buf[at:end], end
}

func (d *Decoder) int64Value(v *value, buf []byte, at int) int {
	n, end := d.wholeNumber(v, buf, at)
	if end >= 0 {
		v.column.AppendInt64(n)
	}
	return end
}

func (d *Decoder) int32Value(v *value, buf []byte, at int) int {
	n, end := d.wholeNumber(v, buf, at)
	if end < 0 {
		return end
	}
	if int64(int32(n)) != n {
		return d.wrong(v, buf, at, "is outside the range of int32; declare the column as int64")
	}
	v.column.AppendInt32(int32(n))
	return end
}

// wholeNumber reads an int64, however it is written: 1.50e2 is 150.
func (d *Decoder) wholeNumber(v *value, buf []byte, at int) (int64, int) {
	if n, end, ok := plainInt(buf, at); ok {
		return n, end
	}
	if buf[at] == '"' {
		if n, end, ok := plainInt(buf, at+1); ok && buf[end] == '"' {
			return n, end + 1
		}
	}
	text, end := d.number(buf, at)
	if end < 0 {
		return 0, d.wrong(v, buf, at, "is not a whole number; correct it, or write null")
	}
	amount, exact, err := decimal.Parse(text, decimal.MaxPrecision, 0)
	n, ok := amount.Int64()
	switch {
	case err != nil || !ok:
		return 0, d.wrong(v, buf, at, "is outside the range of int64; declare the column as decimal(38,0) or string")
	case !exact:
		return 0, d.wrong(v, buf, at, "is not a whole number; correct it, or declare the column as float64 or decimal")
	}
	return n, end
}

func (d *Decoder) decimalValue(v *value, buf []byte, at int) int {
	text, end := d.number(buf, at)
	if end < 0 {
		return d.wrong(v, buf, at, "is not a number; correct it, or write null")
	}
	n, exact, err := decimal.Parse(text, int(v.typ.Precision), int(v.typ.Scale))
	switch {
	case err != nil:
		return d.wrong(v, buf, at, "has more digits before the point than "+v.typ.String()+"; declare the column with more")
	case !exact:
		return d.wrong(v, buf, at, "has more digits after the point than "+v.typ.String()+
			"; declare the column with more, or as string and CAST it, which rounds")
	}
	v.column.AppendDecimal(n)
	return end
}

func (d *Decoder) epochValue(v *value, buf []byte, at int) int {
	text, end := d.number(buf, at)
	if end < 0 {
		return d.wrong(v, buf, at, "is not a number; correct it, or declare how the timestamp is written")
	}
	t, err := v.timestamp(text)
	if err != nil {
		return d.fail(at, "column %q: %w", v.name, err)
	}
	v.column.AppendInt64(t)
	return end
}

func (d *Decoder) floatValue(v *value, buf []byte, at int) int {
	text, end := d.number(buf, at)
	if end < 0 {
		return d.specialFloat(v, buf, at)
	}
	f, ok := parseFloat(text)
	if !ok {
		return d.wrong(v, buf, at, "is outside the range of float64")
	}
	v.column.AppendFloat64(f)
	return end
}

// specialFloat reads NaN and infinities, which JSON has no numbers for: in quotes, and
// written in any way that CSV and CAST take.
func (d *Decoder) specialFloat(v *value, buf []byte, at int) int {
	if buf[at] != '"' {
		return d.notFloat(v, buf, at)
	}
	text, end := d.text(buf, at)
	if end < 0 {
		return end
	}
	f, ok := parseAnyFloat(text)
	if !ok || !math.IsNaN(f) && !math.IsInf(f, 0) {
		return d.wrong(v, buf, at, "is not a number; correct it, or write null")
	}
	v.column.AppendFloat64(f)
	return end
}

// notFloat fails what is neither a number nor in quotes.
func (d *Decoder) notFloat(v *value, buf []byte, at int) int {
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if jsontext.Literal(buf, at, word) >= 0 {
			return d.fail(at, "column %q: %s is no JSON; write %q, in quotes, or null", v.name, word, word)
		}
	}
	return d.wrong(v, buf, at, "is not a number; correct it, or write null")
}
