package checkpoint_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
)

// shop is a sink that shows what it is told to commit.
type shop struct{}

func (shop) Commit(_ context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	fmt.Printf("commit of checkpoint %d: %s\n", id, pending)
	return nil
}

func (shop) Abort(context.Context) error { return nil }

// One checkpoint of a job with a source and a sink, and what the next owner finds.
// The shell of a coordinator hands it events and carries out its effects; a real one
// sends barriers through the job and does the works in the background.
func Example() {
	objects := objstore.NewMemory()
	options := checkpoint.Options{
		Job: "delays", Retain: 2, Random: rand.New(rand.NewPCG(1, 2)),
		Steps: []checkpoint.StepInfo{{ID: "in", Parallelism: 1, Source: true}, {ID: "out", Parallelism: 1, Sink: true}},
	}
	ctx := context.Background()
	owner, err := checkpoint.TakeOver(ctx, objects, options)
	if err == nil {
		err = owner.Recover(ctx, []checkpoint.Sink{{ID: "out", Committer: shop{}}})
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	c := checkpoint.NewCoordinator(owner, checkpoint.Timing{Interval: 10 * time.Second})
	begin := time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC)
	events := []checkpoint.Event{checkpoint.Started{Now: begin}, checkpoint.Tick{Now: begin.Add(10 * time.Second)}}
	for len(events) > 0 {
		var effects []checkpoint.Effect
		effects, events = c.Step(events[0]), events[1:]
		for _, effect := range effects {
			switch effect := effect.(type) {
			case checkpoint.Trigger:
				id := effect.Barrier.ID
				fmt.Println("barrier of checkpoint", id)
				events = append(events,
					checkpoint.Ack{Checkpoint: id, Step: "in", Subtask: checkpoint.Enumerator, Entry: checkpoint.Entry{Enumerator: []byte("1 file")}},
					checkpoint.Ack{Checkpoint: id, Step: "in", Subtask: 0, Entry: checkpoint.Entry{Meta: []byte(`"byte 4096"`)}},
					checkpoint.Ack{Checkpoint: id, Step: "out", Subtask: 0, Entry: checkpoint.Entry{Pending: []stream.Pending{[]byte("part-1.csv")}}})
			case checkpoint.Completed:
				fmt.Printf("checkpoint %d counts\n", effect.ID)
			case checkpoint.Work:
				events = append(events, effect.Do(ctx))
			}
		}
	}

	next, err := checkpoint.TakeOver(ctx, objects, options)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("owner %d goes on from checkpoint %d: in was at %s\n",
		next.Generation, next.Manifest.Checkpoint, next.Manifest.Step("in").Subtasks[0].Meta)
	// Output:
	// barrier of checkpoint 1
	// checkpoint 1 counts
	// commit of checkpoint 1: [part-1.csv]
	// owner 2 goes on from checkpoint 1: in was at "byte 4096"
}
