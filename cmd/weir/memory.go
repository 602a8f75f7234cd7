package main

import (
	"cmp"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"

	"github.com/weirstream/weir/runtime/env/memlimit"
)

// machineMemory returns how much memory a job may take that does not say: what GOMEMLIMIT
// says, or else a part of what there is for this process. 0 is that nobody knows.
func machineMemory() int64 {
	if os.Getenv("GOMEMLIMIT") != "" {
		if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
			return limit
		}
	}
	return memlimit.Part(memlimit.Of(os.DirFS("/")).Bytes)
}

// tuneMemory lets a small heap grow further between two collections than Go does by
// itself: batches come from pools, so that little garbage is made, and most of a
// collection's work would go into state that lives on. A large heap may grow by less,
// for what garbage there is would pile up to a multiple of the state. A job that may take
// so much memory has no more, but for what lives. GOGC and GOMEMLIMIT, where they are set, have
// the last word.
func tuneMemory(memory int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(mostGrowth)
		afterCollection(func() { debug.SetGCPercent(growth(liveBytes())) })
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(cmp.Or(memory, memoryLimit))
	}
}

const (
	// memoryLimit is where collections become frequent again; it is no bound.
	memoryLimit = 2 << 30
	// garbageBytes is how much garbage may pile up as a rule: percentages of what lives
	// that are below or above the bounds aside.
	garbageBytes            = 48 << 20
	leastGrowth, mostGrowth = 15, 400
)

// growth returns by how many percent of what lives the heap may grow.
func growth(live uint64) int {
	return int(min(max(garbageBytes*100/max(live, 1), leastGrowth), mostGrowth))
}

// liveBytes returns what lived at the last collection.
func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// afterCollection calls a function soon behind each collection.
func afterCollection(do func()) {
	runtime.AddCleanup(new([4]uint64), func(do func()) {
		do()
		afterCollection(do)
	}, do)
}
