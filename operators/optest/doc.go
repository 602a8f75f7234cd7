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
//   - inputs that become idle behind a watermark and wake before their next rows;
//   - of several inputs another order of their elements, in which each has its own;
//   - a budget of one row or update, and a large one;
//   - an emitter that is full at every other question;
//   - rows and watermarks that come while output is pending, if the operator takes them
//     ([stream.Interleaver]);
//   - a checkpoint after every element and between any two calls of Resume, of
//     which each, or every third (so that deltas build up), is restored into a new
//     instance, which then hears again how far its inputs have come, at once or behind
//     more rows; only an operator that holds rows, a [stream.Holder], is spared until
//     they have left;
//   - for operators with keys, three subtasks instead of one, and a change from one
//     to three to two on the way;
//   - for these, too, checkpoints whose barrier has overtaken a watermark at some subtasks,
//     which get rows behind the restore that are before it;
//   - each of the backends of state, with and without a check of who keeps a row over
//     a call ([state.Backend.CheckRows]).
//
// After every call it checks the counters' invariant, that no more changes than the
// budget left, and that their batches are sound; that each change of a changelog fits
// what those before it have come to, and that an update is in one piece; after every
// element, that output comes to an end and that the operator has told the watermark of
// its inputs together, and that they are idle or over; at the end, that every batch and
// column was released once and none was written to after it had been passed on, and
// that no table holds anything any more.
//
// It leaves uncovered: what order rows leave in (their multisets are compared), which
// event time they have, apart from being in time, and speed.
package optest
