// Command recovery kills the real weir with SIGKILL, again and again, and
// checks that the output is that of a run nobody disturbed.
//
//	go run ./benchmarks/recovery
//
// Each job runs once in peace; its rows, sorted, are the answer. Then it runs in
// rounds: from a fresh state directory, killed at some moment, started again on
// the same directory with another parallelism, killed again, and at last left
// alone until it has finished. Whatever happened on the way, the sorted rows of
// every sink, late rows included, have to be the answer byte for byte.
//
// Where a kill hit is read off the state directory that the dead process left
// behind ([remains.phase]). Most moments of a run are dull, so three kills of
// four are aimed ([aim]): at a takeover, at a checkpoint about to be decided, at
// one just decided. A kill counts if it could do harm: a checkpoint had been
// decided and the job had not finished.
//
// A killed process takes nothing with it that the operating system has accepted:
// what a power cut does is tested in simulation.
//
// The jobs must read files and write files. So that there is time to kill them,
// their input is slowed down and their checkpoints follow each other closely;
// -set changes both, as it does in weir run. README.md has a run over a year of
// departures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// list is a flag that may be repeated.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(v string) error { *l = append(*l, v); return nil }

// defaultJobs are one of each kind of window.
var defaultJobs = []string{
	"jobs/examples/tumble-1h-by-origin.yaml",
	"jobs/examples/hop-6h-1h-by-origin-carrier.yaml",
	"jobs/examples/session-8h-delay30m-by-tailnum.yaml",
}

func main() {
	var paths, sets list
	binary := flag.String("binary", "", "the weir to kill (default: built from this source)")
	input := flag.String("input", "", "file that all sources read (default: what the jobs say)")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "what the plan of kills is drawn from")
	c := campaign{log: os.Stdout}
	flag.IntVar(&c.kills, "kills", 50, "how many kills have to count")
	flag.DurationVar(&c.life, "life", time.Second, "how long a process lives at most, about, before it is killed")
	limit := flag.Int64("limit", 0, "MiB of memory that a process may have; the kernel kills one that takes more (Linux, as root)")
	flag.Var(&paths, "job", "job file; may be repeated (default: three of jobs/examples)")
	flag.Var(&sets, "set", "give a key of the jobs another value; may be repeated")
	flag.Parse()
	if flag.NArg() > 0 || c.kills < 1 || c.life <= 0 {
		flag.Usage()
		os.Exit(2)
	}
	if paths == nil {
		paths = defaultJobs
	}
	c.binary, c.random = *binary, rand.New(rand.NewPCG(*seed, 0))
	fmt.Printf("seed %d\n", *seed)
	if err := c.caged(*limit<<20, func() error { return c.prepareAndRun(paths, *input, sets) }); err != nil {
		fmt.Fprintln(os.Stderr, "recovery:", err)
		os.Exit(1)
	}
}

// caged runs a campaign whose processes may have so much memory; 0 is as much as they like.
func (c *campaign) caged(bytes int64, run func() error) (err error) {
	if bytes == 0 {
		return run()
	}
	if c.cage, err = newCage(bytes); err != nil {
		return err
	}
	err = run()
	fmt.Fprintln(c.log, c.cage.report())
	return errors.Join(err, c.cage.close())
}

// prepareAndRun gives the campaign what it needs, and a folder that stays only
// if the campaign fails.
func (c *campaign) prepareAndRun(paths []string, input string, sets []string) error {
	for _, p := range paths {
		t, err := load(p, input, sets)
		if err != nil {
			return err
		}
		c.targets = append(c.targets, t)
	}
	var err error
	if c.dir, err = os.MkdirTemp("", "weir-recovery-"); err != nil {
		return err
	}
	began := time.Now()
	if err := c.buildAndRun(); err != nil {
		return fmt.Errorf("%w\nThe folders are kept in %s", err, c.dir)
	}
	c.table()
	fmt.Fprintf(c.log, "\nEvery round gave the output of the undisturbed run. It took %v.\n", time.Since(began).Round(100*time.Millisecond))
	return os.RemoveAll(c.dir)
}

func (c *campaign) buildAndRun() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c.binary == "" {
		if c.binary, err = build(ctx, "./cmd/weir", c.dir); err != nil {
			return err
		}
	}
	return c.run(ctx)
}

// build compiles weir from the package given into a folder.
func build(ctx context.Context, pkg, dir string) (string, error) {
	binary := filepath.Join(dir, "weir")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, pkg).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return binary, nil
}
