// Package checkpoint makes a job's results exactly-once: it takes consistent
// snapshots of a running job, decides which of them count, and makes sure that what
// sinks have prepared is shown exactly once, despite crashes, delays and second
// owners.
//
// # The log of slots
//
// Everything rests on one primitive of an object store: create an object only if its
// name is free. Slots are objects with consecutive numbers, each created once.
// Together they are a log that several owners cannot write at cross purposes:
//
//   - takeover: a new owner, with a generation one higher than any before it, resumes
//     from the checkpoint in the slot it names;
//   - checkpoint: the checkpoint whose manifest it names counts from now on;
//   - finished: the job has ended.
//
// An owner writes only to the slot right after its own last one. If that slot is
// taken, or there are others after it, somebody else has taken over, and the owner
// stops at once and leaves everything as it is. So a process that was thought dead
// and wakes up can do no harm: it cannot complete a checkpoint.
//
// # One checkpoint, top to bottom
//
//	barriers through the graph           Trigger
//	state objects, by each subtask       Owner.WriteObject, then Ack
//	manifest
//	slot                                 the moment of decision
//	manifest, again                      tells of the decision, should the slot be lost
//	subtasks are told                    Completed
//	commit of every sink                 idempotent; repeated after a crash
//	marker: committed
//	older checkpoints are deleted       never what a later owner may need (FORMAT.md, "Deleting")
//
// And one start: read the slots, check whether the last of them have been lost and
// whether the job fits, make the last slot durable, create the takeover slot
// ([TakeOver]); commit again what the last checkpoint decided, write its marker,
// abort what was never decided ([Owner.Recover]); delete garbage.
//
// # Savepoints
//
// A savepoint is one decided checkpoint in a store of its own, complete. [Look] finds the
// last checkpoint of a job that does not run, [Owner.Newest] is that of one that does, and
// [Taken.Save] writes it. [ReadSavepoint] and [Taken.Begin] have an empty store begin with
// it, so that TakeOver goes on from there.
//
// # Driving it
//
// The [Coordinator] is a state machine with no goroutine, clock or I/O of its own: a
// shell hands it events and carries out the effects that it returns.
//
//	owner, err := checkpoint.TakeOver(ctx, objects, checkpoint.Options{Job: "delays", Steps: steps, Retain: 2, Random: random})
//	if errors.Is(err, checkpoint.ErrFinished) {
//		return nil // the job has run already
//	}
//	// make the committers with owner.Run and owner.Generation; then, before anything is written:
//	err = owner.Recover(ctx, sinks)
//	// restore the subtasks from owner.Manifest (nil: a fresh start), with owner.OpenObject
//	c := checkpoint.NewCoordinator(owner, checkpoint.Timing{Interval: 10 * time.Second})
//	events <- checkpoint.Started{Now: clock.Now()}
//	for e := range events {
//		for _, effect := range c.Step(e) {
//			switch effect := effect.(type) {
//			case checkpoint.Trigger: // to every subtask of every source and to the enumerators
//			case checkpoint.Drain: // to the sources: end as if the input had ended
//			case checkpoint.Completed: // to all subtasks
//			case checkpoint.CheckpointTaken: // to whoever has asked for a checkpoint
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
//   - Every subtask, even a finished one, acknowledges or declines every checkpoint
//     for as long as the job runs; so does the enumerator of a source, as subtask
//     [Enumerator].
//   - A sink's subtask acknowledges everything that it has prepared since the last
//     Completed, not only since the last barrier. A checkpoint may be aborted after
//     its barrier, and what was prepared for it belongs to the next one. In the same
//     way, state deltas build on the last Completed.
//   - Sources that have sent a stop barrier still answer triggers, because that
//     checkpoint, too, may be aborted and tried again.
//   - Each Work runs once, in any order and at any time.
package checkpoint
