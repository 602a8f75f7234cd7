package optest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// Output is what an operator has put out. Rows are drawn by [Draw].
type Output struct {
	Main, Late, DeadLetter []string
	Counters               stream.CounterValues // of all subtasks
}

// A run is one stream on its way through the subtasks of an operator.
type run struct {
	c          *Case
	way        way
	pool       *record.Pool
	subtasks   []*subtask
	output     Output
	fed        int64
	checkpoint stream.CheckpointID
	turn       int // of way.subtasks
	log        func(stream.OutputID, stream.Element)
}

// A subtask is one instance of the operator, and its emitter.
type subtask struct {
	run       *run
	operator  stream.Operator
	backend   *state.Backend
	counters  *stream.Counters
	chain     [][]byte // objects of its latest checkpoint
	watermark record.Time
	idle      bool // Idle was emitted last
	emitted   int  // rows on Main in this call
	asked     int
	wrong     error // what an emission was wrong about
}

func (r *run) open(index, parallelism int, backend *state.Backend, counters stream.CounterValues) (*subtask, error) {
	s := &subtask{run: r, backend: backend, counters: new(stream.Counters), watermark: record.MinTime}
	s.counters.Restore(counters)
	var err error
	s.operator, err = r.c.New(stream.OperatorContext{
		Step: "step", Subtask: index, Pool: r.pool, State: backend, Budget: r.way.budget, Counters: s.counters,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// start opens fresh subtasks.
func (r *run) start() error {
	n := r.way.subtasks[0]
	for i := range n {
		s, err := r.open(i, n, state.NewBackend(keyrange.Of(i, n)), stream.CounterValues{})
		if err != nil {
			return err
		}
		r.subtasks = append(r.subtasks, s)
	}
	return nil
}

// feed brings elements to the subtasks and finishes each before the next.
func (r *run) feed(elements []Element) error {
	for _, e := range elements {
		if err := r.step(e); err != nil {
			return err
		}
		if err := r.resume(); err != nil {
			return err
		}
		if e.Rows == nil && e.Else.Kind == stream.KindWatermark && slices.ContainsFunc(r.subtasks, func(s *subtask) bool { return s.idle }) {
			return fmt.Errorf("%v ended Idle, and nothing of it was passed on", e.Else)
		}
	}
	return nil
}

func (r *run) step(e Element) error {
	if e.Rows == nil {
		for _, s := range r.subtasks {
			if err := s.call(func() error { return s.operator.Step(0, e.Else, s) }); err != nil {
				return err
			}
		}
		return nil
	}
	r.fed += int64(len(e.Rows))
	for i, rows := range r.divide(e.Rows) {
		if len(rows) == 0 {
			continue
		}
		b := Batch(r.pool, r.c.Input, rows)
		if r.way.disguised {
			b = disguise(b)
		}
		s := r.subtasks[i]
		if err := s.call(func() error { return s.operator.Step(0, stream.BatchOf(b), s) }); err != nil {
			return err
		}
	}
	return nil
}

// divide spreads rows over subtasks by key.
func (r *run) divide(rows []Row) [][]Row {
	n := len(r.subtasks)
	divided := make([][]Row, n)
	b := Batch(r.pool, r.c.Input, rows)
	var keys []*record.Column
	for _, k := range r.c.Keys {
		keys = append(keys, b.Columns[k])
	}
	for i, h := range keyrange.Hash(nil, keys, nil, len(rows)) {
		to := keyrange.Subtask(h, n)
		divided[to] = append(divided[to], rows[i])
	}
	b.Release()
	return divided
}

// maxCalls bounds the calls of Resume for one element.
const maxCalls = 1_000_000

// resume calls Resume until nothing is pending, with checkpoints and restores
// before, between and behind.
func (r *run) resume() error {
	for range maxCalls {
		if err := r.snapshot(); err != nil {
			return err
		}
		busy := false
		for _, s := range r.subtasks {
			err := s.call(func() error {
				pending, err := s.operator.Resume(s)
				busy = busy || pending
				return err
			})
			if err != nil {
				return err
			}
		}
		if !busy {
			return nil
		}
	}
	return fmt.Errorf("output is pending after %d calls of Resume", maxCalls)
}

// snapshot takes a checkpoint and restores it when it is its turn.
func (r *run) snapshot() error {
	if r.way.restore == 0 || slices.ContainsFunc(r.subtasks, (*subtask).holdsRows) {
		return nil
	}
	r.checkpoint++
	for _, s := range r.subtasks {
		if err := s.freeze(r.checkpoint); err != nil {
			return err
		}
	}
	if int(r.checkpoint)%r.way.restore != 0 {
		return nil
	}
	return r.restore()
}

// holdsRows reports whether a checkpoint must wait for the operator.
func (s *subtask) holdsRows() bool {
	h, ok := s.operator.(stream.Holder)
	return ok && h.HoldsRows()
}

func (s *subtask) freeze(id stream.CheckpointID) error {
	if err := s.operator.Snapshot(id); err != nil {
		return err
	}
	frozen := s.backend.Freeze(uint64(id))
	defer frozen.Release()
	object, err := frozen.Encode()
	if err != nil {
		return err
	}
	if !frozen.Delta() {
		s.chain = nil
	}
	s.chain = append(s.chain, object)
	s.backend.Completed(uint64(id))
	return nil
}

// restore replaces all subtasks by new ones, with the next parallelism.
func (r *run) restore() error {
	var chains [][][]byte
	var total stream.CounterValues
	for _, s := range r.subtasks {
		s.operator.Close()
		chains = append(chains, s.chain)
		total = total.Add(s.counters.Values())
	}
	r.turn++
	n := r.way.subtasks[r.turn%len(r.way.subtasks)]
	r.subtasks = nil
	for i := range n {
		backend, err := state.Restore(keyrange.Of(i, n), chains)
		if err != nil {
			return err
		}
		s, err := r.open(i, n, backend, total)
		if err != nil {
			return err
		}
		r.subtasks = append(r.subtasks, s)
		total = stream.CounterValues{} // the first subtask has them all
	}
	return nil
}

// finish closes the subtasks and checks what holds at the end of every run.
func (r *run) finish() error {
	for _, s := range r.subtasks {
		if err := s.isEmpty(); err != nil {
			return err
		}
		s.operator.Close()
		r.output.Counters = r.output.Counters.Add(s.counters.Values())
	}
	c := r.output.Counters
	if c.In != r.fed || int(c.Out) != len(r.output.Main) || int(c.Late) != len(r.output.Late) {
		return fmt.Errorf("counters say %d in, %d out, %d late; in truth %d, %d, %d",
			c.In, c.Out, c.Late, r.fed, len(r.output.Main), len(r.output.Late))
	}
	return r.pool.Check()
}

// A lister is an operator that keeps lists of rows or groups beside its tables.
type lister interface{ Listed() int }

// isEmpty checks that nothing is left at the end of input.
func (s *subtask) isEmpty() error {
	if n := s.backend.Rows(); n > 0 {
		return fmt.Errorf("%d rows are left in the state's tables at the end", n)
	}
	if l, ok := s.operator.(lister); ok && l.Listed() > 0 {
		return fmt.Errorf("%d entries are left in lists at the end", l.Listed())
	}
	return nil
}

// run brings a whole stream to the operator.
func (r *run) run(elements []Element, random *rand.Rand) (Output, error) {
	if r.way.cut != nil {
		elements = r.way.cut(elements, random)
	}
	if err := r.start(); err != nil {
		return Output{}, err
	}
	if err := r.feed(elements); err != nil {
		return Output{}, err
	}
	return r.output, r.finish()
}
