package checkpoint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
)

// This file is how slots are read and created, one at a time; history.go reads
// the log as a whole.

// slot reads a slot, from either copy.
func (s store) slot(ctx context.Context, number uint64) (*slot, error) {
	content, err := s.slotBytes(ctx, number)
	if err != nil {
		return nil, err
	}
	return decodeSlot(number, content)
}

func (s store) slotBytes(ctx context.Context, number uint64) ([]byte, error) {
	name := slotName(number)
	return s.either(ctx, name, name+copySuffix, func(content []byte) error {
		_, err := decodeSlot(number, content)
		return err
	})
}

// slotNumbers returns the numbers of all slots of which a copy is there, rising,
// and the names beside them that are no slot's.
func (s store) slotNumbers(ctx context.Context) (numbers []uint64, odd []string, err error) {
	names, err := s.objects.List(ctx, slotPrefix)
	if err != nil {
		return nil, nil, fmt.Errorf("list %s: %w", slotPrefix, err)
	}
	for _, name := range names {
		if number, ok := parseSlotName(withoutFolder(name)); ok {
			numbers = append(numbers, number)
		} else {
			odd = append(odd, name)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), odd, nil
}

// withoutFolder returns the name that a slot would have in place of a folder which
// something is listed in, or of an empty one: such a slot cannot be read.
func withoutFolder(name string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(name, slotPrefix), "/")
	return slotPrefix + first
}

// settle makes the last slot durable, in both copies. Its owner may have died
// before it was, and then a power cut could take it from under those behind it.
func (s store) settle(ctx context.Context, last *slot) error {
	if last.Number == 0 {
		return nil
	}
	name := slotName(last.Number)
	content, err := s.slotBytes(ctx, last.Number)
	if err != nil {
		return err
	}
	there, err := s.there(ctx, name)
	if err == nil && !there {
		// The name is the lock: where only the copy is left, nobody may get it.
		err = objstore.Create(ctx, s.objects, name, content)
	}
	if err != nil && !errors.Is(err, objstore.ErrExists) {
		return fmt.Errorf("%s: %w", name, err)
	}
	return s.put(ctx, name+copySuffix, content)
}

// errTaken says that a slot belongs to somebody else.
var errTaken = errors.New("another owner has taken over")

// createSlot creates a slot, then its copy. It fails with errTaken where the
// slot is another's. After any other error the slot may have been created, or
// may yet be: the caller may only try again with the same slot, or stop.
func (s store) createSlot(ctx context.Context, n *slot) error {
	content, err := seal("slot", n)
	if err != nil {
		return err
	}
	name := slotName(n.Number)
	if err := s.claimName(ctx, n, name, content); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return s.put(ctx, name+copySuffix, content)
}

// claimName returns once a slot's name is ours and nobody's stands behind it.
func (s store) claimName(ctx context.Context, n *slot, name string, content []byte) error {
	err := objstore.Create(ctx, s.objects, name, content)
	if err != nil && !errors.Is(err, objstore.ErrExists) {
		// The reply may have been lost: a second creation then finds the first.
		err = objstore.Create(ctx, s.objects, name, content)
	}
	if errors.Is(err, objstore.ErrExists) {
		err = s.ours(ctx, n.Number, content)
	}
	if err != nil {
		return err
	}
	_, err = s.behind(ctx, n)
	return err
}

// ours returns errTaken unless the slot holds what we wrote: the nonce in it
// makes our bytes unlike any others'. Where a name is taken by what cannot be
// read there is no telling whose it is, and no way past it.
func (s store) ours(ctx context.Context, number uint64, content []byte) error {
	found, err := s.slotBytes(ctx, number)
	switch {
	case err == nil && bytes.Equal(found, content):
		return nil
	case err == nil:
		return errTaken
	case !errors.Is(err, errDamaged):
		return err
	}
	if there, thereErr := s.there(ctx, slotName(number)); thereErr != nil && !errors.Is(thereErr, objstore.ErrBlocked) {
		return thereErr
	} else if !there && thereErr == nil {
		return errTaken // it was there and has been deleted: the log has gone on
	}
	return failure.Fatal(fmt.Errorf("the name is taken by something that is not a slot: %w; nothing can be decided "+
		"before that is restored from a copy or, if it is not this job's, moved away", err))
}

// behind returns errTaken if another owner's slots stand behind one that we have
// created. A slot's name can be free for two reasons: it was never taken, or it
// was and the slot has been deleted since. In the second case the log has gone
// on, and its last slot is never deleted: what we have created says nothing, and
// readers pass it over.
//
// What stands there and cannot be read is returned as strays. It is no other
// owner's if nothing else is either: one that has got so far that slots were
// deleted has written objects.
func (s store) behind(ctx context.Context, n *slot) (strays []unreadable, err error) {
	numbers, _, err := s.slotNumbers(ctx)
	if err != nil {
		return nil, err
	}
	for _, number := range slices.Backward(numbers) {
		if number <= n.Number {
			break
		}
		switch _, err := s.slot(ctx, number); {
		case err == nil:
			return nil, errTaken
		case !errors.Is(err, errDamaged):
			return nil, err
		default:
			strays = append(strays, unreadable{number, err})
		}
	}
	if strays == nil {
		return nil, nil
	}
	t, err := s.traces(ctx, n)
	if err == nil && t.generation > n.Generation {
		err = errTaken
	}
	return strays, err
}
