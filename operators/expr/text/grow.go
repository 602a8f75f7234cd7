package text

import (
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr/kernel"
)

// Functions whose result can be much longer than their arguments stop at 1 MiB,
// so that neither a batch of results outgrows its column nor a typing error the
// memory.

const mostText = 1 << 20

var errGrown = errors.New("the result is longer than its text and than 1 MiB")

// mostGrown returns how long the result for a text of length n may become.
func mostGrown(n int) int { return max(n, mostText) }

func repeatRows(c *kernel.RowCall, rows []int32) {
	in, count := c.Args[0], c.Args[1]
	for _, row := range rows {
		text, n := in.Text(row), count.Int(row)
		if n > 1 && int64(len(text)) > mostText/n {
			c.Fail(row, errGrown)
			continue
		}
		for ; n > 0 && len(text) > 0; n-- {
			c.Text = append(c.Text, text...)
		}
		c.Put(row)
	}
}

func reverseRows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		for text := in.Text(row); len(text) > 0; {
			_, size := utf8.DecodeLastRune(text)
			text, c.Text = text[:len(text)-size], append(c.Text, text[len(text)-size:]...)
		}
		c.Put(row)
	}
}

func padLeftRows(c *kernel.RowCall, rows []int32) {
	for _, row := range rows {
		text, short, err := padding(c, row)
		if err != nil {
			c.Fail(row, err)
			continue
		}
		repeatTo(c, short, fill(c, row))
		c.Text = append(c.Text, text...)
		c.Put(row)
	}
}

func padRightRows(c *kernel.RowCall, rows []int32) {
	for _, row := range rows {
		text, short, err := padding(c, row)
		if err != nil {
			c.Fail(row, err)
			continue
		}
		c.Text = append(c.Text, text...)
		repeatTo(c, short, fill(c, row))
		c.Put(row)
	}
}

var (
	errNoFill = errors.New("there is nothing to pad with: the third argument is an empty text")
	space     = []byte(" ")
)

// fill returns the third argument of a padding function, or what is in its place.
func fill(c *kernel.RowCall, row int32) []byte {
	if len(c.Args) < 3 {
		return space
	}
	return c.Args[2].Text(row)
}

// padding returns the text cut to the wanted length, and how many characters it
// is short of it.
func padding(c *kernel.RowCall, row int32) (text []byte, short int64, err error) {
	text, n := c.Args[0].Text(row), c.Args[1].Int(row)
	text = text[:skip(text, n)]
	short = max(0, n-int64(utf8.RuneCount(text)))
	switch {
	case short == 0:
	case len(fill(c, row)) == 0:
		err = errNoFill
	case short > mostText/utf8.UTFMax:
		err = errGrown
	}
	return text, short, err
}

// repeatTo appends n characters: those of fill, again and again.
func repeatTo(c *kernel.RowCall, n int64, fill []byte) {
	if n == 0 {
		return
	}
	each := int64(utf8.RuneCount(fill))
	c.Text = slices.Grow(c.Text, int(n/each+1)*len(fill))
	for ; n >= each; n -= each {
		c.Text = append(c.Text, fill...)
	}
	c.Text = append(c.Text, fill[:skip(fill, n)]...)
}
