package deadletter

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// decodeMessage adds the rows of a letter that is a message, with its metadata, which the
// header holds.
func (r *reader) decodeMessage(l *Letter, how *graph.Records) []stream.FailedRecord {
	r.begin(1)
	before := r.decoded()
	rows, err := decodeInto(r.columns[:how.Schema.Len()], how.Format, how.Schema, how.Patterns, l.Raw)
	if err == nil && rows == 0 {
		err = errors.New("there is no record in it")
	}
	if err == nil {
		err = r.addMetadata(l, how, rows)
	}
	if err == nil {
		return nil
	}
	for _, c := range r.columns {
		c.Truncate(before)
	}
	return []stream.FailedRecord{l.failed(err)}
}

// decodeInto appends the rows of a message.
func decodeInto(to []*record.Column, format stream.Format, schema *record.Schema, patterns []stream.Pattern, text []byte) (int, error) {
	f, ok := format.(stream.MessageFormat)
	if !ok {
		return 0, fmt.Errorf("the format %s has no messages", format.Extension())
	}
	d, err := f.NewMessageDecoder(stream.MessageContext{Schema: schema, Patterns: patterns})
	if err != nil {
		return 0, err
	}
	rows := make([]int32, 1)
	for _, failed := range d.Decode([][]byte{text}, to, rows) {
		return 0, failed.Err
	}
	return int(rows[0]), nil
}

// addMetadata adds the metadata of a message to its rows. Those that the letter does not
// have are NULL.
func (r *reader) addMetadata(l *Letter, how *graph.Records, rows int) error {
	if len(how.Metadata) == 0 {
		return nil
	}
	header := l.Header
	if header == nil {
		header = []byte("{}")
	}
	var columns []*record.Column
	for _, f := range how.Metadata {
		columns = append(columns, r.pool.NewColumn(f.Type, 1))
	}
	_, err := decodeInto(columns, r.source.rows.Format, record.MustSchema(how.Metadata...), nil, header)
	if err != nil {
		err = fmt.Errorf("its metadata cannot be read: %w", err)
	}
	for i, c := range columns {
		if err == nil {
			r.columns[how.Schema.Len()+i].AppendRows(c, make([]int32, rows))
		}
		c.Release()
	}
	return err
}
