package component

import (
	"io"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Registry is the components that a job file can name, in the order in which
// messages list them, and what programs beside jobs need of connectors. It is a
// value: the binary has one (jobs/builtin), a test builds its own.
type Registry struct {
	Sources []SourceType
	Sinks   []SinkType
	Formats []FormatType

	// Open opens a file as sources of files read it, decompressed.
	Open func(files env.FS, path string) (io.ReadCloser, error)
	// NewHistory returns the source that reads one source to its end and then goes on with
	// another. Unless at is nil, rows of the first count before that event time, and those of
	// the second from it on. nil: there are no such sources.
	NewHistory func(history, then stream.Source, at *record.Time) (stream.Source, error)
	// NewHead returns a sink that shows at most limit rows, at least 1, to people.
	NewHead func(schema *record.Schema, limit int) Head
}

// Head is a sink that shows the first rows that come.
type Head interface {
	stream.Sink
	// Full returns a channel that is closed when no more rows are shown.
	Full() <-chan struct{}
	// Rows returns how many have been shown.
	Rows() int
}

// Source returns the source of a name, or nil.
func (r *Registry) Source(name string) *SourceType {
	return find(r.Sources, func(t *SourceType) bool { return t.Spec.Name == name })
}

// Sink returns the sink of a name, or nil.
func (r *Registry) Sink(name string) *SinkType {
	return find(r.Sinks, func(t *SinkType) bool { return t.Spec.Name == name })
}

// Format returns the format of a name, or nil.
func (r *Registry) Format(name string) *FormatType {
	return find(r.Formats, func(t *FormatType) bool { return t.Spec.Name == name })
}

// find returns the first that is meant, or nil.
func find[T any](all []T, isMeant func(*T) bool) *T {
	for i := range all {
		if isMeant(&all[i]) {
			return &all[i]
		}
	}
	return nil
}
