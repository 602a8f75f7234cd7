package task

import (
	"fmt"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// stamp gives a batch its event time. Rows without one are left out and returned.
func (s *source) stamp(f stream.Fetched) (*record.Batch, []stream.FailedRecord) {
	b := f.Batch
	if !s.spec.EventTime.Exists() {
		return b, nil
	}
	times, wrong := s.timesOf(b)
	b.EventTime = times
	if len(wrong) == 0 && (!times.HasNulls() || record.CountBits(times.Validity(), times.Len()) == times.Len()) {
		return b, nil
	}
	var failed []stream.FailedRecord
	var kept []int32
	for i := range b.Physical() {
		var err error
		switch {
		case len(wrong) > 0 && int(wrong[0].Row) == i:
			err = fmt.Errorf("the event time cannot be computed: %w; drop such rows with on_error: drop, or change the expression", wrong[0].Err)
			wrong = wrong[1:]
		case times.IsNull(i):
			err = s.withoutTime(b.Schema)
		default:
			kept = append(kept, int32(i))
			continue
		}
		failed = append(failed, stream.FailedRecord{
			Raw: stream.AppendRow(nil, b, i), IsRow: true, Where: "before " + s.locate(f.Pieces, i), Err: err,
		})
	}
	return b.Select(kept), failed
}

// withoutTime says that a row has none.
func (s *source) withoutTime(schema *record.Schema) error {
	name := s.spec.EventTime.Name(schema)
	if s.spec.EventTime.Expression != nil {
		return fmt.Errorf("the event time %s is NULL: drop such rows with on_error: drop, or change the expression", name)
	}
	return fmt.Errorf("the event time column %q is null: drop such rows with on_error: drop, or choose another column", name)
}

// timesOf returns the event times of all rows of a batch, as a plain column, and the rows
// that have none for it cannot be computed.
func (s *source) timesOf(b *record.Batch) (*record.Column, []graph.FailedTime) {
	if s.compute == nil {
		return eventTimes(b.Columns[s.spec.EventTime.Column], s.spec.EventTime.Fields), nil
	}
	computed, wrong := s.compute(b)
	times := computed.Gather(nil)
	computed.Release()
	return times, wrong
}

// eventTimes returns the plain column of a field in a struct, or of c itself where
// there are no fields. The field of a struct that is null is null.
func eventTimes(c *record.Column, fields []int) *record.Column {
	c = c.Gather(nil)
	for _, i := range fields {
		field := c.Child(i).Retain()
		c.Release()
		c = field
	}
	return c
}

// locate says where the piece ended that a row came with.
func (s *source) locate(pieces []stream.Piece, row int) string {
	var p *stream.Piece
	for i := range pieces {
		p = &pieces[i]
		if row -= p.Rows; row < 0 {
			break
		}
	}
	if l, ok := s.reader.(stream.Locator); ok {
		return l.Locate(p.Split, p.Next)
	}
	return fmt.Sprintf("%s of %s", p.Next, p.Split)
}
