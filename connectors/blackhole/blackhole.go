// Package blackhole is a sink that counts rows and drops them: for jobs of which
// only the work matters, such as benchmarks.
package blackhole

import (
	"sync/atomic"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// SinkType declares the sink for job files.
var SinkType = component.SinkType{
	Spec: component.Spec{
		Name:     "blackhole",
		Summary:  "Drops all rows, for benchmarks and tests.",
		Examples: []component.Example{{Title: "Run a job and keep no result", YAML: "sinks: { nowhere: { input: hourly, blackhole: {} } }"}},
	},
	New: func(component.Config, component.SinkInputs) (stream.Sink, error) { return &Sink{}, nil },
}

// Sink drops rows. The zero Sink is ready to use.
type Sink struct {
	rows atomic.Int64
}

// Rows returns how many rows all writers have dropped, those included that were
// dropped again after a recovery.
func (s *Sink) Rows() int64 { return s.rows.Load() }

// NewWriter returns a writer that counts into the sink.
func (s *Sink) NewWriter(stream.WriterContext) (stream.Writer, error) { return writer{s}, nil }

// NewCommitter returns a committer without anything to do.
func (s *Sink) NewCommitter(stream.CommitterContext) (stream.Committer, error) {
	return stream.NothingToCommit{}, nil
}

type writer struct{ sink *Sink }

func (w writer) Write(b *record.Batch) error {
	w.sink.rows.Add(int64(b.Len()))
	b.Release()
	return nil
}

func (writer) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	return func() (stream.Pending, error) { return nil, nil }, nil
}

func (writer) Close() error { return nil }
