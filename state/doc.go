// Package state keeps the keyed state of operators.
//
// A [Backend] is the state of one subtask: tables, and cells for the few small
// values that belong to no key. A [Table] is rows of typed columns that are
// found by key. Both live in memory and belong to the goroutine of the operator;
// there is no lock.
//
//	panes, err := backend.Table(state.TableSpec{
//		Name:   "panes",
//		Key:    []record.Field{{Name: "origin", Type: record.String}},
//		Order:  true, // one row per origin and start of a pane
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
// A row is a number, its [RowID], and has one 64-bit word in each column: the
// key's hash, the order key, each key and each value. What is no word by nature
// is a reference to a word that is: strings lie in a heap of the column, and
// which rows are live, or null, is said by bitmaps. A column is an array of words
// in pages of 64 KiB, so that it grows without moving and is copied piecemeal.
//
// What can be derived from the pages is not state: the index from hashes to
// rows, that from times to rows, the list of rows that are free, the garbage in the
// heaps.
//
// # Rows by time
//
// A table may declare by which time its rows come up ([TableSpec.Due]): the end of a
// window, of a session, of what a row is kept for. [Table.Due] finds them in order of
// time, a few at a time, so that no operator looks through a table or keeps a list of
// its own of what is to be done when.
//
// # Epochs and freezing
//
// A checkpoint must hold the state as it was at one moment, while the operator
// goes on. [Backend.Freeze] copies nothing: it notes the pages and begins a new
// epoch. Each page remembers the epoch of its last change; whoever is about to
// write to a page of an earlier epoch, once per page and epoch, copies it first
// if a [Frozen] still holds it. Strings are only ever appended, so their pages
// are shared without copying.
//
// The same numbers make deltas: an object holds the pages that changed after the
// epoch of the last checkpoint that completed. One that was frozen and then
// abandoned changes nothing about that: its pages are in the next object again.
//
// # Restoring
//
// [Restore] lays the pages of a chain of objects over each other and derives the
// rest. Where the key range of a subtask has changed it reads the rows of all old
// subtasks that had a part of it and keeps those whose hash is its own. Rows get
// new places then, so nothing that an operator emits may depend on a RowID or on
// the order of a scan.
package state
