// Package memfs is a file system in memory that can lose power. It keeps apart
// what a program has done from what the medium has promised to keep:
//
//   - Of a file, what was written up to its last Sync survives a power cut. Of
//     the rest any part may: it can be cut off anywhere, and blocks of it can
//     read as zeros.
//   - Of a file that Append has opened, the end of that rest may be garbage, too, and
//     what Truncate took away since the last Sync may be back, mixed with what was
//     written there later.
//   - A name (made by Create, Link, Rename or MkdirAll, or taken away) survives
//     once SyncDir was called on its directory. Before that each change may have
//     reached the medium or not, whatever became of those made before it. One
//     thing holds: a rename never loses the file, so the old name goes only
//     where the new one stays.
//   - A directory that is not durable itself takes with it what is in it.
//
// [FS.CrashClone] returns a file system as it may be after a power cut, chosen
// by a random source; [FS.Clone] what is there after a mere kill of the process.
// [FS.Inject] makes operations fail, before or after their effect, and
// [FS.StartLog] writes them down, so that a durability protocol can be read as a
// list of creates, syncs and renames.
//
// The same calls with the same seed give the same file system.
package memfs
