package optest

import (
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Row is a row of a test stream.
type Row struct {
	Time record.Time
	// Watermark is that of the row's split before the row; see [Split].
	Watermark record.Time
	// Kind is what the row does, where its input is a changelog.
	Kind record.RowKind
	// Values is one value per column: int32 (of dates, too), int64, float64,
	// record.Decimal, string (of bytes, too), bool, record.Time, []any (of a list's
	// elements or a struct's fields), or nil for null.
	Values []any
}

// Element is an element of a test stream, of one of its inputs: rows, or something
// else. Or it sets the clock.
type Element struct {
	In    stream.InputID
	Rows  []Row
	Else  stream.Element // where there are no Rows
	Clock record.Time    // where there is neither
}

// isClock reports whether the element is none of an input.
func (e Element) isClock() bool { return e.Rows == nil && e.Else.Kind == 0 }

// String draws the element as [stream.Element] does.
func (e Element) String() string {
	text := e.Else.String()
	switch {
	case e.isClock():
		return "clock(" + TimeText(e.Clock) + ")"
	case e.Rows != nil:
		text = fmt.Sprintf("batch(%d rows)", len(e.Rows))
	}
	if e.In != 0 {
		text += fmt.Sprintf(" of input %d", e.In)
	}
	return text
}

// Of returns the element as one of an input. Elements are of the first input as they
// are made.
func (e Element) Of(in stream.InputID) Element {
	e.In = in
	return e
}

// Rows returns the element of a batch.
func Rows(rows ...Row) Element { return Element{Rows: rows} }

// Watermark returns the element of a watermark.
func Watermark(t record.Time) Element { return Element{Else: stream.WatermarkOf(t)} }

// Idle returns the element that says that an input is idle.
func Idle() Element { return Element{Else: stream.Idle} }

// Clock returns what sets the clock, which stands at 0 before.
func Clock(t record.Time) Element { return Element{Clock: t} }

// End returns the elements that end a stream: those of the inputs that are named, one
// input after the other, or of the only one.
func End(inputs ...stream.InputID) (elements []Element) {
	if inputs == nil {
		inputs = []stream.InputID{0}
	}
	for _, in := range inputs {
		elements = append(elements, Watermark(record.MaxTime).Of(in), Element{In: in, Else: stream.End})
	}
	return elements
}

// Split follows the watermark of one split, as sources do.
type Split struct {
	Delay     time.Duration
	watermark record.Time
	begun     bool
}

// Next returns the split's watermark before its next row, whose event time is t.
func (s *Split) Next(t record.Time) (before record.Time) {
	before = s.Watermark()
	s.watermark, s.begun = max(before, t.Add(-s.Delay)), true
	return before
}

// Watermark returns the split's watermark behind all its rows so far.
func (s *Split) Watermark() record.Time {
	if !s.begun {
		return record.MinTime
	}
	return s.watermark
}
