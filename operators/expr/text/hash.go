package text

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"

	"github.com/cespare/xxhash/v2"
	"github.com/weirstream/weir/operators/expr/kernel"
)

func md5Rows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		sum := md5.Sum(in.Text(row))
		c.Text = hex.AppendEncode(c.Text, sum[:])
		c.Put(row)
	}
}

func sha256Rows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		sum := sha256.Sum256(in.Text(row))
		c.Text = hex.AppendEncode(c.Text, sum[:])
		c.Put(row)
	}
}

func xxhashRows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		c.Ints[row] = int64(xxhash.Sum64(in.Text(row)))
	}
}
