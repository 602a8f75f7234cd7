package conntest

import (
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/stream"
)

// reading is what was read of the splits of a source.
type reading struct {
	suite    Source
	rows     map[stream.SplitID][]string
	failed   map[stream.SplitID][]stream.FailedRecord
	next     map[stream.SplitID]stream.Split // where to go on
	finished map[stream.SplitID]bool
	// trail has, per split, each place and what stands before it.
	trail map[stream.SplitID][]bookmark
	most  int // splits that came in one fetch
}

type bookmark struct {
	split        stream.Split
	rows, failed int
}

func (s Source) newReading() *reading {
	return &reading{
		suite:    s,
		rows:     map[stream.SplitID][]string{},
		failed:   map[stream.SplitID][]stream.FailedRecord{},
		next:     map[stream.SplitID]stream.Split{},
		finished: map[stream.SplitID]bool{},
		trail:    map[stream.SplitID][]bookmark{},
	}
}

// take adds what one Fetch brought, and releases it. It returns how many splits are
// finished by that.
func (r *reading) take(t testing.TB, f stream.Fetched) (done int) {
	t.Helper()
	var rows []string
	if f.Batch != nil {
		if f.Batch.Selection() != nil {
			t.Fatal("the batch of a fetch has a selection")
		}
		rows = Rows(f.Batch)
		f.Batch.Release()
	}
	if f.Rows() != len(rows) {
		t.Fatalf("a fetch brought %d rows, but those of its splits are %d", len(rows), f.Rows())
	}
	came := map[stream.SplitID]bool{}
	for _, p := range f.Pieces {
		if came[p.Split] {
			t.Fatalf("split %q comes twice in a fetch", p.Split)
		}
		came[p.Split] = true
		r.add(t, p, rows[:p.Rows])
		rows = rows[p.Rows:]
		if r.finished[p.Split] {
			done++
		}
	}
	r.most = max(r.most, len(came))
	return done
}

// add adds what came of one split.
func (r *reading) add(t testing.TB, f stream.Piece, rows []string) {
	t.Helper()
	if len(f.Failed) > 0 && !r.suite.failing {
		t.Fatalf("%s: %v", f.Failed[0].Where, f.Failed[0].Err)
	}
	r.failed[f.Split] = append(r.failed[f.Split], f.Failed...)
	if r.finished[f.Split] {
		t.Fatalf("split %q: fetched after it was finished", f.Split)
	}
	r.rows[f.Split] = append(r.rows[f.Split], rows...)
	next := r.next[f.Split]
	next.ID, next.Position = f.Split, slices.Clone(f.Next)
	if f.Notes != nil {
		next.Notes = slices.Clone(f.Notes)
	}
	r.next[f.Split] = next
	if r.suite.Unbounded && f.Finished {
		t.Fatalf("split %q: finished, though more rows may come", f.Split)
	}
	r.finished[f.Split] = f.Finished || r.suite.Unbounded && f.CaughtUp
	if !f.Finished { // a split that is finished is not read again
		r.trail[f.Split] = append(r.trail[f.Split], bookmark{next, len(r.rows[f.Split]), len(r.failed[f.Split])})
	}
}

// fetch fetches until so many splits are finished, at most limit times. It returns
// how many are.
func (r *reading) fetch(t testing.TB, reader stream.Reader, splits, limit int) (done int) {
	t.Helper()
	for ; done < splits && limit > 0; limit-- {
		f, err := reader.Fetch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		done += r.take(t, f)
	}
	return done
}

// manyFetches are more than any test needs.
const manyFetches = 100_000

// finish fetches until so many splits are finished.
func (r *reading) finish(t testing.TB, reader stream.Reader, splits int) {
	t.Helper()
	if done := r.fetch(t, reader, splits, manyFetches); done < splits {
		t.Fatalf("%d of %d splits are finished after %d fetches; they are at %q", done, splits, manyFetches, r.next)
	}
}
