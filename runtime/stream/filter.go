package stream

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// Condition compares a column with a constant. A row whose column is null does not meet it.
type Condition struct {
	Column int
	Op     string // =, <>, <, <=, > or >=
	// Value is of the column's type, as Go has it: int64 of Int32 and Int64, string of
	// String, bool of Bool, record.Time of Timestamp, int32 of Date.
	Value any
	// Text is the constant as expressions write it.
	Text string
}

// Draw draws the condition on rows of a schema, for people.
func (c Condition) Draw(schema *record.Schema) string {
	return fmt.Sprintf("%s %s %s", schema.Field(c.Column).Name, c.Op, c.Text)
}

// Taken is how far a source sees to a condition.
type Taken uint8

const (
	NotTaken    Taken = iota // rows come whether they meet it or not
	TakenPartly              // some that do not meet it come, as where whole parts of a file are left out
	TakenWholly              // none comes that does not meet it
)

// FilteringSource is a source that may leave out rows that nothing comes of, before they
// are read or decoded. A row that is left out is not counted and moves no watermark, so
// the engine offers conditions only where that makes no difference.
type FilteringSource interface {
	Source
	// Takes says how far the readers see to each of these conditions, all of which a row has
	// to meet: those that are taken are in their [ReaderContext.Filter]. It is a function
	// of its arguments.
	Takes(conditions []Condition) []Taken
}
