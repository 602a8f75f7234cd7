package expr

import (
	"errors"
	"unicode/utf8"

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

// textCasts are the casts between strings and bytes.
var textCasts = []castRule{
	{from: record.KindString, to: record.KindBytes, build: writing(writeText)},
	{from: record.KindBytes, to: record.KindString, fails: true, build: writing(writeUTF8)},
}
