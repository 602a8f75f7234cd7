package conntest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// TestFailures holds a source of which records fail, or whose bytes are damaged, to
// what holds for a sound one: with batches of any size, from every position, and with
// a restart behind every fetch, there come the rows and the failed records of a read
// that nothing disturbs, none lost and none doubled. It returns that read, split by
// split. The sizes of batches are 1 to 4 where none are given.
func TestFailures(t testing.TB, s Source, batchRows ...int) (rows []string, failed []stream.FailedRecord) {
	t.Helper()
	if batchRows == nil {
		batchRows = []int{1, 2, 3, 4}
	}
	s.failing = true
	source, e := s.New(t, 0, 0)
	f := fixture{s, source, e, record.NewCheckedPool()}
	splits, _ := f.discover(t, nil)
	undisturbed := f.readAll(t, 1024, splits)
	compare := func(when string, got *reading) {
		t.Helper()
		for _, split := range splits {
			at := fmt.Sprintf("split %q by %s", split.ID, when)
			same(t, at, got.rows[split.ID], undisturbed.rows[split.ID])
			same(t, at, draw(got.failed[split.ID]), draw(undisturbed.failed[split.ID]))
		}
	}
	for i, n := range batchRows {
		compare(fmt.Sprintf("%d rows", n), f.replay(t, splits, n, batchRows[len(batchRows)-1-i]))
		compare(fmt.Sprintf("%d rows, with a restart behind each fetch", n), f.relay(t, splits, n))
	}
	if err := f.pool.Check(); err != nil {
		t.Error(err)
	}
	for _, split := range splits {
		rows = append(rows, undisturbed.rows[split.ID]...)
		failed = append(failed, undisturbed.failed[split.ID]...)
	}
	return rows, failed
}

// replay reads the splits, with batches of the one size, and each again from
// every position with batches of the other: what comes is what stands behind it.
func (f fixture) replay(t testing.TB, splits []stream.Split, batchRows, behind int) *reading {
	t.Helper()
	all := f.readAll(t, batchRows, splits)
	for _, split := range splits {
		for _, m := range all.trail[split.ID] {
			got := f.readAll(t, behind, []stream.Split{m.split})
			when := fmt.Sprintf("split %q from %q, behind %d rows and %d that failed", split.ID, m.split.Position, m.rows, m.failed)
			same(t, when, got.rows[split.ID], all.rows[split.ID][m.rows:])
			same(t, when, draw(got.failed[split.ID]), draw(all.failed[split.ID][m.failed:]))
		}
	}
	return all
}

// relay reads the splits with a reader for each fetch.
func (f fixture) relay(t testing.TB, splits []stream.Split, batchRows int) *reading {
	t.Helper()
	r := f.suite.newReading()
	for fetches := 0; len(splits) > 0; fetches++ {
		if fetches == manyFetches {
			t.Fatalf("no end after %d fetches; the splits are at %q", fetches, splits)
		}
		reader := f.reader(t, batchRows, splits)
		r.fetch(t, reader, 1, 1)
		closeReader(t, reader)
		var left []stream.Split
		for _, split := range splits {
			if next, ok := r.next[split.ID]; ok {
				split = next
			}
			if !r.finished[split.ID] {
				left = append(left, split)
			}
		}
		splits = left
	}
	return r
}

func same(t testing.TB, when string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("%s: got %d\n%s\nwant %d\n%s", when, len(got), strings.Join(got, "\n"), len(want), strings.Join(want, "\n"))
	}
}

// draw draws all of failed records.
func draw(failed []stream.FailedRecord) []string {
	lines := make([]string, len(failed))
	for i, f := range failed {
		lines[i] = fmt.Sprintf("%s: %v: %q", f.Where, f.Err, f.Raw)
		if f.Raw == nil {
			lines[i] = fmt.Sprintf("%s: %v: no record", f.Where, f.Err)
		}
		if f.Header != nil {
			lines[i] += fmt.Sprintf(" behind %q", f.Header)
		}
	}
	return lines
}
