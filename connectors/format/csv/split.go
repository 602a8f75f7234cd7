package csv

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/weirstream/weir/connectors/format/input"
)

// span is where the text of a cell stands in the buffer, without its quotes.
type span struct {
	start uint32
	end   uint32 // and, in the topmost bits, how the cell was written
}

const (
	quotedCell  = 1 << 31 // in quotes: not null even if empty
	escapedCell = 1 << 30 // holds doubled quotes
)

func (s span) of(buf []byte) []byte { return buf[s.start : s.end&^(quotedCell|escapedCell)] }
func (s span) null() bool           { return s.start == s.end }
func (s span) escaped() bool        { return s.end&escapedCell != 0 }

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// zeros marks the zero bytes of w by their high bits. Marks above the lowest one
// may be wrong.
func zeros(w uint64) uint64 { return (w - lowBits) &^ w & highBits }

// plain cuts records at the front of the window as long as they are plain:
// without a quote, complete, with as many cells as the header, and short enough
// for any cell. It stops at the first other record, or when the run is full.
func (d *Decoder) plain(limit int) {
	var (
		in        = &d.in
		buf       = in.Buf[: in.End+input.Slack : in.End+input.Slack]
		slots     = d.slots
		last      = len(slots) - 1
		delimiter = d.format.delimiter
		quote     = d.format.quote
		delimiters, quotes,
		newlines = lowBits * uint64(delimiter), lowBits * uint64(quote), uint64(lowBits * '\n')
	)
	for d.run.rows < limit {
		at, row := in.At, d.run.next()
		for c := 0; ; c++ {
			start := at
			for {
				w := binary.LittleEndian.Uint64(buf[at:])
				if m := zeros(w^delimiters) | zeros(w^newlines) | zeros(w^quotes); m != 0 {
					at += bits.TrailingZeros64(m) >> 3
					break
				}
				at += 8
			}
			if c < last && buf[at] == delimiter {
				row[slots[c]] = span{uint32(start), uint32(at)}
				at++
				continue
			}
			if c < last || buf[at] != '\n' || at >= in.End || at-in.At > maxCell {
				return
			}
			end := at
			if end > start && buf[end-1] == '\r' {
				end--
			}
			row[slots[c]] = span{uint32(start), uint32(end)}
			break
		}
		d.run.add(in.At)
		in.At = at + 1
		d.in.Lines++
	}
}

// cut is one record, or the part of the text that failed in its place.
type cut struct {
	next    int   // where the next record starts
	lines   int   // line ends up to there
	missing bool  // the text ends before the record does
	open    bool  // it ends within quotes
	fault   fault // what is wrong
	cell    int   // in which cell, from 0
}

// record cuts the record that text begins with, by the whole grammar, and sets
// d.cells to its cells, as positions in text. final says that nothing follows.
func (d *Decoder) record(text []byte, final bool) cut {
	d.cells = d.cells[:0]
	for at := 0; ; at++ {
		var s span
		fault := noFault
		if at < len(text) && text[at] == d.format.quote {
			s, at, fault = d.quoted(text, at, final)
		} else {
			s, at, fault = d.bare(text, at)
		}
		d.cells = append(d.cells, s)
		switch {
		case fault == openQuote && !final, fault == noFault && at == len(text) && !final:
			return cut{missing: true, open: fault == openQuote, cell: len(d.cells) - 1}
		case fault == openQuote:
			return d.resume(text, 0, fault, final)
		case fault != noFault:
			return d.resume(text, at, fault, final)
		case at == len(text):
			return cut{next: at, lines: 1 + bytes.Count(text, newline)}
		case text[at] == '\n':
			return cut{next: at + 1, lines: bytes.Count(text[:at+1], newline)}
		case len(d.cells) == maxCells:
			return d.resume(text, at, manyCells, final)
		}
	}
}

var newline = []byte{'\n'}

// resume ends a record that failed with the line that position at stands in.
func (d *Decoder) resume(text []byte, at int, f fault, final bool) cut {
	c := cut{fault: f, cell: len(d.cells) - 1}
	i := bytes.IndexByte(text[at:], '\n')
	switch {
	case i >= 0:
		c.next = at + i + 1
		c.lines = bytes.Count(text[:c.next], newline)
	case final:
		c.next, c.lines = len(text), 1+bytes.Count(text, newline)
	default:
		c.missing = true
	}
	return c
}

// bare returns the unquoted cell at a position, and the position of the
// delimiter, line end or text end behind it.
func (d *Decoder) bare(text []byte, at int) (span, int, fault) {
	start := at
	for at < len(text) && text[at] != d.format.delimiter && text[at] != '\n' {
		if text[at] == d.format.quote {
			return span{}, at, bareQuote
		}
		at++
	}
	end := at
	if end > start && text[end-1] == '\r' && (at == len(text) || text[at] == '\n') {
		end--
	}
	return span{uint32(start), uint32(end)}, at, noFault
}

// quoted is bare for the cell whose opening quote stands at a position.
func (d *Decoder) quoted(text []byte, at int, final bool) (span, int, fault) {
	s := span{start: uint32(at + 1), end: quotedCell}
	for at++; ; at++ {
		i := bytes.IndexByte(text[at:], d.format.quote)
		if i < 0 {
			return s, len(text), openQuote
		}
		at += i
		if at+1 == len(text) || text[at+1] != d.format.quote {
			break
		}
		at++
		s.end |= escapedCell
	}
	s.end |= uint32(at)
	at++
	switch rest := text[at:]; {
	case len(rest) == 0, rest[0] == d.format.delimiter, rest[0] == '\n':
		return s, at, noFault
	case rest[0] == '\r' && len(rest) == 1, rest[0] == '\r' && rest[1] == '\n':
		return s, at + 1, noFault
	}
	return s, at, textBehindQuote
}
