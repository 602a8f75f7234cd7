// Tier measures what state costs that memory has no room for, each figure beside its goal.
//
//	go run ./benchmarks/state/tier random
//	go run ./benchmarks/state/tier -rows 1000000 -profile cpu.out windows
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

// settings is what flags say; 0 is the default of what is measured.
type settings struct {
	dir     string
	rows    int
	ops     int
	batch   int
	best    int
	times   float64
	share   int64
	text    int
	kind    string
	profile string
	child   string
	objects string
	memory  int64
}

// measures is what can be measured.
var measures = []struct {
	name, summary string
	run           func(settings) error
}{
	{"within", "state within the budget, beside state without a tier", within},
	{"random", "random read-modify-write, with and without the page cache, and memory", random},
	{"appends", "appends to a table that is read later", appends},
	{"windows", "windows that fire from cold state", windows},
	{"disk", "disk use and written bytes over many checkpoints", disk},
	{"stalls", "the longest batch while checkpoints, merges and evictions run", stalls},
	{"restore", "the time until the first batch behind a restore", restore},
}

func main() {
	var s settings
	flag.StringVar(&s.dir, "dir", os.TempDir(), "a folder on the disk to be measured")
	flag.IntVar(&s.rows, "rows", 0, "rows of state; 0: as the measurement has it")
	flag.IntVar(&s.ops, "ops", 0, "rows that are looked up while it measures, or checkpoints of disk; 0: as it has it")
	flag.IntVar(&s.batch, "batch", 1024, "rows of a batch")
	flag.IntVar(&s.best, "best", 0, "how many times, of which the best counts, or pairs of within; 0: as the measurement has it")
	flag.Float64Var(&s.times, "times", 4, "how many times its memory the state is")
	flag.Int64Var(&s.share, "share", 2, "rows may take the memory divided by this, as in a job")
	flag.IntVar(&s.text, "text", 60, "bytes of text in each row of restore")
	flag.StringVar(&s.kind, "kind", "", "of within: only accounts, appends or windows; of random: only cached or uncached")
	flag.StringVar(&s.profile, "profile", "", "write a CPU profile of what is measured to this file, and one of the heap to a .heap beside it")
	flag.StringVar(&s.objects, "objects", "", "of restore: a folder that keeps its objects, to be used again")
	flag.StringVar(&s.child, "child", "", "used by the program itself")
	flag.Int64Var(&s.memory, "memory", 0, "used by the program itself")
	flag.Usage = usage
	flag.Parse()
	if err := run(s, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "tier:", err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "tier [flags] measurement...")
	for _, m := range measures {
		fmt.Fprintf(os.Stderr, "  %-8s  %s\n", m.name, m.summary)
	}
	flag.PrintDefaults()
}

func run(s settings, names []string) error {
	if len(names) == 0 {
		usage()
		return errors.New("what is to be measured? Name a measurement")
	}
	for _, name := range names {
		if err := runOne(s, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func runOne(s settings, name string) error {
	var known []string
	for _, m := range measures {
		if m.name == name {
			if s.child == "" {
				fmt.Println(name)
			}
			return m.run(s)
		}
		known = append(known, m.name)
	}
	return fmt.Errorf("there is no such measurement: it is one of %s", strings.Join(known, ", "))
}

// or sets a number that no flag has set.
func or(set *int, value int) {
	if *set == 0 {
		*set = value
	}
}
