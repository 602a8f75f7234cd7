// Package objstore keeps whole objects under names: the checkpoint store. It
// asks of a medium the one primitive that ownership rests on, creating an
// object only if its name is free.
package objstore

import "errors"

// Store is a flat space of named, immutable objects. Names are slash-separated.
// All methods are safe for concurrent use.
type Store interface {
	// Put stores an object, replacing what had the name. It is durable on return.
	Put(name string, content []byte) error
	// Create stores an object durably if the name is free and fails with
	// [ErrExists] if it is not; what has the name then is durable, too. After any
	// other error the object may be there, or come to be there later: the caller
	// creates it again and, at ErrExists, reads it to find out whose it is.
	Create(name string, content []byte) error
	// Get returns an object, or [ErrNotFound].
	Get(name string) ([]byte, error)
	// List returns the names that begin with prefix, sorted. Where names are paths, a
	// folder without anything in it is no object's; it is listed as its name with a
	// slash behind it, for those who want the name.
	List(prefix string) ([]string, error)
	// Delete removes an object; a name that is free is no error. A crash may
	// bring the object back.
	Delete(name string) error
}

// The outcomes that callers act on.
var (
	ErrExists   = errors.New("object exists already")
	ErrNotFound = errors.New("object not found")
	// ErrBlocked says that something of another kind stands in the way: a folder that
	// has the name of an object, a file where the folder of objects has to be. It is
	// fatal, and the error around it says what to move away.
	ErrBlocked = errors.New("something else stands in the way")
	// ErrSwept says that an object could not be stored because other owners tidied
	// away, time and again, what was being written. It is none of theirs: nothing
	// was stored, and whoever still owns the store may try again.
	ErrSwept = errors.New("other owners of the store keep tidying up what is being written")
)
