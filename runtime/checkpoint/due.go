package checkpoint

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/weirstream/weir/runtime/stream"
)

// Due is what was prepared for a sink by one checkpoint, and is to be committed.
type Due struct {
	Checkpoint stream.CheckpointID `json:"checkpoint"`
	// Pending is what the subtasks prepared: by subtask, and for each in the order of
	// preparation.
	Pending []stream.Pending `json:"pending,omitempty"`
	// In holds what is too large for a manifest; it comes behind Pending.
	In []ObjectRef `json:"in,omitempty"`
}

func (d Due) empty() bool { return len(d.Pending) == 0 && len(d.In) == 0 }

// bytes is how much of a manifest it takes.
func (d Due) bytes() (n int) {
	for _, p := range d.Pending {
		n += len(p)
	}
	return n
}

// due returns what a checkpoint holds for a sink, oldest first: what it carries, and what
// was prepared for it.
func (m *Manifest) due(sink string) []Due {
	s := m.Step(sink)
	if s == nil {
		return nil
	}
	all := s.Carried[:len(s.Carried):len(s.Carried)]
	own := Due{Checkpoint: m.Checkpoint}
	for _, e := range s.Subtasks {
		for _, p := range e.Pending {
			if len(p) > 0 {
				own.Pending = append(own.Pending, p)
			}
		}
		own.In = append(own.In, e.PendingIn...)
	}
	if !own.empty() {
		all = append(all, own)
	}
	return all
}

// Due returns of how many checkpoints output is to be committed for a sink, unless it is known
// to be.
func (m *Manifest) Due(sink string) int { return len(m.due(sink)) }

// slimBytes is how much a subtask may have prepared for it to stand in the manifest.
const slimBytes = 64 << 10

// Slim moves what a subtask of a sink has prepared into an object, if it is too large for
// a manifest. It is called before the Ack, from any goroutine.
func (o *Owner) Slim(ctx context.Context, id stream.CheckpointID, step string, subtask int, e *Entry) error {
	if (Due{Pending: e.Pending}).bytes() <= slimBytes {
		return nil
	}
	ref, err := o.WriteObject(ctx, id, step, subtask, func(_ string, to io.Writer) error { return writePending(to, e.Pending) })
	if err != nil {
		return err
	}
	e.Pending, e.PendingIn = nil, []ObjectRef{ref}
	return nil
}

// writePending writes each with its length before it.
func writePending(to io.Writer, pending []stream.Pending) error {
	for _, p := range pending {
		if _, err := to.Write(binary.AppendUvarint(nil, uint64(len(p)))); err != nil {
			return err
		}
		if _, err := to.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// readPending is the inverse of writePending.
func readPending(content []byte) (pending []stream.Pending, err error) {
	for len(content) > 0 {
		length, n := binary.Uvarint(content)
		if n <= 0 || length > uint64(len(content)-n) {
			return nil, errors.New("it ends in the middle")
		}
		if length > 0 {
			pending = append(pending, content[n:n+int(length)])
		}
		content = content[n+int(length):]
	}
	return pending, nil
}

// pending returns all that is due, read from where it is.
func (s store) pending(ctx context.Context, d Due) ([]stream.Pending, error) {
	all := d.Pending[:len(d.Pending):len(d.Pending)]
	for _, ref := range d.In {
		content, err := s.whole(ctx, ref)
		if err != nil {
			return nil, err
		}
		some, err := readPending(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %w", ref.Name, errDamaged, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// whole reads an object, if it is what its reference says.
func (s store) whole(ctx context.Context, ref ObjectRef) ([]byte, error) {
	r, err := s.open(ctx, ref)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content := bytes.NewBuffer(make([]byte, 0, ref.Length))
	if _, err := io.Copy(content, io.NewSectionReader(r, 0, ref.Length)); err != nil {
		return nil, whyUnread(ref.Name, err)
	}
	return content.Bytes(), ref.check(refTo(ref.Name, content.Bytes()))
}
