package main

import (
	"os"
	"runtime/debug"
)

// tuneMemory lets the heap grow further between two collections than Go does by
// itself: batches come from pools, so that little garbage is made, and most of
// a collection's work would go into state that lives on. GOGC and GOMEMLIMIT,
// where they are set, have the last word.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

// memoryLimit is where collections become frequent again; it is no bound.
const memoryLimit = 2 << 30
