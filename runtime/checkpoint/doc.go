// Package checkpoint makes a job's results exactly-once: it takes consistent
// snapshots of a running job, decides which of them count, and has what sinks
// prepared shown exactly once, whatever crashes, delays and second owners do.
//
// # The log of slots
//
// Everything rests on one primitive of an object store: create an object only
// if its name is free. Slots are objects with consecutive numbers, each created
// once, so that together they are a log that several owners cannot write at
// cross purposes:
//
//   - takeover: a new owner, with a generation one higher than any before it,
//     goes on from the checkpoint in the slot it names;
//   - checkpoint: the checkpoint whose manifest it names counts from now on;
//   - finished: the job has come to its end.
//
// An owner writes only at the slot behind its own last one. Where that is taken,
// or others stand behind it, somebody else has taken over, and the owner stops at
// once and leaves everything as it is. So a process that was thought dead and
// wakes up cannot do harm: it can complete no checkpoint.
//
// # One checkpoint, top to bottom
//
//	barriers through the graph           Trigger
//	state objects, by each subtask       Owner.WriteObject, then Ack
//	manifest
//	slot                                 the moment of decision
//	manifest, again                      tells of the decision, should the slot be lost
//	subtasks are told                    Completed
//	commit of every sink                 idempotent; replayed after a crash
//	marker: committed
//	older checkpoints are deleted
//
// And one start: read the slots, look whether the last of them were lost, check
// that the job fits, make the last slot durable, create the takeover slot
// ([TakeOver]); commit again what the last checkpoint decided, write its marker,
// abort what was never decided ([Owner.Recover]); delete garbage.
//
// # Driving it
//
// The [Coordinator] is a state machine without goroutine, clock or I/O: a shell
// hands it events and carries out the effects it returns.
//
//	owner, err := checkpoint.TakeOver(objects, checkpoint.Options{Job: "delays", Steps: steps, Retain: 2, Random: random})
//	if errors.Is(err, checkpoint.ErrFinished) {
//		return nil // the job has run already
//	}
//	// make the committers with owner.Run and owner.Generation; then, before anything is written:
//	err = owner.Recover(ctx, sinks)
//	// restore the subtasks from owner.Manifest (nil: a fresh start), with owner.ReadObject
//	c := checkpoint.NewCoordinator(owner, checkpoint.Timing{Interval: 10 * time.Second})
//	events <- checkpoint.Started{Now: clock.Now()}
//	for e := range events {
//		for _, effect := range c.Step(e) {
//			switch effect := effect.(type) {
//			case checkpoint.Trigger: // to every subtask of every source and to the enumerators
//			case checkpoint.Drain: // to the sources: end as if the input had ended
//			case checkpoint.Completed: // to all subtasks
//			case checkpoint.Aborted: // to all subtasks, and to the log
//			case checkpoint.Warning: // to the log
//			case checkpoint.Work:
//				go func() { events <- effect.Do(ctx) }()
//			case checkpoint.Ended:
//				return effect.Err
//			}
//		}
//	}
//
// What the shell owes the coordinator:
//
//   - Every subtask acknowledges every checkpoint or declines it, finished ones
//     included, for as long as the job runs; the enumerator of a source does so,
//     too, as subtask [Enumerator].
//   - A sink's subtask acknowledges all that it has prepared since the last
//     Completed, not only since the last barrier. A checkpoint may be aborted
//     after its barrier, and what was prepared for it belongs to the next one.
//     In the same way state deltas build on the last Completed.
//   - Sources that have sent a stop barrier answer further triggers, because
//     that checkpoint, too, may be aborted and tried again.
//   - Works may run in any order and at any time, once each.
package checkpoint
