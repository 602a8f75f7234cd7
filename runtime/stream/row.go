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
