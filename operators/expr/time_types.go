package expr

import (
	"github.com/weirstream/weir/runtime/record"
)

// storedType returns the type of the columns that hold values of type t.
func storedType(t record.Type) record.Type {
	switch t {
	case record.Local, record.Interval, record.Months:
		return record.Int64
	}
	return t
}

// isTemporal reports whether values are times or lengths of time.
func isTemporal(t record.Type) bool {
	return t == record.Timestamp || t == record.Date || storedType(t) != t
}
