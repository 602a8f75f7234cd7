package component

import (
	"fmt"
	"strings"
)

// Suggest returns `; did you mean "x"?` for the option closest to text, or ""
// where none is close.
func Suggest(text string, options []string) string {
	best := Closest(text, options)
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// Known says what may stand in the place of a name that is not known: the option
// that was meant, as [Suggest] does, or all of them, as far as that is not a long
// list.
func Known(name string, options []string) string {
	const most = 20
	if s := Suggest(name, options); s != "" {
		return s
	}
	if len(options) > most {
		return "; there are " + strings.Join(options[:most], ", ") + ", …"
	}
	return "; there are " + strings.Join(options, ", ")
}

// Closest returns the option that text was probably meant to be, or "" where
// none is close.
func Closest(text string, options []string) string {
	best, bestDistance := "", len(text)/2+1
	for _, o := range options {
		if d := distance(strings.ToLower(text), strings.ToLower(o)); d < bestDistance {
			best, bestDistance = o, d
		}
	}
	return best
}

// distance is the number of insertions, deletions, replacements and swaps of
// neighbours that turn a into b (optimal string alignment).
func distance(a, b string) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
