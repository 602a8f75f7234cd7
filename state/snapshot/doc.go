// Package snapshot is the file format of keyed state: one object holds what one
// subtask of one step kept, or what of it changed since an earlier object.
//
// An object is a sequence of blocks: a header that describes itself and its
// tables in JSON, the cells, one block per page of a column, and an index by
// address and key range. Every block carries a CRC-32C that is checked before
// anything in the block is decoded. FORMAT.md draws each byte.
//
//	w := snapshot.NewWriter(header, cells)
//	w.Page(address, content)      // for each page
//	object, err := w.Finish()
//
//	o, err := snapshot.Open(object)
//	err = o.Pages(func(a snapshot.Address, content []byte) error { … })
//
// The package knows bytes, not what they mean: rows, references and live bits
// are the matter of package state.
package snapshot
