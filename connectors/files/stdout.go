package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// standardOutput is the sink of the path "-". Rows are written as they come: to
// hold them until a checkpoint would take memory without bound, and what is
// written cannot be taken back either way. All its writers share one header.
type standardOutput struct {
	format stream.Format
	schema *record.Schema

	mu    sync.Mutex // writing is inside it, to keep lines whole
	begun bool       // the header is written
}

// newStandardOutput refuses what only files can have.
func newStandardOutput(c component.Config, in component.SinkInputs) (stream.Sink, error) {
	for _, key := range []string{"roll_size", "roll_every"} {
		if c.Text(key) != "" {
			return nil, c.Problemf(key, "standard output is not a file and never ends; remove the key")
		}
	}
	if c.Text("compression") != "none" {
		return nil, c.Problemf("compression", "standard output is not compressed: remove the key, and pipe it through %s", c.Text("compression"))
	}
	return &standardOutput{format: in.Format, schema: in.Schema}, nil
}

var errNoStandardOutput = failure.Fatal(errors.New("file sink: there is no standard output here"))

// NewWriter returns a writer that writes each batch at once.
func (s *standardOutput) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	if c.Env.Stdout == nil {
		return nil, errNoStandardOutput
	}
	w := &outputWriter{sink: s, to: c.Env.Stdout}
	var err error
	w.encoder, err = s.format.NewEncoder(c.Schema, &w.text)
	return w, err
}

// NewCommitter returns a committer without anything to do.
func (s *standardOutput) NewCommitter(stream.CommitterContext) (stream.Committer, error) {
	return stream.NothingToCommit{}, nil
}

// write writes encoded rows, behind a header if they are the first of this
// process.
func (s *standardOutput) write(to io.Writer, rows []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begun {
		var header bytes.Buffer
		e, err := s.format.NewEncoder(s.schema, &header)
		if err == nil {
			err = e.Header()
		}
		if err != nil {
			return err
		}
		rows = append(header.Bytes(), rows...)
	}
	if len(rows) > 0 {
		if _, err := to.Write(rows); err != nil {
			return fmt.Errorf("file sink: writing to standard output: %w", err)
		}
	}
	s.begun = true
	return nil
}

type outputWriter struct {
	sink    *standardOutput
	to      io.Writer
	text    bytes.Buffer // of one batch
	encoder stream.Encoder
}

func (w *outputWriter) Write(b *record.Batch) error {
	defer b.Release()
	w.text.Reset()
	if err := w.encoder.Encode(b); err != nil {
		return err
	}
	return w.sink.write(w.to, w.text.Bytes())
}

// Prepare writes the header of an output without rows.
func (w *outputWriter) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	return func() (stream.Pending, error) { return nil, nil }, w.sink.write(w.to, nil)
}

func (w *outputWriter) Close() error { return nil }
