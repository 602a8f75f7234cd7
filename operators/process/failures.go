package process

import (
	"errors"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// failures are the rows of one batch that failed.
type failures struct {
	rows   []int32
	errors []string
}

func (f *failures) reset() {
	clear(f.errors)
	f.rows, f.errors = f.rows[:0], f.errors[:0]
}

func (f *failures) add(what string, failed []expr.Failure) {
	for _, one := range failed {
		f.rows = append(f.rows, one.Row)
		f.errors = append(f.errors, what+": "+one.Err.Error())
	}
}

// letters returns the rows as dead letters, in the order in which they failed.
// The raw text of a row is JSON, its position its event time where it has one.
func (f *failures) letters(ctx stream.OperatorContext, b *record.Batch) *record.Batch {
	records := make([]stream.FailedRecord, len(f.rows))
	for i, row := range f.rows {
		records[i] = stream.FailedRow(b, int(row), errors.New(f.errors[i]))
	}
	letters := stream.DeadLetters(ctx.Pool, ctx.Step, records)
	if b.EventTime != nil {
		letters.EventTime = b.EventTime.Gather(f.rows)
	}
	if b.RowWatermark != nil {
		letters.RowWatermark = b.RowWatermark.Gather(f.rows)
	}
	return letters
}
