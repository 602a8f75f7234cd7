// Package statetest is what every state backend must survive: random operations
// on random tables of several subtasks, with freezes, completed and abandoned
// checkpoints, crashes, restores and changes of parallelism at random points,
// compared with plain Go maps.
//
// Deltas, collisions of hashes, every type and encoding of key and sub-key, nulls,
// deletions, strings of every size, rows in order, cursors that outlast what they were
// taken from, rows that come up by time, rows that expire by clocks that the subtasks do
// not agree on, rows that move at Release, and checkpoints that are written a piece at a
// time while the owner goes on are in it. What it leaves out: encoding on other
// goroutines, damage to objects and speed, which the packages test for themselves.
package statetest
