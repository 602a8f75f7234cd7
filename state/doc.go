// Package state keeps the keyed state of operators.
//
// A [Backend] is the state of one subtask: tables, and cells for the few small values
// that belong to no key. A [Table] is rows of typed columns, found by key. Both live
// in memory and belong to the operator's goroutine; there is no lock.
//
//	panes, err := backend.Table(state.TableSpec{
//		Name:   "panes",
//		Key:    []record.Field{{Name: "origin", Type: record.String}},
//		Sub:    []record.Field{{Name: "start", Type: record.Timestamp}}, // a row per origin and pane
//		Values: []record.Field{{Name: "flights", Type: record.Int64}},
//	})
//	flights := panes.Int64(0)
//	…
//	hashes = keyrange.Hash(hashes[:0], keys, selection, batch.Physical())
//	made = panes.Upsert(hashes, keys, starts, selection, rows, made[:0])
//	for _, r := range rows {
//		*flights.Ptr(r)++
//	}
//
// # Rows and pages
//
// A row is a number, its [RowID], and has one 64-bit word in each column: the key's
// hash, each column of the key, the sub-key and the values. A value that is not a
// word by nature is referred to by one: strings are in a heap of the column, unless
// they are short enough to be that word. Bitmaps say which rows are live and which
// values are null. A column is an array of words in pages of 64 KiB, so that it grows
// without moving.
//
// The hash of a row, and so the subtask that it belongs to, goes by its key alone.
// Rows of one key are told apart by their sub-key, which may have columns of any
// type, with nulls.
//
// Value columns hold values of any type, lists and structs too, and nulls. They are read
// and written by row, or by the batch: [Table.AppendValues], [Table.SetValues].
//
// The index from hashes to rows, the order of rows, the indexes from times to rows, the
// list of free rows and the garbage in the heaps follow from the rows and are no part
// of a snapshot.
//
// # Rows are borrowed for a call
//
// A [RowID] counts until the operator says [Backend.Release], at the end of each call
// of Step or Resume. Until then a row stays where it is, and the place of one that
// was deleted is not given out again; after that no id may be used. What an operator
// has to remember across calls is in the tables, found by key or by time. Tests call
// [Backend.CheckRows], so that an id that was kept shows.
//
// # Rows in order
//
// A table that declares an order ([TableSpec.Ordered]) finds the rows of a key by
// their place in it: [Table.Seek] returns the first row behind a [Cursor], Next and
// Prev go on from a row, in time by the logarithm of how many rows the key has. A
// Cursor is a place and not a row: it counts across calls and restores, at any
// parallelism, and whatever rows are deleted meanwhile.
//
// Rows that are inserted wait for their place in order until somebody looks for their key: those
// that nobody looks for cost none.
//
// Rows of a key may be parted further, by the first columns of their sub-key
// ([TableSpec.Within]): into clusters, such as the values of one group. Then the order
// is that of a cluster. One is found, read and deleted as a whole, whether it is in
// order or not: [Table.FindClusters], [Table.AppendCluster], [Table.DeleteClusters].
//
// # Evolution
//
// A job may come back with other value columns under the name of a table ([TableSpec]).
// Columns are found again by their names, and may be wider: int32 becomes int64 or
// float64, a decimal one of more digits in front of its point. Rows that a checkpoint holds have the default
// of a column that it does not, or else null, so that an operator can tell them from
// rows that it has made itself.
//
// # Rows by time
//
// A table may declare by which time its rows come up ([TableSpec.Due]): the end of a
// window or session, or of the time that a row is kept. [Table.Due] finds them in
// order of time, a few at a time. So no operator scans a table, or keeps a list of its
// own of what to do when. Rows that are due but have to wait for others are set aside
// ([Table.SetAside]).
//
// # Time to live
//
// A table may declare that its rows expire ([TTL]), by event time or by processing time.
// The operator says what time it is at the beginning of a call, by event time as a rule
// with its watermark:
//
//	seen, err := backend.Table(state.TableSpec{
//		Name: "seen", Key: key, TTL: state.TTL{Clock: state.EventTime, After: 24 * time.Hour},
//	})
//	…
//	backend.Advance(state.EventTime, mark)
//
// A row that has expired is absent at once, in whatever way a table is read, and the
// operator that asks for its key anew gets an empty row. When it is dropped matters to
// memory only ([Table.Len], [Table.Bytes]): an index by time has each Release drop some.
//
// # Epochs and freezing
//
// A checkpoint must hold the state as it was at one moment, while the operator keeps
// working. [Backend.Freeze] copies no row: it notes which rows are to be written and
// begins a new epoch. [Frozen.Encode] reads them in place, on another goroutine. A row
// that changes for the first time in an epoch is saved as it was before, for each
// Frozen that has still to read it. So a freeze takes a bit a row, a change pays once
// for a row of a few dozen bytes, and what is held twice is what has changed until the
// encoder came by.
//
// Each epoch has a bitmap of the rows that changed in it, and the keys of rows of
// older epochs that were deleted. A delta holds what changed behind the epoch of the
// last completed checkpoint. A checkpoint that was frozen and then abandoned does not
// change that: its rows are in the next object again.
//
// # Rows below
//
// A backend may have a [Tier] below its tables, for rows that memory has no room for. A table
// pays nothing for it before its rows take too much. From then on it is what was used last of
// its rows. The others are in runs (package runs) in a store of chunks, newest first; a row in
// memory hides the one of its key in runs, and a run those of older ones.
//
// Each freeze then makes a run of what its epoch has changed, and so does [Backend.Release]
// where too few rows could leave. A run on its way is a flight: it is written in the background
// like a snapshot, and its rows stay in memory until it has landed. All rows that are in none
// are as the runs have them, and leave without being written, a few with each Release. A call
// waits for a flight only where rows take an eighth more than they may.
//
// A snapshot is merged from runs: those since the last completed checkpoint, or all of them.
// Runs of about one size are merged, in the background too, so there are few; but those on both
// sides of a checkpoint that the next may build on stay apart. A merge with the oldest run
// forgets what is gone where that is most of it; if that run became so since the last
// checkpoint, the next snapshot is a full one.
//
// What is restored and does not fit into memory is below from the start ([Tier.Restore]): the
// runs of the checkpoint's objects are then runs of the tables, where they are, of which
// nothing is read but metas. So the first rows wait for those only, and what is needed first
// comes first, wherever the objects are. Rows move to the tier's own store as runs are merged.
// Runs of several old subtasks have no key in common, and rows outside of the own key range
// do not count.
//
// Lookups that miss memory ask the runs for all the keys of a batch together, in order. The
// rows of a cluster lie together in each run. So the first Seek, Next or look at a cluster
// brings all of it up, and for a batch that has been loaded the clusters of all its keys; from
// then on the cluster is known to be complete, until a row of it goes down. Insert asks nobody.
//
// What comes up in order of time rises in front of [Table.Due]: by bucket, where rows are due
// by that. Of what has risen memory has all that there is, so that no key of it is noted when
// its row is deleted; a checkpoint in between asks the runs which keys are gone. What rises is
// mostly deleted at once, and until the call ends or asks for rows it is in no index. Elsewhere
// each run has another beside it, of the times and keys of its rows. What that says may be
// old; so the rows are looked up, and those come up whose time it still is.
// Rows that have expired come up like others, and are absent in memory. Merges leave them out,
// and say instead that they are gone.
//
// # Snapshots and restoring
//
// In a snapshot a row is a key and a value of bytes, and rows are sorted by key: the
// hash first (package runs). [Restore] merges the objects of a chain, newest first,
// and of each reads only what belongs to its key range: parallelism can change. Rows
// get new places, so nothing that an operator emits may depend on a RowID or on the
// order of a scan. Where there is a tier, rows that memory has no room for stay where they are.
package state
