package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/snapshot"
)

// spec is rows of about a hundred bytes.
var spec = state.TableSpec{
	Name: "accounts", Key: []record.Field{{Name: "id", Type: record.Int64}},
	Values: []record.Field{{Name: "n", Type: record.Int64}, {Name: "total", Type: record.Int64}, {Name: "note", Type: record.String}},
}

// step is the distance of the hashes of two ids: rows are in the order of both.
const step = 1 << 36

// upsert finds the rows of some ids, or makes them.
func upsert(t *state.Table, ids []int64) (made int) {
	pool := record.NewPool()
	c := pool.NewColumn(record.Int64, len(ids))
	defer c.Release()
	hashes := make([]uint64, len(ids))
	for k, id := range ids {
		c.AppendInt64(id)
		hashes[k] = uint64(id) * step
	}
	rows := make([]state.RowID, len(ids))
	made = len(t.Upsert(hashes, []*record.Column{c}, nil, nil, rows, nil))
	for _, r := range rows {
		*t.Int64(0).Ptr(r)++
		t.String(2).Set(r, []byte("a note of sixty bytes, which are what a name and a place take"))
	}
	return made
}

// sample returns an object with one row, and the key and value of that.
func sample() (o *snapshot.Object, key, value []byte, err error) {
	b := state.NewBackend(keyrange.All)
	t, err := b.Table(spec)
	if err != nil {
		return nil, nil, nil, err
	}
	upsert(t, []int64{0})
	var content bytes.Buffer
	frozen := b.Freeze(1)
	defer frozen.Release()
	if err := frozen.Encode(&content); err != nil {
		return nil, nil, nil, err
	}
	if o, err = snapshot.Open(bytes.NewReader(content.Bytes()), int64(content.Len())); err != nil {
		return nil, nil, nil, err
	}
	rows := o.Rows(0, keyrange.All)
	if !rows.Next() {
		return nil, nil, nil, errors.Join(errors.New("no row"), rows.Err())
	}
	return o, bytes.Clone(rows.Key()), bytes.Clone(rows.Value()), nil
}

// write writes an object of so many bytes.
func write(name string, size int64) error {
	o, key, value, err := sample()
	if err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	to := bufio.NewWriterSize(f, 1<<20)
	w, err := snapshot.NewWriter(to, o.Header, nil)
	if err != nil {
		return err
	}
	table, err := w.Table(0)
	for id := int64(0); err == nil && id < rowsIn(size); id++ {
		binary.BigEndian.PutUint64(key, uint64(id)*step)
		binary.BigEndian.PutUint64(key[len(key)-8:], uint64(id)^1<<63)
		err = table.Put(key, value)
	}
	return errors.Join(err, w.Finish(), to.Flush(), f.Sync())
}

// rowsIn returns how many rows such an object has.
func rowsIn(size int64) int64 { return size / 104 }

// restore opens the object and looks rows up.
func restore() error {
	began := time.Now()
	f, err := os.Open(*object)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	store, err := runs.OpenFiles(env.OS{}, filepath.Join(filepath.Dir(*object), fmt.Sprint("rows-", os.Getpid())))
	if err != nil {
		return err
	}
	b, err := state.NewTier(store, *memory).Restore(keyrange.All, [][]state.Object{{{Content: f, Size: info.Size()}}}, nil)
	if err != nil {
		return err
	}
	t, err := b.Table(spec)
	if err != nil {
		return err
	}
	opened := time.Since(began)
	fmt.Printf("  %.1f GB, %d rows: open after %v, with %d MiB\n",
		float64(info.Size())/1e9, t.Len(), opened.Round(time.Millisecond), t.Bytes()>>20)
	ids := make([]int64, 1000)
	for batch := range 200 {
		for k := range ids {
			ids[k] = rand.Int64N(int64(t.Len()))
		}
		if made := upsert(t, ids); made > 0 {
			return fmt.Errorf("%d rows are new", made)
		}
		b.Release()
		if batch == 0 || batch == 199 {
			fmt.Printf("  %d batches of %d random rows after %v\n", batch+1, len(ids), time.Since(began).Round(time.Millisecond))
		}
	}
	b.Close()
	return nil
}
