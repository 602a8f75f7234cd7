package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
)

// workload is a kind of state that a process brings batches to.
type workload struct {
	name string
	rows int
	run  func(s settings, memory int64) error
}

var workloads = []workload{
	{"accounts", 1_000_000, accountsWithin},
	{"appends", 2_000_000, appendsWithin},
	{"windows", 2_000_000, windowsWithin},
}

// plenty is memory that no workload fills.
const plenty = 64 << 30

// within compares processes whose state has a tier that it never needs with such that have
// none, in turn.
func within(s settings) error {
	or(&s.best, 15)
	for _, w := range workloads {
		if s.kind != "" && s.kind != w.name {
			continue
		}
		or(&s.rows, w.rows)
		if s.child != "" {
			return w.run(s, map[string]int64{"tier": plenty}[s.child])
		}
		if err := s.pairs(w); err != nil {
			return err
		}
		s.rows = 0
	}
	return nil
}

func (s settings) pairs(w workload) error {
	var ratios []float64
	var least [2]float64
	for pair := range s.best {
		var took [2]float64
		for i := range 2 {
			tiered := (i + pair) % 2
			var err error
			if took[tiered], err = s.userTime(w, tiered); err != nil {
				return err
			}
			if least[tiered] == 0 || took[tiered] < least[tiered] {
				least[tiered] = took[tiered]
			}
		}
		ratios = append(ratios, took[1]/took[0])
	}
	slices.Sort(ratios)
	fmt.Printf("  %s, with / without a tier: %+.1f %% user CPU, median of %d pairs (%+.1f to %+.1f); least %.2f and %.2f s; goal: ≤ +5 %%\n",
		w.name, 100*ratios[len(ratios)/2]-100, len(ratios), 100*ratios[0]-100, 100*ratios[len(ratios)-1]-100, least[1], least[0])
	return nil
}

// userTime returns the user CPU seconds of a process of its own.
func (s settings) userTime(w workload, tiered int) (float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	child := exec.Command(self, "-dir", s.dir, "-kind", w.name, "-rows", strconv.Itoa(s.rows),
		"-batch", strconv.Itoa(s.batch), "-child", []string{"none", "tier"}[tiered], "within")
	child.Stderr = os.Stderr
	if err := child.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w", w.name, err)
	}
	return child.ProcessState.UserTime().Seconds(), nil
}

// accountsWithin fills a table, and then changes four times as many rows, with a checkpoint
// each time that half of them have changed.
func accountsWithin(s settings, memory int64) error {
	r, err := newRig(s.dir, memory, accounts)
	if err != nil {
		return err
	}
	defer r.close()
	r.fill(s.rows, s.batch)
	for checkpoint := range 8 {
		for done := 0; done < s.rows/2; done += s.batch {
			r.upsert(s.batch, func(int) int64 { return r.random.Int64N(int64(s.rows)) })
			r.add()
			r.backend.Release()
		}
		if err := r.checkpoint(uint64(checkpoint+1), io.Discard); err != nil {
			return err
		}
	}
	return nil
}

func appendsWithin(s settings, memory int64) error {
	r, err := newRig(s.dir, memory, arrivals)
	if err != nil {
		return err
	}
	defer r.close()
	for checkpoint := range 4 {
		r.arrive(checkpoint*s.rows/4, s.rows/4, s.rows, s.batch)
		if err := r.checkpoint(uint64(checkpoint+1), io.Discard); err != nil {
			return err
		}
	}
	return nil
}

func windowsWithin(s settings, memory int64) error {
	r, err := newRig(s.dir, memory, panes)
	if err != nil {
		return err
	}
	defer r.close()
	for window := range int64(4) {
		r.open(window, s.rows/4, s.batch)
		if err := r.checkpoint(uint64(window+1), io.Discard); err != nil {
			return err
		}
	}
	for window := range int64(4) {
		r.fire(window, s.batch)
	}
	return nil
}

// checkpoint writes a checkpoint and completes it.
func (r *rig) checkpoint(number uint64, to io.Writer) error {
	f := r.backend.Freeze(number)
	defer f.Release()
	if err := f.Encode(to); err != nil {
		return err
	}
	r.backend.Completed(number)
	return nil
}
