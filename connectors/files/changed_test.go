package files

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestChangedFiles reads a folder in part, has something happen to one of its files,
// and reads on from the checkpoint. A file that was not begun is read as it is now; of
// one that was every change that can be seen is refused, and so is a new one that comes
// too late: no row is missing, or another, without an error.
func TestChangedFiles(t *testing.T) {
	trial.Run(t, 1000, func(c *trial.Case) {
		f := drawFolder(c)
		c.Describe(f.describe)
		var err error
		f.grows = c.Random.IntN(4) == 0
		if f.read, err = f.readOn(c.Random.IntN(25)); err != nil {
			c.Fatal(err)
		}
		f.grows = false
		f.count()
		changed := f.tables[c.Random.IntN(len(f.tables))]
		f.change(changed)
		want, refusal := f.expect(changed)
		got, err := f.readInTwo()
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

// growLast has the last file grow between the look at all files and its own turn, if
// that is to be: it is read as it is then.
func (f *sourceFolder) growLast() {
	if last := f.tables[len(f.tables)-1]; f.grows && len(f.tables) > 1 && f.values["parallel"]+f.values["watch"] == "" {
		last.append(last.ids[0]+500, 1)
		f.store(last)
	}
	f.grows = false
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
	made := open(f.c, sourceSchema, f.values)
	made.(*source).recheck = 2
	p = progress{splits: slices.Clone(f.read.splits), finished: map[stream.SplitID]bool{}, ids: map[stream.SplitID][]int64{}}
	if err := p.discover(f, made); err != nil {
		return p, err
	}
	if len(p.splits) == 0 {
		return p, nil
	}
	pool := record.NewCheckedPool()
	r, err := made.NewReader(stream.ReaderContext{Env: f.env, Pool: pool, BatchRows: f.batchRows})
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
		got, err := fetchOne(context.Background(), r)
		if err != nil {
			return p, err
		}
		p.take(got)
		if len(got.Failed) > 0 {
			return p, got.Failed[0].Err
		}
		caughtUp = got.CaughtUp
		f.growLast()
	}
	return p, nil
}

// readInTwo reads on to the end, in two processes.
func (f *sourceFolder) readInTwo() (progress, error) {
	first, err := f.readOn(f.c.Random.IntN(25))
	if err != nil {
		return first, err
	}
	maps.Copy(first.finished, f.read.finished)
	f.read = first
	second, err := f.readOn(1000)
	for id, ids := range second.ids {
		first.ids[id] = append(first.ids[id], ids...)
	}
	return first, err
}

// discover finds the splits, the first time.
func (p *progress) discover(f *sourceFolder, from stream.Source) error {
	e, err := from.NewEnumerator(f.env, f.read.enumerator)
	if err != nil {
		return err
	}
	for id := range f.read.finished {
		e.Finished(id)
	}
	found, err := e.Discover(context.Background())
	if err != nil {
		return err
	}
	p.splits = append(p.splits, found.Splits...)
	p.enumerator, err = e.Snapshot()
	return err
}

// take takes in what a fetch brought.
func (p *progress) take(f fetched) {
	if f.batch != nil {
		p.ids[f.Split] = append(p.ids[f.Split], f.batch.Columns[0].Int64s()...)
		f.batch.Release()
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

// count notes how many rows of each file have been read, and what it is now.
func (f *sourceFolder) count() {
	for _, t := range f.tables {
		t.had, t.size = len(t.ids), len(t.bytes)
	}
	for _, ids := range f.read.ids {
		for _, id := range ids {
			f.tables[id/1000-1].taken++
		}
	}
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
