// Package master runs a job: it takes over the job's checkpoints, has its chains
// built in the state of the last checkpoint, and drives the checkpoint coordinator
// and the enumerators of sources until the job ends.
//
// The master is an actor beside the chains (runtime/task) and commands them by
// message; the comment of package task has the protocol. [Start] runs a job on
// goroutines, [On] on any other host.
package master
