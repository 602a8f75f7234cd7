package expr

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"

	"github.com/cespare/xxhash/v2"
)

func md5Rows(c *rowCall, rows []int32) {
	in := c.args[0]
	for _, row := range rows {
		sum := md5.Sum(in.text(row))
		c.text = hex.AppendEncode(c.text, sum[:])
		c.put(row)
	}
}

func sha256Rows(c *rowCall, rows []int32) {
	in := c.args[0]
	for _, row := range rows {
		sum := sha256.Sum256(in.text(row))
		c.text = hex.AppendEncode(c.text, sum[:])
		c.put(row)
	}
}

func xxhashRows(c *rowCall, rows []int32) {
	in := c.args[0]
	for _, row := range rows {
		c.ints[row] = int64(xxhash.Sum64(in.text(row)))
	}
}
