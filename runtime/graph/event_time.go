package graph

import (
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/record"
)

// EventTime is where a source's event time comes from and how its watermark
// follows it.
type EventTime struct {
	// Column is the position of a Timestamp column; -1 where there is an Expression, and in
	// a source without event time.
	Column int
	// Fields, where Column is a struct, are the positions of the field that is the
	// timestamp: in the struct, in the struct that this is, and so on.
	Fields []int
	// Expression computes the event time in the place of a Column; nil takes the column.
	Expression TimeExpression
	// Complete keeps the watermark back until all splits have ended: no row is late, and
	// what waits for the watermark waits for the end. There is no Delay and no IdleAfter
	// then.
	Complete bool
	// Delay is how far a split's watermark stays behind its greatest event time.
	Delay time.Duration
	// IdleAfter is how long a split must have been caught up, without a break,
	// before it stops holding back the watermark; 0 is never.
	IdleAfter time.Duration
	// AlignWithin is how far the greatest event time of the source, of a split of it where
	// it can hold back one alone, may be ahead of those sources of the job that have it, too,
	// before it is not read on; 0 is any.
	AlignWithin time.Duration
	// Range is what the job takes of the source; nil is all. Rows outside are
	// skipped: counted, and as if they did not exist. Rows without an event time
	// fail as ever.
	Range *Range
}

// TimeExpression computes an event time of the columns of a source. It never changes.
type TimeExpression interface {
	// String returns what a job file calls it.
	String() string
	// Compile returns what computes it for one subtask, with columns from pool.
	Compile(pool *record.Pool) TimeProgram
}

// TimeProgram computes the event times of all physical rows of a batch. The caller owns the
// column, which is of type Timestamp, in any encoding; what it has for rows that failed is
// unspecified. Those come in order of rows, one a row, and are valid until the next call.
type TimeProgram func(b *record.Batch) (times *record.Column, failed []FailedTime)

// FailedTime is a row whose event time cannot be computed.
type FailedTime struct {
	Row int32
	Err error
}

// Exists reports whether the source has an event time.
func (e EventTime) Exists() bool { return e.Column >= 0 || e.Expression != nil }

// Name returns what a job file calls the event time of rows of a schema, such as
// "at" or "bid.at", or its expression.
func (e EventTime) Name(schema *record.Schema) string {
	if e.Expression != nil {
		return e.Expression.String()
	}
	f := schema.Field(e.Column)
	name := f.Name
	for _, i := range e.Fields {
		f = f.Type.Fields()[i]
		name += "." + f.Name
	}
	return name
}

// Range is a half-open range of event time.
type Range struct {
	From, Until record.Time // From ≤ t < Until
}

// Holds reports whether t is in the range.
func (r *Range) Holds(t record.Time) bool {
	return r.From <= t && t < r.Until
}

// String draws the range by the ends that it has.
func (r *Range) String() string {
	var ends []string
	if r.From > record.MinTime {
		ends = append(ends, "from "+r.From.String())
	}
	if r.Until < record.MaxTime {
		ends = append(ends, "until "+r.Until.String())
	}
	return strings.Join(ends, " ")
}
