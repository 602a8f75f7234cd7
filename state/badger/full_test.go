//go:build mount

package badger_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/diskspace"
	"github.com/weirstream/weir/runtime/env/diskspace/disktest"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/badger"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/runs/runstest"
)

// TestFullDisk fills a disk, which Badger itself would do not survive. Runs that had no room
// say so, the others are right; and there is room again once some are dropped.
func TestFullDisk(t *testing.T) {
	options := badger.Options{MemTable: 2 << 20, Database: 4 << 20, Reserve: 1 << 20}
	trial.Run(t, 2, func(c *trial.Case) {
		dir := disktest.Mount(c.T, "60m")
		s, _ := open(c, dir, "", options)
		metas := map[runs.ID]*runs.Meta{}
		full := 0
		for id := runs.ID(0); full < 10; id++ {
			meta, err := runstest.Write(s, id, 1+c.Random.IntN(6000))
			if err == nil {
				metas[id] = meta
				continue
			}
			var told *diskspace.FullError
			if !errors.As(err, &told) || !strings.Contains(err.Error(), "nearly full") {
				c.Fatal(err)
			}
			full++
			must(c, s.Drop(id))
			for old, meta := range metas {
				must(c, runstest.Check(s, old, meta))
				if c.Random.IntN(3) == 0 {
					must(c, s.Drop(old))
					delete(metas, old)
				}
			}
		}
		must(c, s.Close("c"))
		s, found := open(c, dir, "c", options)
		if !found.Kept() {
			c.Error(found)
		}
		for id, meta := range metas {
			must(c, runstest.Check(s, id, meta))
			must(c, s.Drop(id))
		}
		must(c, s.Close(""))
	})
}
