package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/inspect"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// stateView prints what a folder holds.
type stateView struct {
	query        inspect.Query
	limit        int
	verify, json bool

	ctx    context.Context
	out    io.Writer
	folder *inspect.Folder
}

// overviewJSON is what --json prints of a folder.
type overviewJSON struct {
	Job        string              `json:"job"`
	Checkpoint stream.CheckpointID `json:"checkpoint"`
	Savepoint  bool                `json:"savepoint"`
	Committed  bool                `json:"committed"` // nothing is to be shown yet
	Running    bool                `json:"running"`   // of a savepoint: the job went on
	Finished   bool                `json:"finished"`
	Steps      []inspect.Step      `json:"steps"`
}

// overview prints the steps.
func (s *stateView) overview() error {
	steps, err := s.folder.Steps(s.ctx)
	if err != nil {
		return err
	}
	f := s.folder
	if s.json {
		return writeJSON(s.out, overviewJSON{f.Manifest.Job, f.Manifest.Checkpoint, f.Savepoint, f.Committed, f.Running, f.Finished, steps})
	}
	fmt.Fprintln(s.out, s.headline())
	rows := [][]string{{"step", "kind", "subtasks", "tables", "rows", "bytes"}}
	for _, step := range steps {
		rows = append(rows, []string{step.ID, string(step.Kind), strconv.Itoa(step.Subtasks), strconv.Itoa(len(step.Tables)),
			strconv.Itoa(step.Rows), strconv.FormatInt(step.Bytes, 10)})
	}
	writeTable(s.out, rows, 2)
	return nil
}

// headline says what the folder is.
func (s *stateView) headline() string {
	f := s.folder
	kind := "Checkpoint"
	if f.Savepoint {
		kind = "Savepoint of checkpoint"
	}
	line := fmt.Sprintf("%s %d of job %s.", kind, f.Manifest.Checkpoint, f.Manifest.Job)
	switch {
	case f.Finished:
		line += " The job has finished."
	case f.Running:
		line += " The job went on when it was taken."
	case !f.Committed:
		line += " Output is still to be shown: whoever starts from here does that first."
	}
	return line
}

// step prints the tables of a step.
func (s *stateView) step(id string) error {
	step, err := s.folder.Step(s.ctx, id)
	if err != nil {
		return err
	}
	if s.json {
		return writeJSON(s.out, step)
	}
	fmt.Fprintf(s.out, "%s: %s, %s, %s, %d bytes in %s\n", step.ID, step.Kind, plural(step.Subtasks, "subtask"), plural(step.Rows, "row"),
		step.Bytes, plural(step.Objects, "object"))
	if len(step.Parts) == 0 {
		return nil
	}
	rows := [][]string{{"subtask", "keys", "objects", "rows", "bytes"}}
	for _, p := range step.Parts {
		rows = append(rows, []string{strconv.Itoa(p.Subtask), p.First + " to " + p.Last, strconv.Itoa(p.Objects), strconv.Itoa(p.Rows),
			strconv.FormatInt(p.Bytes, 10)})
	}
	fmt.Fprintln(s.out)
	writeTable(s.out, rows, 2)
	for _, t := range step.Tables {
		fmt.Fprintf(s.out, "\ntable %s: %s, %d bytes\n", t.Name, plural(t.Rows, "row"), t.Bytes)
		writeColumns(s.out, "key", t.Key)
		writeColumns(s.out, "sub-key", t.Sub)
		writeColumns(s.out, "value", t.Values)
	}
	return nil
}

func writeColumns(to io.Writer, of string, columns []inspect.Column) {
	for _, c := range columns {
		fmt.Fprintf(to, "  %-7s  %s %s\n", of, c.Name, c.Type)
	}
}

// rows prints rows of a table.
func (s *stateView) rows() error {
	e := env.Real()
	e.Stdout = s.out
	var head component.Head
	var writer stream.Writer
	err := s.folder.Rows(s.ctx, s.query, func(schema *record.Schema) (err error) {
		head = builtin.Registry().NewHead(schema, s.limit)
		writer, err = head.NewWriter(stream.WriterContext{Env: e})
		return err
	}, func(b *record.Batch) error {
		if err := writer.Write(b); err != nil {
			return err
		}
		if head.Rows() == s.limit {
			return inspect.ErrEnough
		}
		return nil
	})
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%s in all", plural(head.Rows(), "row"))
	switch {
	case head.Rows() == s.limit:
		what = fmt.Sprintf("The first %s; --limit N shows more", plural(s.limit, "row"))
	case s.query.Where != "":
		what = fmt.Sprintf("%s with %s", plural(head.Rows(), "row"), s.query.Where)
	}
	if head.Rows() > 0 {
		fmt.Fprintln(s.out)
	}
	_, err = fmt.Fprintf(s.out, "%s.\n", what)
	return err
}

// verifyAll reads everything and says what is damaged.
func (s *stateView) verifyAll() error {
	damage, objects, bytes, err := s.folder.Verify(s.ctx)
	if err != nil {
		return err
	}
	if len(damage) > 0 {
		var lines strings.Builder
		for _, one := range damage {
			fmt.Fprintf(&lines, "\n%v", one)
		}
		return fmt.Errorf("damaged: %d of %s%s", len(damage), plural(objects, "object"), lines.String())
	}
	_, err = fmt.Fprintf(s.out, "%s %s, %d bytes: all of it is whole.\n", s.headline(), plural(objects, "object"), bytes)
	return err
}
