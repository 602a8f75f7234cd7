package csv

import (
	"io"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Type declares the format for job files.
var Type = component.FormatType{Spec: spec, New: newFormat, Writes: writes, Carries: carries}

// Format is CSV as one of its many dialects.
type Format struct {
	delimiter string // between cells
	quote     byte   // around cells; a line end where no character is one
	escape    byte   // takes the meaning of what follows; 0 is none
	lenient   bool   // a quote in the wrong place is text
	trim      bool   // blanks around cells are no part of them
	cr        bool   // lines end in CR alone
	comment   string // what lines begin with that are passed over; "" is none
	skip      int    // lines at the start that are passed over
	headless  bool   // no line names the columns
	names     []string
	nulls     []string // texts that mean null
	decimal   byte     // between a whole number and its fraction
	thousands string   // between groups of three digits; "" is none
}

// Default is CSV as most programs write it: commas and double quotes.
var Default = Format{delimiter: ",", quote: '"', decimal: '.'}

var _ stream.MessageFormat = Format{}

// Extension returns ".csv".
func (f Format) Extension() string { return ".csv" }

// NewDecoder returns a decoder that reads its header in the first call of Next.
// It fails where a timestamp pattern makes no sense.
func (f Format) NewDecoder(c stream.DecoderContext) (stream.Decoder, error) {
	return newDecoder(f, c)
}

// NewEncoder returns an encoder that writes each batch with one Write.
func (f Format) NewEncoder(schema *record.Schema, to io.Writer) (stream.Encoder, error) {
	return newEncoder(f, schema, to), nil
}

// isBlank reports a character that trim takes off.
func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// oneLineEnd makes LF of each CR, so that all else knows of no other line end.
type oneLineEnd struct{ from io.Reader }

// newlines returns the input with its line ends as LF, byte for byte: offsets are the
// same. It can seek where the input can.
func (f *Format) newlines(from io.Reader) io.Reader {
	if !f.cr {
		return from
	}
	if s, ok := from.(io.Seeker); ok {
		return struct {
			io.Reader
			io.Seeker
		}{oneLineEnd{from}, s}
	}
	return oneLineEnd{from}
}

func (r oneLineEnd) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	endLines(p[:n])
	return n, err
}

// endLines makes LF of each CR.
func endLines(text []byte) {
	for i, c := range text {
		if c == '\r' {
			text[i] = '\n'
		}
	}
}
