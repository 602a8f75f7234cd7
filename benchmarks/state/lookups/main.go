// Lookups measures how soon a run of a table's rows finds keys in random order, batch by batch:
// with the page cache, and without it beside a probe that only reads the disk.
//
//	go run ./benchmarks/state/lookups
//	go run ./benchmarks/state/lookups -dir /mnt/disk -rows 1000000
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"

	"github.com/weirstream/weir/state/runs"
)

// pairs is how often lookups and probe take turns.
const pairs = 7

func main() {
	dir := flag.String("dir", os.TempDir(), "a folder on the disk to be measured")
	rows := flag.Uint64("rows", 16_000_000, "rows of the run")
	flag.Parse()
	if err := run(*dir, *rows); err != nil {
		fmt.Fprintln(os.Stderr, "lookups:", err)
		os.Exit(1)
	}
}

func run(dir string, rows uint64) error {
	work, err := os.MkdirTemp(dir, "weir-lookups-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	t, err := makeTable(work, rows)
	if err != nil {
		return err
	}
	defer t.reader.Close()
	meta := t.run.Meta
	fmt.Printf("%d rows, %d chunks, %.1f MiB; memory for index and filters: %.2f bytes a row\n",
		rows, meta.Chunks(), float64(meta.Bytes())/(1<<20), float64(meta.Memory())/float64(rows))
	for _, absent := range []bool{false, true} {
		if err := t.cached(absent); err != nil {
			return err
		}
	}
	return t.compare()
}

// compare has lookups and the probe take turns without page cache.
func (t *table) compare() error {
	var probed, alone, together []float64
	for range pairs {
		for _, one := range []struct {
			name string
			work func() error
			took *[]float64
		}{
			{"probe, 4 KiB at random, 16 at once", t.probe, &probed},
			{"lookups, one read after the other", t.lookUpAlone, &alone},
			{"lookups", t.lookUpTogether, &together},
		} {
			each, err := t.withoutCache(one.name, one.work)
			if err != nil {
				return err
			}
			*one.took = append(*one.took, each)
		}
	}
	parts := make([]float64, pairs)
	for i := range parts {
		parts[i] = together[i] / probed[i]
	}
	fmt.Printf("without page cache, medians of %d: probe %.0f/s, lookups one after the other %.0f/s, lookups %.0f/s, %.2f of the probe\n",
		pairs, median(probed), median(alone), median(together), median(parts))
	return nil
}

func (t *table) lookUpTogether() error { return t.lookUp(coldReads/batchKeys, false) }

// lookUpAlone is lookUpTogether with a reader that cannot read ahead.
func (t *table) lookUpAlone() error {
	t.run.Chunks = struct{ runs.ChunkReader }{t.reader}
	defer func() { t.run.Chunks = t.reader }()
	return t.lookUpTogether()
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
