// Package master runs a job: it takes over the job's checkpoints, has its chains
// built where the last checkpoint left them, and is the shell of the checkpoint
// coordinator and of the enumerators of sources until the job ends.
//
// The master is an actor beside the chains (runtime/task), which it commands by
// messages; the comment of package task has the protocol. [Start] puts a job on
// goroutines, [On] on any other host.
package master
