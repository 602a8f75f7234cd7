// Package join pairs the rows of two inputs.
//
// [New] makes the inner join of rows that have equal keys and are near each other in
// event time.
//
// # What is in state
//
// Each side keeps its rows in a table by key, in order of time, until the watermark of
// the other side has passed the last partner that they might have. So it is the other
// side that cleans a table up; the table's index by time finds what goes, and nothing is
// scanned.
//
// A row that comes in is first stored and then paired with the rows of the other side
// that are there, in order of time. If it has more partners than the budget allows, the
// table of pending rows gets a row that says where it stands and with which partner it
// goes on, as two cursors, so that a checkpoint may fall between any two pairs, and
// bring them back at any parallelism. While there are such rows, nothing else comes in:
// each row has its pairs with those that were there before it. Mostly there are none,
// and then nothing is written but the row itself.
//
// # Late rows
//
// A row is late if it is behind its row watermark, or behind the watermark of its input:
// its partners may have gone. Whether it is depends on its own input alone, so that what
// comes out is the same however the two inputs run ahead of each other. Behind a restore
// ranges of keys may be further than the inputs ([watermark.Ranges]); a row is judged by
// that of its key, too.
//
// The row that completes a pair is not late, and a pair has the later time of its two
// rows. So no pair is behind the row watermark of the row that caused it, and the join
// sends on none.
package join
