package input

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/stream"
)

// Records is a window on a named stream of records, and where it stands in it.
type Records struct {
	Window
	Count int64 // records used up so far, failed ones included
	Lines int64 // line ends used up so far

	name string
}

// NewRecords returns a window at the start of a stream. It reads nothing yet.
func NewRecords(c stream.DecoderContext) Records {
	return Records{Window: newWindow(c.Input, c.Pool), name: c.Name}
}

// Bookmark returns the place behind what is used up.
func (r *Records) Bookmark() stream.Bookmark {
	return stream.Bookmark{Record: r.Count, Line: r.Lines, Offset: r.Offset()}
}

// Resume moves forward to a bookmark.
func (r *Records) Resume(m stream.Bookmark) error {
	if err := r.Advance(m.Offset); err != nil {
		return r.Unreachable(m, err)
	}
	r.Count, r.Lines = m.Record, m.Line
	return nil
}

// Unreachable is the error for a bookmark that an error stands before. What is there
// could be read when the bookmark was made: if it is damaged now, it has changed, and
// no failed record makes good what was to follow.
func (r *Records) Unreachable(m stream.Bookmark, err error) error {
	var damage *stream.DamagedError
	switch {
	case errors.Is(err, stream.ErrNotReady):
		return err
	case errors.As(err, &damage):
		err = errors.New(err.Error())
	}
	return fmt.Errorf("%s: record %d, from which to resume, cannot be reached (has the file changed? then put the old file back, "+
		"or start afresh): %w",
		r.Place(m.Line), m.Record+1, err)
}

// Place draws "flights.csv:17" for what begins behind so many line ends.
func (r *Records) Place(lines int64) string { return fmt.Sprintf("%s:%d", r.name, lines+1) }

// Spot draws "flights.json:17:5" for a column, in bytes from 1, of the line behind so
// many line ends.
func (r *Records) Spot(lines, column int64) string {
	return fmt.Sprintf("%s:%d", r.Place(lines), column)
}

// Failed is a record that begins behind so many line ends and holds no row. It
// keeps a copy of its bytes.
func (r *Records) Failed(lines int64, raw []byte, err error) stream.FailedRecord {
	raw = bytes.TrimRight(raw, "\r\n")
	return stream.FailedRecord{
		Raw:   bytes.Clone(raw[:min(len(raw), stream.MaxRawBytes)]),
		Where: r.Place(lines),
		Err:   err,
	}
}

// ReadError is the end of the stream where it cannot be read on.
func (r *Records) ReadError(err error) error {
	var damage *stream.DamagedError
	switch {
	case errors.Is(err, stream.ErrNotReady):
		return err
	case errors.As(err, &damage) && damage.Before:
		return r.Damaged("%w (records before: %d)", damage.Err, r.Count)
	case errors.As(err, &damage):
		return r.Damaged("record %d cannot be read: %w", r.Count+1, damage.Err)
	}
	return fmt.Errorf("%s: record %d cannot be read: %w", r.Place(r.Lines), r.Count+1, err)
}

// Damaged is the end of the stream where its bytes make no sense.
func (r *Records) Damaged(format string, args ...any) error {
	return &stream.DamagedError{Where: r.Place(r.Lines), Err: fmt.Errorf(format, args...)}
}
