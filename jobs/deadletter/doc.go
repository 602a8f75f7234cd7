// Package deadletter takes up the dead letters that a job has written to files:
// it reads them, and feeds them to the job again.
//
// A [Box] is a folder of dead letters, as a file sink with the input
// X.dead_letter writes it. Feeding goes by whole files:
//
//	BOX/part-….csv          dead letters that wait
//	BOX/feeding/part-….csv  those of the round under way
//	BOX/feeding/state/      its checkpoints
//	BOX/fed/part-….csv      those that were fed
//
// A round moves files to feeding, runs the job over their records in the place of
// its input, and then moves them to fed. The job's only checkpoint is its last, so
// that a round that fails has written nothing; one that is killed is taken up by
// the next, and what the last checkpoint decided is committed then. So each letter
// is fed once, whatever happens in between.
//
// Records go through the decoder of their source as they were. Rows of a step go
// into that step. None of them is late: the watermark stays behind until all have
// passed.
package deadletter
