package expr

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/excerpt"
)

// Bytes as text and back: hexadecimal digits, capitals when written, and base64
// with padding, as RFC 4648 has them.

func hexRows(c *rowCall, rows []int32) {
	in := c.args[0]
	for _, row := range rows {
		c.text = hex.AppendEncode(c.text, in.text(row))
		flipASCII(c.text[c.last:], 'a')
		c.put(row)
	}
}

func unhexRows(c *rowCall, rows []int32) {
	in := c.args[0]
	for _, row := range rows {
		var err error
		if c.text, err = hex.AppendDecode(c.text, in.text(row)); err != nil {
			c.fail(row, fmt.Errorf("%q is not hexadecimal: two digits, 0 to 9 and A to F, are one byte", excerpt.Of(in.text(row))))
			continue
		}
		c.put(row)
	}
}

func base64Rows(c *rowCall, rows []int32) {
	in := c.args[0]
	for _, row := range rows {
		c.text = base64.StdEncoding.AppendEncode(c.text, in.text(row))
		c.put(row)
	}
}

func unbase64Rows(c *rowCall, rows []int32) {
	in := c.args[0]
	for _, row := range rows {
		text := in.text(row)
		var err error
		if c.text, err = base64.StdEncoding.AppendDecode(c.text, text); err != nil || slices.Contains(text, '\n') || slices.Contains(text, '\r') {
			c.fail(row, fmt.Errorf("%q is not base64 with its padding", excerpt.Of(text)))
			continue
		}
		c.put(row)
	}
}
