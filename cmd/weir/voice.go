package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
)

// voice says on standard error what a command comes to: in words, with --json as
// one JSON object a line, or as a log. Standard output is for results.
type voice struct {
	to   io.Writer
	json bool
	log  *slog.Logger // of --log-format json; nil is none
}

// isText reports whether it speaks to people.
func (v voice) isText() bool { return !v.json && v.log == nil }

// about returns the voice for a job.
func (v voice) about(job string) voice {
	if v.log != nil {
		v.log = v.log.With("job", job)
	}
	return v
}

// event is a line of --json. Keys are only ever added.
type event struct {
	Type    string      `json:"type"` // progress, note, warning, problem, error or end
	Message string      `json:"message,omitempty"`
	Status  *status.Job `json:"status,omitempty"` // of progress and end
	// Class is what a failure means for whoever starts jobs again: transient,
	// restart, fatal or invalid; there is none where nobody knows.
	Class failure.Class `json:"class,omitempty"`
	// Of a problem: where it stands. There is no line where the file as a whole,
	// or an option, is at fault.
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

const jsonFlag = "report the run on standard error as JSON, one object a line"

// write writes an event as JSON.
func (v voice) write(e event) {
	line, err := json.Marshal(e)
	if err != nil {
		panic("weir: a status has no JSON: " + err.Error())
	}
	_, _ = v.to.Write(append(line, '\n')) // there is no other place to tell of an error
}

// say says a line of text; warnings name themselves.
func (v voice) say(kind, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	switch {
	case v.json:
		v.write(event{Type: kind, Message: message})
	case v.log != nil:
		v.logLine(kind, message)
	case kind == "warning":
		fmt.Fprintf(v.to, "weir: warning: %s\n", message)
	default:
		fmt.Fprintln(v.to, message)
	}
}

// warn says what a job goes on after.
func (v voice) warn(err error) { v.say("warning", "%v", err) }

// end says how a run ended, unless it failed.
func (v voice) end(s status.Job, format string, args ...any) {
	switch {
	case v.json:
		v.write(event{Type: "end", Message: fmt.Sprintf(format, args...), Status: &s})
	case v.log != nil:
		v.logEnd(s, fmt.Sprintf(format, args...))
	default:
		v.say("end", format, args...)
	}
}

// failed says that a run failed, and returns the error for the exit code.
func (v voice) failed(s status.Job, err error) error {
	switch {
	case v.json:
		v.write(event{Type: "end", Message: err.Error(), Status: &s, Class: failure.ClassOf(err)})
	case v.log != nil:
		v.logFailed(s, err)
	default:
		return begun{err}
	}
	return said{begun{err}}
}

// fail says as JSON, or in the log, what went wrong. Elsewhere err is left to whoever
// ends the process.
func (v voice) fail(err error) error {
	if err == nil || v.isText() || errors.As(err, new(said)) {
		return err
	}
	if v.log != nil {
		v.logFailure(err)
	} else {
		writeFailure(v.write, err)
	}
	return said{err}
}

// writeFailure writes an error, or each of the problems that it consists of.
func writeFailure(write func(event), err error) {
	var problems component.Problems
	if !errors.As(err, &problems) {
		write(event{Type: "error", Message: err.Error(), Class: failure.ClassOf(err)})
	}
	for _, p := range problems {
		write(event{Type: "problem", Message: p.Message, File: p.At.File, Line: p.At.Line, Column: p.At.Column})
	}
}

// said is an error that needs no more words.
type said struct{ error }

func (s said) Unwrap() error { return s.error }
