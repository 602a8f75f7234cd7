package diagnose

import (
	"fmt"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// rejected finds a step that has dropped rows or made dead letters of them: why, and
// where the first of each kind is. on_error keeps the errors to itself, and a wrong type
// fails for all rows.
func (r run) rejected(step *graph.Step) (Finding, bool) {
	s := r.of[step.ID]
	if s.Counters.Dropped+s.Counters.DeadLetters == 0 {
		return Finding{}, false
	}
	c, rests := apart(s.Counters, s.Rejects)
	f := Finding{Step: step.ID}
	switch rejected := c.Dropped + c.DeadLetters; {
	case rejected == 0:
		f.Says = fmt.Sprintf("%s left out %s.", step.ID, restText(rests))
	case step.Source != nil && c.Accepted == 0:
		f.Says = fmt.Sprintf("%s has no rows because none of its %d rows could be read.", step.ID, rejected)
	default:
		f.Says = fmt.Sprintf("%s %s, which could not be %s.", step.ID, fate(c), done(step))
	}
	if rests > 0 && c.Dropped+c.DeadLetters > 0 {
		f.Says += fmt.Sprintf(" It also left out %s.", restText(rests))
	}
	for _, kind := range s.Rejects {
		f.Lines = append(f.Lines, kindLine(kind))
	}
	return f, true
}

// apart returns the counters of a step without what stands for the rest of a damaged
// file, and how often that is so: it counts as one row, and is none.
func apart(c stream.CounterValues, kinds []stream.Reject) (rows stream.CounterValues, rests int64) {
	for _, kind := range kinds {
		switch {
		case !kind.Damage:
			continue
		case kind.Letters:
			c.DeadLetters -= kind.Rows
		default:
			c.Dropped -= kind.Rows
		}
		c.In -= kind.Rows
		rests += kind.Rows
	}
	return c, rests
}

func restText(n int64) string {
	if n == 1 {
		return "the rest of a damaged file, and nobody knows how many rows that had"
	}
	return fmt.Sprintf("the rest of %d damaged files, and nobody knows how many rows they had", n)
}

// done says what could not be done to rows.
func done(step *graph.Step) string {
	if step.Source != nil {
		return "read"
	}
	return "computed"
}

// fate says what has become of how many rows that failed.
func fate(c stream.CounterValues) string {
	switch {
	case c.DeadLetters == 0:
		return "left out " + part(c.Dropped, c.In)
	case c.Dropped == 0:
		return "made dead letters of " + part(c.DeadLetters, c.In)
	}
	return fmt.Sprintf("left out %d rows, and made dead letters of %s", c.Dropped, part(c.DeadLetters, c.In))
}

// kindLine says how many rows failed for one reason, where the first is and what was wrong
// with it.
func kindLine(kind stream.Reject) string {
	first := kind.Message
	if kind.Where != "" {
		first = kind.Where + ": " + first
	}
	switch {
	case kind.Damage && kind.Rows == 1:
		return "1 file from " + first
	case kind.Damage:
		return fmt.Sprintf("%d files, the first from %s", kind.Rows, first)
	case kind.Rows == 1:
		return "1 row, " + first
	}
	return fmt.Sprintf("%d rows, the first %s", kind.Rows, first)
}
