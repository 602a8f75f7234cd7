// Package optest is the harness for operators. What an operator puts out must not
// depend on how its input was cut into batches, how much it may emit in one call,
// when its output was full, or whether it was stopped and restored on the way;
// [Verify] runs one stream in all these ways and compares. [Scripts] runs
// operators from text files that tell a story and hold the output that was
// reviewed.
//
// What every operator goes through in Verify:
//
//   - batches as given, a batch per row, one batch of all rows between two other
//     elements, and random cuts;
//   - columns that are plain, and columns that are dictionary-encoded or constant
//     under a selection that leaves out rows the operator must not see; beneath
//     nulls there is any value;
//   - an input that becomes idle behind a watermark and wakes before the next rows;
//   - a budget of one row, and a large one;
//   - an emitter that is full at every other question;
//   - a checkpoint after every element and between any two calls of Resume, of
//     which each, or every third (so that deltas build up), is restored into a new
//     instance; only an operator that holds rows, a [stream.Holder], is spared until
//     they have left;
//   - for operators with keys, three subtasks instead of one, and a change from one
//     to three to two on the way.
//
// After every call it checks the counters' invariant, that no more rows than the
// budget left, and that their batches are sound; after every element, that output
// comes to an end and that the operator has passed on what is no batch; at the end,
// that every batch and column was released once and none was written to after it had
// been passed on, and that no table holds anything any more. Its state finds out who keeps a
// row over a call ([state.Backend.CheckRows]).
//
// It leaves uncovered: what order rows leave in (their multisets are compared),
// speed, and more than one input.
package optest
