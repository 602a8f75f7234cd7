package stream

import "github.com/weirstream/weir/runtime/record"

// DeadLetterSchema is the schema of every DeadLetter output. A dead letter holds
// all that it takes to have its record processed once more, wherever it came from.
var DeadLetterSchema = record.MustSchema(
	record.Field{Name: "step", Type: record.String},          // as the job file calls it
	record.Field{Name: "position", Type: record.String},      // where people find the record
	record.Field{Name: "error", Type: record.String},         // why it failed
	record.Field{Name: "raw", Type: record.Bytes},            // what failed, at most MaxRawBytes; null where there is no record
	record.Field{Name: "kind", Type: record.String},          // a LetterKind: what raw is
	record.Field{Name: "event_time", Type: record.Timestamp}, // of a row that had one
	record.Field{Name: "header", Type: record.Bytes},         // what a decoder reads before raw; null where that is nothing
)

// LetterKind is what the raw bytes of a dead letter are.
type LetterKind string

const (
	LetterRecord LetterKind = "record" // a record as the source's format has it
	LetterRow    LetterKind = "row"    // a row that the step took in, as JSON ([AppendRow])
	LetterCut    LetterKind = "cut"    // the first bytes of one of these that is too long to keep
	LetterRest   LetterKind = "rest"   // nothing: the rest of a file cannot be read
)

// kind returns what the raw bytes of a failed record are.
func (f FailedRecord) kind() LetterKind {
	switch {
	case f.IsDamage():
		return LetterRest
	case len(f.Raw) >= MaxRawBytes || len(f.Header) >= MaxRawBytes:
		return LetterCut
	case f.IsRow:
		return LetterRow
	}
	return LetterRecord
}

// DeadLetters returns the batch that the failed records of a step, named as the job
// names it, become on its DeadLetter output. The caller owns it.
func DeadLetters(pool *record.Pool, step string, failed []FailedRecord) *record.Batch {
	b := pool.NewBatch(DeadLetterSchema, len(failed))
	for i, field := range DeadLetterSchema.Fields() {
		c := pool.NewColumn(field.Type, len(failed))
		for _, f := range failed {
			f.appendTo(c, i, step)
		}
		b.Columns = append(b.Columns, c)
	}
	return b
}

// appendTo appends what a field of [DeadLetterSchema] holds.
func (f FailedRecord) appendTo(c *record.Column, field int, step string) {
	bytes := func(b []byte) {
		if b == nil {
			c.AppendNull()
		} else {
			c.AppendString(b[:min(len(b), MaxRawBytes)])
		}
	}
	switch field {
	case 0:
		c.AppendString([]byte(step))
	case 1:
		c.AppendString([]byte(f.Where))
	case 2:
		c.AppendString([]byte(f.Err.Error()))
	case 3:
		bytes(f.Raw)
	case 4:
		c.AppendString([]byte(f.kind()))
	case 5:
		if f.Time == nil {
			c.AppendNull()
		} else {
			c.AppendInt64(int64(*f.Time))
		}
	case 6:
		bytes(f.Header)
	}
}
