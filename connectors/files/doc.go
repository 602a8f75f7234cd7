// Package files reads files and writes them exactly once.
//
// # Source
//
// The source reads files in a given format, plain or compressed. Together they are
// one split, read in order of name, unless they are to be read side by side; then
// each is a split of its own. A position names the file, its length and the record to
// resume with: reading a plain file resumes right there, a compressed one is
// decompressed up to there but not decoded.
//
// A file that was being read at a checkpoint has to be the same when the job resumes.
// It is refused if its length differs, even if it has only grown, if its header no
// longer fits, if it cannot be decompressed up to the position, or if no line begins
// there. Other text of the same length goes unnoticed, as the file is not read again
// to find that out. A file that had not been begun is read as it is by then.
//
// Until everything has been read, the other files are compared with a list, too: none
// may be gone, those that have been read must have the lengths that they had, and a new
// one is refused if it would not be read any more. If all files are one split, the list
// is in its notes, compressed: a third of a megabyte for a hundred thousand files.
// Otherwise the enumerator has it. Checkpoints from before there was a list are resumed
// without it.
//
// A source that watches its folders does not end when it has read all files: it looks
// for new ones, reads those that it finds in order of name, and looks again. All
// files, from every look, are one split, so the watermark keeps advancing. The source
// notes the files that it has found, in the order of reading, for as long as they
// exist. So each is read once, in the same order after a restart, whatever its name,
// and may be removed once a checkpoint has passed it. Whoever delivers files has to
// see to three things:
//
//   - A file is complete when it is moved in. Names that begin with a dot or _ or end
//     in .tmp or .part are left alone, so a file may be written under such a name and
//     then renamed.
//   - A file does not change afterwards. If its length changes, the source fails.
//   - A name is not used twice, even after the file that had it is gone.
//
// Each checkpoint has these notes: the name and about 40 bytes for each file in the
// folder. With a hundred thousand files it is worth removing those that have been
// read.
//
// Damage becomes a failed record, in bounded memory: a compressed file that is cut
// short or followed by something else, a zstd window of more than 32 MiB, a record
// longer than the format allows, however long it is.
//
// # Sink
//
// The sink writes a folder of part files, plain or compressed. Rows go to a staging
// file first, in .weir inside the folder; a barrier ends the file, or its size or age
// before that, and once the checkpoint is decided, all its files get their final
// names:
//
//	OUT/part-<sink>-<run>-<generation>-<checkpoint>-<subtask>-<counter>.csv
//	OUT/.weir/<job>/<sink>/<run>/<generation>/<subtask>-<counter>.csv
//	OUT/.weir/<job>/<sink>/<run>/shown-<checkpoint>
//
// What has a final name is complete, durable and never changes. The steps, and
// why a crash between any two of them neither loses nor doubles a row:
//
//  1. Prepare closes and syncs the staging files that are not yet closed (one that
//     was ended early is dealt with in the background), and their folder; names,
//     lengths and SHA-256 go into the checkpoint. After a crash before this, nobody
//     knows the files, and the replayed rows are written again.
//  2. Commit looks for each file under both of its names: whatever it finds has to
//     hold what was prepared, or nothing is shown.
//  3. Commit links each staging file to its final name, which must be free, and syncs
//     OUT. When repeated, it finds the name taken and compares the contents.
//  4. Commit creates shown-<checkpoint> and syncs its folder.
//  5. Commit removes the staging names. When repeated, it finds only the final name,
//     and compares the contents.
//
// If a file has neither name, a reader of OUT has taken it away if shown-<checkpoint>
// exists; otherwise the file was lost, which is an error.
//
// A file is compared by its length and, where another process wrote it, by its
// SHA-256. A file that differs is damaged and will still be so next time, so the job
// fails.
//
// The folder may also know more than the checkpoint store: part files and shown-…
// files of checkpoints that are not in the log are what remains of a log whose end
// was lost (stream.Witness).
//
// Job, sink and run are escaped where they contain characters that a file name must
// not.
package files
