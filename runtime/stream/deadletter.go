package stream

import (
	"fmt"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/record"
)

// DeadLetterSchema is the schema of every DeadLetter output. In raw, bytes that
// are not UTF-8 stand as \xNN.
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
		func(f FailedRecord) []byte { return Shorten(asText(f.Raw), MaxRawBytes) },
	} {
		c := pool.NewColumn(record.String, len(failed))
		for _, f := range failed {
			c.AppendString(text(f))
		}
		b.Columns = append(b.Columns, c)
	}
	return b
}

// asText returns raw with what is not UTF-8 escaped.
func asText(raw []byte) []byte {
	if utf8.Valid(raw) {
		return raw
	}
	var text []byte
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if r == utf8.RuneError && size == 1 {
			text = fmt.Appendf(text, `\x%02X`, raw[0])
		} else {
			text = append(text, raw[:size]...)
		}
		raw = raw[size:]
	}
	return text
}

// Shorten returns the first bytes of text, at most n and no piece of a character.
func Shorten(text []byte, n int) []byte {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
