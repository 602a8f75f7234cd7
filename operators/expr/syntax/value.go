package syntax

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// Value is a constant. The zero value is NULL of a type not yet known.
type Value struct {
	Type    record.Type
	Null    bool
	Int     int64 // of integers, Timestamp (µs), Date (days), intervals (µs or months) and Bool (0 or 1)
	Float   float64
	Decimal record.Decimal
	Text    string // of String and Bytes
}

// IsNull reports whether the value is NULL, typed or not.
func (v Value) IsNull() bool { return v.Null || v.Type == record.Type{} }

// String returns the constant as an expression has it.
func (v Value) String() string {
	if v.IsNull() {
		return "NULL"
	}
	switch v.Type.Kind {
	case record.KindBool:
		return map[int64]string{0: "FALSE", 1: "TRUE"}[v.Int]
	case record.KindInt64:
		return strconv.FormatInt(v.Int, 10)
	case record.KindDecimal:
		return string(v.Decimal.Append(nil, int(v.Type.Scale)))
	case record.KindFloat64:
		return floatLiteral(v.Float)
	case record.KindString:
		return quote(v.Text)
	case record.KindBytes:
		return fmt.Sprintf("X'%X'", v.Text)
	case record.KindTimestamp:
		return "TIMESTAMP " + quote(record.Time(v.Int).String())
	case record.KindDate:
		return "DATE " + quote(string(record.AppendDate(nil, int32(v.Int))))
	case record.KindInterval, record.KindMonths:
		return v.interval()
	}
	return ""
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// floatLiteral writes f so that it reads as a float64 and not as an exact number.
func floatLiteral(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsRune(s, 'e') {
		s += "e0"
	}
	return s
}

// interval writes an interval as the parser reads it, in the longest unit of which
// it is a whole number.
func (v Value) interval() string {
	names := []string{"DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND"}
	if v.Type == record.Months {
		names = []string{"YEAR", "MONTH"}
	}
	for _, name := range names {
		u, _ := calendar.UnitNamed(name)
		if size := max(u.Micros, u.Months); v.Int%size == 0 {
			return "INTERVAL '" + strconv.FormatInt(v.Int/size, 10) + "' " + name
		}
	}
	return ""
}
