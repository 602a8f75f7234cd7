package timeformat

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"unsafe"

	"github.com/weirstream/weir/runtime/record"
)

// Reader returns the function that reads timestamps, in µs, as a schema declares
// them: "" is RFC 3339; "s", "ms" and "us" are whole numbers since
// 1970-01-01T00:00:00Z; others are patterns. Without an offset the time is UTC.
func Reader(declared string) (func(text []byte) (int64, error), error) {
	switch declared {
	case "":
		return readRFC3339, nil
	case "s":
		return epoch(1_000_000), nil
	case "ms":
		return epoch(1000), nil
	case "us":
		return epoch(1), nil
	}
	p, err := Compile(declared)
	if err == nil {
		err = p.Readable()
	}
	if err != nil {
		return nil, fmt.Errorf("%w; other forms are s, ms and us since 1970", err)
	}
	return func(text []byte) (int64, error) {
		t, err := p.Read(text)
		return int64(t), err
	}, nil
}

func readRFC3339(text []byte) (int64, error) {
	t, err := record.ParseTime(text)
	if err != nil {
		return 0, fmt.Errorf("%w; declare how it is written, as timestamp(s), timestamp(ms), timestamp(us) or timestamp('%%Y-%%m-%%d %%H:%%M:%%S')", err)
	}
	return int64(t), nil
}

// epoch reads a whole number of units of so many µs.
func epoch(microseconds int64) func([]byte) (int64, error) {
	limit := math.MaxInt64 / microseconds
	return func(text []byte) (int64, error) {
		// ParseInt keeps no reference to its text but in errors, which are dropped.
		v, err := strconv.ParseInt(unsafe.String(unsafe.SliceData(text), len(text)), 10, 64)
		switch {
		case errors.Is(err, strconv.ErrRange) || v > limit || v < -limit:
			return 0, fmt.Errorf("%s is outside the range of timestamps; is the unit right?", shown(text))
		case err != nil:
			return 0, fmt.Errorf("%s is not a whole number of %s since 1970", shown(text), units[microseconds])
		}
		return v * microseconds, nil
	}
}

var units = map[int64]string{1: "microseconds", 1000: "milliseconds", 1_000_000: "seconds"}
