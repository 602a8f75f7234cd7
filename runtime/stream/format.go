package stream

import (
	"errors"
	"io"

	"github.com/weirstream/weir/runtime/record"
)

// Format turns bytes into batches and back; sources and sinks that move bytes
// are given one.
type Format interface {
	// Extension is the usual suffix of file names, such as ".csv".
	Extension() string
	// NewDecoder returns a decoder of one stream of bytes.
	NewDecoder(DecoderContext) (Decoder, error)
	// NewEncoder returns an encoder for rows of schema.
	NewEncoder(schema *record.Schema, to io.Writer) (Encoder, error)
}

// RecordFormat is a format that reads a record which stands alone, as
// [FailedRecord.Raw] has it, otherwise than in its stream.
type RecordFormat interface {
	Format
	// Alone returns the format of one record by itself.
	Alone() Format
}

// DecoderContext is what a decoder is made with.
type DecoderContext struct {
	Name      string // of the file, for messages
	Schema    *record.Schema
	Patterns  []Pattern // per field; missing ones are of RFC 3339
	Input     io.Reader
	Pool      *record.Pool
	BatchRows int
	Read      Columns // those that somebody reads
	// Start is where to go on: a Bookmark of an earlier decoder of the same bytes.
	// The zero Bookmark is the start. Input stands at the start in either case; where
	// it is an [io.Seeker], what lies between is not read. A bookmark that cannot be
	// reached is no [DamagedError]: the bytes have changed.
	Start Bookmark
}

// Pattern says how the text of a field's timestamps is read.
type Pattern struct {
	// Timestamp is "s", "ms", "us" or "ns" since 1970, or how it is written, such as
	// %Y-%m-%d %H:%M:%S or, with a zone, %Y-%m-%d %H:%M:%S', zone: 'Europe/Paris; "" is RFC 3339.
	Timestamp string
	// Fields are the patterns of a struct's fields or, of a list, that of its
	// elements; nil where all are "".
	Fields []Pattern
}

// Bookmark is a place between two records of a stream of bytes.
type Bookmark struct {
	Record int64 // records before it, failed ones included
	Line   int64 // lines before it
	Offset int64 // bytes before it, of the text as the decoder reads it
}

// ErrNotReady is what an Input returns, with no bytes, that has nothing just now
// but may have more later, as a terminal or a pipe does.
var ErrNotReady = errors.New("no input just now")

// DamagedError ends a stream of bytes because of what is in it: a header that
// cannot be used, compressed data that is cut short. To a source what follows is
// one failed record, of which on_damage decides. Trouble with reading is another
// error, and always fails.
type DamagedError struct {
	Where string // as in a [FailedRecord]
	Err   error
	// Before says that the damage may stand before Where as well, in what has been
	// read: a checksum at the end is wrong.
	Before bool
}

func (e *DamagedError) Error() string { return e.Where + ": " + e.Err.Error() }

// Unwrap lets the reason be found.
func (e *DamagedError) Unwrap() error { return e.Err }

// Decoder reads a stream of bytes batch by batch.
type Decoder interface {
	// Next returns at most BatchRows rows, and the records among them that
	// could not be decoded. It returns io.EOF, alone, behind the last one. Other
	// errors, a [DamagedError] among them, come alone and end the stream: they
	// name the place and what to do. When its input
	// is not ready it returns what it has, with [ErrNotReady], and goes on in the
	// next call.
	Next() (*record.Batch, []FailedRecord, error)
	// Bookmark returns the place behind what Next has returned.
	Bookmark() Bookmark
	// Close releases what the decoder holds.
	Close()
}

// Encoder writes batches as bytes.
type Encoder interface {
	// Header writes what stands once at the start of each file, if anything.
	Header() error
	// Encode writes the rows of a dense batch; the caller keeps its reference.
	Encode(b *record.Batch) error
}
