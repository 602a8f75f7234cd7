package stream

import (
	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/record"
)

// AppendRow appends a row of b as a JSON object, for messages and dead letters.
func AppendRow(to []byte, b *record.Batch, row int) []byte {
	to = append(to, '{')
	for i, c := range b.Columns {
		if i > 0 {
			to = append(to, ',')
		}
		to = jsontext.AppendQuoted(to, []byte(b.Schema.Field(i).Name))
		to = c.AppendJSON(append(to, ':'), row)
	}
	return append(to, '}')
}

// FailedRow returns the record of a row of b that failed, and why.
func FailedRow(b *record.Batch, row int, err error) FailedRecord {
	return FailedRecord{Raw: AppendRow(nil, b, row), Where: WhereRow(b, row), Err: err, IsRow: true, Time: eventTime(b, row)}
}

// WhereRow says which row of b it is, by its event time; "" where it has none.
func WhereRow(b *record.Batch, row int) string {
	if t := eventTime(b, row); t != nil {
		return "event time " + t.String()
	}
	return ""
}

// eventTime returns the event time of a row, nil in a stream without one.
func eventTime(b *record.Batch, row int) *record.Time {
	if b.EventTime == nil {
		return nil
	}
	t := record.Time(b.EventTime.Int64s()[b.EventTime.ValueIndex(row)])
	return &t
}
