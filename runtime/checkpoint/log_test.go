package checkpoint

import (
	"fmt"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// soundLog lets a few owners decide checkpoints, and returns the last slot and the
// last checkpoint.
func soundLog(c *trial.Case, objects *objstore.Memory) (last uint64, id stream.CheckpointID) {
	for range 1 + c.Random.IntN(3) {
		owner := takeOver(c.T, objects, c.Random.Uint64())
		last = owner.takeover.Number
		for i := range stream.CheckpointID(c.Random.IntN(4)) {
			id = owner.takeover.Checkpoint + i + 1
			last = decide(c.T, owner, id)
		}
	}
	return last, id
}

// decide decides a checkpoint of an owner that is alone, as its coordinator does.
func decide(t *testing.T, o *Owner, id stream.CheckpointID) uint64 {
	t.Helper()
	m, _ := o.blank(id)
	content, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	name := manifestName(o.Generation, id)
	ref := refTo(name, content)
	h, err := o.store.history(ctx)
	if err != nil {
		t.Fatal(err)
	}
	last, _, err := h.last(ctx)
	if err != nil {
		t.Fatal(err)
	}
	decision := o.slotAfter(last, checkpointSlot, id)
	decision.Manifest, decision.Copy = &ref, name+copySuffix
	for _, step := range []func() error{
		func() error { return o.store.put(ctx, name, content) },
		func() error { return o.store.createSlot(ctx, decision) },
		func() error { return o.store.put(ctx, decision.Copy, content) },
		func() error { return o.store.writeMarker(ctx, decision) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return decision.Number
}

// scatter puts objects among the slots that are none, and returns their names.
func scatter(c *trial.Case, objects *objstore.Memory, last uint64) (names []string) {
	far := []uint64{last + 1, last + 2, last + 3, 1000, 1_000_000, 1 << 40, greatest - 1, greatest, greatest + 1, 1 << 63, 1<<64 - 1}
	for range 1 + c.Random.IntN(4) {
		name := slotName(far[c.Random.IntN(len(far))])
		switch c.Random.IntN(6) {
		case 0: // without its zeros
			name = fmt.Sprintf("%s%d", slotPrefix, 1+c.Random.IntN(int(last)+3))
		case 1:
			name += copySuffix
		case 2:
			name = slotPrefix + "0" + name[len(slotPrefix):]
		}
		content := []byte("nonsense")[:c.Random.IntN(9)]
		if c.Random.IntN(3) == 0 {
			content, _ = objstore.Get(ctx, objects, slotName(last))
		}
		if err := objstore.Put(ctx, objects, name, content); err != nil {
			c.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}
