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
	partWidened = "what is kept for it is migrated to a wider type"
	partGoesOn  = "it goes on with what was kept, and misses nothing"
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
		was = append(was, linesOf(c, partly, partWas(c, now))...)
	}
	for _, c := range without(now, then) {
		is = append(is, linesOf(c, partly, partIs(c, then))...)
	}
	for len(was) > 0 && len(is) > 0 && was[0] == is[0] {
		was, is = was[1:], is[1:]
	}
	for len(was) > 0 && len(is) > 0 && was[len(was)-1] == is[len(is)-1] {
		was, is = was[:len(was)-1], is[:len(is)-1]
	}
	return was, is
}

// linesOf draws a clause that another definition lacks; means says what becomes of the parts that
// it uses.
func linesOf(c stream.Clause, partly bool, means string) (lines []Line) {
	for text := range strings.Lines(c.String()) {
		lines = append(lines, Line{Text: strings.TrimSuffix(text, "\n")})
	}
	if partly && c.Bears == stream.Part && lines != nil {
		lines[len(lines)-1].Means = means
	}
	return lines
}

// partWas says what becomes of the parts that a clause of the checkpoint uses.
func partWas(c stream.Clause, now stream.Definition) string {
	switch {
	case usesAll(now, c.Uses, false):
		return partShared
	case usesAll(now, c.Uses, true):
		return partWidened
	}
	return partDropped
}

// partIs says what the parts are that a clause of the job uses.
func partIs(c stream.Clause, then stream.Definition) string {
	if usesAll(then, c.Uses, false) {
		return partThere
	}
	for i, part := range c.Uses {
		former := slices.Concat([]string{part}, formerOf(c, i))
		if !slices.ContainsFunc(former, func(name string) bool { return usesAll(then, []string{name}, false) }) {
			return c.Begins
		}
	}
	return partGoesOn
}

// formerOf returns other names of a part that a clause uses.
func formerOf(c stream.Clause, i int) []string {
	if i < len(c.Former) {
		return c.Former[i]
	}
	return nil
}

// usesAll reports whether a definition uses these parts of the state: under their own names or,
// if that counts, under others.
func usesAll(d stream.Definition, parts []string, former bool) bool {
	return !slices.ContainsFunc(parts, func(part string) bool {
		return !slices.ContainsFunc(d, func(c stream.Clause) bool {
			return slices.Contains(c.Uses, part) ||
				former && slices.ContainsFunc(c.Former, func(names []string) bool { return slices.Contains(names, part) })
		})
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
