package badger

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	db "github.com/dgraph-io/badger/v4"
)

// database is one Badger database, in a folder of its own. It is written to until it is
// full, and deleted as a whole. What lies in it is never changed.
type database struct {
	number uint64
	dir    string
	limit  int64 // bytes that it takes
	log    log
	files  []file // what is in the folder, if it was opened for reading only

	// Under the store's mutex.
	bytes  int64 // that were written
	live   int64 // of these, what runs have
	writes int   // going on
	failed bool  // a write has failed: there is none any more

	commit sync.Mutex  // held while a batch is written
	broken atomic.Bool // Badger has panicked, and may hold locks

	use    sync.RWMutex // held for reading by whoever uses badger
	badger *db.DB       // nil once it was closed
}

var (
	errReplaced = errors.New("the database was replaced")
	errBroken   = errors.New("a panic of Badger has ended the use of this database")
	errAbsent   = errors.New("the database does not have it")
)

// every chunk is written once, under a key that no other has, so one time stamp does.
const stamp = 1

// guarded calls f with Badger's database. A panic, also one that a fault of the memory map
// raises (an I/O error, a file that has become shorter), is returned as an error.
func (d *database) guarded(f func(*db.DB) error) (err error) {
	d.use.RLock()
	defer d.use.RUnlock()
	switch {
	case d.badger == nil:
		return errReplaced
	case d.broken.Load():
		return fmt.Errorf("%s: %w", d.dir, errBroken)
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer d.recovered(&err)
	return f(d.badger)
}

func (d *database) recovered(err *error) {
	if p := recover(); p != nil {
		d.broken.Store(true)
		*err = fmt.Errorf("%s: a panic of Badger, whose files are damaged or cannot be read: %v", d.dir, p)
		d.log.to.add((*err).Error())
	}
}

// write writes a batch.
func (d *database) write(b *batch) error {
	return d.guarded(func(badger *db.DB) error {
		d.commit.Lock()
		defer d.commit.Unlock()
		txn := badger.NewTransactionAt(stamp, true)
		defer txn.Discard()
		for _, e := range b.entries {
			if err := txn.SetEntry(db.NewEntry(e.key, e.value)); err != nil {
				return fmt.Errorf("%s: %w", d.dir, err)
			}
		}
		if err := txn.CommitAt(stamp, nil); err != nil {
			return fmt.Errorf("%s: %w", d.dir, err)
		}
		return nil
	})
}

// read reads a chunk into a buffer, which has its length.
func (d *database) read(run uint64, chunk int, buffer []byte) error {
	return d.guarded(func(badger *db.DB) error {
		txn := badger.NewTransactionAt(stamp, false)
		defer txn.Discard()
		for part := range parts(len(buffer)) {
			rest := buffer[part*partBytes:]
			rest = rest[:min(len(rest), partBytes)]
			value, err := d.get(txn, run, chunk, part, rest)
			if err != nil {
				return err
			}
			if len(value) != len(rest) {
				return fmt.Errorf("%s gives %d bytes, not %d: damaged, or cut off", d.dir, len(value), len(rest))
			}
		}
		return nil
	})
}

// readAll returns a chunk of unknown length, in a buffer that it makes larger if need be.
func (d *database) readAll(run uint64, chunk int, buffer []byte) (content []byte, err error) {
	content = buffer[:0]
	err = d.guarded(func(badger *db.DB) error {
		txn := badger.NewTransactionAt(stamp, false)
		defer txn.Discard()
		for part := 0; ; part++ {
			value, err := d.get(txn, run, chunk, part, nil)
			if part > 0 && errors.Is(err, errAbsent) {
				return nil
			}
			if err != nil {
				return err
			}
			if content = append(content, value...); len(value) < partBytes {
				return nil
			}
		}
	})
	return content, err
}

// get returns a part of a chunk, in buffer if it fits.
func (d *database) get(txn *db.Txn, run uint64, chunk, part int, buffer []byte) ([]byte, error) {
	item, err := txn.Get(appendKey(make([]byte, 0, keyBytes), run, chunk, part))
	if errors.Is(err, db.ErrKeyNotFound) {
		return nil, fmt.Errorf("%s: %w: damaged?", d.dir, errAbsent)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.dir, err)
	}
	value, err := item.ValueCopy(buffer[:0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.dir, err)
	}
	return value, nil
}
