package stream

import "github.com/weirstream/weir/runtime/record"

// DeadLetterSchema is the schema of every DeadLetter output.
var DeadLetterSchema = record.MustSchema(
	record.Field{Name: "step", Type: record.String},
	record.Field{Name: "position", Type: record.String},
	record.Field{Name: "error", Type: record.String},
	record.Field{Name: "raw", Type: record.String},
)

// DeadLetters returns the batch that the failed records of a step become on its
// DeadLetter output. The caller owns it.
func DeadLetters(pool *record.Pool, step string, failed []FailedRecord) *record.Batch {
	b := pool.NewBatch(DeadLetterSchema, len(failed))
	for _, text := range []func(FailedRecord) []byte{
		func(FailedRecord) []byte { return []byte(step) },
		func(f FailedRecord) []byte { return []byte(f.Where) },
		func(f FailedRecord) []byte { return []byte(f.Err.Error()) },
		func(f FailedRecord) []byte { return f.Raw },
	} {
		c := pool.NewColumn(record.String, len(failed))
		for _, f := range failed {
			c.AppendString(text(f))
		}
		b.Columns = append(b.Columns, c)
	}
	return b
}
