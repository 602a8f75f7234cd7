package csv

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/stream"
)

// The limits of a record, besides [input.MaxRecord].
const (
	maxCell  = 1 << 20 // bytes
	maxCells = 1 << 16
)

// fault is what can be wrong with the shape of a record.
type fault uint8

const (
	noFault fault = iota
	bareQuote
	textBehindQuote
	openQuote
	longRecord
	manyCells
)

func (d *Decoder) describe(c cut) error {
	column := d.columnName(c.cell)
	quote := string(d.format.quote)
	switch c.fault {
	case bareQuote:
		return fmt.Errorf("%s: a quote (%s) stands inside a cell that is not quoted; put the cell in quotes and double the quotes in it, "+
			"or read quotes as text with quotes: lenient",
			column, quote)
	case textBehindQuote:
		return fmt.Errorf("%s: text follows the closing quote (%s); double the quotes inside a quoted cell, "+
			"or read them as text with quotes: lenient", column, quote)
	case openQuote:
		return fmt.Errorf("%s: the quote (%s) that opens the cell is not closed; close it, "+
			"or double the quotes that are text (reading continues in the next line)", column, quote)
	case manyCells:
		return fmt.Errorf("the record has more than %d cells; is a line end missing?", maxCells)
	}
	return fmt.Errorf("the record is longer than %d MiB; is a line end missing?", input.MaxRecord>>20)
}

func (d *Decoder) columnName(cell int) string {
	if cell < len(d.header) {
		return fmt.Sprintf("column %q", d.header[cell])
	}
	return fmt.Sprintf("cell %d", cell+1)
}

// checkShape compares a record that is cut well with the header and limits.
func (d *Decoder) checkShape() error {
	if n := len(d.cells); n != len(d.header) {
		problem := "a cell is missing or the line is cut short"
		if n > len(d.header) {
			problem = "a cell with a delimiter in it has to be quoted"
		}
		named := "header"
		if d.format.headless && d.format.names == nil {
			named, problem = "schema", problem+"; or name all columns in the key header of the format, for a schema to pick from"
		}
		return fmt.Errorf("%s, the %s has %d: %s", countCells(n), named, len(d.header), problem)
	}
	for i, s := range d.cells {
		if n := s.length(); n > maxCell {
			return fmt.Errorf("%s: the cell has %d bytes, more than %d MiB; shorten it, or is a quote not closed?", d.columnName(i), n, maxCell>>20)
		}
	}
	return nil
}

func (s span) length() int { return int(s.end&^(quotedCell|escapedCell) - s.start) }

func countCells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return strconv.Itoa(n) + " cells"
}

// failure is a failed record with its place in the buffer, by which those of a
// run are put in order.
type failure struct {
	at     int
	failed stream.FailedRecord
}

// fail notes that the text at buf[at:end], which begins behind lines line ends,
// holds no row.
func (d *Decoder) fail(at, end int, lines int64, err error) {
	d.run.failures = append(d.run.failures, d.failure(at, end, lines, err))
}

func (d *Decoder) failure(at, end int, lines int64, err error) failure {
	failed := d.in.Failed(lines, d.in.Buf[at:end], err)
	failed.Header = d.headerLine
	return failure{at, failed}
}

// takeFailures returns the failures of the run in order of the text.
func (d *Decoder) takeFailures(to []stream.FailedRecord) []stream.FailedRecord {
	slices.SortStableFunc(d.run.failures, func(a, b failure) int { return a.at - b.at })
	for _, f := range d.run.failures {
		to = append(to, f.failed)
	}
	d.run.failures = d.run.failures[:0]
	return to
}
