package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// writeTable writes rows with their columns aligned: the first so many, of text,
// to the left, and those behind them, which hold figures, to the right.
func writeTable(w io.Writer, rows [][]string, text int) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i < text {
				line.WriteString(cell + space + "  ")
			} else {
				line.WriteString(space + cell + "  ")
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// clip returns the first n characters of a text on one line, with what a terminal
// cannot show escaped.
func clip(text string, n int) string {
	var b strings.Builder
	for i, r := range text {
		if n--; n < 0 {
			b.WriteString("…")
			break
		}
		switch {
		case r == utf8.RuneError:
			_, size := utf8.DecodeRuneInString(text[i:])
			fmt.Fprintf(&b, `\x%02x`, text[i:i+size])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}
