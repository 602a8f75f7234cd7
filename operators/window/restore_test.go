package window

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// Subtasks that merge have fired different windows, or are in the middle of it, time and
// again. Each window comes out once. What is due by the watermark of its own range of keys
// comes out at once, and nothing else; and what comes for it behind that is late, even if
// the watermark of the range was never that of the subtasks which it has been in since.
func TestRestoreKeepsWatermarksOfRanges(t *testing.T) {
	shapes := []Shape{Tumble(time.Second, 0), Hop{Size: 3 * time.Second, Slide: time.Second}, Session{Gap: 100 * time.Millisecond}}
	trial.Run(t, 60, func(c *trial.Case) {
		j := newJourney(c, shapes[c.Random.IntN(len(shapes))])
		for range 1 + c.Random.IntN(3) {
			j.feed()
			j.raise()
			j.rescale(1 + c.Random.IntN(3))
		}
		j.feed()
		for i := range j.marks {
			j.marks[i] = record.MaxTime
		}
		for _, s := range j.subtasks {
			feedTo(c.T, s.op, stream.WatermarkOf(record.MaxTime), &s.out)
		}
		j.check()
	})
}

// A journey is an operator on its way through restores, and a model of it.
type journey struct {
	*trial.Case
	shape    Shape
	open     func(*state.Backend) (stream.Operator, *state.Backend)
	subtasks []*traveller

	marks  [lanes]record.Time // what has been fired, by lane
	counts map[restoreGroup]int
	late   []string
	seen   []string // of subtasks that are no more
}

// lanes is how many ranges of keys there are such that each subtask has whole ones, at
// parallelism 1, 2 and 3.
const lanes = 6

type traveller struct {
	keys    keyrange.Range
	op      stream.Operator
	backend *state.Backend
	out     drawn
}

type restoreGroup struct{ key, start int64 }

func newJourney(c *trial.Case, shape Shape) *journey {
	j := &journey{Case: c, shape: shape, open: openCount(c.T, shape), counts: map[restoreGroup]int{}}
	for i := range j.marks {
		j.marks[i] = record.MinTime
	}
	n := 1 + c.Random.IntN(3)
	for i := range n {
		j.begin(state.NewBackend(keyrange.Of(i, n)))
	}
	return j
}

func (j *journey) begin(backend *state.Backend) {
	s := &traveller{keys: backend.Range(), out: drawn{mark: record.MinTime}}
	s.op, s.backend = j.open(backend)
	j.subtasks = append(j.subtasks, s)
}

// lanes returns the lanes of a subtask.
func (s *traveller) lanes() (of []int) {
	for i := range lanes {
		if s.keys.Overlaps(keyrange.Of(i, lanes)) {
			of = append(of, i)
		}
	}
	return of
}

// feed gives the operator rows of some keys, one at a time.
func (j *journey) feed() {
	pool := record.NewCheckedPool()
	for range 40 {
		key, at := j.Random.Int64N(20), j.Random.Int64N(6)*1e6+restoreAt
		b := optest.Batch(pool, restoreInput, []optest.Row{{Time: record.Time(at), Values: []any{key}}})
		hash := keyrange.Hash(nil, b.Columns, nil, 1)[0]
		j.count(key, at, j.marks[keyrange.Subtask(hash, lanes)])
		s := j.subtasks[keyrange.Subtask(hash, len(j.subtasks))]
		if err := s.op.Step(0, stream.BatchOf(b), &s.out); err != nil {
			j.Fatal(err)
		}
	}
}

// count has the model take in a row.
func (j *journey) count(key, at int64, fired record.Time) {
	late := true
	for _, start := range j.starts(at) {
		if start+j.size() > int64(fired) {
			j.counts[restoreGroup{key, start}]++
			late = false
		}
	}
	if late {
		j.late = append(j.late, fmt.Sprintf("late key=%d", key))
	}
}

// raise gives each subtask a watermark of its own, at which some do not fire all.
func (j *journey) raise() {
	for _, s := range j.subtasks {
		if j.Random.IntN(4) == 0 {
			continue
		}
		w := record.Time(1+j.Random.IntN(9)) * 1e6
		for _, l := range s.lanes() {
			j.marks[l] = max(j.marks[l], w)
		}
		if err := s.op.Step(0, stream.WatermarkOf(w), &s.out); err != nil {
			j.Fatal(err)
		}
		for range j.Random.IntN(6) {
			if _, err := s.op.Resume(&s.out); err != nil {
				j.Fatal(err)
			}
		}
	}
}

// rescale stops the operator, sometimes twice without a word in between, and goes on at another
// parallelism. What is due comes out at once.
func (j *journey) rescale(to int) {
	var chains [][]state.Object
	for _, s := range j.subtasks {
		chains = append(chains, []state.Object{freeze(j.T, s.op, s.backend)})
		s.op.Close()
		j.seen = append(j.seen, s.out.seen...)
		j.checkOrder(s)
	}
	j.subtasks = nil
	for i := range to {
		backend, err := state.Restore(keyrange.Of(i, to), chains)
		if err != nil {
			j.Fatal(err)
		}
		j.begin(backend)
	}
	if j.Random.IntN(3) == 0 {
		for range j.Random.IntN(3) {
			for _, s := range j.subtasks {
				if _, err := s.op.Resume(&s.out); err != nil {
					j.Fatal(err)
				}
			}
		}
		j.rescale(1 + j.Random.IntN(3))
		return
	}
	for _, s := range j.subtasks {
		resume(j.T, s.op, &s.out)
	}
	j.check()
}

// check compares what has come out with the model.
func (j *journey) check() {
	j.Helper()
	all, want := slices.Clone(j.seen), slices.Clone(j.late)
	for _, s := range j.subtasks {
		all = append(all, s.out.seen...)
		j.checkOrder(s)
	}
	for g, n := range j.counts {
		end := g.start + j.size()
		if end <= int64(j.marks[j.laneOf(g.key)]) {
			want = append(want, fmt.Sprintf(" key=%d [%v,%v) n=%d", g.key, us(g.start), us(end), n))
		}
	}
	all, want = sorted(all), sorted(want)
	if !slices.Equal(all, want) {
		j.Fatalf("%T, watermarks of ranges %v, %d subtasks:\n%v\nwant\n%v", j.shape, j.marks, len(j.subtasks), all, want)
	}
}

func (j *journey) checkOrder(s *traveller) {
	j.Helper()
	if s.out.behind != "" {
		j.Fatalf("%T: a result left behind the watermark before it: %s", j.shape, s.out.behind)
	}
}

func (j *journey) laneOf(key int64) int {
	b := optest.Batch(record.NewPool(), restoreInput, []optest.Row{{Values: []any{key}}})
	defer b.Release()
	return keyrange.Subtask(keyrange.Hash(nil, b.Columns, nil, 1)[0], lanes)
}

// restoreAt is by how much rows are behind a whole second.
const restoreAt = 500_000

// starts returns where the windows begin that hold a time.
func (j *journey) starts(at int64) (starts []int64) {
	switch shape := j.shape.(type) {
	case Session:
		return []int64{at} // rows are at one time, or a second apart
	case Hop:
		slide := shape.Slide.Microseconds()
		for start := at - at%slide; start+j.size() > at; start -= slide {
			starts = append(starts, start)
		}
	}
	return starts
}

func (j *journey) size() int64 {
	if s, ok := j.shape.(Session); ok {
		return s.Gap.Microseconds()
	}
	return j.shape.(Hop).Size.Microseconds()
}
