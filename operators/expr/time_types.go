package expr

import (
	"fmt"
	"slices"
	"strings"

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

// storable reports whether columns, lists and structs hold values of a piece, and
// says what to write instead where they do not.
func (c *checker) storable(x *typed) bool {
	if storedType(x.typ) == x.typ {
		return true
	}
	text := c.excerpt(x.node)
	switch x.typ {
	case record.Interval:
		c.errorf(x.node, "%s is an interval, which no column holds; write EXTRACT(EPOCH FROM %s) for its seconds", text, text)
	case record.Months:
		c.errorf(x.node, "%s is an interval of months, which no column holds; add it to a timestamp, or write EXTRACT(MONTH FROM …)", text)
	default:
		c.errorf(x.node, "%s is what a clock shows and no instant, and no column holds that; write … AT TIME ZONE of the same zone for the instant, or CAST(%s AS string)", text, text)
	}
	return false
}

// isAbout reports whether an overload is of help in a message about arguments:
// where one is a time or an interval, those that take such a one in its place, and
// else those that have nothing to do with times.
func (o *overload) isAbout(args []*typed) bool {
	about := !slices.ContainsFunc(o.params, isTemporal)
	for i, a := range args {
		if !isTemporal(a.typ) {
			continue
		}
		want := o.param(i)
		if about = want == a.typ || converts(a.typ, want); about {
			break
		}
	}
	return about
}

// timeRemedy says what to write where a time meets what does not go with it, or is
// wanted and is not there.
func (c *checker) timeRemedy(f *function, args []*typed) string {
	for i, a := range args {
		if text := c.excerpt(a.node); f.takesAt(i, record.Timestamp) && f.group == groupTime {
			switch a.typ {
			case record.Int64:
				return fmt.Sprintf("; a number since 1970 becomes a timestamp by to_timestamp(%s), of seconds, or epoch_ms(%s)", text, text)
			case record.String:
				return fmt.Sprintf("; text becomes a timestamp by CAST(%s AS timestamp), or by to_timestamp and a pattern", text)
			}
		}
	}
	if len(args) != 2 {
		return ""
	}
	for i, a := range args {
		switch other := args[1-i]; {
		case !isTemporal(a.typ):
		case other.typ == record.Int64 && (f.name == "+" || f.name == "-" && i == 0):
			return fmt.Sprintf("; a number has no unit of time: write INTERVAL (%s) SECOND or another unit", c.excerpt(other.node))
		case a.typ == record.Local && other.typ == record.Timestamp:
			return fmt.Sprintf("; what a clock shows and an instant have nothing in common: write %s AT TIME ZONE '…'", c.excerpt(other.node))
		case a.typ == record.Interval && other.typ == record.Months:
			return "; months have no length in days: add both to a timestamp, one behind the other"
		}
	}
	return ""
}

// changing are what SQL has for values that are others on each run.
var changing = []string{"now", "current_timestamp", "current_date", "current_time", "localtimestamp", "random", "rand", "uuid", "gen_random_uuid"}

// whyAbsent explains why there is no such function or column.
func whyAbsent(name string) string {
	if slices.Contains(changing, strings.ToLower(name)) {
		return ", since a job gives the same result whenever it runs; of times it has those of its records"
	}
	return ""
}
