package text

import (
	"errors"
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

func writeText(to []byte, c *record.Column, i int) ([]byte, error) {
	return append(to, c.Strings().At(i)...), nil
}

func writeUTF8(to []byte, c *record.Column, i int) ([]byte, error) {
	text := c.Strings().At(i)
	if !utf8.Valid(text) {
		return to, errors.New("the bytes are not valid UTF-8")
	}
	return append(to, text...), nil
}

// casts are the casts between strings and bytes.
var casts = []kernel.Cast{
	{From: record.KindString, To: record.KindBytes, Build: kernel.Writing(writeText)},
	{From: record.KindBytes, To: record.KindString, Fails: true, Build: kernel.Writing(writeUTF8)},
}
