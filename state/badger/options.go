package badger

import (
	"math"

	db "github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// Options are the sizes of a store. What is zero has its default.
type Options struct {
	// MemTable is the size in bytes of the table in memory that keeps the places of
	// chunks, of which a database that is written to has up to three. A larger one makes
	// reads quicker, as there are fewer tables to look through: see the package comment.
	// Default 4 MiB; at least 2 MiB.
	MemTable int64
	// Database is how many bytes one database gets before the next one is begun. It grows
	// with the store: an eighth of what is live, up to 1 GiB, if that is more.
	// Default 256 MiB; from 1 MiB to 1 GiB.
	Database int64
	// Reserve is how many bytes of the disk are left to others, beside what Badger needs
	// to finish what it has begun. Default 64 MiB.
	Reserve int64
}

const (
	mostDatabase = 1 << 30 // Badger's value log must stay below 2 GiB
	batchBytes   = 256 << 10
	partBytes    = 1 << 20 // a chunk that is longer is kept in parts of so many bytes
)

// normal returns the options with their defaults, within their bounds.
func (o Options) normal() Options {
	set := func(v *int64, usual, least, most int64) {
		if *v == 0 {
			*v = usual
		}
		*v = min(max(*v, least), most)
	}
	set(&o.MemTable, 4<<20, 2<<20, 256<<20)
	set(&o.Database, 256<<20, 1<<20, mostDatabase)
	set(&o.Reserve, 64<<20, 1, math.MaxInt64/4)
	return o
}

// badger returns Badger's options for a database of so many bytes.
//
// All of them lead to one thing: after the only file of values has been filled, nothing is
// ever rewritten. There is no compaction, whose goroutines would end the process at a
// damaged table; tables hold 50 bytes a chunk, so that there are few. Chunks are verified
// before anything in them is decoded, since Badger keeps a lock if that panics.
func (o Options) badger(dir string, bytes int64, log db.Logger) db.Options {
	return db.DefaultOptions(dir).
		WithLogger(log).
		WithMetricsEnabled(false).
		WithSyncWrites(false).
		WithDetectConflicts(false).
		WithNumVersionsToKeep(1).
		WithMemTableSize(o.MemTable).
		WithNumMemtables(2).
		WithNumCompactors(0).
		WithCompactL0OnClose(false).
		WithNumLevelZeroTables(math.MaxInt32 - 1).
		WithNumLevelZeroTablesStall(math.MaxInt32).
		WithValueThreshold(1 << 10).
		WithValueLogFileSize(bytes + 2*pieceBytes).
		WithValueLogMaxEntries(math.MaxInt32).
		WithVerifyValueChecksum(true).
		WithChecksumVerificationMode(options.OnBlockRead).
		WithCompression(options.None).
		WithBlockCacheSize(0).
		WithIndexCacheSize(0)
}

// needs returns how many bytes Badger may still write by itself, with so many databases
// that are open for writing: of each the table in memory, when it is closed; of one also
// its log, the tables that are being written, and the files of a database that is begun.
func (o Options) needs(databases int) int64 { return int64(databases+6)*o.MemTable + 4<<20 }
