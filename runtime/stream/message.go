package stream

import "github.com/weirstream/weir/runtime/record"

// MessageFormat is a format that turns messages into rows and back: records that stand
// alone, as topics, logs and requests carry them. What a file says once for all of its
// records, such as a header, a message does not say.
type MessageFormat interface {
	Format
	// NewMessageDecoder returns a decoder of messages. It fails where a pattern makes no
	// sense, or a setting of the format is for files only.
	NewMessageDecoder(MessageContext) (MessageDecoder, error)
	// NewMessageEncoder returns an encoder that makes a message of each row of schema.
	NewMessageEncoder(schema *record.Schema) (MessageEncoder, error)
}

// MessageContext is what a message decoder is made with.
type MessageContext struct {
	Schema   *record.Schema
	Patterns []Pattern // per field; missing ones are of RFC 3339
	Read     Columns   // those that somebody reads
}

// MessageDecoder turns messages into rows.
type MessageDecoder interface {
	// Decode appends the rows of messages to the columns of a batch, one for each field of
	// the schema: nil for those that nobody reads. rows, as long as messages, gets how many
	// rows each of them has. Of a message that fails there are none: it is taken in as a
	// whole, or not at all. What is returned is in the order of messages and valid until the
	// next call; the messages are the caller's, and are not kept.
	Decode(messages [][]byte, to []*record.Column, rows []int32) []FailedMessage
}

// FailedMessage is a message that could not be decoded.
type FailedMessage struct {
	Message int // its number among those of the call
	Err     error
}

// MessageEncoder turns rows into messages.
type MessageEncoder interface {
	// Encode appends the message of each row of a dense batch to text, and where it ends
	// there to ends. The caller keeps its reference of b.
	Encode(b *record.Batch, text []byte, ends []int) ([]byte, []int)
}

// Columns says which columns of a schema somebody reads; nil is all of them. What nobody
// reads need not be decoded, nor even looked at: its column is null in every row.
type Columns []bool

// Has reports whether somebody reads a column.
func (c Columns) Has(i int) bool { return c == nil || c[i] }

// Of returns the fields of schema that somebody reads, with their places in it.
func (c Columns) Of(schema *record.Schema) (fields []record.Field, at []int) {
	for i, f := range schema.Fields() {
		if c.Has(i) {
			fields, at = append(fields, f), append(at, i)
		}
	}
	return fields, at
}
