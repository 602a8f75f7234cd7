package timeformat

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unsafe"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// Reader returns the function that reads timestamps, in µs, as a schema declares
// them: "" is RFC 3339; "s", "ms" and "us" are numbers since 1970-01-01T00:00:00Z, rounded
// to the microsecond, "ns" is one that is cut to it; others are patterns. Without an
// offset the time is UTC, or that of a zone declared behind the pattern. A function belongs
// to one goroutine.
func Reader(declared string) (func(text []byte) (int64, error), error) {
	switch declared {
	case "":
		return readRFC3339, nil
	case "s":
		return epoch(6, "seconds"), nil
	case "ms":
		return epoch(3, "milliseconds"), nil
	case "us":
		return epoch(0, "microseconds"), nil
	case "ns":
		return nanoseconds, nil
	}
	if read, err := zoned(declared); read != nil || err != nil {
		return read, err
	}
	p, err := Compile(declared)
	if err == nil {
		err = p.Readable()
	}
	if err != nil {
		return nil, fmt.Errorf("%w; other forms are s, ms, us and ns since 1970", err)
	}
	return func(text []byte) (int64, error) {
		t, err := p.Read(text)
		return int64(t), err
	}, nil
}

// IsEpoch reports whether a declaration is of numbers since 1970.
func IsEpoch(declared string) bool {
	switch declared {
	case "s", "ms", "us", "ns":
		return true
	}
	return false
}

// The times that numbers may stand for are those of the years 0 to 9999. Others come of
// the wrong unit: milliseconds read as seconds are in the year 50,000.
var (
	first = calendar.Days(0, 1, 1) * 86_400_000_000
	last  = calendar.Days(10_000, 1, 1)*86_400_000_000 - 1
)

// inReason returns the time of a number, or an error.
func inReason(t int64, text []byte) (int64, error) {
	if t < first || t > last {
		return 0, outOfRange(text)
	}
	return t, nil
}

func readRFC3339(text []byte) (int64, error) {
	t, err := record.ParseTime(text)
	if err != nil {
		return 0, fmt.Errorf("%w; declare how it is written, as timestamp(s), timestamp(ms), "+
			"timestamp(us), timestamp(ns) or timestamp('%%Y-%%m-%%d %%H:%%M:%%S')", err)
	}
	return int64(t), nil
}

// epoch reads a number of units, of which a microsecond is the last of so many
// places behind the point.
func epoch(places int, unit string) func([]byte) (int64, error) {
	microseconds := int64(math.Pow10(places))
	limit := math.MaxInt64 / microseconds
	return func(text []byte) (int64, error) {
		if bytes.IndexByte(text, '.') >= 0 {
			return fraction(text, places, unit)
		}
		// ParseInt keeps no reference to its text but in errors, which are dropped.
		v, err := strconv.ParseInt(unsafe.String(unsafe.SliceData(text), len(text)), 10, 64)
		switch {
		case err != nil: // it may be too long for an int64, and yet have an exponent that makes it less
			return fraction(text, places, unit)
		case v > limit || v < -limit:
			return 0, outOfRange(text)
		}
		return inReason(v*microseconds, text)
	}
}

// nanoseconds reads a number of nanoseconds since 1970, of which the whole microseconds
// count: those that are over at that moment.
func nanoseconds(text []byte) (int64, error) {
	n, _, err := decimal.Parse(text, decimal.MaxPrecision, 0)
	v, ok := n.Int64()
	switch {
	case errors.Is(err, decimal.ErrSyntax):
		return 0, fmt.Errorf("%s is not a number of nanoseconds since 1970", excerpt.Quoted(text))
	case err != nil || !ok:
		return 0, outOfRange(text)
	}
	micros, _ := ints.FloorDiv(v, 1000)
	return inReason(micros, text)
}

// fraction reads a number of units in any notation, rounded to the microsecond:
// programs that compute with float64 write seconds as 1357035300.1234567.
func fraction(text []byte, places int, unit string) (int64, error) {
	n, _, err := decimal.Parse(text, decimal.MaxPrecision, places)
	v, ok := n.Int64()
	switch {
	case errors.Is(err, decimal.ErrSyntax):
		return 0, fmt.Errorf("%s is not a number of %s since 1970", excerpt.Quoted(text), unit)
	case err != nil || !ok:
		return 0, outOfRange(text)
	}
	return inReason(v, text)
}

func outOfRange(text []byte) error {
	return fmt.Errorf("%s is not in the years 0 to 9999; is the unit right? There are timestamp(s), timestamp(ms), timestamp(us) "+
		"and timestamp(ns)", excerpt.Quoted(text))
}
