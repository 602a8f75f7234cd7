package runs_test

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// stretches returns runs of one layout, newest first, that hardly overlap: each has stretches of
// keys that the others have nothing of, but for some keys.
func stretches(c *trial.Case, layout runs.Layout) []model {
	all := draw(c.Random, layout)
	for range 6 {
		all.entries = append(all.entries, draw(c.Random, layout).entries...)
	}
	slices.SortFunc(all.entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	all.entries = slices.CompactFunc(all.entries, func(a, b entry) bool { return a.key == b.key })
	few := c.Random.IntN(2) == 0 // tombstones
	made := make([]model, 1+c.Random.IntN(4))
	for i := range made {
		made[i].layout = layout
	}
	for at, run := 0, 0; at < len(all.entries); at++ {
		if c.Random.IntN(200) == 0 {
			run = c.Random.IntN(len(made))
		}
		e := all.entries[at]
		if few && e.deleted && c.Random.IntN(50) > 0 {
			e.deleted, e.value = false, strings.Repeat("v", c.Random.IntN(60))
		}
		made[run].entries = append(made[run].entries, e)
		if other := c.Random.IntN(len(made)); other != run && c.Random.IntN(300) == 0 {
			made[other].entries = append(made[other].entries, entry{key: e.key, value: "other"})
		}
	}
	if newest := &made[0]; layout.Bucketed && c.Random.IntN(3) == 0 {
		newest.drops, newest.until = true, int64(c.Random.IntN(5))-3
	}
	return made
}

// TestTakeChunk merges runs with chunks that are taken as they are, and entry by entry.
func TestTakeChunk(t *testing.T) {
	var taken, cases int
	trial.Run(t, 300, func(c *trial.Case) {
		cases++
		layout, keys, tombstones := drawLayout(c.Random), keyrange.All, c.Random.IntN(2) == 0
		if c.Random.IntN(4) == 0 {
			keys = drawRange(c.Random)
		}
		var some []runs.Run
		for i, m := range stretches(c, layout) {
			run, _ := m.build(c)
			if n := len(m.entries); i > 0 && n > 0 && c.Random.IntN(3) == 0 {
				run.From = []byte(m.entries[c.Random.IntN(n)].key)
			}
			some = append(some, run)
		}
		merged := func() *runs.Merged {
			var inputs []*runs.Iterator
			for _, run := range some {
				inputs = append(inputs, run.Rows(keys))
			}
			return runs.Merge(inputs...)
		}
		want := model{layout: layout}
		for all := merged(); all.NextEntry(); {
			if tombstones || !all.Deleted() {
				want.entries = append(want.entries, entry{string(all.Key()), string(all.Value()), all.Deleted()})
			}
		}
		chunks := &pile{}
		b := runs.NewBuilder("a merge", chunks, layout)
		all := merged()
		for all.NextEntry() {
			whole, err := b.TakeChunk(all, tombstones)
			switch must(c, err); {
			case whole:
				taken++
			case !all.Deleted():
				must(c, b.Put(bytes.Clone(all.Key()), bytes.Clone(all.Value())))
			case tombstones:
				must(c, b.Delete(bytes.Clone(all.Key())))
			}
		}
		must(c, all.Err())
		meta, err := b.Finish()
		must(c, err)
		run := runs.Run{Name: "a merge", Meta: meta, Chunks: chunks}
		checkMeta(c, want, meta)
		if got := collect(c, run.Rows(keyrange.All)); !slices.Equal(got, want.entries) {
			c.Fatalf("%d entries of %d runs become %d", len(want.entries), len(some), len(got))
		}
		part := drawRange(c.Random)
		if got, want := collect(c, run.Rows(part)), want.within(part); !slices.Equal(got, want) {
			c.Fatalf("range %x has %d entries, not %d", part, len(got), len(want))
		}
		search := runs.NewSearch(layout)
		search.Begin()
		for k, e := range want.entries {
			search.Add([]byte(e.key), int32(k))
		}
		search.Sort()
		found := 0
		must(c, search.In(run, func(int32, []byte, []byte) error { found++; return nil }))
		if rows := slices.DeleteFunc(want.entries, func(e entry) bool { return e.deleted }); found != len(rows) {
			c.Fatalf("a search finds %d of %d rows", found, len(rows))
		}
	})
	if taken == 0 && cases > 10 {
		t.Error("no chunk was taken as it is")
	}
}
