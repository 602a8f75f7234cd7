package main

import (
	"context"
	"fmt"
	"os"
)

// round is a job's way from a fresh start to its end, by way of many kills.
type round struct {
	*campaign
	target  *target
	dir     string
	left    int  // kills that are still to count
	counted int  // kills that did
	last    slot // before the process that is next
}

func (r *round) run(ctx context.Context) error {
	for r.left > 0 {
		finished, err := r.disturbed(ctx)
		if err != nil {
			return err
		}
		if finished {
			break
		}
	}
	if err := r.peace(ctx); err != nil {
		return err
	}
	return r.check()
}

// disturbed runs one process until it is killed, or has finished before that.
func (r *round) disturbed(ctx context.Context) (finished bool, err error) {
	parallelism := 1 + r.random.IntN(maxParallelism)
	a := draw(r.random, r.life)
	p, err := r.start(ctx, r.target, r.dir, parallelism, nil)
	if err != nil {
		return false, err
	}
	a.take(p, stateIn(r.dir))
	if finished, err = p.wait(); finished || err != nil {
		return finished, err
	}
	found, err := look(stateIn(r.dir), outIn(r.dir))
	if err != nil {
		return false, fmt.Errorf("after a kill: %w", err)
	}
	r.note(found, parallelism)
	return false, nil
}

// note books a kill by what it left.
func (r *round) note(found remains, parallelism int) {
	at := found.phase(r.last)
	r.last = found.last
	r.target.kills++
	verdict := "does not count"
	if found.counts() {
		verdict = "counts"
		r.counted++
		r.left--
		r.target.count(at, found)
	}
	fmt.Fprintf(r.log, "%s: killed in %s, %s; parallelism %d; %s\n", r.target.name, at, verdict, parallelism, found)
}

// peace lets the job go on to its end, as fast as it goes. Where it had come to
// its end already, the process says so and ends well, too.
func (r *round) peace(ctx context.Context) error {
	p, err := r.start(ctx, r.target, r.dir, 1+r.random.IntN(maxParallelism), r.target.unslowed())
	if err == nil {
		_, err = p.wait()
	}
	return err
}

// check compares the output with the answer. What is right is removed.
func (r *round) check() error {
	found, err := look(stateIn(r.dir), outIn(r.dir))
	if err != nil {
		return err
	}
	if found.last.Kind != "finished" {
		return fmt.Errorf("the job ended well, but its last slot is %s", found)
	}
	got, err := readOutput(outIn(r.dir), r.target.sinks)
	if err == nil {
		err = got.compare(r.target.answer)
	}
	if err != nil {
		return err
	}
	r.target.rounds++
	r.target.takeovers += found.last.Generation
	r.target.checkpoints += found.last.Number - found.last.Generation - 1
	return os.RemoveAll(r.dir)
}
