// Package watermark computes how far event time has come: for one split from
// the rows it has delivered, and across splits and inputs as the minimum of
// those that are live.
package watermark

import (
	"time"

	"github.com/weirstream/weir/runtime/record"
)

// Split follows the event time of one split: its watermark is the greatest
// event time so far, less a delay.
type Split struct {
	// Max is the greatest event time so far; MinTime before the first row.
	Max   record.Time
	Delay time.Duration
	// Complete says that rows of any event time are expected until the split ends.
	Complete bool
}

// Watermark returns the split's watermark: no row with an earlier event time is
// expected, and one that comes all the same may be late.
func (s *Split) Watermark() record.Time {
	if s.Complete {
		return record.MinTime
	}
	return s.Max.Add(-s.Delay)
}

// Observe takes in the event times of the next rows, those at positions or all
// where positions is nil. behind says that some row was behind the watermark as
// it stood before that row; disorder is the greatest distance, in µs, of a row
// from the greatest event time before it.
func (s *Split) Observe(times []int64, positions []int32) (behind bool, disorder int64) {
	greatest := int64(s.Max)
	delay := s.Delay.Microseconds()
	observe := func(t int64) {
		if t >= greatest {
			greatest = t
			return
		}
		// greatest is a real event time here, so that the difference is one of
		// real times; where it does not fit it is past any delay.
		d := greatest - t
		if d < 0 {
			d = int64(record.MaxTime)
		}
		disorder = max(disorder, d)
	}
	if positions == nil {
		for _, t := range times {
			observe(t)
		}
	} else {
		for _, i := range positions {
			observe(times[i])
		}
	}
	s.Max = record.Time(greatest)
	return disorder > delay && !s.Complete, disorder
}

// RowWatermarks fills in the hidden column of rows that Observe found one of behind:
// per row, the watermark before it. s is the split as it was before these rows. Those
// that are not selected keep what they have.
func (s Split) RowWatermarks(marks, times []int64, positions []int32) {
	mark := func(i int) {
		marks[i] = int64(s.Watermark())
		s.Max = max(s.Max, record.Time(times[i]))
	}
	if positions == nil {
		for i := range times {
			mark(i)
		}
	} else {
		for _, i := range positions {
			mark(int(i))
		}
	}
}
