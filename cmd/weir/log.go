package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is the log of --log-format json: one line an event, as log/slog writes it.

// logFormats are what --log-format takes.
var logFormats = []string{"text", "json"}

// checkLogFormat finds a format that there is not, and --json beside one.
func checkLogFormat(format string, asJSON bool) error {
	switch {
	case !slices.Contains(logFormats, format):
		return fmt.Errorf("--log-format %q is not text or json", format)
	case asJSON && format == "json":
		return errors.New("--json and --log-format json both say what standard error looks like: give one of them, " +
			"--json for a program that runs weir, --log-format json for a store of logs")
	}
	return nil
}

// newLog returns the log of a format, nil for text.
func newLog(to io.Writer, format string) *slog.Logger {
	if format != "json" {
		return nil
	}
	return slog.New(slog.NewJSONHandler(to, nil))
}

// levels are those of what a voice says.
var levels = map[string]slog.Level{"warning": slog.LevelWarn, "error": slog.LevelError, "problem": slog.LevelError}

// logLine writes a line.
func (v voice) logLine(kind, message string, attributes ...any) {
	v.log.Log(context.Background(), levels[kind], message, attributes...)
}

// place returns where something happened, as attributes.
func place(step string, id stream.CheckpointID) (attributes []any) {
	if step != "" {
		attributes = append(attributes, "step", step)
	}
	if id > 0 {
		attributes = append(attributes, "checkpoint", uint64(id))
	}
	return attributes
}

// observe logs what happens to a job.
func (v voice) observe(e status.Event) {
	at := place(e.Step, e.Checkpoint)
	switch e.Kind {
	case status.Began:
		message := "the job has begun"
		if e.Checkpoint > 0 {
			message = "the job resumes from a checkpoint"
		}
		v.logLine("note", message, append(at, "generation", e.Generation)...)
	case status.CheckpointDecided:
		v.logLine("note", "checkpoint decided", append(at, "took_ms", e.Taken.Took.Milliseconds(), "bytes", e.Taken.Bytes,
			"full_bytes", e.Taken.FullBytes)...)
	case status.Warned:
		v.logLine("warning", e.Err.Error(), at...)
	}
}

// logProgress logs how far a job is.
func (v voice) logProgress(s status.Job, in, out int64, watermark string) {
	v.logLine("note", "progress", append(place("", s.Checkpoint), "state", string(s.State), "elapsed_ms", s.Elapsed.Milliseconds(),
		"rows_in", in, "rows_to_sinks", out, "watermark", watermark)...)
}

// logSteps logs what became of the rows of each step.
func (v voice) logSteps(s status.Job) {
	for _, step := range s.Steps {
		c := step.Counters
		v.logLine("note", "rows of a step", "step", step.ID, "in", c.In, "accepted", c.Accepted, "late", c.Late, "dropped", c.Dropped,
			"dead_letters", c.DeadLetters, "skipped", c.Skipped, "out", c.Out)
	}
}

// logEnd logs how a run ended that did not fail.
func (v voice) logEnd(s status.Job, message string) {
	v.logSteps(s)
	v.logLine("note", message, append(place("", s.Checkpoint), "state", string(s.State), "elapsed_ms", s.Elapsed.Milliseconds())...)
}

// logFailure logs an error, or each of the problems that it consists of.
func (v voice) logFailure(err error, attributes ...any) {
	var problems component.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			v.logLine("problem", p.Message, "file", p.At.File, "line", p.At.Line, "column", p.At.Column)
		}
		return
	}
	if class := failure.ClassOf(err); class != failure.Unclassified {
		attributes = append(attributes, "class", string(class))
	}
	v.logLine("error", err.Error(), attributes...)
}

// logFailed logs that a run failed, and where.
func (v voice) logFailed(s status.Job, err error) {
	v.logSteps(s)
	at := failure.PlaceOf(err)
	v.logFailure(err, append(place(at.Step, cmp.Or(stream.CheckpointID(at.Checkpoint), s.Checkpoint)), "state", string(s.State))...)
}
