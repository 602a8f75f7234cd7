package checkpoint

import (
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// This file compares definitions clause by clause.

// Line is a line of what has changed in a definition.
type Line struct {
	Text string
	// Means says what becomes of the part of the state that belongs to it; "" where no
	// part does, or the state cannot be used at all.
	Means string
}

// String draws the line.
func (l Line) String() string {
	if l.Means == "" {
		return l.Text
	}
	return l.Text + ": " + l.Means
}

// What becomes of parts of the state.
const (
	partDropped = "what is kept for it is dropped"
	partShared  = "what it used is kept for others"
	partThere   = "what it uses is kept already, so it misses nothing"
)

// affected returns the most that the clauses which differ bear on; Nothing if none do.
func affected(then, now stream.Definition) stream.Bearing {
	most := len(stream.Bearings) - 1
	for _, c := range slices.Concat(without(then, now), without(now, then)) {
		most = min(most, slices.Index(stream.Bearings, c.Bears))
	}
	return stream.Bearings[max(most, 0)]
}

// differing returns the lines of clauses that only one definition has, without those
// that both begin or end with.
func differing(then, now stream.Definition) (was, is []Line) {
	partly := affected(then, now) != stream.Whole
	for _, c := range without(then, now) {
		was = append(was, linesOf(c, partly, now, partShared, partDropped)...)
	}
	for _, c := range without(now, then) {
		is = append(is, linesOf(c, partly, then, partThere, c.Begins)...)
	}
	for len(was) > 0 && len(is) > 0 && was[0] == is[0] {
		was, is = was[1:], is[1:]
	}
	for len(was) > 0 && len(is) > 0 && was[len(was)-1] == is[len(is)-1] {
		was, is = was[:len(was)-1], is[:len(is)-1]
	}
	return was, is
}

// linesOf draws a clause that another definition lacks: has says what becomes of the
// parts that it uses if the other uses all of them, lacks if not.
func linesOf(c stream.Clause, partly bool, other stream.Definition, has, lacks string) (lines []Line) {
	for text := range strings.Lines(c.String()) {
		lines = append(lines, Line{Text: strings.TrimSuffix(text, "\n")})
	}
	if partly && c.Bears == stream.Part && lines != nil {
		lines[len(lines)-1].Means = lacks
		if usesAll(other, c.Uses) {
			lines[len(lines)-1].Means = has
		}
	}
	return lines
}

// usesAll reports whether a definition uses these parts of the state.
func usesAll(d stream.Definition, parts []string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool {
		return !slices.ContainsFunc(d, func(c stream.Clause) bool { return slices.Contains(c.Uses, part) })
	})
}

// without returns the clauses that count and that another definition does not have.
func without(d, other stream.Definition) (rest []stream.Clause) {
	for _, c := range d {
		if c.Bears != stream.Nothing && !slices.ContainsFunc(other, func(o stream.Clause) bool { return sameClause(c, o) }) {
			rest = append(rest, c)
		}
	}
	return rest
}

func sameClause(a, b stream.Clause) bool {
	return a.Text == b.Text && a.Bears == b.Bears && slices.Equal(a.Uses, b.Uses)
}

// sameWhole reports whether what all of the state depends on is there and the same.
func sameWhole(then, now stream.Definition) bool {
	known := slices.ContainsFunc(then, func(c stream.Clause) bool { return c.Bears == stream.Whole })
	return known && affected(then, now) != stream.Whole
}
