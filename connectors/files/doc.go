// Package files reads files and writes them exactly once.
//
// # Source
//
// The source reads files in a given format, plain or compressed. All of them
// together are one split, read in order of name, unless they are to be read side
// by side; then each is a split. A position names the file, its length and the
// record to go on with: a plain file is read on from there at once, a compressed
// one is decompressed up to there but not decoded.
//
// A file that a checkpoint stands in the middle of has to be the same when the job
// goes on. It is refused where its length is another, be it only that it has grown,
// where its header does not fit any more, where it cannot be decompressed up to the
// position, and where no line begins there. What cannot be seen is another text of
// the same length: it is not read again for that. A file that was not begun is read
// as it is then, and one that has been read through may change and go.
//
// A source that watches its folders goes on when it has read all files: it looks
// for new ones, reads those that it finds in order of name, and looks again. All
// files, of all looks, are one split, so that the watermark goes on as well. The
// files that were found are in its notes, in the order of reading, as long as they
// are there; so each is read once, in the same order after a restart, whatever its
// name, and may go when a checkpoint is behind it. That asks three things of
// whoever brings files:
//
//   - A file is moved in complete. Names that begin with a dot or _ or end in
//     .tmp or .part are left alone, so a file may be written under such a name
//     and be renamed.
//   - A file does not change afterwards. Where its length has changed, the source
//     fails.
//   - A name does not come twice, even when the file that had it is gone.
//
// Each checkpoint has the notes, some 40 bytes and the name for a file that lies
// in the folder: with a hundred thousand files it is worth taking those that have
// been read away.
//
// What is damaged becomes a failed record, in bounded memory: a compressed file
// that is cut short or followed by something else, a zstd window of more than 32
// MiB, a record of more than the format allows, however long it is.
//
// # Sink
//
// The sink writes a folder of part files, plain or compressed. Rows go to a
// staging file first, in .weir inside the folder; a barrier ends the file, or
// its size or age before that, and once the checkpoint is decided all files that
// belong to it are given their final names, for good:
//
//	OUT/part-<sink>-<run>-<generation>-<checkpoint>-<subtask>-<counter>.csv
//	OUT/.weir/<job>/<sink>/<run>/<generation>/<subtask>-<counter>.csv
//	OUT/.weir/<job>/<sink>/<run>/shown-<checkpoint>
//
// What has a final name is complete, durable and never changes. The steps, and
// why a crash between any two of them neither loses nor doubles a row:
//
//  1. Prepare closes and syncs the staging files, those that are not yet (one
//     that was ended early is seen to in the background), and their folder;
//     names, lengths and SHA-256 go into the checkpoint. Before: nobody knows the
//     files, and the replayed rows are written anew.
//  2. Commit looks at each file under both its names: whatever is there has to
//     hold what was prepared, or nothing is shown.
//  3. Commit links each staging file to its final name, which must be free, and
//     syncs OUT. Repeated, it finds the name taken and compares the content.
//  4. Commit creates shown-<checkpoint> and syncs its folder.
//  5. Commit removes the staging names. Repeated, it finds only the final name,
//     and compares the content.
//
// Where neither name is there, a reader of OUT has taken the file away if
// shown-<checkpoint> exists; if not, the file was lost, which is an error.
//
// A file is compared by its length and, where another process wrote it, by its
// SHA-256. What differs was damaged, and will be the next time: the job fails.
//
// The folder also tells more than the checkpoint store may know: part files and
// shown records of checkpoints that are not in the log are what is left of a log
// whose end was lost (stream.Witness).
//
// Job, sink and run are escaped where they hold what a file name must not.
package files
