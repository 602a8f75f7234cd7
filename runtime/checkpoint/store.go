package checkpoint

import (
	"crypto/sha256"
	"encoding/hex"
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

// refTo returns the reference to an object with the given bytes.
func refTo(name string, content []byte) ObjectRef {
	sum := sha256.Sum256(content)
	return ObjectRef{Name: name, Length: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

// read returns the object that a reference names, if it is still what the
// reference says.
func (s store) read(ref ObjectRef) ([]byte, error) {
	content, err := s.get(ref.Name)
	if err != nil {
		return nil, err
	}
	if int64(len(content)) != ref.Length {
		return nil, fmt.Errorf("%s: %w: %d bytes instead of %d", ref.Name, errDamaged, len(content), ref.Length)
	}
	if refTo(ref.Name, content).SHA256 != ref.SHA256 {
		return nil, fmt.Errorf("%s: %w: its SHA-256 is not the one recorded", ref.Name, errDamaged)
	}
	return content, nil
}

// get reads an object that must be there.
func (s store) get(name string) ([]byte, error) {
	content, err := s.objects.Get(name)
	switch {
	case errors.Is(err, objstore.ErrNotFound):
		return nil, fmt.Errorf("%s: %w: it is missing", name, errDamaged)
	case errors.Is(err, objstore.ErrBlocked): // whatever was there, it is no more
		return nil, fmt.Errorf("%s: %w: %w", name, errDamaged, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return content, nil
}

// there reports whether an object is there.
func (s store) there(name string) (bool, error) {
	_, err := s.objects.Get(name)
	if errors.Is(err, objstore.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	return true, nil
}

// put stores an object.
func (s store) put(name string, content []byte) error {
	if err := s.objects.Put(name, content); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// either returns the bytes of an object or, where check finds them damaged, of
// its copy. The error is errDamaged only if both are.
func (s store) either(name, copied string, check func(content []byte) error) ([]byte, error) {
	var reasons [2]error
	for i, n := range [2]string{name, copied} {
		content, err := s.get(n)
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
func (s store) manifestBytes(decided *slot) ([]byte, error) {
	ref := *decided.Manifest
	return s.either(ref.Name, decided.Copy, func(content []byte) error {
		if refTo(ref.Name, content) != ref {
			return damagef("it is not the manifest that slot %d names", decided.Number)
		}
		return nil
	})
}

func (s store) manifest(decided *slot) (*Manifest, error) {
	content, err := s.manifestBytes(decided)
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
func (s store) mendManifest(decided *slot) error {
	content, err := s.manifestBytes(decided)
	if err != nil {
		return err
	}
	for _, name := range []string{decided.Manifest.Name, decided.Copy} {
		if found, err := s.objects.Get(name); err == nil && string(found) == string(content) {
			continue
		}
		if err := s.put(name, content); err != nil {
			return err
		}
	}
	return nil
}

// committed reports whether the marker of a decided checkpoint is there.
func (s store) committed(decided *slot) (bool, error) { return s.there(markerName(decided)) }

// writeMarker writes the marker: all sinks have committed the checkpoint.
func (s store) writeMarker(decided *slot) error {
	return s.objects.Put(markerName(decided), []byte("committed\n"))
}
