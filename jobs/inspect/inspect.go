// Package inspect shows what a folder of checkpoints, or a savepoint, holds: its steps, what
// each keeps, and the rows of its tables. It needs no job file, and writes nothing.
//
//	folder, err := inspect.Open(ctx, env.OS{}, "savepoints/monday")
//	…
//	steps, err := folder.Steps(ctx)
package inspect

import (
	"context"
	"errors"
	"fmt"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/state"
)

// Folder is the last checkpoint of a folder, or a savepoint.
type Folder struct {
	*checkpoint.Taken
	Dir string
}

// Open looks at a folder.
func Open(ctx context.Context, files env.FS, dir string) (*Folder, error) {
	objects, err := jobs.View(files, dir)
	if err != nil {
		return nil, err
	}
	taken, err := checkpoint.Look(ctx, objects)
	if errors.Is(err, checkpoint.ErrNone) {
		err = failure.Fatal(fmt.Errorf("%s is neither a folder of checkpoints, with one at least, nor a savepoint", dir))
	}
	if err != nil {
		return nil, err
	}
	return &Folder{taken, dir}, nil
}

// Step is what a step keeps.
type Step struct {
	ID       string  `json:"id"`
	Kind     Kind    `json:"kind"`
	Subtasks int     `json:"subtasks"`
	Objects  int     `json:"objects"`
	Bytes    int64   `json:"bytes"`         // of all objects
	Rows     int     `json:"rows"`          // of all tables
	Due      int     `json:"due,omitempty"` // checkpoints whose output is to be shown
	Finished bool    `json:"finished,omitempty"`
	Tables   []Table `json:"tables,omitempty"`
	Parts    []Part  `json:"parts,omitempty"` // by subtask, of those that keep rows
}

// Kind is what a step is.
type Kind string

// The kinds.
const (
	Source   Kind = "source"
	Operator Kind = "operator"
	Sink     Kind = "sink"
)

// Part is what one subtask keeps.
type Part struct {
	Subtask int    `json:"subtask"`
	First   string `json:"first"` // the hashes of its keys, in hexadecimal
	Last    string `json:"last"`
	Objects int    `json:"objects"`
	Bytes   int64  `json:"bytes"`
	Rows    int    `json:"rows"`
}

// Table is a table, of all subtasks together.
type Table struct {
	Name    string   `json:"name"`
	Version int      `json:"version"`
	Key     []Column `json:"key"`
	Sub     []Column `json:"sub_key,omitempty"`
	Values  []Column `json:"values,omitempty"`
	Rows    int      `json:"rows"`
	Bytes   int64    `json:"bytes"` // of its entries in all objects
}

// Column is a column of a table.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Steps returns the steps that keep something, in the order of the job.
func (f *Folder) Steps(ctx context.Context) (all []Step, err error) {
	for i := range f.Manifest.Steps {
		if !f.Manifest.Steps[i].Stateful {
			continue
		}
		s, err := f.step(ctx, &f.Manifest.Steps[i])
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// Step returns one of them.
func (f *Folder) Step(ctx context.Context, id string) (Step, error) {
	s, err := f.find(id)
	if err != nil {
		return Step{}, err
	}
	return f.step(ctx, s)
}

// find returns the step with an id, or says which there are.
func (f *Folder) find(id string) (*checkpoint.Step, error) {
	var ids []string
	for _, s := range f.Manifest.Steps {
		if s.Stateful {
			ids = append(ids, s.ID)
		}
	}
	s := f.Manifest.Step(id)
	if s == nil || !s.Stateful {
		return nil, fmt.Errorf("%s keeps nothing for a step %q%s", f.Dir, id, component.Known(id, ids))
	}
	return s, nil
}

func kindOf(s *checkpoint.Step) Kind {
	switch {
	case s.Sink:
		return Sink
	case len(s.Enumerator) > 0:
		return Source
	}
	return Operator
}

func (f *Folder) step(ctx context.Context, of *checkpoint.Step) (Step, error) {
	s := Step{ID: of.ID, Kind: kindOf(of), Subtasks: len(of.Subtasks), Finished: len(of.Subtasks) > 0}
	for i, entry := range of.Subtasks {
		s.Finished = s.Finished && entry.Finished
		s.Objects += len(entry.Objects)
		for _, ref := range entry.Objects {
			s.Bytes += ref.Length
		}
		if len(entry.Objects) == 0 {
			continue
		}
		if err := f.withStored(ctx, entry.Objects, func(stored *state.Stored) error { return s.add(i, entry.Objects, stored) }); err != nil {
			return s, err
		}
	}
	if !f.Committed {
		s.Due = f.Manifest.Due(of.ID)
	}
	return s, nil
}

// add adds what a subtask keeps.
func (s *Step) add(subtask int, refs []checkpoint.ObjectRef, stored *state.Stored) error {
	r := stored.Range()
	p := Part{Subtask: subtask, First: fmt.Sprintf("%016x", r.First), Last: fmt.Sprintf("%016x", r.Last), Objects: len(refs)}
	for _, ref := range refs {
		p.Bytes += ref.Length
	}
	for _, t := range stored.Tables() {
		rows, err := t.Count()
		if err != nil {
			return err
		}
		p.Rows += rows
		into := s.table(t.Spec)
		into.Rows += rows
		into.Bytes += t.Bytes
	}
	s.Rows += p.Rows
	s.Parts = append(s.Parts, p)
	return nil
}

// table returns the table with a declaration.
func (s *Step) table(spec state.TableSpec) *Table {
	for i := range s.Tables {
		if s.Tables[i].Name == spec.Name {
			return &s.Tables[i]
		}
	}
	t := Table{Name: spec.Name, Version: spec.Version}
	for _, f := range spec.Key {
		t.Key = append(t.Key, Column{f.Name, f.Type.String()})
	}
	for _, f := range spec.Sub {
		t.Sub = append(t.Sub, Column{f.Name, f.Type.String()})
	}
	for _, f := range spec.Values {
		t.Values = append(t.Values, Column{f.Name, f.Type.String()})
	}
	s.Tables = append(s.Tables, t)
	return &s.Tables[len(s.Tables)-1]
}

// withStored opens the objects of a subtask for as long as do takes. Errors of reading name
// the object that is at fault.
func (f *Folder) withStored(ctx context.Context, refs []checkpoint.ObjectRef, do func(*state.Stored) error) error {
	var chain []state.Object
	var open []objstore.Reader
	defer func() {
		for _, r := range open {
			_ = r.Close() // it was only read
		}
	}()
	for _, ref := range refs {
		r, err := f.Taken.Open(ctx, ref)
		if err != nil {
			return err
		}
		open = append(open, r)
		chain = append(chain, state.Object{Name: ref.Name, Content: r, Size: ref.Length})
	}
	stored, err := state.OpenStored(chain)
	if err == nil {
		err = do(stored)
	}
	var at *state.ObjectError
	if errors.As(err, &at) {
		err = f.Damaged(refs[at.Object], at.Err)
	}
	return err
}
