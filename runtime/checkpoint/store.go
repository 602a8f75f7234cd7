package checkpoint

import (
	"context"
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/env/objstore"
)

// store is the objects of one job's checkpoints.
type store struct {
	objects objstore.Store
}

// where names the store in errors, as those who read them know it.
func (s store) where() string {
	if place, ok := s.objects.(fmt.Stringer); ok {
		return "checkpoints in " + place.String()
	}
	return "checkpoints"
}

// inPlace adds to an error of the store where that is, if it can be told.
func (s store) inPlace(err error) error {
	if _, ok := s.objects.(fmt.Stringer); !ok || err == nil {
		return err
	}
	return fmt.Errorf("%s: %w", s.where(), err)
}

// damagef returns an error about stored bytes that are not what they should be.
func damagef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errDamaged, fmt.Sprintf(format, args...))
}

// get reads an object that must be there.
func (s store) get(ctx context.Context, name string) ([]byte, error) {
	content, err := objstore.Get(ctx, s.objects, name)
	if err != nil {
		return nil, whyUnread(name, err)
	}
	return content, nil
}

// whyUnread makes the error with which an object that must be there could not be read
// damage, if that is what it says.
func whyUnread(name string, err error) error {
	switch {
	case errors.Is(err, objstore.ErrNotFound):
		return fmt.Errorf("%s: %w: it is missing", name, errDamaged)
	case errors.Is(err, objstore.ErrBlocked): // whatever was there, it is no more
		return fmt.Errorf("%s: %w: %w", name, errDamaged, err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// there reports whether an object is there.
func (s store) there(ctx context.Context, name string) (bool, error) {
	_, err := s.objects.Stat(ctx, name)
	if errors.Is(err, objstore.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	return true, nil
}

// put stores an object.
func (s store) put(ctx context.Context, name string, content []byte) error {
	if err := objstore.Put(ctx, s.objects, name, content); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// either returns the bytes of an object or, where check finds them damaged, of
// its copy. The error is errDamaged only if both are.
func (s store) either(ctx context.Context, name, copied string, check func(content []byte) error) ([]byte, error) {
	var reasons [2]error
	for i, n := range [2]string{name, copied} {
		content, err := s.get(ctx, n)
		if err == nil {
			if err = check(content); err == nil {
				return content, nil
			}
			err = fmt.Errorf("%s: %w", n, err)
		}
		if !errors.Is(err, errDamaged) {
			return nil, err
		}
		reasons[i] = err
	}
	return nil, fmt.Errorf("%w; %w", reasons[0], reasons[1])
}

// manifestBytes reads the manifest of a decided checkpoint, from either copy.
func (s store) manifestBytes(ctx context.Context, decided *slot) ([]byte, error) {
	ref := *decided.Manifest
	return s.either(ctx, ref.Name, decided.Copy, func(content []byte) error {
		if refTo(ref.Name, content) != ref {
			return damagef("it is not the manifest that slot %d names", decided.Number)
		}
		return nil
	})
}

func (s store) manifest(ctx context.Context, decided *slot) (*Manifest, error) {
	content, err := s.manifestBytes(ctx, decided)
	if err != nil {
		return nil, err
	}
	m, err := decodeManifest(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", decided.Manifest.Name, err)
	}
	return m, nil
}

// mendManifest stores whichever copy of a decided checkpoint's manifest is
// damaged or missing. The second is missing where the owner died right behind
// the slot.
func (s store) mendManifest(ctx context.Context, decided *slot) error {
	content, err := s.manifestBytes(ctx, decided)
	if err != nil {
		return err
	}
	for _, name := range []string{decided.Manifest.Name, decided.Copy} {
		if found, err := objstore.Get(ctx, s.objects, name); err == nil && string(found) == string(content) {
			continue
		}
		if err := s.put(ctx, name, content); err != nil {
			return err
		}
	}
	return nil
}

// committed reports whether the marker of a decided checkpoint is there.
func (s store) committed(ctx context.Context, decided *slot) (bool, error) {
	return s.there(ctx, markerName(decided))
}

// writeMarker writes the marker: all sinks have committed the checkpoint.
func (s store) writeMarker(ctx context.Context, decided *slot) error {
	return objstore.Put(ctx, s.objects, markerName(decided), []byte("committed\n"))
}
