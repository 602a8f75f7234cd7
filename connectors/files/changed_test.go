package files

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestChangedFiles reads a folder in part, has something happen to one of its files,
// and reads on from the checkpoint. A file that was not begun is read as it is now,
// one that has been read through does not matter, and of one in between every change
// that can be seen is refused: no row is missing, or another, without an error.
func TestChangedFiles(t *testing.T) {
	trial.Run(t, 1000, func(c *trial.Case) {
		f := drawFolder(c)
		c.Describe(f.describe)
		var err error
		if f.read, err = f.readOn(c.Random.IntN(12)); err != nil {
			c.Fatal(err)
		}
		f.count()
		changed := f.tables[c.Random.IntN(len(f.tables))]
		before := len(changed.bytes)
		f.change(changed)
		want, refusal := f.expect(changed, before)
		got, err := f.readOn(1000)
		if err != nil && f.happened == flipped {
			return // it was seen; if not, nothing may be missing
		}
		if refusal == nil && (err != nil || !maps.EqualFunc(got.ids, want, slices.Equal)) {
			c.Errorf("read %v, and then %v; want %v", got.ids, err, want)
		}
		if refusal != nil {
			f.checkRefused(got, err, want, refusal)
		}
	})
}

// progress is how far the splits of a source have been read.
type progress struct {
	enumerator []byte
	splits     []stream.Split // but for those that are finished
	finished   map[stream.SplitID]bool
	ids        map[stream.SplitID][]int64 // that have come
}

// readOn reads on from where the folder was read to, in a process of its own, with so
// many fetches at most. Of the ids it returns those that come.
func (f *sourceFolder) readOn(fetches int) (p progress, err error) {
	open := openSource
	if f.json {
		open = openJSONSource
	}
	source := open(f.c, sourceSchema, f.values)
	p = progress{splits: slices.Clone(f.read.splits), finished: map[stream.SplitID]bool{}, ids: map[stream.SplitID][]int64{}}
	if err := p.discover(f, source); err != nil {
		return p, err
	}
	if len(p.splits) == 0 {
		return p, nil
	}
	pool := record.NewCheckedPool()
	r, err := source.NewReader(stream.ReaderContext{Env: f.env, Pool: pool, BatchRows: f.batchRows})
	if err != nil {
		f.c.Fatal(err)
	}
	defer func() {
		if err := errors.Join(r.Close(), pool.Check()); err != nil {
			f.c.Error(err)
		}
	}()
	if err := r.Assign(p.splits); err != nil {
		return p, err
	}
	for caughtUp := false; len(p.splits) > 0 && !caughtUp && fetches > 0; fetches-- {
		fetched, err := r.Fetch(context.Background())
		if err != nil {
			return p, err
		}
		p.take(fetched)
		if len(fetched.Failed) > 0 {
			return p, fetched.Failed[0].Err
		}
		caughtUp = fetched.CaughtUp
	}
	return p, nil
}

// discover finds the splits, the first time.
func (p *progress) discover(f *sourceFolder, source stream.Source) error {
	e, err := source.NewEnumerator(f.env, f.read.enumerator)
	if err != nil {
		return err
	}
	splits, _, err := e.Discover(context.Background())
	if err != nil {
		return err
	}
	p.splits = append(p.splits, splits...)
	p.enumerator, err = e.Snapshot()
	return err
}

// take takes in what a fetch brought.
func (p *progress) take(f stream.Fetched) {
	if f.Batch != nil {
		p.ids[f.Split] = append(p.ids[f.Split], f.Batch.Columns[0].Int64s()...)
		f.Batch.Release()
	}
	i := slices.IndexFunc(p.splits, func(s stream.Split) bool { return s.ID == f.Split })
	if f.Finished {
		p.finished[f.Split] = true
		p.splits = slices.Delete(p.splits, i, i+1)
		return
	}
	p.splits[i].Position = f.Next
	if f.Notes != nil {
		p.splits[i].Notes = f.Notes
	}
}

// count notes how many rows of each file have been read.
func (f *sourceFolder) count() {
	for _, ids := range f.read.ids {
		for _, id := range ids {
			f.tables[id/1000-1].taken++
		}
	}
}

// expect returns what has to come of the folder yet, by split, and what is refused:
// what the error has to say. A file is refused where its rows would stand.
func (f *sourceFolder) expect(changed *table, before int) (ids map[stream.SplitID][]int64, refusal []string) {
	ids = map[stream.SplitID][]int64{}
	for _, t := range f.tables {
		s, _ := f.split(t)
		rows := t.ids
		switch f.state(t) {
		case done:
			rows = nil
		case begun:
			rows = rows[min(t.taken, len(rows)):]
		}
		if t == changed {
			if refusal = f.refusal(t, before); refusal != nil || t.bytes == "" {
				rows = nil
			}
		}
		if len(rows) > 0 {
			ids[s.ID] = append(ids[s.ID], rows...)
		}
	}
	return ids, refusal
}

// refusal returns what the error says where a file that has changed is refused: nil
// where it is not. The file had so many bytes before.
func (f *sourceFolder) refusal(t *table, before int) []string {
	_, at := f.split(t)
	watched := f.values["watch"] != ""
	switch state := f.state(t); {
	case t.bytes == "" && len(f.tables) == 1 && !watched && state != done:
		return []string{"in/: no files there"}
	case t.bytes == "":
		if state == begun || state == fresh && !watched && (at.File == t.name || f.values["parallel"] != "") {
			return []string{t.name, "no longer", "put it back, or start afresh"}
		}
	case state == begun:
		return f.refusalOfBegun(t, at, before)
	case watched && len(t.bytes) != before && len(f.read.splits[0].Notes) > 0:
		return []string{t.path(), fmt.Sprintf("has %d bytes but had %d when it was found", len(t.bytes), before), "To go on, move this file away"}
	case state == fresh && f.happened == otherColumn && !f.json:
		return []string{t.path() + `:1: no column is called "text"`}
	case state == fresh && f.happened == noMagic:
		return []string{"data cannot be decompressed"}
	}
	return nil
}

func (f *sourceFolder) refusalOfBegun(t *table, at position, before int) []string {
	how := "shrunk"
	if len(t.bytes) > before {
		how = "grown"
	}
	why := ""
	switch {
	case len(t.bytes) != before:
		why = fmt.Sprintf("byte %d of its text: it has %s from %d bytes to %d", at.Offset, how, before, len(t.bytes))
	case f.happened == otherColumn && !f.json:
		why = `no column is called "text"`
	case f.happened == noMagic:
		why = "data cannot be decompressed"
	case f.happened == noLineEnd:
		why = "no line begins there"
	case t.taken <= len(t.ids):
		return nil
	}
	return []string{fmt.Sprintf("%s:%d: ", t.path(), at.Line+1), why, "ut the old file back, or start afresh"}
}

// checkRefused wants an error that says what it has to, and no rows but those of
// other files before it.
func (f *sourceFolder) checkRefused(got progress, err error, want map[stream.SplitID][]int64, refusal []string) {
	if err == nil {
		f.c.Fatalf("not refused, want %q; read %v", refusal, got.ids)
	}
	for _, part := range refusal {
		if !strings.Contains(err.Error(), part) {
			f.c.Errorf("refused with: %v; %q is not in it", err, part)
		}
	}
	for id, ids := range got.ids {
		if n := len(ids); n > len(want[id]) || !slices.Equal(ids, want[id][:n]) {
			f.c.Errorf("before the error %v came of %s, want the first of %v", ids, id, want[id])
		}
	}
}
