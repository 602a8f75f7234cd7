package console

import (
	"errors"
	"fmt"
	"sync"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// SinkType declares the sink for job files.
var SinkType = component.SinkType{
	Spec: component.Spec{
		Name:     "print",
		Summary:  "Prints rows to standard output as a table, as soon as they are produced; rows may be printed twice after a crash.",
		Examples: []component.Example{{Title: "Look at a result", YAML: "sinks: { board: { input: hourly, print: {} } }"}},
	},
	Caveats: func(component.Config) []string {
		return []string{"rows are printed as they are made and cannot be taken back: after a crash those since the last checkpoint appear again"}
	},
	New: func(_ component.Config, in component.SinkInputs) (stream.Sink, error) {
		return &printer{table: newTable(in.Schema)}, nil
	},
}

// printer is the sink; all its writers share one table.
type printer struct {
	mu    sync.Mutex // of table; writing is inside it, to keep lines whole
	table *table
}

// NewWriter returns a writer that prints each batch at once.
func (p *printer) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	if c.Env.Stdout == nil {
		return nil, errors.New("print: there is no standard output here")
	}
	return &writer{printer: p, context: c}, nil
}

// NewCommitter returns a committer without anything to do.
func (p *printer) NewCommitter(stream.CommitterContext) (stream.Committer, error) {
	return stream.NothingToCommit{}, nil
}

type writer struct {
	printer *printer
	context stream.WriterContext
}

func (w *writer) Write(b *record.Batch) error {
	defer b.Release()
	if b.Len() == 0 {
		return nil
	}
	w.printer.mu.Lock()
	defer w.printer.mu.Unlock()
	return w.print(w.printer.table, b)
}

// print writes a batch as lines of a table, whose lock the caller holds.
func (w *writer) print(t *table, b *record.Batch) error {
	if _, err := w.context.Env.Stdout.Write(t.format(b)); err != nil {
		return fmt.Errorf("print: writing to standard output: %w", err)
	}
	return nil
}

func (w *writer) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	return func() (stream.Pending, error) { return nil, nil }, nil
}

func (w *writer) Close() error { return nil }
