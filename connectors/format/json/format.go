package json

import (
	"io"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Type declares the format for job files.
var Type = component.FormatType{
	Spec: component.Spec{
		Name:    "json",
		Summary: "JSON Lines: one object a line, whose keys are the columns.",
		Details: details,
		Fields: []component.Field{
			{Name: "require_keys", Summary: "Whether a record that lacks a key of the schema fails. Otherwise it has null there.", Kind: component.Bool, Default: "false"},
		},
		Examples: []component.Example{
			{Title: "Lines such as `{\"id\": 7, \"price\": 12.50, \"geo\": {\"lat\": 40.7, \"lon\": -74}, \"tags\": [\"new\"]}`", YAML: `schema:
  id: int64
  price: decimal(12,2)
  geo: { lat: float64, lon: float64 }
  tags: [string]
format: { json: {} }`},
			{Title: "A record that lacks a key fails", YAML: "format: { json: { require_keys: true } }"},
		},
	},
	New: func(c component.Config) (stream.Format, error) {
		return Format{requireKeys: c.Bool("require_keys")}, nil
	},
}

const details = `Keys come in any order; those that the schema does not name are skipped. A missing key is null, as is null itself.

| type | what it is read from |
|---|---|
| bool | true, false |
| int32, int64 | a whole number in range, however it is written: 7, 7.0, 0.7e1 |
| float64 | a number, rounded to the nearest; "NaN", "Infinity", "-Infinity" |
| decimal(p,s) | a number that fits without being rounded |
| string | a string; any other value as it is written, such as an object for functions that look into JSON |
| bytes | a string in base64 |
| timestamp | a string in RFC 3339 or of the declared pattern; a number where the schema says timestamp(s), timestamp(ms) or timestamp(us), rounded to the microsecond |
| date | a string such as "2013-01-31" |
| [t] | a list; its elements may be null |
| { a: t } | an object |

A number may stand in quotes. A value of another type fails the record, and so do a line that is not one JSON object (in parts that are skipped, too), a key of the schema that stands twice in its object, a line of more than 16 MiB, and nesting of more than 200 levels. Blank lines are skipped.

Written are all columns in the order of the schema, null as null, timestamps in RFC 3339 (UTC), bytes in base64, NaN and infinities as strings.`

// Format is JSON Lines.
type Format struct {
	requireKeys bool
}

var _ stream.Format = Format{}

// Extension returns ".jsonl".
func (Format) Extension() string { return ".jsonl" }

// NewDecoder returns a decoder. It fails where a timestamp pattern makes no
// sense.
func (f Format) NewDecoder(c stream.DecoderContext) (stream.Decoder, error) {
	return newDecoder(f, c)
}

// NewEncoder returns an encoder that writes each batch with one Write.
func (Format) NewEncoder(schema *record.Schema, to io.Writer) (stream.Encoder, error) {
	return newEncoder(schema, to), nil
}
