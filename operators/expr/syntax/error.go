package syntax

import (
	"fmt"
	"strings"
)

// Error is one thing wrong with an expression: what, why and, where it can be
// told, what to write instead.
type Error struct {
	// Start and End are byte offsets of the offending piece in the text that was
	// parsed. At the end of the text both are its length.
	Start, End int
	Message    string
}

// Error draws the error with its place, as "at 4: …"; offsets count from 0.
func (e Error) Error() string { return fmt.Sprintf("at %d: %s", e.Start, e.Message) }

// Errors is everything that is wrong with an expression, in the order of the
// text; nil where nothing is. A syntax error stands alone.
type Errors []Error

// Error draws one error a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}
