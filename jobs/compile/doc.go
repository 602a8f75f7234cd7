// Package compile turns a job file into a plan, and that into a logical graph.
//
// It goes over the document in three passes. The first reads every source,
// step and sink by itself: keys, kinds of values, syntax of expressions. The
// second connects them: who reads whom, in which order, and whether anybody
// reads what is made. The third follows that order and types everything,
// because a step's columns are known when those that it reads are.
//
// A pass does not end at a problem. What cannot be known because of one is left
// open and checked no further, so that all independent problems are reported at
// once and none is reported twice.
//
// What a step means, once it is read, is said by the nodes of jobs/plan. Their rules
// find problems, too, to which this package puts the places.
package compile
