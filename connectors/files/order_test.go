package files

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// Names in the order in which people number them.
func TestOrderOfNames(t *testing.T) {
	for _, want := range []string{
		"part-1 part-2 part-10",
		"a a1 a2 a10 a10b a11",
		"1.csv 02.csv 2.csv 3.csv 10.csv",
		"2013-1.csv 2013-02.csv 2013-10.csv 2014-1.csv",
		"day=1/part-9.csv day=1/part-10.csv day=2/part-1.csv day=10/part-1.csv",
		"x-99999999999999999999 x-100000000000000000000",
		"v1.2.3 v1.2.10 v1.10.0",
		"log log.1 log.2 log.10",
		"a-1 a.1 a1 aa",
		"0 00 000 1", // equal numbers go by their bytes
	} {
		names := strings.Fields(want)
		got := slices.Clone(names)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		slices.SortFunc(got, compareNames)
		if !slices.Equal(got, names) {
			t.Errorf("%v, not %v", got, names)
		}
	}
}

// The order is one: of any three names no two comparisons contradict one another.
func TestOrderOfNamesIsTotal(t *testing.T) {
	trial.Run(t, 2000, func(c *trial.Case) {
		name := func() string {
			b := make([]byte, c.Random.IntN(6))
			for i := range b {
				b[i] = "01290a-./"[c.Random.IntN(9)]
			}
			return string(b)
		}
		x, y, z := name(), name(), name()
		if compareNames(x, y) != -compareNames(y, x) || (compareNames(x, y) == 0) != (x == y) {
			c.Errorf("%q and %q compare as %d and %d", x, y, compareNames(x, y), compareNames(y, x))
		}
		if compareNames(x, y) <= 0 && compareNames(y, z) <= 0 && compareNames(x, z) > 0 {
			c.Errorf("%q ≤ %q ≤ %q, but not the first and the last", x, y, z)
		}
	})
}

// The sink names files so that they sort in the order of writing, by numbers or by bytes.
func TestOrderOfParts(t *testing.T) {
	f := newFolder("out", "job", "sink", "run", ".csv")
	var names []string
	for id := range stream.CheckpointID(30) {
		for subtask := range 12 {
			for counter := range 12 {
				names = append(names, f.part(uint64(1+id/12), id+95, subtask, counter))
			}
		}
	}
	if !slices.IsSorted(names) || !slices.IsSortedFunc(names, compareNames) {
		t.Error("the names are not in the order of writing")
	}
}
