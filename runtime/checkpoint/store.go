package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
)

// The names of objects begin with one of these. Behind it, slots have their
// number, all others the generation and checkpoint that they belong to ([tag]).
const (
	slotPrefix     = "slots/"
	manifestPrefix = "manifests/"
	statePrefix    = "state/"
	markerPrefix   = "committed/"
)

// copySuffix ends the name of the second copy of a slot or manifest.
const copySuffix = ".copy"

// store is the objects of one job's checkpoints.
type store struct {
	objects objstore.Store
}

func slotName(number uint64) string { return fmt.Sprintf("%s%020d", slotPrefix, number) }

// tag is the part of a name that says which owner wrote an object, and for
// which checkpoint. No two owners share a generation, and no owner uses an id
// twice: names are written once.
func tag(generation uint64, id stream.CheckpointID) string {
	return fmt.Sprintf("g%d-c%d", generation, id)
}

// parseTag returns what the tag behind prefix in a name says.
func parseTag(name string) (generation uint64, id stream.CheckpointID, ok bool) {
	_, base, _ := strings.Cut(name, "/")
	n, err := fmt.Sscanf(base, "g%d-c%d", &generation, &id)
	return generation, id, n == 2 && err == nil
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

func stateName(generation uint64, id stream.CheckpointID, step string, subtask int) string {
	return fmt.Sprintf("%s%s-%s-%d", statePrefix, tag(generation, id), url.PathEscape(step), subtask)
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
	if errors.Is(err, objstore.ErrNotFound) {
		return nil, fmt.Errorf("%s: %w: it is missing", name, errDamaged)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return content, nil
}

// either returns what parse makes of an object or, where that is damaged, of
// its copy. The error is errDamaged only if both are.
func either[T any](s store, name, copied string, parse func(name string, content []byte) (T, error)) (T, error) {
	var reasons [2]error
	for i, n := range [2]string{name, copied} {
		content, err := s.get(n)
		if err == nil {
			var v T
			if v, err = parse(n, content); err == nil {
				return v, nil
			}
			err = fmt.Errorf("%s: %w", n, err)
		}
		if !errors.Is(err, errDamaged) {
			var none T
			return none, err
		}
		reasons[i] = err
	}
	var none T
	return none, fmt.Errorf("%w; %w", reasons[0], reasons[1])
}

// slot reads a slot, from either copy.
func (s store) slot(number uint64) (*slot, error) {
	name := slotName(number)
	return either(s, name, name+copySuffix, func(_ string, content []byte) (*slot, error) {
		return decodeSlot(number, content)
	})
}

// settle makes a slot durable that was read. Its owner may have died before it
// was, and then a power cut could take it from under the slots behind it.
func (s store) settle(number uint64) error {
	name := slotName(number)
	content, err := either(s, name, name+copySuffix, func(_ string, content []byte) ([]byte, error) {
		_, err := decodeSlot(number, content)
		return content, err
	})
	if err != nil {
		return err
	}
	if err := s.objects.Put(name+copySuffix, content); err != nil {
		return fmt.Errorf("%s: %w", name+copySuffix, err)
	}
	return nil
}

// manifest reads the manifest of a decided checkpoint, from either copy.
func (s store) manifest(decided *slot) (*Manifest, error) {
	ref := *decided.Manifest
	return either(s, ref.Name, decided.Copy, func(name string, content []byte) (*Manifest, error) {
		if refTo(ref.Name, content) != ref {
			return nil, damagef("it is not the manifest that slot %d names", decided.Number)
		}
		return decodeManifest(content)
	})
}

// putTwice stores an object and its copy.
func (s store) putTwice(name string, content []byte) error {
	if err := s.objects.Put(name, content); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := s.objects.Put(name+copySuffix, content); err != nil {
		return fmt.Errorf("%s: %w", name+copySuffix, err)
	}
	return nil
}

// errTaken says that a slot belongs to somebody else.
var errTaken = errors.New("another owner has taken over")

// createSlot creates a slot, then its copy. It fails with errTaken where the
// slot is another's. After any other error the slot may have been created, or
// may yet be: the caller may only try again with the same slot, or stop.
func (s store) createSlot(number uint64, content []byte) error {
	name := slotName(number)
	err := s.objects.Create(name, content)
	if err != nil && !errors.Is(err, objstore.ErrExists) {
		// The reply may have been lost: a second creation then finds the first.
		err = s.objects.Create(name, content)
	}
	if errors.Is(err, objstore.ErrExists) {
		err = s.ours(name, content)
	}
	if err == nil {
		err = s.stillLast(number)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := s.objects.Put(name+copySuffix, content); err != nil {
		return fmt.Errorf("%s: %w", name+copySuffix, err)
	}
	return nil
}

// stillLast returns errTaken if there are slots behind one that we have created.
// A slot's name can be free for two reasons: it was never taken, or it was and
// the slot has been deleted since. In the second case the log has gone on, and
// its last slot is never deleted: what we have created says nothing, and readers
// pass it over.
func (s store) stillLast(number uint64) error {
	numbers, err := s.slotNumbers()
	if err == nil && len(numbers) > 0 && numbers[len(numbers)-1] > number {
		return errTaken
	}
	return err
}

// ours returns errTaken unless the slot holds what we wrote: the nonce in it
// makes our bytes unlike any others'.
func (s store) ours(name string, content []byte) error {
	found, err := s.objects.Get(name)
	if err == nil && !bytes.Equal(found, content) {
		return errTaken
	}
	return err
}

// slotNumbers returns the numbers of all slots of which a copy is there, rising.
func (s store) slotNumbers() ([]uint64, error) {
	names, err := s.objects.List(slotPrefix)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", slotPrefix, err)
	}
	var numbers []uint64
	for _, name := range names {
		number, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimPrefix(name, slotPrefix), copySuffix), 10, 64)
		if err == nil {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), nil
}

func markerName(decided *slot) string {
	return markerPrefix + tag(decided.Generation, decided.Checkpoint)
}

// committed reports whether the marker of a decided checkpoint is there.
func (s store) committed(decided *slot) (bool, error) {
	_, err := s.objects.Get(markerName(decided))
	if errors.Is(err, objstore.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// mark writes the marker: all sinks have committed the checkpoint.
func (s store) mark(decided *slot) error {
	return s.objects.Put(markerName(decided), []byte("committed\n"))
}
