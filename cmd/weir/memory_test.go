package main

import (
	"runtime"
	"testing"
)

func TestGrowth(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 1 << 20: 400, 12 << 20: 400, 48 << 20: 100, 96 << 20: 50, 1 << 40: 15} {
		if got := growth(live); got != want {
			t.Errorf("with %d live bytes the heap may grow by %d%%, not %d%%", live, got, want)
		}
	}
	runtime.GC()
	if liveBytes() == 0 {
		t.Error("nothing is said to live")
	}
}

// Each collection is followed by a call, and not the first one alone.
func TestAfterCollection(t *testing.T) {
	calls := make(chan bool, 10)
	afterCollection(func() {
		select {
		case calls <- true:
		default: // collections of other tests
		}
	})
	for range 3 {
		runtime.GC()
		<-calls
	}
}
