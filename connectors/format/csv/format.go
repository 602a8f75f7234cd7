package csv

import (
	"io"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Type declares the format for job files.
var Type = component.FormatType{
	Spec: component.Spec{
		Name:    "csv",
		Summary: "Comma-separated values with a header line.",
		Details: details,
		Fields: []component.Field{
			{Name: "delimiter", Summary: "The character between cells.", Kind: component.Text, Default: ",", Example: "';'"},
			{Name: "quote", Summary: "The character around cells that hold delimiters, quotes or line ends; doubled, it stands for itself.",
				Kind: component.Text, Default: `"`, Example: `"'"`},
		},
		Examples: []component.Example{{Title: "Semicolons", YAML: "format: { csv: { delimiter: ';' } }"}},
	},
	New: newFormat,
}

const details = "The first line names the columns, in any order; a schema picks some of them. Lines end in LF or CRLF. Cells may " +
	"be in quotes. An empty cell is NULL, and an empty one in quotes is an empty string; empty lines are skipped.\n\n" +
	"A row fails, and `on_error` decides what happens to it, if it has more or fewer cells than the header, a cell that does not " +
	"fit the type in the schema, more than 1 MiB in a cell or 16 MiB in all, or a quote that is never closed. A file without a " +
	"header, or without one of the columns, ends the job."

// separators are the characters that stand in no number, timestamp or bool.
const separators = "\t ,;|\"'`!#$%&()*/<=>?@[\\]^_{}~"

func newFormat(c component.Config) (stream.Format, error) {
	f := Format{delimiter: ',', quote: '"'}
	for _, option := range []struct {
		key string
		to  *byte
	}{{"delimiter", &f.delimiter}, {"quote", &f.quote}} {
		text := c.Text(option.key)
		if len(text) != 1 || !strings.Contains(separators, text) {
			return nil, c.Problemf(option.key, "%q is not a tab, a space or one of %s", text, separators[2:])
		}
		*option.to = text[0]
	}
	if f.delimiter == f.quote {
		return nil, c.Problemf("quote", "%q is the delimiter, too", string(f.quote))
	}
	return f, nil
}

// Format is CSV with a delimiter and a quote character.
type Format struct {
	delimiter, quote byte
}

// Default is CSV as most programs write it: commas and double quotes.
var Default = Format{delimiter: ',', quote: '"'}

var _ stream.Format = Format{}

// Extension returns ".csv".
func (f Format) Extension() string { return ".csv" }

// NewDecoder returns a decoder that reads its header in the first call of Next.
// It fails where a timestamp pattern makes no sense.
func (f Format) NewDecoder(c stream.DecoderContext) (stream.Decoder, error) {
	return newDecoder(f, c)
}

// NewEncoder returns an encoder that writes each batch with one Write.
func (f Format) NewEncoder(schema *record.Schema, to io.Writer) (stream.Encoder, error) {
	return &encoder{format: f, schema: schema, to: to}, nil
}
