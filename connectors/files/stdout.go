package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// standardOutput is the sink of the path "-". Rows are held in memory and, at a
// barrier, put into the checkpoint; they are written when that commits. A crash
// while they are being written makes rows appear again, in the output of the
// next process.
type standardOutput struct {
	format stream.Format
	schema *record.Schema
}

// newStandardOutput refuses what only files can have.
func newStandardOutput(c component.Config, in component.SinkInputs) (stream.Sink, error) {
	for _, key := range []string{"roll_size", "roll_every"} {
		if c.Text(key) != "" {
			return nil, c.Problemf(key, "standard output is no file that could end; remove the key")
		}
	}
	if c.Text("compression") != "none" {
		return nil, c.Problemf("compression", "standard output is not compressed: remove the key, and pipe it through %s", c.Text("compression"))
	}
	return &standardOutput{format: in.Format, schema: in.Schema}, nil
}

var errNoStandardOutput = errors.New("file sink: there is no standard output here")

// NewWriter returns a writer that encodes into memory.
func (s *standardOutput) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	w := &memoryWriter{}
	var err error
	w.encoder, err = s.format.NewEncoder(c.Schema, &w.text)
	return w, err
}

// NewCommitter returns a committer that writes to standard output.
func (s *standardOutput) NewCommitter(c stream.CommitterContext) (stream.Committer, error) {
	if c.Env.Stdout == nil {
		return nil, errNoStandardOutput
	}
	return &outputCommitter{sink: s, context: c}, nil
}

// memoryWriter's pending commits are the encoded rows themselves.
type memoryWriter struct {
	text    bytes.Buffer
	encoder stream.Encoder
}

func (w *memoryWriter) Write(b *record.Batch) error {
	defer b.Release()
	return w.encoder.Encode(b)
}

func (w *memoryWriter) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	text := bytes.Clone(w.text.Bytes())
	w.text.Reset()
	return func() (stream.Pending, error) { return text, nil }, nil
}

func (w *memoryWriter) Close() error { return nil }

type outputCommitter struct {
	sink    *standardOutput
	context stream.CommitterContext
	begun   bool // the header is written
	last    stream.CheckpointID
}

// Commit writes the rows of a checkpoint, behind a header if they are the first
// of this process.
func (c *outputCommitter) Commit(_ context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	if id <= c.last {
		return nil
	}
	var text bytes.Buffer
	if !c.begun {
		e, err := c.sink.format.NewEncoder(c.sink.schema, &text)
		if err == nil {
			err = e.Header()
		}
		if err != nil {
			return err
		}
	}
	for _, p := range pending {
		text.Write(p)
	}
	if _, err := c.context.Env.Stdout.Write(text.Bytes()); err != nil {
		return fmt.Errorf("file sink: writing checkpoint %d to standard output: %w", id, err)
	}
	c.begun, c.last = true, id
	return nil
}

// Abort has nothing to remove: what was not committed was in memory only.
func (c *outputCommitter) Abort(context.Context) error { return nil }
