// Compare runs the main job, by the hour, and the plain loop of
// benchmarks/flights, which does the same, on one file, in turn, and prints the CPU time of both as the operating system
// accounts for it, their ratio, and how long the job takes to its first row.
//
//	go run ./benchmarks/flights/compare [-runs 7] [FILE]
//
// FILE is the January of jobs/examples/data unless another is given.
package main

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

const january = "jobs/examples/data/departures-2013-01.csv.gz"

func main() {
	runs := flag.Int("runs", 7, "pairs of runs to count, after one that is not")
	flag.Parse()
	if err := compare(*runs, cmp.Or(flag.Arg(0), january)); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare(runs int, file string) error {
	dir, err := os.MkdirTemp("", "weir-compare-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	weir, naive := filepath.Join(dir, "weir"), filepath.Join(dir, "naive")
	for program, source := range map[string]string{weir: "./cmd/weir", naive: "./benchmarks/flights"} {
		if out, err := exec.Command("go", "build", "-o", program, source).CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", source, err, out)
		}
	}
	file, err = filepath.Abs(file)
	if err != nil {
		return err
	}
	job := []string{weir, "run", "jobs/examples/departure-delays.yaml",
		"--set", "steps.weekly.window.tumble=1h", "--set", "steps.weekly.window.allowed_lateness=1h",
		"--set", "sources.departures.event_time.watermark_delay=2h", "--set", "sources.departures.file.path=" + file}
	plain := []string{naive, file}
	var jobs, loops []run
	for i := range runs + 1 {
		a, err := measure(job)
		if err != nil {
			return err
		}
		b, err := measure(plain)
		if err != nil {
			return err
		}
		if i > 0 { // the first pair warms the caches
			jobs, loops = append(jobs, a), append(loops, b)
		}
	}
	report(jobs, loops)
	return nil
}

// run is what one process took.
type run struct {
	cpu, firstLine, wall time.Duration
}

// measure runs a program and notes when its first line of output came: of a
// printed table, the line behind the header comes in the same write.
func measure(command []string) (run, error) {
	c := exec.Command(command[0], command[1:]...)
	out, err := c.StdoutPipe()
	if err != nil {
		return run{}, err
	}
	start := time.Now()
	if err := c.Start(); err != nil {
		return run{}, err
	}
	lines := bufio.NewReader(out)
	lines.ReadString('\n')
	lines.ReadString('\n')
	first := time.Since(start)
	io.Copy(io.Discard, lines)
	if err := c.Wait(); err != nil {
		return run{}, fmt.Errorf("%s: %w", command[0], err)
	}
	return run{c.ProcessState.UserTime() + c.ProcessState.SystemTime(), first, time.Since(start)}, nil
}

func report(jobs, loops []run) {
	ratios := make([]float64, len(jobs))
	for i := range jobs {
		ratios[i] = float64(jobs[i].cpu) / float64(loops[i].cpu)
	}
	slices.Sort(ratios)
	fmt.Printf("%-22s %10s %10s\n", fmt.Sprintf("of %d runs", len(jobs)), "best", "median")
	row := func(name string, runs []run, of func(run) time.Duration) {
		sorted := slices.SortedFunc(slices.Values(runs), func(a, b run) int { return cmp.Compare(of(a), of(b)) })
		fmt.Printf("%-22s %8.0fms %8.0fms\n", name, ms(of(sorted[0])), ms(of(sorted[len(sorted)/2])))
	}
	row("main job, CPU", jobs, func(r run) time.Duration { return r.cpu })
	row("plain loop, CPU", loops, func(r run) time.Duration { return r.cpu })
	fmt.Printf("%-22s %10.2f %10.2f\n", "CPU, job / loop", ratios[0], ratios[len(ratios)/2])
	row("main job, first row", jobs, func(r run) time.Duration { return r.firstLine })
	row("main job, wall", jobs, func(r run) time.Duration { return r.wall })
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
