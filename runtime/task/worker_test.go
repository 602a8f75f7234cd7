package task_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// shelf is what a sink has shown, by checkpoint. It outlives the runs of a job.
type shelf struct {
	mu      sync.Mutex
	commits map[stream.CheckpointID][]string
}

func (s *shelf) rows() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, rows := range s.commits {
		all = append(all, rows...)
	}
	slices.Sort(all)
	return all
}

// Commit implements stream.Committer.
func (s *shelf) Commit(_ context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	var all []string
	for _, p := range pending {
		var rows []string
		if err := json.Unmarshal(p, &rows); err != nil {
			return err
		}
		all = append(all, rows...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commits == nil {
		s.commits = map[stream.CheckpointID][]string{}
	}
	s.commits[id] = all
	return nil
}

// Abort implements stream.Committer.
func (s *shelf) Abort(context.Context) error { return nil }

func (s *shelf) NewCommitter(stream.CommitterContext) (stream.Committer, error) { return s, nil }

// shelved is rows on their way to a shelf.
type shelved struct{ rows []string }

func (w *shelved) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	rows := w.rows
	w.rows = nil
	return func() (stream.Pending, error) {
		if len(rows) == 0 {
			return nil, nil
		}
		return json.Marshal(rows)
	}, nil
}

func (w *shelved) Close() error { return nil }

// letterBox is a sink of dead letters: it shows what failed, and why.
type letterBox struct{ shelf }

func (l *letterBox) NewWriter(stream.WriterContext) (stream.Writer, error) {
	return &letterWriter{}, nil
}

type letterWriter struct{ shelved }

func (w *letterWriter) Write(b *record.Batch) error {
	defer b.Release()
	for i := range b.Len() {
		w.rows = append(w.rows, fmt.Sprintf("%s: %s", b.Columns[3].Strings().At(i), b.Columns[2].Strings().At(i)))
	}
	return nil
}

// post is a sink that sends rows away, some at a time, and hears later that every seventh was
// refused.
type post struct {
	shelf
	latency  time.Duration
	refuses  bool
	parcel   int           // rows that are sent together
	patience time.Duration // after which fewer are sent
	mu       sync.Mutex
	most     int // rows that were gathered at most
	sent     int // parcels
	marks    int // watermarks
}

func (p *post) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	if c.Parallelism != 2 || c.Subtask >= 2 || c.Changelog != nil {
		return nil, fmt.Errorf("the context says %d of %d, %v", c.Subtask, c.Parallelism, c.Changelog)
	}
	return &postWriter{post: p, context: c, last: record.MinTime}, nil
}

// maxFlights is how many parcels may be on their way.
const maxFlights = 2

type postWriter struct {
	shelved
	post    *post
	context stream.WriterContext

	gathered []int64
	since    time.Time
	flights  int
	held     int // rows that are gathered or on their way
	last     record.Time

	mu      sync.Mutex
	replies [][]int64
}

func (w *postWriter) Write(b *record.Batch) error {
	defer b.Release()
	w.gathered = append(w.gathered, b.Columns[0].Int64s()[:b.Len()]...)
	w.held += b.Len()
	w.post.mu.Lock()
	defer w.post.mu.Unlock()
	w.post.most = max(w.post.most, len(w.gathered))
	return nil
}

func (w *postWriter) Watermark(t record.Time) error {
	if t < w.last {
		return errors.New("the watermark fell")
	}
	w.last = t
	w.post.mu.Lock()
	defer w.post.mu.Unlock()
	w.post.marks++
	return nil
}

func (w *postWriter) Work(now time.Time, hurry bool) (stream.Standing, error) {
	w.mu.Lock()
	replies := w.replies
	w.replies = nil
	w.mu.Unlock()
	for _, rows := range replies {
		w.flights--
		w.held -= len(rows)
		if err := w.answered(rows); err != nil {
			return stream.Standing{}, err
		}
	}
	if len(w.gathered) > 0 && w.since.IsZero() {
		w.since = now
	}
	for len(w.gathered) > 0 && w.flights < maxFlights &&
		(hurry || len(w.gathered) >= w.post.parcel || !now.Before(w.since.Add(w.post.patience))) {
		w.send()
	}
	s := stream.Standing{Full: len(w.gathered) >= 2*w.post.parcel, Held: w.held}
	if len(w.gathered) > 0 && w.flights < maxFlights {
		s.Next = w.since.Add(w.post.patience)
	}
	return s, nil
}

func (w *postWriter) send() {
	n := min(w.post.parcel, len(w.gathered))
	parcel := w.gathered[:n:n]
	w.gathered = w.gathered[n:]
	w.since = time.Time{}
	w.flights++
	w.context.Background(func() {
		_ = w.context.Env.Clock.Sleep(context.Background(), w.post.latency)
		w.mu.Lock()
		w.replies = append(w.replies, parcel)
		w.mu.Unlock()
		w.post.mu.Lock()
		w.post.sent++
		w.post.mu.Unlock()
		w.context.Wake()
	})
}

// answered takes in the reply to a parcel.
func (w *postWriter) answered(rows []int64) error {
	var failed []stream.FailedRecord
	for _, row := range rows {
		if w.post.refuses && row%7 == 0 {
			failed = append(failed, stream.FailedRecord{Raw: fmt.Append(nil, row), IsRow: true, Err: errors.New("refused")})
			continue
		}
		w.rows = append(w.rows, fmt.Sprint(row))
	}
	return w.context.Reject(failed)
}

func (w *postWriter) Prepare(id stream.CheckpointID) (func() (stream.Pending, error), error) {
	if w.held > 0 {
		return nil, fmt.Errorf("a barrier comes while %d rows are on their way", w.held)
	}
	return w.shelved.Prepare(id)
}

// step returns the step that sends the rows of another away, and the one that has its letters.
func (p *post) steps(onError stream.OnError, letters *letterBox) []*graph.Step {
	return []*graph.Step{
		{ID: "out", Sink: p, Parallelism: 2, OnError: onError, Inputs: []graph.Input{{Step: "in"}},
			Outputs: []graph.Output{{Name: stream.DeadLetter, Schema: stream.DeadLetterSchema}}},
		{ID: "letters", Sink: letters, Parallelism: 1, Inputs: []graph.Input{{Step: "out", Output: stream.DeadLetter}}},
	}
}

// TestWorker sends rows away in the background through crashes and checkpoints: each comes out
// once, as a row or as a dead letter, and what waits is bounded.
func TestWorker(t *testing.T) {
	trial.Run(t, 30, func(c *trial.Case) {
		const rows = 3000
		random := c.Random
		p, letters, store := &post{refuses: true, parcel: 1 + random.IntN(100), latency: time.Duration(1+random.IntN(300)) * time.Millisecond,
			patience: time.Duration(random.IntN(3000)) * time.Millisecond}, &letterBox{}, objstore.NewMemory()
		id := func(row int64, values []int64) { values[0], values[1] = row, row }
		f := &feed{schema: numbers("at", "id", "at"), splits: []*feedSplit{fullFeed(rows/2, id), fullFeed(rows/2, func(row int64, values []int64) {
			id(row+rows/2, values)
		})}}
		const batch = 64
		begin := func() *world {
			g := &graph.Graph{Name: "post", Steps: append([]*graph.Step{f.step("in", "at", 0, 0, 2)}, p.steps(stream.ToDeadLetter, letters)...)}
			w := start(c.T, c.Seed, rand.New(rand.NewPCG(random.Uint64(), 1)), g, store,
				master.Options{CheckpointInterval: 2 * time.Second, BatchRows: batch})
			c.Describe(func() string { return fmt.Sprintf("%+v", w.job.Status()) })
			return w
		}
		for range random.IntN(4) {
			w := begin()
			end := w.Now().Add(time.Duration(random.IntN(20)) * time.Second)
			w.until("the crash", func() bool { return !w.Now().Before(end) || w.job.Status().State == status.Finished })
			if w.job.Status().State == status.Finished {
				w.crash()
				break
			}
			w.crash()
		}
		w := begin()
		w.until("the end", func() bool { return w.job.Status().State == status.Finished })
		for _, s := range w.job.Status().Steps {
			if s.Counters.In != s.Counters.Sum() || s.ID == "out" && s.Counters.In != rows && s.Counters.In != 0 {
				t.Errorf("-seed %d: %s counts %+v", c.Seed, s.ID, s.Counters)
			}
		}
		var want, refused []string
		for i := range rows {
			if i%7 == 0 {
				refused = append(refused, fmt.Sprintf("%d: refused", i))
			} else {
				want = append(want, fmt.Sprint(i))
			}
		}
		slices.Sort(want)
		slices.Sort(refused)
		if got := p.rows(); !slices.Equal(got, want) {
			c.Fatalf("%d rows are shown, want %d", len(got), len(want))
		}
		if got := letters.rows(); !slices.Equal(got, refused) {
			c.Fatalf("%d letters are shown, want %d", len(got), len(refused))
		}
		if p.most >= 2*p.parcel+batch || p.marks == 0 {
			c.Fatalf("%d rows were gathered, with parcels of %d; %d watermarks", p.most, p.parcel, p.marks)
		}
	})
}

// TestRowThatFailsASink: without another word a row that the destination refuses fails the job,
// and with drop it is counted.
func TestRowThatFailsASink(t *testing.T) {
	for _, onError := range []stream.OnError{stream.Fail, stream.Drop} {
		p, letters := &post{refuses: true, parcel: 10, latency: time.Millisecond}, &letterBox{}
		f := &feed{schema: numbers("at", "id", "at"), splits: []*feedSplit{fullFeed(100, func(row int64, values []int64) { values[0], values[1] = row, row })}}
		g := &graph.Graph{Name: "post", Steps: append([]*graph.Step{f.step("in", "at", 0, 0, 2)}, p.steps(onError, letters)...)}
		w := start(t, 1, rand.New(rand.NewPCG(1, 1)), g, objstore.NewMemory(), master.Options{})
		w.until("the end", func() bool { return w.Err() != nil || w.job.Status().State == status.Finished })
		switch err := w.Err(); {
		case onError == stream.Fail && (err == nil || !strings.Contains(err.Error(), "refused; on_error: drop or dead_letter would continue without the row")):
			t.Errorf("the job ends with %v", err)
		case onError == stream.Drop && (!master.Ended(err) || len(p.rows()) != 85):
			t.Errorf("%d rows are shown; %v", len(p.rows()), err)
		}
		w.crash()
	}
}
