package jobtest

import (
	"encoding/base64"
	"math/big"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/record"
)

// cell is a value of the model, which knows nothing of how the engine holds it.
// The zero value is null. None is an empty text, which CSV has for null.
type cell struct {
	text   string   // as sinks write it
	units  *big.Int // of a number how many times 10^-scale it is, of a date the days; else nil
	scale  int      // of a decimal; whole for other numbers
	binary string   // of bytes, what they are
	quoted bool     // stands in quotes in JSON
}

// whole is the scale of int32 and int64.
const whole = -1

func (c cell) null() bool { return c.text == "" }

func text(s string) cell { return cell{text: s, quoted: true} }

func bytesOf(s string) cell {
	return cell{text: base64.StdEncoding.EncodeToString([]byte(s)), binary: s, quoted: true}
}

func timestamp(at record.Time) cell {
	return text(time.UnixMicro(int64(at)).UTC().Format(time.RFC3339))
}

func date(days int64) cell {
	day := time.Unix(days*86400, 0).UTC()
	return cell{text: day.Format(time.DateOnly), units: big.NewInt(days), scale: whole, quoted: true}
}

func integer(n int64) cell { return number(big.NewInt(n), whole) }

// number returns units · 10^-scale with all the digits of its scale.
func number(units *big.Int, scale int) cell {
	c := cell{text: units.String(), units: units, scale: scale}
	if scale > 0 {
		c.text = new(big.Rat).SetFrac(units, power(scale)).FloatString(scale)
	}
	return c
}

// power returns 10 to the n.
func power(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// one returns the units of 1.
func (c cell) one() *big.Int { return power(max(0, c.scale)) }

// apply applies f to the units of a number that is not null.
func (c cell) apply(f func(units *big.Int) *big.Int) cell {
	if c.null() {
		return c
	}
	return number(f(c.units), c.scale)
}

// mapText applies f to a string that is not null.
func (c cell) mapText(f func(string) string) cell {
	if c.null() {
		return c
	}
	return text(f(c.text))
}

// compare orders cells of one type that are not null.
func (c cell) compare(d cell) int {
	switch {
	case c.units != nil:
		return c.units.Cmp(d.units)
	case c.binary != "":
		return strings.Compare(c.binary, d.binary)
	}
	return strings.Compare(c.text, d.text)
}

// json returns the cell as JSON; no text of the model needs escapes.
func (c cell) json() string {
	switch {
	case c.null():
		return "null"
	case c.quoted:
		return `"` + c.text + `"`
	}
	return c.text
}
