package badger

import (
	"fmt"

	db "github.com/dgraph-io/badger/v4"

	"github.com/weirstream/weir/runtime/env"
)

// create makes the database.
func (d *database) create(o Options, to *complaints) error {
	if err := env.RemoveAll(env.OS{}, d.dir); err != nil { // what could not be deleted before
		return fmt.Errorf("deleting %s: %w", d.dir, err)
	}
	d.log = newLog(d.dir, to)
	return d.open(o.badger(d.dir, d.limit, d.log))
}

// openAgain opens a database that was closed, whose files have been verified, for reading
// only: Badger writes nothing, and its goroutines read nothing.
func (d *database) openAgain(o Options, to *complaints) error {
	d.log = newLog(d.dir, to)
	return d.open(o.badger(d.dir, o.Database, d.log).WithReadOnly(true))
}

func (d *database) open(o db.Options) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: a panic of Badger: %v", d.dir, p)
		}
	}()
	opened, err := db.OpenManaged(o)
	if err != nil {
		return fmt.Errorf("opening %s: %w", d.dir, err)
	}
	d.badger = opened
	return nil
}

// patience is how many attempts to write a table Badger gets when it is closed, one a second.
const patience = 3

// close closes the database, once nobody reads from it, and nobody does afterwards. After
// a panic, and where Badger cannot write its last table, that is not possible: Badger's
// goroutines stay, and so does its memory map, until the process ends.
func (d *database) close() error {
	d.use.Lock()
	badger := d.badger
	d.badger = nil
	d.use.Unlock()
	if badger == nil {
		return nil
	}
	if d.broken.Load() {
		return fmt.Errorf("closing %s: %w", d.dir, errBroken)
	}
	closed := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				closed <- fmt.Errorf("a panic of Badger: %v", p)
			}
		}()
		closed <- badger.Close()
	}()
	for failures := 0; failures < patience; {
		select {
		case err := <-closed:
			if err != nil {
				return fmt.Errorf("closing %s: %w", d.dir, err)
			}
			return nil
		case <-d.log.failed:
			failures++
		}
	}
	return fmt.Errorf("closing %s: Badger cannot write its last table", d.dir)
}
