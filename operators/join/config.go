package join

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Config is a join as a job declares it: of a left and a right row with equal keys and
//
//	left.time + After ≤ right.time ≤ left.time + Until
type Config struct {
	Left, Right          Side
	After, Until         time.Duration // whole microseconds; of any sign
	AfterOpen, UntilOpen bool          // < in the place of ≤
	// Output is the columns of the left side and then of the right, of the same types,
	// by names that are its own.
	Output *record.Schema
}

// Side is what there is to know of an input.
type Side struct {
	Schema *record.Schema
	Keys   []int // columns of Schema, at least one; of the same types on both sides
}

// The inputs, and what leaves besides pairs: the late rows of each, as they came.
const (
	Left  stream.InputID = 0
	Right stream.InputID = 1

	LeftLate  stream.Output = "left_late"
	RightLate stream.Output = "right_late"
)

// New checks a configuration and returns what makes the operator, an inner join.
//
//	Input:   key columns and event time on each side, in any order; no changelogs.
//	Output:  the columns of both sides; the event time is the later one of the two.
//	State:   a row for each row that may have partners yet; one for each row with more
//	         partners than the budget, until they have left.
//	Fires:   at once: with each row leave its pairs with all that came before.
//	Late:    rows behind their row watermark or that of their input leave on LeftLate
//	         and RightLate.
//	Errors:  none.
//
// A key that is NULL equals nothing: such rows are accepted and have no pairs. Of floats
// NaN equals NaN, and −0.0 equals 0.0, which it leaves as.
func New(c Config) (stream.NewOperator, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	return c.newOperator, nil
}

func (c Config) validate() error {
	if c.After%time.Microsecond != 0 || c.Until%time.Microsecond != 0 {
		return fmt.Errorf("the bounds %v and %v are not whole microseconds", c.After, c.Until)
	}
	if after, until := c.bounds(); after > until {
		return fmt.Errorf("no time is between %v and %v after the left row: the join would have no pairs", c.After, c.Until)
	}
	return errors.Join(c.checkKeys(), c.checkOutput())
}

func (c Config) checkKeys() error {
	if len(c.Left.Keys) == 0 || len(c.Left.Keys) != len(c.Right.Keys) {
		return fmt.Errorf("the left side has %d keys and the right one %d: a join needs as many on both, and at least one",
			len(c.Left.Keys), len(c.Right.Keys))
	}
	for i, k := range c.Left.Keys {
		left, right := c.Left.Schema.Field(k), c.Right.Schema.Field(c.Right.Keys[i])
		switch {
		case left.Type != right.Type:
			return fmt.Errorf("the key %s is %v on the left side and %s %v on the right: CAST one of them",
				left.Name, left.Type, right.Name, right.Type)
		case left.Type.IsNested():
			return fmt.Errorf("the key %s is %v, whose values cannot be compared in state; choose a field of it", left.Name, left.Type)
		case slices.Contains(c.Left.Keys[:i], k) || slices.Contains(c.Right.Keys[:i], c.Right.Keys[i]):
			return fmt.Errorf("the keys name %s or %s twice", left.Name, right.Name)
		}
	}
	return nil
}

func (c Config) checkOutput() error {
	fields := slices.Concat(c.Left.Schema.Fields(), c.Right.Schema.Fields())
	if c.Output.Len() != len(fields) {
		return fmt.Errorf("the output has %d columns, not the %d of both sides", c.Output.Len(), len(fields))
	}
	for i, f := range fields {
		if got := c.Output.Field(i); got.Type != f.Type {
			return fmt.Errorf("the output's column %s is %v, not %v as %s", got.Name, got.Type, f.Type, f.Name)
		}
	}
	return nil
}

// bounds returns by how many microseconds the right row may come after the left one, at
// least and at most.
func (c Config) bounds() (least, most int64) {
	least, most = c.After.Microseconds(), c.Until.Microseconds()
	if c.AfterOpen {
		least++
	}
	if c.UntilOpen {
		most--
	}
	return least, most
}
