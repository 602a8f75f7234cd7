// Package window groups rows by key and window of event time and aggregates each
// group, one result per key and window.
//
// There are two operators. Aligned windows lie at the same times for every key:
// [Hop] windows begin every slide and last size; tumbling windows are those that
// begin where the one before ends, and [Calendar] windows are tumbling ones that are
// periods of the calendar in a time zone. A [Session] is a key's own: rows no more than a
// gap apart.
//
// # Firing
//
// A window [start, end) fires once, with its final result, when the watermark W
// has reached end + allowed lateness. A session ends a gap behind its last row and
// still takes in a row at exactly its end, so it fires when W > end + allowed
// lateness. A result's event time is end − 1 µs. Results leave before the
// watermark that fired them. Firing is done in pieces: each takes a bounded number
// of rows, and rows stay in state until their result has left. What is still to be
// fired therefore follows from the tables and the watermark, which is the only
// cell of state.
//
// Subtasks whose state comes together in a restore may have fired to different
// watermarks. Each range of keys keeps its own ([watermark.Ranges]): what is due in it
// by that leaves first, a row is late by it, and the subtask goes on from the least. When
// its watermark has passed them all, they are forgotten.
//
// # Late rows
//
// Whether a row is late is decided by its own watermark: that of its split before
// the row, or the one that this operator, or the range of the row's key, has fired, if
// that is higher, which happens only after an idle split woke. A row is late for a window if end +
// allowed lateness ≤ its watermark. The combined watermark is never above that of
// a live split, so a row that is not late finds its window in state, and what the
// step puts out does not depend on how batches were cut or splits interleaved.
//
// The reverse does not hold: a window that a row is late for may still be in state,
// since another split is slower or the batch has not ended. The row must not count
// in it. Where windows share panes, this is a question for the pane: a row late for
// the first two of the six windows over its pane may only reach the other four.
// Such rows have a group of their own: groups of panes are told apart by key, pane
// and how many of the pane's windows their rows miss, which for all other rows is
// 0. Each group holds the next window that it is to be merged into; for a group of
// rows that miss two windows, that is the third from the beginning.
//
// # Shared panes
//
// A pane is as long as the greatest common divisor of size and slide, so each
// window is a whole number of panes and a row is added to one pane only. When a
// window fires, the groups of its panes are first merged, key by key, into groups
// of the window, a table of its own, and these are then put out and deleted.
// A group of a pane holds in its row which window it is merged into next, and is
// deleted when it has been merged into the last one. So a checkpoint may fall
// between any two merges, and restored at another parallelism, where parts of
// several subtasks meet that had got to different windows, each group goes on
// where it was. A tumbling window is one pane: its groups are results already.
//
// # Other aggregates
//
// State is kept by the parts of aggregates, under their names. A job that comes back with
// other aggregates finds those parts that it still has; one that is new is null in groups
// that were there, and in windows that these are merged into. See agg.
package window
