package memfs

import "fmt"

// Kind tells operations apart; its text is what logs show.
type Kind string

// The operations of a file system. Closing a file and seeking in it are none:
// they neither fail nor change anything that lasts.
const (
	Open    Kind = "open"
	Create  Kind = "create"
	Append  Kind = "append"
	Link    Kind = "link"
	Rename  Kind = "rename"
	Remove  Kind = "remove"
	Mkdir   Kind = "mkdir"
	ReadDir Kind = "readdir"
	Size    Kind = "size"
	SyncDir Kind = "syncdir"
	Read    Kind = "read"
	Write   Kind = "write"
	Sync    Kind = "sync"
	// Truncate, Lock and Space are of files that Append has opened, and of directories.
	Truncate Kind = "truncate"
	Lock     Kind = "lock"
	Space    Kind = "space"
)

// Op is one operation, as faults are decided on and logs show it.
type Op struct {
	Kind  Kind
	Name  string
	To    string // the new name, of a Link or Rename
	Bytes int    // of a Write; how many a Truncate leaves
}

// Changes reports whether the operation changes what is stored or what is durable.
func (o Op) Changes() bool {
	switch o.Kind {
	case Open, ReadDir, Size, Read, Space:
		return false
	}
	return true
}

// String draws the operation as "rename a -> b" or "write a (12 bytes)".
func (o Op) String() string {
	switch {
	case o.To != "":
		return fmt.Sprintf("%s %s -> %s", o.Kind, o.Name, o.To)
	case o.Kind == Write || o.Kind == Truncate:
		return fmt.Sprintf("%s %s (%d bytes)", o.Kind, o.Name, o.Bytes)
	}
	return fmt.Sprintf("%s %s", o.Kind, o.Name)
}

// Outcome is what an injected fault makes of an operation. The zero Outcome
// lets it pass.
type Outcome struct {
	// Err is returned instead of carrying the operation out. A full disk is
	// syscall.ENOSPC.
	Err error
	// After says that the operation is carried out before Err is returned: the
	// reply was lost.
	After bool
	// Written is how many bytes a failing Write writes all the same.
	Written int
}

// Inject has fault decide on every operation from now on; nil ends that. It is
// called before the operation, on the goroutine of the caller and without any
// lock, so that it may use the file system itself: take a CrashClone, for one.
func (f *FS) Inject(fault func(Op) Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault = fault
}

// StartLog begins to note down operations that change something.
func (f *FS) StartLog() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.logging, f.log = true, nil
}

// TakeLog returns the operations since StartLog or the last TakeLog, those that
// failed included.
func (f *FS) TakeLog() []Op {
	f.mu.Lock()
	defer f.mu.Unlock()
	ops := f.log
	f.log = nil
	return ops
}

// shortWrite tells file.Write that part of the bytes is to be written.
type shortWrite struct {
	written int
	err     error
}

func (s *shortWrite) Error() string { return s.err.Error() }

// do carries an operation out under the lock, unless a fault keeps it from that.
func (f *FS) do(op Op, effect func() error) error {
	outcome := f.outcome(op)
	switch {
	case outcome.Err != nil && outcome.Written > 0 && op.Kind == Write:
		return &shortWrite{outcome.Written, outcome.Err}
	case outcome.Err != nil && !outcome.After:
		return outcome.Err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := effect(); err != nil {
		return err
	}
	return outcome.Err
}

// outcome notes the operation down and asks what is to become of it.
func (f *FS) outcome(op Op) Outcome {
	f.mu.Lock()
	fault := f.fault
	if f.logging && op.Changes() {
		f.log = append(f.log, op)
	}
	f.mu.Unlock()
	if fault == nil {
		return Outcome{}
	}
	return fault(op)
}
