package deadletter

import (
	"encoding/base64"
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Letter is a dead letter; its fields are those of [stream.DeadLetterSchema].
type Letter struct {
	Step, Position, Error string
	Kind                  stream.LetterKind
	Raw, Header           []byte       // nil where there is none
	Time                  *record.Time // nil where there is none
}

// IsWhole reports whether the letter holds all of what failed.
func (l *Letter) IsWhole() bool {
	return l.Kind == stream.LetterRecord || l.Kind == stream.LetterRow
}

// textSchema reads all columns as the text that files have for them.
var textSchema = func() *record.Schema {
	var fields []record.Field
	for _, name := range stream.DeadLetterSchema.Names() {
		fields = append(fields, record.Field{Name: name, Type: record.String})
	}
	return record.MustSchema(fields...)
}()

// lettersOf returns the letters of a batch of textSchema.
func lettersOf(b *record.Batch) ([]Letter, error) {
	letters := make([]Letter, b.Len())
	for i := range letters {
		cell := func(column int) (text string, ok bool) {
			c := b.Columns[column]
			if c.IsNull(i) {
				return "", false
			}
			return string(c.AppendText(nil, i)), true
		}
		if err := letters[i].read(cell); err != nil {
			return nil, err
		}
	}
	return letters, nil
}

// read fills in a letter from the cells of its columns, in the order of the
// schema; ok is false for a null.
func (l *Letter) read(cell func(column int) (text string, ok bool)) error {
	l.Step, _ = cell(0)
	l.Position, _ = cell(1)
	l.Error, _ = cell(2)
	kind, _ := cell(4)
	l.Kind = stream.LetterKind(kind)
	for column, to := range map[int]*[]byte{3: &l.Raw, 6: &l.Header} {
		text, ok := cell(column)
		if !ok {
			continue
		}
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return fmt.Errorf("%s is not base64: %w", stream.DeadLetterSchema.Field(column).Name, err)
		}
		*to = append([]byte{}, decoded...) // not nil
	}
	if text, ok := cell(5); ok {
		t, err := record.ParseTime([]byte(text))
		if err != nil {
			return fmt.Errorf("event_time: %w", err)
		}
		l.Time = &t
	}
	return nil
}
