package text

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/excerpt"
)

// Bytes as text and back: hexadecimal digits, capitals when written, and base64
// with padding, as RFC 4648 has them.

func hexRows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		c.Text = hex.AppendEncode(c.Text, in.Text(row))
		flipASCII(c.Current(), 'a')
		c.Put(row)
	}
}

func unhexRows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		var err error
		if c.Text, err = hex.AppendDecode(c.Text, in.Text(row)); err != nil {
			c.Fail(row, fmt.Errorf("%q is not hexadecimal: two digits, 0 to 9 and A to F, are one byte", excerpt.Of(in.Text(row))))
			continue
		}
		c.Put(row)
	}
}

func base64Rows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		c.Text = base64.StdEncoding.AppendEncode(c.Text, in.Text(row))
		c.Put(row)
	}
}

func unbase64Rows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		text := in.Text(row)
		var err error
		if c.Text, err = base64.StdEncoding.AppendDecode(c.Text, text); err != nil || slices.Contains(text, '\n') || slices.Contains(text, '\r') {
			c.Fail(row, fmt.Errorf("%q is not base64 with its padding", excerpt.Of(text)))
			continue
		}
		c.Put(row)
	}
}
