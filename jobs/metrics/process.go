package metrics

import (
	"runtime/metrics"
	"time"
)

// process is what the Go runtime knows of the process.
type process struct {
	goroutines, objects, all, collections int64
}

// begun is about when the process began.
var begun = time.Now().Unix()

var processFamilies = []family[process]{
	{"process_start_time_seconds", gauge, "s", "when the process began, since the epoch", always(func(*process) int64 { return begun })},
	{"go_goroutines", gauge, "", "goroutines of the process", always(func(p *process) int64 { return p.goroutines })},
	{"go_memstats_alloc_bytes", gauge, "bytes", "memory that objects take", always(func(p *process) int64 { return p.objects })},
	{"go_memstats_sys_bytes", gauge, "bytes", "memory that the Go runtime has of the operating system",
		always(func(p *process) int64 { return p.all })},
	{"go_gc_cycles_total", counter, "", "collections of garbage", always(func(p *process) int64 { return p.collections })},
}

func readProcess() process {
	samples := []metrics.Sample{{Name: "/sched/goroutines:goroutines"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/total:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(samples)
	value := func(i int) int64 { return int64(samples[i].Value.Uint64()) }
	return process{value(0), value(1), value(2), value(3)}
}
