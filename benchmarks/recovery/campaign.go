package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"
)

// campaign kills its targets in turn, until enough kills have counted.
type campaign struct {
	binary  string
	dir     string // everything that is written is in here
	targets []*target
	kills   int           // that have to count
	life    time.Duration // of a process, at most, about
	random  *rand.Rand    // of the plan; the moments themselves are the machine's
	cage    *cage         // nil: processes may have as much memory as they like
	log     io.Writer
}

// maxParallelism bounds what is drawn anew for each process.
const maxParallelism = 3

// run gets the answers, then does rounds. It fails with the first output that is
// wrong and with the first process that fails.
func (c *campaign) run(ctx context.Context) error {
	for _, t := range c.targets {
		if err := c.undisturbed(ctx, t); err != nil {
			return fmt.Errorf("%s, undisturbed: %w", t.path, err)
		}
	}
	share := (c.kills + len(c.targets) - 1) / len(c.targets) // of a round, so that each target has its turn
	idle := 0                                                // rounds in a row without a kill that counted
	for number, counted := 1, 0; counted < c.kills; number++ {
		r := &round{
			campaign: c, target: c.targets[(number-1)%len(c.targets)],
			dir:  filepath.Join(c.dir, fmt.Sprintf("round-%d", number)),
			left: min(share, c.kills-counted),
		}
		if err := r.run(ctx); err != nil {
			return fmt.Errorf("round %d, %s: %w", number, r.target.path, err)
		}
		counted += r.counted
		fmt.Fprintf(c.log, "round %d %s: %d kills counted, output equal\n", number, r.target.name, r.counted)
		if idle++; r.counted > 0 {
			idle = 0
		}
		if idle == len(c.targets) {
			return fmt.Errorf("no job lasts until a kill can count: slow the input down or repeat it with -set")
		}
	}
	return nil
}

// undisturbed runs a target once, as fast as it goes, and keeps the answer.
func (c *campaign) undisturbed(ctx context.Context, t *target) error {
	dir := filepath.Join(c.dir, "undisturbed-"+t.name)
	p, err := c.start(ctx, t, dir, 1, t.unslowed())
	if err == nil {
		_, err = p.wait()
	}
	if err == nil {
		t.answer, err = readOutput(outIn(dir), t.sinks)
	}
	if err == nil && t.answer.rows() == 0 {
		err = fmt.Errorf("it has no output: there is nothing to compare")
	}
	return err
}

func stateIn(dir string) string { return filepath.Join(dir, "state") }
func outIn(dir string) string   { return filepath.Join(dir, "out") }

// start starts a target with its folders in dir.
func (c *campaign) start(ctx context.Context, t *target, dir string, parallelism int, sets []string) (*process, error) {
	args := []string{"run", t.path, "--state-dir", stateIn(dir), "--parallelism", fmt.Sprint(parallelism)}
	for _, s := range slices.Concat(t.sets, t.into(outIn(dir)), sets) {
		args = append(args, "--set", s)
	}
	return start(ctx, c.binary, args, c.cage)
}
