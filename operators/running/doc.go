// Package running keeps aggregates of all rows of a key up to now, without a window, and
// tells how they change.
//
// # What leaves
//
// The output is a changelog: the first result of a key is inserted, and each later one
// replaces that which was emitted before, by a pair of rows, [record.UpdateBefore] and
// [record.UpdateAfter]. Whatever a batch changes in a group leaves as one change; where
// its result is what was emitted last, nothing leaves. How many changes there are on the
// way therefore depends on how rows were cut into batches, and what they come to does
// not.
//
// # What is in state
//
// A group is a row of a table. Beside the aggregates it has the result that was emitted
// last, and when it is due: the event time of the row that changed it, or never. What is
// still to be emitted are the groups that are due, found by the table's index by time,
// so that a checkpoint may fall between any two changes, and rows may come meanwhile.
//
// A change has the event time and the row watermark of the row that caused it, of
// several rows the latest. So it is late downstream where its row is, and no others are.
package running
