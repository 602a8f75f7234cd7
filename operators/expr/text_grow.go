package expr

import (
	"errors"
	"slices"
	"unicode/utf8"
)

// Functions whose result can be much longer than their arguments stop at 1 MiB,
// so that neither a batch of results outgrows its column nor a typing error the
// memory.

const mostText = 1 << 20

var errGrown = errors.New("the result is longer than its text and than 1 MiB")

// mostGrown returns how long the result for a text of length n may become.
func mostGrown(n int) int { return max(n, mostText) }

func repeatRows(c *rowCall, rows []int32) {
	in, count := c.args[0], c.args[1]
	for _, row := range rows {
		text, n := in.text(row), count.int(row)
		if n > 1 && int64(len(text)) > mostText/n {
			c.fail(row, errGrown)
			continue
		}
		for ; n > 0 && len(text) > 0; n-- {
			c.text = append(c.text, text...)
		}
		c.put(row)
	}
}

func reverseRows(c *rowCall, rows []int32) {
	in := c.args[0]
	for _, row := range rows {
		for text := in.text(row); len(text) > 0; {
			_, size := utf8.DecodeLastRune(text)
			text, c.text = text[:len(text)-size], append(c.text, text[len(text)-size:]...)
		}
		c.put(row)
	}
}

func padLeftRows(c *rowCall, rows []int32) {
	for _, row := range rows {
		text, padding, err := c.padding(row)
		if err != nil {
			c.fail(row, err)
			continue
		}
		c.repeatTo(padding, c.fill(row))
		c.text = append(c.text, text...)
		c.put(row)
	}
}

func padRightRows(c *rowCall, rows []int32) {
	for _, row := range rows {
		text, padding, err := c.padding(row)
		if err != nil {
			c.fail(row, err)
			continue
		}
		c.text = append(c.text, text...)
		c.repeatTo(padding, c.fill(row))
		c.put(row)
	}
}

var (
	errNoFill = errors.New("there is nothing to pad with: the third argument is an empty text")
	space     = []byte(" ")
)

// fill returns the third argument of a padding function, or what is in its place.
func (c *rowCall) fill(row int32) []byte {
	if len(c.args) < 3 {
		return space
	}
	return c.args[2].text(row)
}

// padding returns the text cut to the wanted length, and how many characters it
// is short of it.
func (c *rowCall) padding(row int32) (text []byte, short int64, err error) {
	text, n := c.args[0].text(row), c.args[1].int(row)
	text = text[:skip(text, n)]
	short = max(0, n-int64(utf8.RuneCount(text)))
	switch {
	case short == 0:
	case len(c.fill(row)) == 0:
		err = errNoFill
	case short > mostText/utf8.UTFMax:
		err = errGrown
	}
	return text, short, err
}

// repeatTo appends n characters: those of fill, again and again.
func (c *rowCall) repeatTo(n int64, fill []byte) {
	if n == 0 {
		return
	}
	each := int64(utf8.RuneCount(fill))
	c.text = slices.Grow(c.text, int(n/each+1)*len(fill))
	for ; n >= each; n -= each {
		c.text = append(c.text, fill...)
	}
	c.text = append(c.text, fill[:skip(fill, n)]...)
}
