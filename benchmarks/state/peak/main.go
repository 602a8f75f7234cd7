// Peak runs a job whose state is two million keys, all of which change all the time, with
// a checkpoint a second and with next to none, and prints the most memory that either
// process had, and their ratio.
//
//	go run ./benchmarks/state/peak
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	if err := peak(); err != nil {
		fmt.Fprintln(os.Stderr, "peak:", err)
		os.Exit(1)
	}
}

func peak() error {
	dir, err := os.MkdirTemp("", "weir-peak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	weir := filepath.Join(dir, "weir")
	if out, err := exec.Command("go", "build", "-o", weir, "./cmd/weir").CombinedOutput(); err != nil {
		return fmt.Errorf("build weir: %w\n%s", err, out)
	}
	var most [2]int64
	for i, interval := range []string{"1s", "1h"} {
		if most[i], err = run(weir, interval, filepath.Join(dir, interval)); err != nil {
			return err
		}
	}
	fmt.Printf("with / without checkpoints: %.2f\n", float64(most[0])/float64(most[1]))
	return nil
}

// run returns the most memory that the job had, in KiB.
func run(weir, interval, stateDir string) (int64, error) {
	job := exec.Command(weir, "run", "benchmarks/state/peak/job.yaml", "--parallelism", "1",
		"--state-dir", stateDir, "--set", "checkpoint.interval="+interval)
	if out, err := job.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("run with a checkpoint each %s: %w\n%s", interval, err, out)
	}
	used := job.ProcessState.SysUsage().(*syscall.Rusage)
	fmt.Printf("a checkpoint each %s: %d MiB, %v of CPU\n", interval, used.Maxrss>>10,
		(job.ProcessState.UserTime() + job.ProcessState.SystemTime()).Round(100*time.Millisecond))
	return used.Maxrss, nil
}
