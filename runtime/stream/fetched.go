package stream

import (
	"time"

	"github.com/weirstream/weir/runtime/record"
)

// Fetched is what one Fetch brought, of one split or of many.
type Fetched struct {
	// Batch is the rows of all pieces, those of one behind those of the other; nil where
	// there are none. It has no selection; event time is the engine's to set.
	Batch *record.Batch
	// Pieces are what came of each split, which has one of them at most. Whoever returns
	// a Fetched gives them away.
	Pieces []Piece
}

// Piece is what one Fetch brought of one split.
type Piece struct {
	Split SplitID
	// Rows is how many rows of the batch are the split's.
	Rows int
	// Next is the position behind these rows and Failed.
	Next Position
	// Notes, unless nil, take the place of those that the split had: what it has to
	// remember besides its position, where that is large and changes less often
	// than with each batch.
	Notes []byte
	// Failed are the records that could not be decoded, for the source's
	// on_error to decide on. They stand between the rows.
	Failed []FailedRecord
	// Skipped is how many records stood between the rows of which the job wants none: they
	// are counted, and nothing else.
	Skipped int
	// Finished says that the split has no more rows, ever.
	Finished bool
	// CaughtUp says that the split has no more rows just now.
	CaughtUp bool
	// Lag is how far the split goes on behind these rows; nil: nobody knows, or it is no
	// news.
	Lag *Lag
}

// Lag is how far a reader is behind the end of a split. It does not change.
type Lag struct {
	Records int64         // negative: not known
	Time    time.Duration // since the next record was written; negative: not known
}

// FetchedOf is what a Fetch brought of one split; b is its rows, nil where there are none.
func FetchedOf(p Piece, b *record.Batch) Fetched {
	if b != nil {
		p.Rows = b.Physical()
	}
	return Fetched{Batch: b, Pieces: []Piece{p}}
}

// Rows returns how many rows the pieces say there are.
func (f Fetched) Rows() (rows int) {
	for i := range f.Pieces {
		rows += f.Pieces[i].Rows
	}
	return rows
}

// FailedRecord is a record that could not be decoded, or a row that an
// expression failed on.
type FailedRecord struct {
	Raw   []byte // the record as it was read, cut to [MaxRawBytes]; nil where there is none
	Where string // "flights.csv:17" or another position that people can go to
	Err   error  // says what is wrong and how to mend it
	// Header is what stood before all records where this one was read, and a
	// decoder needs to read it by itself, such as the header line of CSV. Nil is
	// nothing. Records may share it.
	Header []byte
	// IsRow says that the record was a row already: Raw is what [AppendRow] makes
	// of it.
	IsRow bool
	Time  *record.Time // the event time of a row that has one
}

// IsDamage reports whether the failure is not that of a record but of what the records
// were in, whose rest cannot be read: nobody knows how many there were.
func (f FailedRecord) IsDamage() bool { return f.Raw == nil && !f.IsRow }

// MaxRawBytes bounds the raw bytes that a dead letter keeps. Of a record of that
// length it cannot be told whether it is whole.
const MaxRawBytes = 64 << 10

// OnError is what happens to records that fail.
type OnError uint8

const (
	Fail         OnError = iota // the job fails, naming the record
	Drop                        // the record is counted as dropped
	ToDeadLetter                // the record goes to the dead-letter output
)
