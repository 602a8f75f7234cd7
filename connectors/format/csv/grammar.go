package csv

import (
	"bytes"

	"github.com/weirstream/weir/connectors/format/input"
)

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
	for at := 0; ; at += len(d.format.delimiter) {
		if d.plain && d.format.quote != '\n' {
			at = d.simple(text, at)
		}
		var s span
		fault := noFault
		if d.format.trim {
			at += d.blanks(text[at:])
		}
		if at < len(text) && text[at] == d.format.quote && text[at] != '\n' {
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

// delimits reports that a delimiter stands at a position.
func (d *Decoder) delimits(text []byte, at int) bool {
	return text[at] == d.first && (d.single || d.delimitsAll(text[at:]))
}

func (d *Decoder) delimitsAll(text []byte) bool {
	delimiter := d.format.delimiter
	return len(text) >= len(delimiter) && string(text[:len(delimiter)]) == delimiter
}

// blanks returns how many blanks a text begins with that are no delimiter.
func (d *Decoder) blanks(text []byte) (n int) {
	for n < len(text) && isBlank(text[n]) && !d.delimits(text, n) {
		n++
	}
	return n
}

// escapes returns of how many bytes the character at a position takes the meaning; 0 says
// that it is no escape.
func (d *Decoder) escapes(text []byte, at int) int {
	rest := text[at+1:]
	switch {
	case text[at] != d.format.escape || len(rest) == 0 || d.format.escape == 0:
		return 0
	case rest[0] == d.format.quote, rest[0] == d.format.escape, rest[0] == '\n':
		return 1
	case rest[0] == '\r' && len(rest) > 1 && rest[1] == '\n':
		return 2
	case rest[0] == '\r':
		return 1
	case d.delimits(text, at+1):
		return len(d.format.delimiter)
	}
	return 0
}

// bare returns the unquoted cell at a position, and the position of the
// delimiter, line end or text end behind it.
func (d *Decoder) bare(text []byte, at int) (s span, next int, f fault) {
	start := at
	for at < len(text) && text[at] != '\n' && !d.delimits(text, at) {
		switch text[at] {
		case d.format.quote:
			if !d.format.lenient {
				return span{}, at, bareQuote
			}
		case d.format.escape:
			if n := d.escapes(text, at); n > 0 {
				s.end |= escapedCell
				at += n
			}
		}
		at++
	}
	end := at
	if end > start && text[end-1] == '\r' && (at == len(text) || text[at] == '\n') {
		end--
	}
	for d.format.trim && end > start && isBlank(text[end-1]) {
		end--
	}
	s.start, s.end = uint32(start), s.end|uint32(end)
	return s, at, noFault
}

// simple appends the cells at a position that stand in quotes, without another quote in
// them, and in front of a delimiter, as nearly all do. It returns the position behind.
func (d *Decoder) simple(text []byte, at int) int {
	quote, delimiter, cells := d.format.quote, d.first, d.cells
	for at < len(text) && text[at] == quote && len(cells) < maxCells-1 {
		end := bytes.IndexByte(text[at+1:], quote) + at + 1
		if end == at || end+1 == len(text) || text[end+1] != delimiter {
			break
		}
		cells = append(cells, span{uint32(at + 1), quotedCell | uint32(end)})
		at = end + 2
	}
	d.cells = cells
	return at
}

// quoted is bare for the cell whose opening quote stands at a position.
func (d *Decoder) quoted(text []byte, at int, final bool) (span, int, fault) {
	s := span{start: uint32(at + 1), end: quotedCell}
	begin, closing := at, 0
	for at++; ; at++ {
		i := d.special(text[at:])
		if i < 0 {
			return s, len(text), openQuote
		}
		at += i
		if n := d.escapes(text, at); n > 0 || at+1 < len(text) && text[at+1] == d.format.quote {
			s.end |= escapedCell
			at += max(n, 1)
			continue
		} else if text[at] != d.format.quote {
			continue
		}
		if next := d.closes(text, at); next >= 0 {
			s.end |= uint32(at)
			return s, next, noFault
		}
		if !d.format.lenient {
			return s, at + 1, textBehindQuote
		}
		switch closing = d.closing(text, at, closing); {
		case closing < 0, closing == len(text) && final:
			return d.bare(text, begin) // its quotes are text, the first one as well
		case closing == len(text):
			return s, closing, openQuote
		}
	}
}

// closing returns where the quote stands in the rest of the line that closes the cell, in
// which a quote at a position does not; -1 is nowhere, and the end of the text says that
// the line goes on. known is what it returned before.
func (d *Decoder) closing(text []byte, at, known int) int {
	if known > at {
		return known
	}
	for at++; at < len(text) && text[at] != '\n'; at++ {
		switch {
		case text[at] != d.format.quote:
			at += d.escapes(text, at)
		case at+1 < len(text) && text[at+1] == d.format.quote:
			at++
		case d.closes(text, at) >= 0:
			return at
		}
	}
	if at < len(text) {
		return -1
	}
	return len(text)
}

// special returns where the first quote or escape stands; -1 is nowhere.
func (d *Decoder) special(text []byte) int {
	if d.format.escape == 0 {
		return bytes.IndexByte(text, d.format.quote)
	}
	i := bytes.IndexByte(text, d.format.quote)
	if i < 0 {
		i = len(text)
	}
	if escape := bytes.IndexByte(text[:i], d.format.escape); escape >= 0 {
		return escape
	} else if i == len(text) {
		return -1
	}
	return i
}

// closes returns where the delimiter, line end or text end stands that makes the quote
// at a position a closing one; -1 where there is none.
func (d *Decoder) closes(text []byte, at int) int {
	if at++; d.format.trim {
		at += d.blanks(text[at:])
	}
	switch rest := text[at:]; {
	case len(rest) == 0, rest[0] == '\n', d.delimits(text, at):
		return at
	case rest[0] == '\r' && len(rest) == 1, rest[0] == '\r' && rest[1] == '\n':
		return at + 1
	}
	return -1
}

// pass passes over a comment that the window begins with. It returns false for whole
// where it takes more text to do so; a line that is too long for any record is none.
func (d *Decoder) pass() (comment, whole bool) {
	text, prefix := d.in.Text(), d.format.comment
	head := text[:min(len(text), len(prefix))]
	if prefix == "" || string(head) != prefix[:len(head)] || len(head) < len(prefix) && d.in.EOF() {
		return false, false
	}
	text = text[:min(len(text), input.MaxRecord)]
	i := bytes.IndexByte(text, '\n')
	switch {
	case i >= 0 && len(head) == len(prefix):
		d.in.At += i + 1
	case len(text) == input.MaxRecord:
		return false, false
	case d.in.EOF():
		d.in.At = d.in.End
	default:
		return true, false
	}
	d.in.Lines++
	return true, true
}
