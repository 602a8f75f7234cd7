package checkpoint

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestSleeperAmongDamage has an owner fall asleep before it decides a checkpoint,
// another one take over and delete what it no longer needs, and the slots of that one
// be damaged. Whoever wakes then decides nothing: it has lost, though the name of its
// slot is free and no slot behind it can be read.
func TestSleeperAmongDamage(t *testing.T) {
	free := 0
	whole := trial.Run(t, 200, func(c *trial.Case) {
		objects := objstore.NewMemory()
		sleeper := awake(c, objects)
		sleeper.until(c.T, stream.CheckpointID(1+c.Random.IntN(3)))
		for sleeper.c.phase != deciding {
			sleeper.next()
		}
		c.Describe(sleeper.c.Describe)
		decided, number := sleeper.c.decided, sleeper.c.decision.Number

		other := awake(c, objects)
		other.until(c.T, other.c.id+stream.CheckpointID(c.Random.IntN(5)))
		damageBehind(c, objects, number)
		there, err := store{objects}.there(ctx, slotName(number))
		if err != nil {
			c.Fatal(err)
		}
		for range 100 {
			sleeper.next()
		}
		ended := sleeper.ended
		if ended == nil || sleeper.c.decided != decided || !there && ended.Outcome != OutcomeLost {
			c.Errorf("its slot is there: %v; having decided checkpoint %d it ends with %v", there, decided, ended)
		}
		if !there {
			free++
		}
	})
	if whole && free < 50 {
		t.Errorf("too tame: the name of the slot was free %d times", free)
	}
}

// awake returns an owner at work.
func awake(c *trial.Case, objects *objstore.Memory) *drive {
	o := takeOver(c.T, objects, c.Random.Uint64())
	shows(o, &display{})
	return newDrive(rand.New(rand.NewPCG(c.Random.Uint64(), 1)), o)
}

// damageBehind damages all slots from a number on, in both copies.
func damageBehind(c *trial.Case, objects *objstore.Memory, from uint64) {
	numbers, _, err := store{objects}.slotNumbers(ctx)
	for _, number := range numbers {
		if number >= from {
			name := slotName(number)
			err = errors.Join(err, objstore.Put(ctx, objects, name, []byte("torn")), objstore.Put(ctx, objects, name+copySuffix, []byte("torn")))
		}
	}
	if err != nil {
		c.Fatal(err)
	}
}
