package task

import (
	"errors"
	"io"
	"sync/atomic"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// state restores the part of a step's state that lies in a key range. It reads no more
// of the objects of the step than that, and where memory has no room for it only what
// says where rows are: those are read when they are needed.
func (b *builder) state(step string, r keyrange.Range) (*state.Backend, error) {
	entries := b.entries(step)
	var s stored
	defer s.close()
	for i, e := range entries {
		if len(e.Objects) == 0 || !keyrange.Of(i, len(entries)).Overlaps(r) {
			continue
		}
		if err := s.open(b, e.Objects); err != nil {
			return nil, err
		}
	}
	backend, err := b.Tier.Restore(r, s.chains, b.background("rows of "+step))
	if err != nil {
		return nil, s.explain(err)
	}
	if b.Pool.Checked() {
		backend.CheckRows()
	}
	return backend, nil
}

// stored is the objects that state is restored from, by old subtask.
type stored struct {
	chains [][]state.Object
	files  [][]*storedObject
}

// storedObject is an object that is open: for the restore, and as long as rows are read
// from it behind that.
type storedObject struct {
	*checkpoint.Object
	users atomic.Int32
}

var _ env.NowReader = (*storedObject)(nil) // by what it embeds

// open opens the objects of an old subtask.
func (s *stored) open(b *builder, refs []checkpoint.ObjectRef) error {
	last := len(s.chains)
	s.chains, s.files = append(s.chains, nil), append(s.files, nil)
	for _, ref := range refs {
		object, err := b.Owner.OpenObject(b.ctx, ref)
		if err != nil {
			return err
		}
		file := &storedObject{Object: object}
		file.users.Store(1)
		s.files[last] = append(s.files[last], file)
		s.chains[last] = append(s.chains[last], state.Object{
			Name: ref.Name, Content: file, Size: ref.Length, Hold: file.hold, Explain: file.explain,
		})
	}
	return nil
}

// unreadable is an error of reading, and not of what was read.
type unreadable struct{ error }

// Unwrap returns the reason.
func (u unreadable) Unwrap() error { return u.error }

// ReadAt reads a range.
func (o *storedObject) ReadAt(p []byte, offset int64) (int, error) {
	n, err := o.Object.ReadAt(p, offset)
	if err != nil && err != io.EOF {
		err = unreadable{err}
	}
	return n, err
}

// explain makes what went wrong with rows of an object an error about that: it could not be
// read or, if it was, its bytes are not what they should be.
func (o *storedObject) explain(err error) error {
	var failed unreadable
	if errors.As(err, &failed) {
		return failed.error
	}
	return o.Damaged(err)
}

// hold keeps the object open.
func (o *storedObject) hold() (release func()) {
	o.users.Add(1)
	return o.release
}

func (o *storedObject) release() {
	if o.users.Add(-1) == 0 {
		_ = o.Close() // it was only read
	}
}

// explain makes an error of a restore one about the object that is at fault.
func (s *stored) explain(err error) error {
	var at *state.ObjectError
	if !errors.As(err, &at) {
		return err
	}
	return s.files[at.Chain][at.Object].explain(at.Err)
}

func (s *stored) close() {
	for _, files := range s.files {
		for _, file := range files {
			file.release()
		}
	}
}
