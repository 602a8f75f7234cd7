// Package runs keeps rows that no longer change: a run is entries sorted by key, written
// once, in chunks of about 4 KiB that are read one by one.
//
// An entry is a put (a key and its value) or a tombstone (a key that is gone). A run that
// holds what changed since older runs hides their entries of the same keys. The package
// knows bytes, not what they mean: rows and columns are the matter of package state.
//
//	b := runs.NewBuilder("run 7", chunks, runs.Layout{})
//	err := b.Put(key, value) // for each key, in ascending order
//	meta, err := b.Finish()
//
//	rows := runs.Run{Name: "run 7", Meta: meta, Chunks: chunks}.Rows(keyrange.All)
//	for rows.Next() {
//		… rows.Key(), rows.Value()
//	}
//	err = rows.Err()
//
// # Keys
//
// A key begins with the hash of its row, 8 bytes, big-endian. In a run that is bucketed, a
// bucket of time stands before the hash ([AppendBucket]), so that rows which expire
// together lie together. Keys are in the order of their bytes, each once.
//
// One range tombstone ([Builder.DropBuckets]) takes the place of the tombstones of all rows
// up to a bucket. It hides rows of older runs only, never those of its own run.
//
// # Chunks and meta
//
// Chunks are kept by whoever implements [ChunkWriter] and [ChunkReader]: an object of a
// checkpoint, or a [ChunkStore]. What is needed to find and check them is the [Meta] of the
// run: where each chunk lies, its CRC-32C, the least key in it and a filter of its keys. So
// a key that is absent is mostly known to be so without reading anything, a reader of some
// hashes leaves out all chunks of others, and no byte of a chunk is decoded before its CRC
// has been checked. That the CRC stands in the meta, not in the chunk, has a reason: a
// chunk that is whole but belongs somewhere else is noticed, too.
//
// [Merge] makes one stream of rows from a run and those that are newer. [Search] looks the
// keys of a batch up in runs, newest first. Chunks that are not in memory ([NowReader]) are
// on their way from the disk together, though one goroutine does all this.
//
// FORMAT.md of package snapshot draws the bytes.
package runs
