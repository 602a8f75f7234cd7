package checkpoint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// WriteObject stores a state object of a subtask, as write writes it, between the
// barrier of checkpoint id and the subtask's Ack. It may be called from any goroutine,
// and several times for one checkpoint. write is given the name of the object, for it to
// hold, and is called again where what it wrote was tidied away by another owner: it has
// to write the same.
func (o *Owner) WriteObject(
	ctx context.Context, id stream.CheckpointID, step string, subtask int, write func(name string, to io.Writer) error,
) (ObjectRef, error) {
	name := stateName(o.nonce, o.objects.Add(1), step, subtask)
	var s *summed
	err := objstore.Stream(ctx, o.store.objects, name, objstore.Replace, func(w io.Writer) error {
		s = newSummed(w)
		return write(name, s)
	})
	if err != nil {
		return ObjectRef{}, fmt.Errorf("checkpoint %d of %s-%d: %w", id, step, subtask, err)
	}
	return s.ref(name), nil
}

// OpenObject opens a state object of Manifest. What can be told without reading it has
// been checked: that it is there, and its length. If they are not what they should be,
// the error is a [DamagedError].
func (o *Owner) OpenObject(ctx context.Context, ref ObjectRef) (*Object, error) {
	o.reading.begin(ref.Name)
	r, err := o.store.open(ctx, ref)
	if err != nil {
		o.reading.end(ref.Name)
		return nil, o.damagedObject(ref, err)
	}
	return &Object{r, o, ref}, nil
}

// damagedObject makes damage to a state object that to our checkpoint. One that has been read
// for long may be of none that anybody goes on from: then nothing is lost.
func (o *Owner) damagedObject(ref ObjectRef, err error) error {
	if !errors.Is(err, errDamaged) {
		return err
	}
	if m := o.newest.Load(); m != nil && !needs([]*Manifest{m})[ref.Name] {
		return failure.Restart(fmt.Errorf("%w\nCheckpoint %d, which is newer, does not need it: start the job again", err, m.Checkpoint))
	}
	return o.damaged(o.decided.Checkpoint, err)
}

// Object is a state object that is open for reading. Who reads it relies on the checksums
// inside, and reports what they find by Damaged. It is not collected before it is closed,
// though no checkpoint needs it any more.
type Object struct {
	objstore.Reader
	owner *Owner
	ref   ObjectRef
}

// Close ends reading. It is called once.
func (b *Object) Close() error {
	b.owner.reading.end(b.ref.Name)
	return b.Reader.Close()
}

// ReadAt reads a range; it fails with a [DamagedError] where the object has gone.
func (b *Object) ReadAt(p []byte, offset int64) (int, error) {
	n, err := b.Reader.ReadAt(p, offset)
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, b.owner.damagedObject(b.ref, whyUnread(b.ref.Name, err))
}

// ReadNow reads a range where that needs no waiting, and reports whether it did; otherwise it
// may have the range brought here. The store may not be able to.
func (b *Object) ReadNow(p []byte, offset int64) bool {
	now, ok := b.Reader.(interface {
		ReadNow(p []byte, offset int64) bool
	})
	return ok && now.ReadNow(p, offset)
}

// Damaged returns the [DamagedError] for what a reader has found wrong in the bytes of
// the object: it names the object and says what to do.
func (b *Object) Damaged(reason error) error {
	return b.owner.damagedObject(b.ref, fmt.Errorf("%s: %w: %w", b.ref.Name, errDamaged, reason))
}

// open opens the object that a reference names, if its length is what the reference
// says.
func (s store) open(ctx context.Context, ref ObjectRef) (objstore.Reader, error) {
	r, err := s.objects.Open(ctx, ref.Name)
	if err != nil {
		return nil, whyUnread(ref.Name, err)
	}
	if r.Size() != ref.Length {
		_ = r.Close() // what is wrong is known
		return nil, fmt.Errorf("%s: %w: %d bytes instead of %d", ref.Name, errDamaged, r.Size(), ref.Length)
	}
	return r, nil
}

// verify reads the object that a reference names and checks that it is still what the
// reference says.
func (s store) verify(ctx context.Context, ref ObjectRef) error {
	r, err := s.open(ctx, ref)
	if err != nil {
		return err
	}
	defer r.Close()
	found := newSummed(io.Discard)
	if _, err := io.Copy(found, io.NewSectionReader(r, 0, ref.Length)); err != nil {
		return whyUnread(ref.Name, err)
	}
	return ref.check(found.ref(ref.Name))
}

// check compares what a reference says with what was found.
func (r ObjectRef) check(found ObjectRef) error {
	if found != r {
		return fmt.Errorf("%s: %w: its SHA-256 is not the one recorded", r.Name, errDamaged)
	}
	return nil
}

// summed counts and sums what it passes on.
type summed struct {
	to     io.Writer
	length int64
	sum    hash.Hash
}

func newSummed(to io.Writer) *summed { return &summed{to: to, sum: sha256.New()} }

// Write implements io.Writer.
func (s *summed) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	s.length += int64(n)
	s.sum.Write(p[:n])
	return n, err
}

// ref returns the reference to an object with the bytes that were passed on.
func (s *summed) ref(name string) ObjectRef {
	return ObjectRef{Name: name, Length: s.length, SHA256: hex.EncodeToString(s.sum.Sum(nil))}
}

// refTo returns the reference to an object with the given bytes.
func refTo(name string, content []byte) ObjectRef {
	s := newSummed(io.Discard)
	_, _ = s.Write(content)
	return s.ref(name)
}
