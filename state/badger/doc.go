// Package badger is a [runs.ChunkStore] on Badger, a database of keys and values. It is a
// cache of what checkpoints hold: never the truth, and deleted whenever it is in doubt.
//
//	store, found, err := badger.Open(dir, "checkpoint 41", badger.Options{})
//	if !found.Kept() {
//		… restore the runs from the checkpoint: the store is empty, for the reason found.Why
//	}
//	…
//	err = store.Close("checkpoint 57") // whose runs, and no others, the store now has
//
// # What is kept
//
// A store is kept if it was closed with the name of the checkpoint that is wanted now, and
// if its files are as they were then. The file CLEAN says both. It is written last, after
// all else was made durable, and taken away before the first change; so after a crash, a
// power cut or a failed write there is none. The complete runs stand in it, too. One whose
// writer was not closed is nowhere else, and [runs.ErrNoRun].
//
// Every file but the value logs is compared with its CRC before Badger sees it, since Badger
// ends the process at some kinds of damage. Values are verified as they are read, first by
// Badger and then by the reader of the run, who has the CRC of each chunk. A panic of Badger,
// or a fault of its memory map, is an error of the run that is read; the database is not
// used any more. Two things remain that end the process: a disk that is full in spite of
// the guard (see [diskspace]), and a flipped bit in the index of a table that was intact
// when the store was opened.
//
// # Databases
//
// A run is chunks under keys (number of the run, chunk). Values lie in a value log, in the
// order of writing. Badger never gives space in it back, so the store has several
// databases: one takes writes until it is full; then the next one is begun. Nothing in a
// database is changed or deleted. Where half as much is garbage as is live, and one database
// more, what is live in the worst one is copied to the newest in pieces of 8 MiB, beside
// readers, and then it is deleted. So the store takes at most twice what is live, and a
// constant of some databases; writers wait where the copying is too far behind. When it is opened again, old databases
// are opened for reading only.
//
// The other way was measured: values in Badger's tables, and DropPrefix. Space comes back
// at once (1.02 × live), but a chunk costs 28 to 87 µs of CPU to write in place of 8 to 16,
// the process has 0.5 to 2.8 GB of its own in place of 16 to 110 MB, and dropping a quarter
// of 1 GiB stops all writes for up to 7 s, as it compacts.
//
// # Memory
//
// Each database that was begun by this process holds one table in memory, 1.3 ×
// [Options.MemTable]; the newest up to three. [Usage] adds that up: with the defaults and
// 1 GiB live it is 44 MB. One that was there when the store was opened holds no table. A
// writer holds 256 KiB, so does a copy of a piece, a reader nothing. Beside that, what
// is read and written through memory maps counts as the process's resident memory, up to
// all that the store has, though it is page cache that the kernel takes back.
//
// The page benchmarks/state compares this store with [runs.Files], which is the better
// default: it needs no second copy.
package badger
