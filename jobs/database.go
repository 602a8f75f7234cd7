package jobs

import (
	"sync"

	"github.com/weirstream/weir/state/badger"
	"github.com/weirstream/weir/state/runs"
)

// database is a store of rows in Badger, which is opened with its first run: a job whose state
// fits into memory makes none.
type database struct {
	dir string

	mu    sync.Mutex
	store *badger.Store
}

func (d *database) open() (*badger.Store, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.store != nil {
		return d.store, nil
	}
	store, _, err := badger.Open(d.dir, "", badger.Options{})
	d.store = store
	return store, err
}

// Create implements [runs.ChunkStore].
func (d *database) Create(id runs.ID) (runs.RunWriter, error) {
	store, err := d.open()
	if err != nil {
		return nil, err
	}
	return store.Create(id)
}

// Open implements [runs.ChunkStore].
func (d *database) Open(id runs.ID) (runs.RunReader, error) {
	store, err := d.open()
	if err != nil {
		return nil, err
	}
	return store.Open(id)
}

// Drop implements [runs.ChunkStore].
func (d *database) Drop(id runs.ID) error {
	store, err := d.open()
	if err != nil {
		return err
	}
	return store.Drop(id)
}

// close gives all rows up.
func (d *database) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.store == nil {
		return nil
	}
	return d.store.Close("")
}
