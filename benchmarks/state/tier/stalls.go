package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/weirstream/weir/state"
)

// stalls times batches of a thousand random rows while one checkpoint after the other is
// encoded on another goroutine: of state that fits, and of such that does not.
func stalls(s settings) error {
	or(&s.rows, 10_000_000)
	or(&s.ops, 10_000*1000)
	or(&s.best, 5)
	row, err := bytesPerRow(accounts, func(r *rig, rows int) { r.fill(rows, s.batch) })
	if err != nil {
		return err
	}
	for _, times := range []float64{0, s.times} {
		name := "state within the budget"
		memory := int64(plenty)
		if times > 0 {
			name = fmt.Sprintf("state %g times the memory", times)
			memory = int64(float64(row*int64(s.rows)) / times)
		}
		if s.kind == "" || s.kind == map[bool]string{false: "fits", true: "spills"}[times > 0] {
			if err := s.stall(name, memory); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s settings) stall(name string, memory int64) error {
	if err := limit(memory); err != nil {
		return err
	}
	r, err := newRig(s.dir, memory/s.share, accounts)
	if err != nil {
		return err
	}
	defer r.close()
	r.fill(s.rows, s.batch)
	w := &watch{rig: r, keys: int64(s.rows), encoded: make(chan error, 1)}
	w.to = filepath.Join(r.dir, "object")
	var best *timings
	err = profiled(s.profile, func() error {
		for range s.best {
			took, err := w.run(s.ops / 1000)
			if err != nil {
				return err
			}
			if best == nil || took.at(.9999) < best.at(.9999) {
				best = took
			}
			fmt.Printf("    %s: %v\n", name, took)
		}
		return nil
	})
	if best != nil {
		fmt.Printf("  %s: 99.99th percentile %v, best of %d; goal: ≤ 20 ms\n", name, best.at(.9999).Round(1e5), s.best)
	}
	return err
}

// timings is how long batches took, and the longest of their parts.
type timings struct {
	batches                 []time.Duration // in order
	threads                 []time.Duration // the CPU's of the thread that they ran on
	freeze, upsert, release time.Duration
	checkpoints             int
}

func (t *timings) at(part float64) time.Duration { return quantile(t.batches, part) }

func quantile(sorted []time.Duration, part float64) time.Duration {
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}

func (t *timings) String() string {
	ms := func(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }
	return fmt.Sprintf("%d batches, %d checkpoints: median %v, 99.9 %% %v, 99.99 %% %v, longest %v; "+
		"CPU of the thread 99.99 %% %v, longest %v; longest freeze %v, upsert %v, release %v",
		len(t.batches), t.checkpoints, ms(t.at(.5)), ms(t.at(.999)), ms(t.at(.9999)), ms(t.at(1)),
		ms(quantile(t.threads, .9999)), ms(quantile(t.threads, 1)), ms(t.freeze), ms(t.upsert), ms(t.release))
}

// watch is a rig whose batches are timed.
type watch struct {
	*rig
	keys    int64
	to      string // where checkpoints are written to
	number  uint64
	frozen  *state.Frozen
	encoded chan error
}

func (w *watch) run(batches int) (*timings, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	t := &timings{}
	for range batches {
		if err := w.complete(false); err != nil {
			return nil, err
		}
		began, thread := time.Now(), processor(ofThread)
		if w.frozen == nil {
			w.freeze()
			t.checkpoints++
			t.freeze = max(t.freeze, time.Since(began))
		}
		from := time.Now()
		w.upsert(1000, func(int) int64 { return w.random.Int64N(w.keys) })
		w.add()
		t.upsert = max(t.upsert, time.Since(from))
		from = time.Now()
		w.backend.Release()
		t.release = max(t.release, time.Since(from))
		t.batches, t.threads = append(t.batches, time.Since(began)), append(t.threads, processor(ofThread)-thread)
	}
	slices.Sort(t.batches)
	slices.Sort(t.threads)
	return t, w.complete(true)
}

// freeze begins a checkpoint. A goroutine encodes it.
func (w *watch) freeze() {
	w.number++
	frozen := w.backend.Freeze(w.number)
	w.frozen = frozen
	go func() {
		file, err := os.Create(w.to)
		if err == nil {
			buffered := bufio.NewWriterSize(file, 1<<20)
			if err = frozen.Encode(buffered); err == nil {
				err = buffered.Flush()
			}
			_ = file.Close()
		}
		w.encoded <- err
	}()
}

// complete ends the checkpoint, if it is encoded or has to be waited for.
func (w *watch) complete(wait bool) error {
	if w.frozen == nil || !wait && len(w.encoded) == 0 {
		return nil
	}
	err := <-w.encoded
	w.frozen.Release()
	w.frozen = nil
	w.backend.Completed(w.number)
	return err
}
