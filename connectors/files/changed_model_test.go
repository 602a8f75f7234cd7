package files

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// expect returns what has to come of the folder yet, by split, and what is refused:
// what the error has to say. A file is refused where its rows would stand.
func (f *sourceFolder) expect(changed *table) (ids map[stream.SplitID][]int64, refusal []string) {
	ids = map[stream.SplitID][]int64{}
	if len(f.read.splits) == 0 {
		return ids, nil // all has been read
	}
	refusal = f.refusal(changed)
	for pass := range f.passes() {
		for _, t := range f.order() {
			s, at := f.split(t)
			if f.read.finished[s.ID] || pass < int(at.Pass) || t.bytes == "" || t == changed && refusal != nil {
				continue
			}
			rows := t.ids
			if pass == int(at.Pass) {
				rows = rows[min(f.skipped(t), len(rows)):]
			}
			if len(rows) > 0 {
				ids[s.ID] = append(ids[s.ID], rows...)
			}
		}
	}
	return ids, refusal
}

func (f *sourceFolder) passes() int {
	if f.values["repeat"] != "" {
		return 2
	}
	return 1
}

// order is the files in the order of reading.
func (f *sourceFolder) order() []*table {
	if f.added == nil {
		return f.tables
	}
	all := append(slices.Clone(f.tables), f.added)
	if f.values["watch"] == "" || f.isUntouched() {
		slices.SortFunc(all, func(a, b *table) int { return strings.Compare(a.name, b.name) })
	}
	return all
}

// isUntouched reports that nothing has come of the files that are one split, so
// that the checkpoint knows none of them.
func (f *sourceFolder) isUntouched() bool {
	return f.values["parallel"] == "" && len(f.read.splits) > 0 && f.read.splits[0].Position == nil
}

// skipped is how many rows of a file stand before the position of its pass.
func (f *sourceFolder) skipped(t *table) int {
	switch _, at := f.split(t); f.state(t) {
	case done:
		return len(t.ids)
	case begun:
		return t.taken - int(at.Pass)*t.had
	}
	return 0
}

// refusal returns what the error says where something that has happened to a file is
// refused: nil where it is not.
func (f *sourceFolder) refusal(t *table) []string {
	if f.values["watch"] != "" {
		return f.refusalOfWatched(t)
	}
	_, at := f.split(t)
	again := int(at.Pass)+1 < f.passes() // it is read once more
	switch state := f.state(t); {
	case t.bytes == "" && len(f.tables) == 1 && f.added == nil:
		return []string{"in/: no files there"}
	case f.isUntouched() && (t.bytes == "" || f.added != nil):
		return nil
	case t.bytes == "":
		return []string{t.name, "no longer", "put it back, or start afresh"}
	case f.added != nil && (f.values["parallel"] != "" || at.Pass > 0 || f.added.name < at.File):
		return []string{f.added.path() + " is new", "move it away, or start afresh"}
	case len(t.bytes) != t.size && (state == done || at.Pass > 0):
		return []string{fmt.Sprintf("%s has %d bytes but had %d when it was read", t.path(), len(t.bytes), t.size), "Put the old file back"}
	case state == begun:
		return f.refusalOfBegun(t, at)
	case state == fresh || again:
		return f.refusalOfFresh(t)
	}
	return nil
}

func (f *sourceFolder) refusalOfWatched(t *table) []string {
	_, at := f.split(t)
	switch state := f.state(t); {
	case t.bytes == "" && state == begun:
		return []string{t.name, "no longer", "put it back, or start afresh"}
	case t.bytes == "":
	case state == begun:
		return f.refusalOfBegun(t, at)
	case len(t.bytes) != t.size && len(f.read.splits[0].Notes) > 0:
		return []string{t.path(), fmt.Sprintf("has %d bytes but had %d when it was found", len(t.bytes), t.size), "To go on, move this file away"}
	case state == fresh:
		return f.refusalOfFresh(t)
	}
	return nil
}

func (f *sourceFolder) refusalOfFresh(t *table) []string {
	switch {
	case f.happened == otherColumn && !f.json:
		return []string{t.path() + `:1: no column is called "text"`}
	case f.happened == noMagic:
		return []string{"data cannot be decompressed"}
	}
	return nil
}

func (f *sourceFolder) refusalOfBegun(t *table, at position) []string {
	how := "shrunk"
	if len(t.bytes) > t.size {
		how = "grown"
	}
	why := ""
	switch {
	case len(t.bytes) != t.size:
		why = fmt.Sprintf("byte %d of its text: it has %s from %d bytes to %d", at.Offset, how, t.size, len(t.bytes))
	case f.happened == otherColumn && !f.json:
		why = `no column is called "text"`
	case f.happened == noMagic:
		why = "data cannot be decompressed"
	case f.happened == noLineEnd:
		why = "no line begins there"
	case f.skipped(t) <= len(t.ids):
		return nil
	}
	return []string{fmt.Sprintf("%s:%d: ", t.path(), at.Line+1), why, "ut the old file back, or start afresh"}
}
