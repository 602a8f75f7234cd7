package jobtest

import (
	"context"
	"fmt"
	"maps"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// ledger is a transactional sink in memory, which outlives the runs of a job as a folder
// would: writers stage rows under a token, commits show them. It is for simulations,
// where nothing happens at once.
type ledger struct {
	staged map[string]staged
	shown  []tellings // in the order of commits
	done   map[string]bool
}

type staged struct {
	generation uint64
	rows       []tellings
}

func newLedger() *ledger { return &ledger{staged: map[string]staged{}, done: map[string]bool{}} }

// NewWriter implements stream.Sink.
func (l *ledger) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	return &ledgerWriter{ledger: l, context: c}, nil
}

// NewCommitter implements stream.Sink.
func (l *ledger) NewCommitter(c stream.CommitterContext) (stream.Committer, error) {
	return &ledgerCommitter{l, c.Generation}, nil
}

type ledgerWriter struct {
	ledger  *ledger
	context stream.WriterContext
	rows    []tellings
}

func (w *ledgerWriter) Write(b *record.Batch) error {
	defer b.Release()
	for i := range b.Len() {
		w.rows = append(w.rows, tellings{kind: b.RowKind(int32(i)), row: string(stream.AppendRow(nil, b, i))})
	}
	return nil
}

func (w *ledgerWriter) Prepare(id stream.CheckpointID) (func() (stream.Pending, error), error) {
	rows := w.rows
	w.rows = nil
	return func() (stream.Pending, error) {
		if len(rows) == 0 {
			return nil, nil
		}
		token := fmt.Sprintf("%d/%d/%d", w.context.Generation, id, w.context.Subtask)
		w.ledger.staged[token] = staged{w.context.Generation, rows}
		return stream.Pending(token), nil
	}, nil
}

func (w *ledgerWriter) Close() error { return nil }

type ledgerCommitter struct {
	ledger     *ledger
	generation uint64
}

func (c *ledgerCommitter) Commit(_ context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	for _, p := range pending {
		token := string(p)
		if c.ledger.done[token] {
			continue
		}
		s, there := c.ledger.staged[token]
		if !there {
			return fmt.Errorf("ledger: checkpoint %d commits %s, which was never staged or was aborted", id, token)
		}
		c.ledger.shown = append(c.ledger.shown, s.rows...)
		c.ledger.done[token] = true
		delete(c.ledger.staged, token)
	}
	return nil
}

func (c *ledgerCommitter) Abort(context.Context) error {
	maps.DeleteFunc(c.ledger.staged, func(_ string, s staged) bool { return s.generation < c.generation })
	return nil
}

// rows applies what was shown, change by change, and returns how many there are of each
// row in the end.
func (l *ledger) rows() (map[string]int, error) {
	rows := map[string]int{}
	for i, t := range l.shown {
		switch t.kind {
		case record.Insert, record.UpdateAfter:
			rows[t.row]++
		default:
			if rows[t.row]--; rows[t.row] < 0 {
				return nil, fmt.Errorf("row %d of the changelog withdraws %s, which is not there", i, t.row)
			}
		}
		if rows[t.row] == 0 {
			delete(rows, t.row)
		}
	}
	return rows, nil
}
