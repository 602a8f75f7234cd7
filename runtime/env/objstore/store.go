// Package objstore keeps objects under names: the checkpoint store. It asks of a
// medium the one primitive that ownership rests on, creating an object only if its
// name is free.
//
// Objects are written and read as streams, so that nobody holds one whole. For those
// that are small, and for writes that a sweep has undone, there are helpers over any
// store: [Put], [Create], [Get] and [Stream].
package objstore

import (
	"context"
	"errors"
	"io"
)

// Store is a flat space of named, immutable objects. Names are slash-separated.
// All methods are safe for concurrent use. When ctx ends, they soon fail with its
// error, and so do the writers and readers that they have returned.
type Store interface {
	// Write begins an object. It has no name, and nobody sees it, before its Commit.
	Write(ctx context.Context, name string, mode Mode) (Writer, error)
	// Open opens an object for reading, or fails with [ErrNotFound].
	Open(ctx context.Context, name string) (Reader, error)
	// Stat returns the length of an object in bytes, or [ErrNotFound]. It reads
	// nothing of the object.
	Stat(ctx context.Context, name string) (int64, error)
	// List returns the names that begin with prefix, sorted. Where names are paths, a
	// folder without anything in it is no object's; it is listed as its name with a
	// slash behind it, for those who want the name.
	List(ctx context.Context, prefix string) ([]string, error)
	// Delete removes an object; a name that is free is no error. A crash may
	// bring the object back.
	Delete(ctx context.Context, name string) error
}

// Mode says what a Commit does where the name is taken.
type Mode string

// The modes.
const (
	Replace Mode = "replace" // the new object takes the place of the old one
	IfFree  Mode = "if free" // it fails with ErrExists
)

// Writer takes in one object from front to back. It belongs to one goroutine, which
// calls Discard when it is done with it, whatever has happened.
type Writer interface {
	// Write appends to the object. Each call is one to the medium: gathering small
	// ones is up to the caller. Behind an error all that follows fails as well.
	io.Writer
	// Commit gives the object its name, as a whole and durably. With [IfFree] it fails
	// with [ErrExists] if the name is taken; what has the name then is durable, too.
	// With [ErrSwept] nothing was stored, and the object is to be written again. After
	// any other error the object may be there, or come to be there later: the caller
	// creates it again and, at ErrExists, reads it to find out whose it is.
	Commit() error
	// Discard gives up an object that was not committed. What it cannot tidy away
	// now is tidied away as if the process had died here.
	Discard()
}

// Reader is an object that is open for reading, in any order and by several
// goroutines at once. If it is deleted or replaced meanwhile, it is read as it was,
// or reading fails with [ErrNotFound].
type Reader interface {
	io.ReaderAt
	io.Closer
	// Size is the length of the object in bytes.
	Size() int64
}

// The outcomes that callers act on.
var (
	ErrExists   = errors.New("object exists already")
	ErrNotFound = errors.New("object not found")
	// ErrBlocked says that something of another kind stands in the way: a folder that
	// has the name of an object, a file where the folder of objects has to be. It is
	// fatal, and the error around it says what to move away.
	ErrBlocked = errors.New("something else stands in the way")
	// ErrSwept says that an object could not be stored because another owner tidied
	// away what was being written. It is none of his: nothing was stored, and whoever
	// still owns the store writes it again, as [Stream] does.
	ErrSwept = errors.New("other owners of the store keep tidying up what is being written")
)
