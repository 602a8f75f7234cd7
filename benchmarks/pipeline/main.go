// Pipeline runs the jobs of this folder as whole processes, in turn, and prints
// what they cost as the operating system accounts for it: rows per second of CPU
// and, for the job of one record, time and memory.
//
//	go run ./benchmarks/pipeline [-runs 7]
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"syscall"
	"time"
)

const folder = "benchmarks/pipeline"

func main() {
	runs := flag.Int("runs", 7, "rounds to count, after one that is not")
	flag.Parse()
	if err := bench(*runs); err != nil {
		fmt.Fprintln(os.Stderr, "pipeline:", err)
		os.Exit(1)
	}
}

func bench(runs int) error {
	dir, err := os.MkdirTemp("", "weir-pipeline-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	weir := filepath.Join(dir, "weir")
	if out, err := exec.Command("go", "build", "-o", weir, "./cmd/weir").CombinedOutput(); err != nil {
		return fmt.Errorf("build cmd/weir: %w\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no jobs in %s: run it from the root of the repository (%v)", folder, err)
	}
	costs := make([][]cost, len(files))
	for round := range runs + 1 {
		for i, file := range files {
			c, err := measure(weir, file)
			if err != nil {
				return err
			}
			if round > 0 { // the first round warms the caches
				costs[i] = append(costs[i], c)
			}
		}
	}
	fmt.Printf("%-14s %10s %12s %12s %16s %10s\n", fmt.Sprintf("best of %d", runs), "rows", "CPU", "wall", "rows/CPU second", "memory")
	for i, file := range files {
		if err := report(file, costs[i]); err != nil {
			return err
		}
	}
	return nil
}

// cost is what one process took.
type cost struct {
	cpu, wall time.Duration
	memory    int64 // bytes, the most at a time
}

func measure(weir, file string) (cost, error) {
	c := exec.Command(weir, "run", file)
	start := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		return cost{}, fmt.Errorf("%s: %w\n%s", file, err, out)
	}
	wall := time.Since(start)
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{c.ProcessState.UserTime() + c.ProcessState.SystemTime(), wall, usage.Maxrss << 10}, nil
}

var rowsKey = regexp.MustCompile(`\brows: (\d+)`)

func report(file string, costs []cost) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	found := rowsKey.FindSubmatch(text)
	if found == nil {
		return fmt.Errorf("%s does not say how many rows it makes", file)
	}
	rows, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		return err
	}
	least := func(of func(cost) int64) int64 {
		return of(slices.MinFunc(costs, func(a, b cost) int { return cmp.Compare(of(a), of(b)) }))
	}
	cpu := time.Duration(least(func(c cost) int64 { return int64(c.cpu) }))
	wall := time.Duration(least(func(c cost) int64 { return int64(c.wall) }))
	memory := least(func(c cost) int64 { return c.memory })
	fmt.Printf("%-14s %10.0f %12v %12v %14.1f M %7d MB\n", filepath.Base(file), rows,
		cpu.Round(time.Millisecond/10), wall.Round(time.Millisecond/10), rows/cpu.Seconds()/1e6, memory>>20)
	return nil
}
