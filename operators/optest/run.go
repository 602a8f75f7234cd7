package optest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state/keyrange"
)

// A run is one stream on its way through the subtasks of an operator.
type run struct {
	c        *Case
	way      way
	random   *rand.Rand
	pool     *record.Pool
	subtasks []*subtask
	result   *result // of a changelog
	output   Output
	sent     map[stream.Output]int64 // rows
	fed      int64                   // rows

	// progress is what the inputs have told, whatever was restored meanwhile.
	progress *stream.Progress
	told     []told // by input
	now      record.Time

	checkpoint stream.CheckpointID
	turn       int // of way.subtasks
	log        func(stream.Output, stream.Element)
}

func newRun(c *Case, w way, random *rand.Rand) *run {
	r := &run{c: c, way: w, random: random, pool: record.NewCheckedPool(), progress: stream.NewProgress(len(c.Inputs)),
		output: Output{Rows: map[stream.Output][]string{}}, sent: map[stream.Output]int64{}}
	for range c.Inputs {
		r.told = append(r.told, told{mark: record.MinTime, alone: len(c.Inputs) == 1})
	}
	if c.Changelog != nil {
		r.result = &result{of: c.Changelog, rows: map[string][]string{}}
	}
	return r
}

// run brings a whole stream to the operator.
func (r *run) run(elements []Element) (Output, error) {
	if r.way.cut != nil {
		elements = r.way.cut(elements, r.random)
	}
	if err := r.start(); err != nil {
		return Output{}, err
	}
	if err := r.feed(elements...); err != nil {
		return Output{}, err
	}
	return r.output, r.finish()
}

// start opens fresh subtasks.
func (r *run) start() error {
	n := r.way.subtasks[0]
	for i := range n {
		s, err := r.open(i, n, r.way.backend.fresh(keyrange.Of(i, n)), stream.CounterValues{})
		if err != nil {
			return err
		}
		r.subtasks = append(r.subtasks, s)
	}
	return nil
}

// feed brings elements to the subtasks and finishes each before the next, unless that
// is interleaved.
func (r *run) feed(elements ...Element) error {
	for i := 0; i < len(elements); i++ {
		e := elements[i]
		if n := r.overtaken(elements[i:]); n > 0 {
			if err := r.overtake(elements[i : i+n]); err != nil {
				return fmt.Errorf("elements from %d to %d of %d, whose watermark a barrier overtakes: %w", i+1, i+n, len(elements), err)
			}
			i += n - 1
			continue
		}
		err := r.step(e)
		interleaved := false
		if err == nil && i+1 < len(elements) {
			interleaved, err = r.interleaves(elements[i+1])
		}
		if err == nil && !interleaved {
			err = r.settle()
		}
		if err != nil {
			return fmt.Errorf("element %d of %d, %v: %w", i+1, len(elements), e, err)
		}
	}
	return nil
}

// interleaves reports whether an element is to come although output is pending, of
// which it has some leave.
func (r *run) interleaves(e Element) (bool, error) {
	if !r.way.interleaved || e.Rows == nil && e.Else.Kind != stream.KindWatermark || r.random.IntN(4) == 0 {
		return false, nil
	}
	if r.random.IntN(2) == 0 {
		if _, err := r.round(); err != nil {
			return false, err
		}
	}
	for _, s := range r.subtasks {
		if !s.interleaves() {
			return false, nil
		}
	}
	return true, nil
}

// take brings one element to the subtasks, and has them go on until it is done.
func (r *run) take(e Element) error {
	if err := r.step(e); err != nil {
		return err
	}
	return r.settle()
}

// step brings an element to the subtasks, or sets the clock.
func (r *run) step(e Element) error {
	if e.isClock() {
		r.now = max(r.now, e.Clock)
		return nil
	}
	if e.Rows != nil {
		return r.stepRows(e.In, e.Rows)
	}
	if err := r.remindOf(e.In); err != nil {
		return err
	}
	r.progress.Take(e.In, e.Else)
	r.told[e.In].take(e.Else)
	for _, s := range r.subtasks {
		if err := s.take(e.In, e.Else); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) held() string {
	var all []string
	for _, s := range r.subtasks {
		all = append(all, held(s.operator))
	}
	return strings.Join(all, "; ")
}

// finish closes the subtasks and checks what holds at the end of every run.
func (r *run) finish() error {
	if err := errors.Join(r.remind(), r.check()); err != nil {
		return err
	}
	for _, s := range r.subtasks {
		if err := s.isEmpty(); err != nil {
			return err
		}
		s.operator.Close()
		r.output.Counters = r.output.Counters.Add(s.counters.Values())
	}
	if r.result != nil {
		r.output.Rows[stream.Main] = r.result.lines()
	}
	late := int64(0)
	for _, output := range r.c.late() {
		late += r.sent[output]
	}
	c, out, dead := r.output.Counters, r.sent[stream.Main], r.sent[stream.DeadLetter]
	if r.c.AnyLate {
		late -= c.LatePartly
	}
	if c.In != r.fed || c.Out != out || c.Late != late || c.DeadLetters != dead {
		return fmt.Errorf("counters say %d in, %d out, %d late, %d dead letters; in truth %d, %d, %d, %d",
			c.In, c.Out, c.Late, c.DeadLetters, r.fed, out, late, dead)
	}
	return r.pool.Check()
}
