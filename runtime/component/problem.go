package component

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/failure"
)

// Position is a place in a job file, from 1. Line 0 is the file as a whole.
type Position struct {
	File         string
	Line, Column int
}

// String draws the position as "job.yaml:14:9".
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one thing wrong with a job, with what to do about it.
type Problem struct {
	At      Position
	Message string
}

// Error draws the problem as "job.yaml:14:9: window.size: …".
func (p Problem) Error() string { return p.At.String() + ": " + p.Message }

// Problems is everything that is wrong with a job, to be shown together.
type Problems []Problem

// Error draws one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Class implements failure.Classified: what is wrong stands in the text of the job.
func (ps Problems) Class() failure.Class { return failure.ClassInvalid }

// Sort puts the problems in the order of the file; those that have no line, as
// of a --set, stand behind.
func (ps Problems) Sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if inFile := a.At.Line > 0; inFile != (b.At.Line > 0) {
			if inFile {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column), cmp.Compare(a.At.File, b.At.File))
	})
}
