package jsontext

import "unicode/utf8"

// AppendQuoted appends text as a string. It escapes what has to be, and what is not
// UTF-8 becomes U+FFFD, byte by byte.
func AppendQuoted(to, text []byte) []byte {
	to = append(to, '"')
	from := 0
	for i := 0; i < len(text); {
		b := text[i]
		if b >= ' ' && b != '"' && b != '\\' && b < utf8.RuneSelf {
			i++
			continue
		}
		size := 1
		if b >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRune(text[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		to = appendEscaped(append(to, text[from:i]...), b)
		i += size
		from = i
	}
	return append(append(to, text[from:]...), '"')
}

func appendEscaped(to []byte, b byte) []byte {
	const digits = "0123456789abcdef"
	switch {
	case b >= utf8.RuneSelf:
		return append(to, `\ufffd`...)
	case b == '\n':
		return append(to, `\n`...)
	case b == '\t':
		return append(to, `\t`...)
	case b == '\r':
		return append(to, `\r`...)
	case b < ' ':
		return append(to, '\\', 'u', '0', '0', digits[b>>4], digits[b&15])
	}
	return append(to, '\\', b)
}
