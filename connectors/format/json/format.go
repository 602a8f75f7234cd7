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
			{Name: "require_keys", Summary: "Whether a record that lacks a key of the schema fails. Otherwise the key is NULL.",
				Kind: component.Bool, Default: "false"},
		},
		Examples: []component.Example{
			{Title: "Objects and lists in the records", YAML: `schema:
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

const details = "Keys may come in any order; those that the schema does not name are skipped. A missing key is NULL, and so is " +
	"null. Blank lines are skipped. Each type is read from:\n\n" +
	"- `bool`: true, false\n" +
	"- `int32`, `int64`: a whole number, however it is written (7, 7.0, 0.7e1)\n" +
	"- `float64`: a number, rounded to the nearest float64; \"NaN\", \"Infinity\", \"-Infinity\"\n" +
	"- `decimal(p,s)`: a number that fits without being rounded\n" +
	"- `string`: a string; any other value is kept as it is written, for functions that look into JSON\n" +
	"- `bytes`: a string in base64\n" +
	"- `timestamp`: a string, in RFC 3339 or by the pattern of the schema\n" +
	"- `timestamp(s)`, `timestamp(ms)`, `timestamp(us)`, `timestamp(ns)`: a number, to the microsecond\n" +
	"- `date`: a string such as \"2013-01-31\"\n" +
	"- `[t]`: a list, whose elements may be null\n" +
	"- `{ a: t, b: t }`: an object\n\n" +
	"Numbers may be in quotes. A row fails, and `on_error` decides what happens to it, if a value has another type or is out of " +
	"range, if a key of the schema occurs twice in its object, if the line is not one JSON object (RFC 8259) in UTF-8 without " +
	"half of a surrogate pair (skipped parts are checked, too), if it is longer than 16 MiB, or if a skipped part is nested more " +
	"than 200 levels deep.\n\n" +
	"A sink writes all columns in the order of the schema: NULL as null, timestamps in RFC 3339 (UTC), bytes in base64, NaN and " +
	"infinities as strings."

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
