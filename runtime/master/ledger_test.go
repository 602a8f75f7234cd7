package master_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// ledger is a sink that keeps the rows of each commit. It outlives the jobs that
// write to it.
type ledger struct {
	fault   func(at string) error
	padding int // of what is prepared, in bytes

	mu      sync.Mutex
	commits map[stream.CheckpointID][]string
}

func (l *ledger) step(id, input string, parallelism int) *graph.Step {
	return &graph.Step{ID: id, Parallelism: parallelism, Definition: stream.Definition{{Text: id}}, Inputs: []graph.Input{{Step: input}}, Sink: l}
}

// rows returns all committed rows, sorted.
func (l *ledger) rows() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, rows := range l.commits {
		all = append(all, rows...)
	}
	slices.Sort(all)
	return all
}

// count returns how many checkpoints have been committed.
func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.commits)
}

func (l *ledger) may(at string) error {
	if l.fault == nil {
		return nil
	}
	return l.fault(at)
}

func (l *ledger) NewWriter(stream.WriterContext) (stream.Writer, error) {
	return &ledgerWriter{ledger: l}, l.may("new writer")
}

func (l *ledger) NewCommitter(stream.CommitterContext) (stream.Committer, error) {
	return l, l.may("new committer")
}

func (l *ledger) Commit(_ context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	if err := l.may("commit"); err != nil {
		return err
	}
	var all []string
	for _, p := range pending {
		var rows []string
		if err := json.Unmarshal(p, &rows); err != nil {
			return err
		}
		all = append(all, rows...)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.commits == nil {
		l.commits = map[stream.CheckpointID][]string{}
	}
	l.commits[id] = all
	return nil
}

// Witness implements stream.Witnessed: the ledger has its commits.
func (l *ledger) Witness(stream.CommitterContext) stream.Witness { return l }

func (l *ledger) ShownAfter(id stream.CheckpointID) (shown []stream.Shown, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.commits {
		if c > id {
			shown = append(shown, stream.Shown{Name: fmt.Sprintf("commit %d", c), Checkpoint: c})
		}
	}
	return shown, l.may("shown after")
}

func (l *ledger) Whole(stream.CheckpointID, []stream.Pending) error { return l.may("whole") }

func (l *ledger) Abort(context.Context) error { return l.may("abort") }

type ledgerWriter struct {
	ledger *ledger
	rows   []string
}

func (w *ledgerWriter) Write(b *record.Batch) error {
	defer b.Release()
	if err := w.ledger.may("write"); err != nil {
		return err
	}
	for i := range b.Len() {
		w.rows = append(w.rows, string(b.Columns[1].Strings().At(i)))
	}
	return nil
}

func (w *ledgerWriter) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	if err := w.ledger.may("prepare"); err != nil {
		return nil, err
	}
	rows := w.rows
	w.rows = nil
	return func() (stream.Pending, error) {
		if err := w.ledger.may("finish"); err != nil || len(rows) == 0 {
			return nil, err
		}
		pending, err := json.Marshal(rows)
		return append(pending, bytes.Repeat([]byte(" "), w.ledger.padding)...), err
	}, nil
}

func (w *ledgerWriter) Close() error { return w.ledger.may("close writer") }

// spy is an operator that passes everything on and remembers it as text, except
// that of a batch it remembers the rows.
type spy struct {
	fault func(at string) error

	mu   sync.Mutex
	seen []string
}

func (s *spy) step(id string, parallelism int, inputs ...graph.Input) *graph.Step {
	return &graph.Step{
		ID: id, Parallelism: parallelism, Definition: stream.Definition{{Text: id}}, Inputs: inputs,
		Outputs:     []graph.Output{{Name: stream.Main, Schema: scriptSchema}},
		NewOperator: func(stream.OperatorContext) (stream.Operator, error) { return s, s.may("new operator") },
	}
}

func (s *spy) may(at string) error {
	if s.fault == nil {
		return nil
	}
	return s.fault(at)
}

// log returns what has been seen so far.
func (s *spy) log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

func (s *spy) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if err := s.may("step"); err != nil {
		e.Release()
		return err
	}
	s.mu.Lock()
	if e.Kind != stream.KindBatch {
		s.seen = append(s.seen, e.String())
	} else {
		dense := stream.BatchOf(e.Batch.Dense())
		e = dense
		for i := range e.Batch.Len() {
			s.seen = append(s.seen, string(e.Batch.Columns[1].Strings().At(i)))
		}
	}
	s.mu.Unlock()
	out.Emit(stream.Main, e)
	return nil
}

func (s *spy) Resume(stream.Emitter) (bool, error)          { return false, s.may("resume") }
func (s *spy) Control(stream.Control, stream.Emitter) error { return s.may("control") }
func (s *spy) Snapshot(stream.CheckpointID) error           { return s.may("snapshot") }
func (s *spy) Close()                                       { _ = s.may("close operator") } // only panics show
