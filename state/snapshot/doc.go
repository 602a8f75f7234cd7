// Package snapshot is the file format of keyed state: one object holds what one subtask of
// one step kept, or what of it changed since an earlier object.
//
// An object holds a header that describes itself and its tables in JSON, the cells, and
// one run of package runs for each table. It is written and read as a stream: neither side
// holds more of it than a few chunks, and the metas of its runs. Every byte is covered by a
// check that comes before anything is decoded. FORMAT.md draws each byte.
//
//	w, err := snapshot.NewWriter(upload, header, cells)
//	rows, err := w.Table(0) // then the others, in the order of the header
//	err = rows.Put(key, value) // for each row of it
//	err = w.Finish()
//
//	o, err := snapshot.Open(download, size)
//	rows := o.Rows(0, keys)
//	for rows.Next() {
//		… rows.Key(), rows.Value(), rows.Deleted()
//	}
//	err = rows.Err()
//
// A full object and the deltas behind it are read together by [runs.Merge].
//
// The package knows bytes, not what they mean: rows and columns are the matter of package
// state.
package snapshot
