// Package excerpt shows texts of any length in messages: a text that is long is
// cut, at the end of a character.
package excerpt

import (
	"strconv"
	"unicode/utf8"
)

// most is how much of a text a message shows, in bytes.
const most = 60

// Of returns a text as it stands in a message: all of it or, where it is long, its
// beginning and an ellipsis.
func Of[T ~string | ~[]byte](text T) string {
	if len(text) <= most {
		return string(text)
	}
	return string(Cut(text, most)) + "…"
}

// Quoted is [Of] in quotes, behind which the ellipsis stands.
func Quoted[T ~string | ~[]byte](text T) string {
	if len(text) <= most {
		return strconv.Quote(string(text))
	}
	return strconv.Quote(string(Cut(text, most))) + "…"
}

// Cut returns the first bytes of a text, at most n and no piece of a character.
func Cut[T ~string | ~[]byte](text T, n int) T {
	if len(text) <= n {
		return text
	}
	for i := n; i >= 0 && i > n-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			return text[:i]
		}
	}
	return text[:n] // that is no character of UTF-8
}
