// Package task is the chain: the actor that runs one subtask of a chain of steps,
// from its head, a source or an inbox, to its end. It is a worker: the master
// (runtime/master) says what to do.
//
// # What a chain and its master owe each other
//
// They share no memory and do not call each other. A chain takes commands ([Command],
// by [Chain.Post]) and gives reports ([Report], to the function it was built with).
// All are plain data that another process could send as well; messages.go lists them.
// In the course of a job:
//
//	master                                      chain
//	Assign: these splits, go on there  ──────▶  reads them
//	                                   ◀──────  SplitFinished: this one is at its end
//	Assign: what follows is handed out ──────▶  lets its watermark go
//	Trigger: this barrier              ──────▶  at a source: barrier into the graph
//	                                   ◀──────  Acknowledged: this subtask's share is durable
//	Completed: that checkpoint counts  ──────▶  builds on it; operators are told
//	                                   ◀──────  Told: so does the source's reader now
//	                                   ◀──────  Fronted: so far has the source come
//	Align: not beyond that             ──────▶  reads nothing on that is later
//	Drain: as if your input had ended  ──────▶  at a source: sends on what is taken in, ends
//	                                   ◀──────  Ended: this subtask has nothing left to do
//
// The master owes a chain:
//
//   - An Assign for every source before its first Trigger, even one without splits,
//     and each split to one subtask only.
//   - The splits that follow one which has ended, to the same subtask, before or with the
//     word that they are handed out: until then the chain keeps its watermark.
//   - Trigger, Completed and Drain in the order in which they were decided, Trigger
//     and Drain only to chains of sources ([Chain.Source]).
//
// A chain owes the master:
//
//   - One Acknowledged for each of its steps and each barrier that reached it, for as
//     long as it is stepped, even after Ended and after a barrier that stops the job.
//     If its share could not be made durable, the message has an Err.
//   - A SplitFinished for each split that it reads to the end, after the split's rows
//     have left the source. It forgets the split when a Trigger says so.
//   - Errors of a component as the error of its Step, which ends the job; never as a
//     report.
//
// # How a chain works
//
// It is worked off from its end: a node runs only while its consumers keep up. The
// head takes in one element at a time, so that a barrier never waits behind more than
// one call's worth of rows. source.go reads, rows.go brings what was read into the
// job, split.go and idle.go follow the event time of splits, share.go makes a node's
// share of a checkpoint and restore.go restores from one.
package task
