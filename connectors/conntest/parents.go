package conntest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// TestParents holds a source whose splits have parents to what the engine takes for granted:
// a parent that is returned at all comes with its children or before, each split once, and
// the same splits, one not known before, come however often the enumerator is restored. The
// first column of a row is a key and the second its number: they come in order, from 0 on,
// to whoever reads each split behind its parents.
func TestParents(t testing.TB, source stream.Source, e env.Env) {
	t.Helper()
	pool := record.NewCheckedPool()
	f := fixture{Source{}, source, e, pool}
	splits := f.discoverAnew(t)
	known := map[stream.SplitID]bool{}
	numbers := map[string]int{}
	for _, s := range splits {
		for _, parent := range s.Parents {
			if !known[parent] {
				t.Fatalf("split %q is returned before its parent %q", s.ID, parent)
			}
		}
		if known[s.ID] {
			t.Fatalf("split %q is returned twice", s.ID)
		}
		known[s.ID] = true
		r := f.suite.newReading()
		reader := f.reader(t, 7, []stream.Split{s})
		r.finish(t, reader, 1)
		closeReader(t, reader)
		for _, row := range r.rows[s.ID] {
			var key string
			var number int
			if _, err := fmt.Sscanf(strings.ReplaceAll(row, "|", " "), "%s %d", &key, &number); err != nil {
				t.Fatal(err)
			}
			if number != numbers[key] {
				t.Fatalf("split %q: row %s comes where number %d should", s.ID, row, numbers[key])
			}
			numbers[key]++
		}
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// discoverAnew returns all splits, of an enumerator that is restored behind each discovery.
func (f fixture) discoverAnew(t testing.TB) (splits []stream.Split) {
	t.Helper()
	var saved []byte
	for range manyFetches {
		en, err := f.source.NewEnumerator(f.env, saved)
		if err != nil {
			t.Fatal(err)
		}
		found, err := en.Discover(t.Context())
		if err == nil {
			saved, err = en.Snapshot()
		}
		if err != nil {
			t.Fatal(err)
		}
		splits = append(splits, found.Splits...)
		if found.Done {
			return splits
		}
	}
	t.Fatalf("no end of splits after %d discoveries", manyFetches)
	return nil
}
