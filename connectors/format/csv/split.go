package csv

import (
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
	escapedCell = 1 << 30 // holds doubled quotes, or escapes
)

func (s span) of(buf []byte) []byte { return buf[s.start : s.end&^(quotedCell|escapedCell)] }
func (s span) null() bool           { return s.start == s.end }
func (s span) escaped() bool        { return s.end&escapedCell != 0 }
func (s span) quoted() bool         { return s.end&quotedCell != 0 }

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// zeros marks the zero bytes of w by their high bits. Marks above the lowest one
// may be wrong.
func zeros(w uint64) uint64 { return (w - lowBits) &^ w & highBits }

// short cuts records at the front of the window as long as they are plain:
// without a quote, complete, with as many cells as the header, and short enough
// for any cell. It stops at the first other record, where a comment may begin, or when
// the run is full.
func (d *Decoder) short(limit int) {
	var (
		in        = &d.in
		buf       = in.Buf[: in.End+input.Slack : in.End+input.Slack]
		slots     = d.slots
		last      = len(slots) - 1
		delimiter = d.format.delimiter[0]
		quote     = d.format.quote
		comment   = d.comment
		delimiters, quotes,
		newlines = lowBits * uint64(delimiter), lowBits * uint64(quote), uint64(lowBits * '\n')
	)
	for d.run.rows < limit && in.At < in.End {
		at, row := in.At, d.run.next()
		if int(buf[at]) == comment {
			return
		}
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
