package optest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
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
	random     *rand.Rand
	pool       *record.Pool
	subtasks   []*subtask
	output     Output
	fed        int64
	watermark  record.Time // the greatest that was fed
	checkpoint stream.CheckpointID
	turn       int // of way.subtasks
	log        func(stream.Output, stream.Element)
}

func newRun(c *Case, w way, random *rand.Rand) *run {
	return &run{c: c, way: w, random: random, pool: record.NewCheckedPool(), watermark: record.MinTime}
}

// A subtask is one instance of the operator, and its emitter.
type subtask struct {
	run       *run
	operator  stream.Operator
	backend   *state.Backend
	counters  *stream.Counters
	progress  *stream.Progress
	chain     []state.Object // objects of its latest checkpoint
	watermark record.Time
	reached   record.Time // the watermark that it or those before it have emitted
	idle      bool        // Idle was emitted last
	emitted   int         // rows on Main in this call
	passed    int         // elements in this call that are neither batches nor watermarks
	asked     int
	wrong     error // what an emission was wrong about
}

func (r *run) open(index, parallelism int, backend *state.Backend, counters stream.CounterValues) (*subtask, error) {
	s := &subtask{run: r, backend: backend, counters: new(stream.Counters), progress: stream.NewProgress(1), watermark: record.MinTime, reached: record.MinTime}
	s.counters.Restore(counters)
	backend.CheckRows()
	var err error
	s.operator, err = r.c.New(stream.OperatorContext{
		Step: "step", Subtask: index, Parallelism: parallelism, Inputs: []stream.InputContext{{Schema: r.c.Input}}, Progress: s.progress,
		Pool: r.pool, State: backend, Budget: r.way.budget, Counters: s.counters,
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
func (r *run) feed(elements ...Element) error {
	for i, e := range elements {
		if err := r.take(e); err != nil {
			return fmt.Errorf("element %d of %d, %v: %w", i+1, len(elements), e, err)
		}
	}
	return nil
}

// take brings one element to the subtasks, and has them go on until it is done.
func (r *run) take(e Element) error {
	if err := r.step(e); err != nil {
		return err
	}
	if err := r.resume(); err != nil {
		return err
	}
	if e.Else.Kind == stream.KindWatermark {
		return r.checkWatermark()
	}
	return nil
}

func (r *run) step(e Element) error {
	if e.Rows == nil {
		if e.Else.Kind == stream.KindWatermark {
			r.watermark = max(r.watermark, e.Else.Time)
		}
		for _, s := range r.subtasks {
			if err := s.call(0, func() error { return s.take(e.Else) }); err != nil {
				return err
			}
			if e.Else.Kind != stream.KindWatermark && s.passed != 1 {
				return fmt.Errorf("the operator has passed it on %d times", s.passed)
			}
		}
		return nil
	}
	r.fed += int64(len(e.Rows))
	for i, rows := range r.divide(e.Rows) {
		if len(rows) == 0 {
			continue
		}
		b := recordtest.UnderlayBatch(r.random, Batch(r.pool, r.c.Input, rows))
		if r.way.disguised {
			b = Disguise(b, r.random)
		}
		s := r.subtasks[i]
		if err := s.call(len(rows), func() error { return s.operator.Step(0, stream.BatchOf(b), s) }); err != nil {
			return err
		}
	}
	return nil
}

// take has the operator take in what is no batch, as the engine does.
func (s *subtask) take(e stream.Element) error {
	if s.progress.Take(0, e) {
		s.Emit(stream.Main, stream.WatermarkOf(s.progress.Told()))
	}
	return s.operator.Step(0, e, s)
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

// resume calls Resume until nothing is pending, with checkpoints and restores
// before, between and behind. No operator needs more calls than it tries.
func (r *run) resume() error {
	calls := min(1000+100*int(r.fed), mostCalls)
	for range calls {
		if err := r.snapshot(); err != nil {
			return err
		}
		busy := false
		for _, s := range r.subtasks {
			err := s.call(0, func() error {
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
	return stuck(calls, r.held())
}

func (r *run) held() string {
	var all []string
	for _, s := range r.subtasks {
		all = append(all, held(s.operator))
	}
	return strings.Join(all, "; ")
}

// checkWatermark holds the subtasks to passing on a watermark, as late as the case
// says, and that it ended Idle.
func (r *run) checkWatermark() error {
	want := r.watermark
	if want != record.MaxTime {
		want = want.Add(-r.c.Delay)
	}
	for i, s := range r.subtasks {
		if s.idle {
			return fmt.Errorf("it ended Idle, and nothing of it was passed on")
		}
		if s.reached != want {
			return fmt.Errorf("subtask %d has come to the watermark %v, not %v; the operator holds %s", i, s.reached, want, r.held())
		}
	}
	return nil
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
	var object bytes.Buffer
	if err := frozen.Encode(&object); err != nil {
		return err
	}
	if !frozen.Delta() {
		s.chain = nil
	}
	s.chain = append(s.chain, state.ObjectOf(object.Bytes()))
	s.backend.Completed(uint64(id))
	return nil
}

// restore replaces all subtasks by new ones, with the next parallelism.
func (r *run) restore() error {
	var chains [][]state.Object
	var total stream.CounterValues
	reached := record.MaxTime
	for _, s := range r.subtasks {
		s.operator.Close()
		chains = append(chains, s.chain)
		total = total.Add(s.counters.Values())
		reached = min(reached, s.reached)
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
		s.reached = reached
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
	out, late, dead := len(r.output.Main), len(r.output.Late), len(r.output.DeadLetter)
	if c.In != r.fed || int(c.Out) != out || int(c.Late) != late || int(c.DeadLetters) != dead {
		return fmt.Errorf("counters say %d in, %d out, %d late, %d dead letters; in truth %d, %d, %d, %d",
			c.In, c.Out, c.Late, c.DeadLetters, r.fed, out, late, dead)
	}
	return r.pool.Check()
}

// isEmpty checks that nothing is left at the end of input.
func (s *subtask) isEmpty() error {
	if n := s.backend.Rows(); n > 0 {
		return fmt.Errorf("%d rows are left in the state's tables at the end", n)
	}
	return nil
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
