package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/memlimit"
	"github.com/weirstream/weir/runtime/status"
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

func TestMemoryReport(t *testing.T) {
	m := status.Memory{Budget: 256 << 20, Rows: status.Use{Most: 130 << 20}, Batches: status.Use{Most: 700}, Checkpoints: status.Use{Most: 20 << 30}}
	const want = "Memory: 256 MiB for the job. At most 130 MiB were rows of state, 1 KiB batches, 20 GiB state being written; the process took 301 MiB."
	if got := memoryReport(m, 301<<20); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := memoryReport(m, 0); strings.Contains(got, "process") {
		t.Error(got)
	}
	if m.Rows.Most = 1 << 20; memoryReport(m, 1) != "" {
		t.Error("a job with little state says something of memory")
	}
	if most := mostMemory(); most != 0 && most < 1<<20 {
		t.Errorf("%d", most)
	}
}
