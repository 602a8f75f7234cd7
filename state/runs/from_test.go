package runs_test

import (
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// TestFrom has a run begin at a key: what lies before is there in no way.
func TestFrom(t *testing.T) {
	trial.Run(t, 200, func(c *trial.Case) {
		m := draw(c.Random, drawLayout(c.Random))
		run, _ := m.build(c)
		from := drawKey(c.Random, m.layout, c.Random.IntN(2) == 0)
		if n := len(m.entries); n > 0 && c.Random.IntN(2) == 0 {
			from = m.entries[c.Random.IntN(n)].key
		}
		run.From = []byte(from)
		keys := drawRange(c.Random)
		want := slices.DeleteFunc(m.within(keys), func(e entry) bool { return e.key < from })
		if got := collect(c, run.Rows(keys)); !slices.Equal(got, want) {
			c.Fatalf("from %x %d entries, want %d", from, len(got), len(want))
		}
		it := run.Rows(keys)
		it.Start([]byte(drawKey(c.Random, m.layout, true)))
		for _, e := range collect(c, it) {
			if e.key < from {
				c.Fatalf("from %x there is %x", from, e.key)
			}
		}
		search := runs.NewSearch(run.Meta.Layout())
		search.Begin()
		for k, e := range m.entries {
			search.Add([]byte(e.key), int32(k))
		}
		search.Sort()
		found := 0
		must(c, search.In(run, func(k int32, _, _ []byte) error {
			if found++; m.entries[k].key < from {
				c.Fatalf("from %x a search finds %x", from, m.entries[k].key)
			}
			return nil
		}))
		if rows := slices.DeleteFunc(m.within(keyrange.All), func(e entry) bool { return e.deleted || e.key < from }); found != len(rows) {
			c.Fatalf("from %x a search finds %d rows, want %d", from, found, len(rows))
		}
	})
}
