package task

import (
	"errors"
	"io"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// state restores the part of a step's state that lies in a key range. It reads no more
// of the objects of the step than that.
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
	backend, err := state.Restore(r, s.chains)
	if err != nil {
		return nil, s.explain(err)
	}
	if b.Pool.Checked() {
		backend.CheckRows()
	}
	if b.Tier != nil {
		backend.SetTier(b.Tier, b.background("rows of "+step))
	}
	return backend, nil
}

// stored is the objects that state is restored from, by old subtask.
type stored struct {
	chains [][]state.Object
	files  [][]*storedObject
}

// storedObject is an object that is open, and what went wrong with reading it.
type storedObject struct {
	*checkpoint.Object
	failed error
}

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
		s.files[last] = append(s.files[last], file)
		s.chains[last] = append(s.chains[last], state.Object{Content: file, Size: ref.Length})
	}
	return nil
}

// ReadAt reads a range.
func (o *storedObject) ReadAt(p []byte, offset int64) (int, error) {
	n, err := o.Object.ReadAt(p, offset)
	if err != nil && err != io.EOF {
		o.failed = err
	}
	return n, err
}

// explain makes an error of a restore one about the object that is at fault: it could
// not be read or, if it was, its bytes are not what they should be.
func (s *stored) explain(err error) error {
	var at *state.ObjectError
	if !errors.As(err, &at) {
		return err
	}
	file := s.files[at.Chain][at.Object]
	if file.failed != nil {
		return file.failed
	}
	return file.Damaged(at.Err)
}

func (s *stored) close() {
	for _, files := range s.files {
		for _, file := range files {
			_ = file.Close() // it was only read
		}
	}
}
