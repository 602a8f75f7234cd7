package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/weirstream/weir/runtime/env/memlimit"
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

// What a job may take that does not say is what GOMEMLIMIT says, or less than what there is.
func TestMachineMemory(t *testing.T) {
	t.Setenv("GOMEMLIMIT", "")
	there := memlimit.Of(os.DirFS("/")).Bytes
	if got := machineMemory(); got > there || got == 0 && there > 0 {
		t.Errorf("%d of %d", got, there)
	}
	before := debug.SetMemoryLimit(123 << 20) // as the runtime does at the start of the process
	defer debug.SetMemoryLimit(before)
	t.Setenv("GOMEMLIMIT", "123MiB")
	if got := machineMemory(); got != 123<<20 {
		t.Errorf("%d", got)
	}
	debug.SetMemoryLimit(math.MaxInt64)
	t.Setenv("GOMEMLIMIT", "off")
	if got := machineMemory(); got != memlimit.Part(there) {
		t.Errorf("%d", got)
	}
}
