package text

import (
	"fmt"
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr/kernel"
)

// Positions and lengths count characters: code points, of which a byte that is
// no UTF-8 is one.

func lengthRows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		c.Ints[row] = int64(utf8.RuneCount(in.Text(row)))
	}
}

func octetLengthRows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		c.Ints[row] = int64(len(in.Text(row)))
	}
}

// skip returns where character n of a text begins, counted from 0, or its length
// where it has not so many.
func skip(text []byte, n int64) int {
	at := 0
	for n >= 8 && at+8 <= len(text) && wordAt(text, at)&highs == 0 {
		at, n = at+8, n-8
	}
	for ; n > 0 && at < len(text); n-- {
		at += sizeAt(text, at)
	}
	return at
}

func sizeAt(text []byte, at int) int {
	if text[at] < utf8.RuneSelf {
		return 1
	}
	_, size := utf8.DecodeRune(text[at:])
	return size
}

// substring from a position to the end.
func substringRows(c *kernel.RowCall, rows []int32) {
	in, from := c.Args[0], c.Args[1]
	for _, row := range rows {
		text := in.Text(row)
		begin, _ := begins(text, from.Int(row))
		c.Text = append(c.Text, text[begin:]...)
		c.Put(row)
	}
}

// substring of a number of characters.
func substringCountRows(c *kernel.RowCall, rows []int32) {
	in, from, count := c.Args[0], c.Args[1], c.Args[2]
	for _, row := range rows {
		n := count.Int(row)
		if n < 0 {
			c.Fail(row, fmt.Errorf("a text has no %d characters; the count is at least 0", n))
			continue
		}
		text := in.Text(row)
		begin, missing := begins(text, from.Int(row))
		text = text[begin:]
		n = int64(uint64(n) - min(missing, uint64(n)))
		c.Text = append(c.Text, text[:skip(text, n)]...)
		c.Put(row)
	}
}

// begins returns where a substring begins, and how many of its characters are
// missing in front of the text. Position 1 is the first character, -1 the last.
func begins(text []byte, from int64) (at int, missing uint64) {
	if from < 0 {
		from += int64(utf8.RuneCount(text)) + 1
	}
	if from <= 0 {
		return 0, 1 + uint64(-from)
	}
	return skip(text, from-1), 0
}

// left and right take so many characters; of a negative number, all but so many.

func leftRows(c *kernel.RowCall, rows []int32) {
	in, count := c.Args[0], c.Args[1]
	for _, row := range rows {
		text, n := in.Text(row), count.Int(row)
		if n < 0 {
			n = max(0, int64(utf8.RuneCount(text))+n)
		}
		c.Text = append(c.Text, text[:skip(text, n)]...)
		c.Put(row)
	}
}

func rightRows(c *kernel.RowCall, rows []int32) {
	in, count := c.Args[0], c.Args[1]
	for _, row := range rows {
		text, n := in.Text(row), count.Int(row)
		drop := -n
		if n >= 0 {
			drop = max(0, int64(utf8.RuneCount(text))-n)
		}
		if n == minInt {
			drop = maxInt
		}
		c.Text = append(c.Text, text[skip(text, drop):]...)
		c.Put(row)
	}
}

const (
	minInt = -1 << 63
	maxInt = 1<<63 - 1
)

// splitIndexRows is SPLIT_INDEX: part number index, from 0, of what stands between
// separators; NULL where there are not so many. An empty separator separates
// nothing.
func splitIndexRows(c *kernel.RowCall, rows []int32) {
	in, separator, index := c.Args[0], c.Args[1], c.Args[2]
	for _, row := range rows {
		part, ok := splitIndex(in.Text(row), separator.Text(row), index.Int(row))
		if !ok {
			c.Null(row)
			continue
		}
		c.Text = append(c.Text, part...)
		c.Put(row)
	}
}

// prepareSubstring knows that a count that is written as such does not fail, or
// that it always does.
func prepareSubstring(p *kernel.Preparation) kernel.Builder {
	if v, ok := p.Constant(2); ok {
		if v.Int < 0 {
			return p.Wrong(2, "a text has no %d characters; the count is at least 0", v.Int)
		}
		p.Fails = false
	}
	return kernel.EachRow(substringCountRows)
}
