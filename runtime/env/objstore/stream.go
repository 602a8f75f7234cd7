package objstore

import (
	"context"
	"errors"
	"io"
)

// Stream stores the object that write writes. Where a sweep has taken away what was
// written, write is called again, and has to write the same.
func Stream(ctx context.Context, s Store, name string, mode Mode, write func(io.Writer) error) error {
	return again(func() error { return streamOnce(ctx, s, name, mode, write) })
}

func streamOnce(ctx context.Context, s Store, name string, mode Mode, write func(io.Writer) error) error {
	w, err := s.Write(ctx, name, mode)
	if err != nil {
		return err
	}
	defer w.Discard()
	if err := write(w); err != nil {
		return err
	}
	return w.Commit()
}

// mostSweeps bounds how often one thing is done again. Each time takes another
// process that has become the owner meanwhile.
const mostSweeps = 100

// again has something done once more where a sweep has taken away what was done.
func again(do func() error) error {
	for range mostSweeps {
		if err := do(); !errors.Is(err, ErrSwept) {
			return err
		}
	}
	return ErrSwept
}

// errWritten is what a writer answers behind Commit and Discard.
var errWritten = errors.New("the object was committed or discarded already")

// Put stores a small object, replacing what had the name.
func Put(ctx context.Context, s Store, name string, content []byte) error {
	return Stream(ctx, s, name, Replace, all(content))
}

// Create stores a small object if the name is free; otherwise it fails with
// [ErrExists]. What other errors mean, [Writer] says.
func Create(ctx context.Context, s Store, name string, content []byte) error {
	return Stream(ctx, s, name, IfFree, all(content))
}

func all(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}

// Get returns the whole of a small object, or [ErrNotFound].
func Get(ctx context.Context, s Store, name string) ([]byte, error) {
	r, err := s.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content := make([]byte, r.Size())
	_, err = io.ReadFull(io.NewSectionReader(r, 0, r.Size()), content)
	return content, err
}
