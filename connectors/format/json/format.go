package json

import (
	"errors"
	"io"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Type declares the format for job files.
var Type = component.FormatType{
	Spec: component.Spec{
		Name:    "json",
		Summary: "JSON Lines, one object a line, whose keys are the columns; and documents that hold objects in a list.",
		Details: details,
		Fields: []component.Field{
			{Name: "rows", Summary: "Where the rows stand in a file that is a document, such as $.data.items[*]: names, and [*] for each " +
				"element of a list. $ is the document itself. Without it, a file that begins like a list of objects is one, and any other " +
				"file is JSON Lines.",
				Kind: component.Text, Example: "$.features[*]"},
			{Name: "require_keys", Summary: "Whether a record that lacks a key of the schema fails, of those that a step or a sink reads. " +
				"Otherwise the key is NULL.",
				Kind: component.Bool, Default: "false"},
		},
		Examples: []component.Example{
			{Title: "Objects and lists in the records", YAML: `schema:
  id: int64
  price: decimal(12,2)
  geo: { lat: float64, lon: float64 }
  tags: [string]
format: { json: {} }`},
			{Title: "A document that holds its rows deeper", YAML: `format: { json: { rows: "$.features[*]" } }`},
			{Title: "A record that lacks a key fails", YAML: "format: { json: { require_keys: true } }"},
		},
	},
	New: newFormat,
}

func newFormat(c component.Config) (stream.Format, error) {
	f := Format{requireKeys: c.Bool("require_keys")}
	if c.Has("rows") {
		text := c.Text("rows")
		var err error
		if f.rows, err = parsePath(text); err != nil {
			return nil, c.Problemf("rows", "%q is no path of rows, such as $.data.items[*]: %v", text, err)
		}
	}
	return f, nil
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
	"A file may be a document instead: a list of objects, or with `rows` one that holds them deeper. It is read piece by piece, so " +
	"that it may be of any size and on one line. Objects and lists around the rows are checked and skipped; null in the place of a " +
	"list has no rows. Documents may follow one another. A row that fails does so alone, as long as it is plain where the next one " +
	"begins. A document that is cut short, is followed by something else, is not such as the path says, or whose quotes or brackets " +
	"do not fit is damaged from there on, and `on_damage` decides.\n\n" +
	"Numbers may be in quotes. A row fails, and `on_error` decides what happens to it, if a value has another type or is out of " +
	"range, if a key of the schema occurs twice in its object, if the line or row is not one JSON object (RFC 8259) in UTF-8 without " +
	"half of a surrogate pair (skipped parts are checked, too), if it is longer than 16 MiB, or if a skipped part is nested more " +
	"than 200 levels deep.\n\n" +
	"A sink writes all columns in the order of the schema: NULL as null, timestamps in RFC 3339 (UTC), bytes in base64, NaN and " +
	"infinities as \"NaN\", \"Infinity\" and \"-Infinity\", which are read back."

// Format is JSON Lines, or documents that hold rows.
type Format struct {
	requireKeys bool
	rows        *path // nil: as the stream begins
	alone       bool  // the stream is one record
}

var (
	_ stream.RecordFormat  = Format{}
	_ stream.MessageFormat = Format{}
)

// Alone returns the format of one record without the document around it.
func (f Format) Alone() stream.Format {
	if f.rows == nil {
		f.alone = true
		return f
	}
	f.rows = &path{text: f.rows.text, inner: f.rows.inner}
	return f
}

// Extension returns ".jsonl".
func (Format) Extension() string { return ".jsonl" }

// NewDecoder returns a decoder. It fails where a timestamp pattern makes no
// sense.
func (f Format) NewDecoder(c stream.DecoderContext) (stream.Decoder, error) {
	return newDecoder(f, c)
}

// NewEncoder returns an encoder that writes each batch with one Write. It fails where
// rows are to stand in a document.
func (f Format) NewEncoder(schema *record.Schema, to io.Writer) (stream.Encoder, error) {
	if err := f.checkWrites(); err != nil {
		return nil, err
	}
	return newEncoder(schema, to), nil
}

func (f Format) checkWrites() error {
	if f.rows != nil {
		return errors.New("json.rows is for reading; a sink writes objects: leave it out")
	}
	return nil
}
