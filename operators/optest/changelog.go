package optest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// A result is what a changelog has come to so far.
type result struct {
	of   *stream.Changelog
	rows map[string][]string // by key: at most one, if the changelog has a key
}

// A change is a row of a changelog.
type change struct {
	kind     record.RowKind
	key, row string
}

// String draws the change as [Draw] does.
func (c change) String() string { return kindWords[c.kind] + " " + c.row }

// changesOf returns the rows of a batch.
func (r *result) changesOf(b *record.Batch) []change {
	d := b.Retain().Dense()
	defer d.Release()
	changes := make([]change, d.Len())
	for i := range changes {
		c := change{row: drawRow(d, i)}
		if d.RowKinds != nil {
			c.kind = d.RowKinds.RowKinds()[i]
		}
		if c.key = c.row; r.of.Key != nil {
			c.key = keyOf(d, r.of.Key, i)
		}
		changes[i] = c
	}
	return changes
}

func keyOf(b *record.Batch, names []string, i int) string {
	var cells []string
	for _, name := range names {
		at := slices.Index(b.Schema.Names(), name)
		cells = append(cells, fmt.Sprintf("%q", Text(b.Columns[at], i)))
	}
	return strings.Join(cells, ",")
}

// apply takes in a batch row by row, each of which must fit what is there, and returns
// how many changes it is.
func (r *result) apply(b *record.Batch) (n int, err error) {
	last := change{}
	for _, c := range r.changesOf(b) {
		if err := r.follows(last, c); err != nil {
			return 0, err
		}
		if err := r.applyRow(c); err != nil {
			return 0, err
		}
		if last = c; c.kind != record.UpdateBefore {
			n++
		}
	}
	if last.kind == record.UpdateBefore {
		return 0, fmt.Errorf("%v ends a batch: the row that replaces it belongs right behind it", last)
	}
	return n, nil
}

// follows checks that the two rows of an update stand together.
func (r *result) follows(last, c change) error {
	after, before := c.kind == record.UpdateAfter, last.kind == record.UpdateBefore
	switch {
	case !r.of.UpdateBefore && c.kind == record.UpdateBefore:
		return fmt.Errorf("%v: the changelog declares that there are no such rows", c)
	case !r.of.UpdateBefore:
		return nil
	case before && !after:
		return fmt.Errorf("%v: what replaces %v belongs here", c, last)
	case after && !before:
		return fmt.Errorf("%v: the row that it replaces does not stand right before it", c)
	case after && r.of.Key != nil && c.key != last.key:
		return fmt.Errorf("%v: it has another key than %v", c, last)
	}
	return nil
}

func (r *result) applyRow(c change) error {
	there := r.rows[c.key]
	at := slices.Index(there, c.row)
	if !r.of.UpdateBefore && r.of.Key != nil && c.kind != record.Insert {
		at = len(there) - 1 // found by key alone
	}
	switch {
	case c.kind == record.UpdateAfter && r.of.UpdateBefore: // in the place of what has gone
	case c.kind == record.Insert && r.of.Key != nil && len(there) > 0:
		return fmt.Errorf("%v: there is %s already", c, there[0])
	case c.kind != record.Insert && at < 0:
		return fmt.Errorf("%v: there is no such row, but %d others of its key: %s", c, len(there), strings.Join(there, "; "))
	}
	if c.kind != record.Insert && at >= 0 {
		there = slices.Delete(there, at, at+1)
	}
	if c.kind == record.Insert || c.kind == record.UpdateAfter {
		there = append(there, c.row)
	}
	r.rows[c.key] = there
	return nil
}

// lines returns the rows that are there.
func (r *result) lines() (all []string) {
	for _, rows := range r.rows {
		all = append(all, rows...)
	}
	return all
}
