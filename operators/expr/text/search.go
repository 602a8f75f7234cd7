package text

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// asking returns a loop that asks a question of two texts.
func asking(test func(text, part []byte) bool) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in, part := c.Args[0], c.Args[1]
		for _, row := range rows {
			record.SetBit(c.Bits, int(row), test(in.Text(row), part.Text(row)))
		}
	}
}

// positionRows gives where a text contains another, in characters from 1; 0
// where it does not.
func positionRows(c *kernel.RowCall, rows []int32) {
	in, part := c.Args[0], c.Args[1]
	for _, row := range rows {
		text := in.Text(row)
		at := bytes.Index(text, part.Text(row))
		if at >= 0 {
			at = utf8.RuneCount(text[:at])
		}
		c.Ints[row] = int64(at + 1)
	}
}

// splitIndex returns the part of a text that stands behind so many separators.
func splitIndex(text, separator []byte, index int64) (part []byte, ok bool) {
	if index < 0 {
		return nil, false
	}
	for ; index > 0; index-- {
		at := find(text, separator)
		if at < 0 {
			return nil, false
		}
		text = text[at+len(separator):]
	}
	if at := find(text, separator); at >= 0 {
		text = text[:at]
	}
	return text, true
}

// find is where a text contains a part, which it does not if that is empty.
func find(text, part []byte) int {
	if len(part) == 0 {
		return -1
	}
	return bytes.Index(text, part)
}

// replaceRows replaces each occurrence of a part, from the left.
func replaceRows(c *kernel.RowCall, rows []int32) {
	in, part, by := c.Args[0], c.Args[1], c.Args[2]
	for _, row := range rows {
		replace(c, row, in.Text(row), part.Text(row), by.Text(row))
	}
}

func replace(c *kernel.RowCall, row int32, text, part, by []byte) {
	room := mostGrown(len(text))
	for {
		at := find(text, part)
		if at < 0 {
			break
		}
		c.Text = append(append(c.Text, text[:at]...), by...)
		text = text[at+len(part):]
		if len(c.Current()) > room {
			c.Fail(row, errGrown)
			return
		}
	}
	c.Text = append(c.Text, text...)
	c.Put(row)
}
