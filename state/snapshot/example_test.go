package snapshot_test

import (
	"bytes"
	"fmt"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/snapshot"
)

// A full object and a delta behind it, read together.
func Example() {
	var full, delta bytes.Buffer
	header := snapshot.Header{Checkpoint: 1, Range: snapshot.Range(keyrange.All), Hash: keyrange.HashName,
		Tables: []snapshot.Table{{Name: "panes"}}}
	write(&full, header, func(rows *runs.Builder) error {
		_ = rows.Put([]byte("hash0001JFK"), []byte("12 flights")) // an error stays until Finish
		return rows.Put([]byte("hash0002LGA"), []byte("7 flights"))
	})
	base := header.Checkpoint
	header.Checkpoint, header.Base = 2, &base
	write(&delta, header, func(rows *runs.Builder) error {
		_ = rows.Delete([]byte("hash0001JFK"))
		return rows.Put([]byte("hash0003EWR"), []byte("9 flights"))
	})

	var newestFirst []*runs.Iterator
	for _, object := range [][]byte{delta.Bytes(), full.Bytes()} {
		o, err := snapshot.Open(bytes.NewReader(object), int64(len(object)))
		if err != nil {
			fmt.Println(err)
			return
		}
		newestFirst = append(newestFirst, o.Rows(0, keyrange.All))
	}
	rows := runs.Merge(newestFirst...)
	for rows.Next() {
		fmt.Printf("%s: %s\n", rows.Key()[8:], rows.Value())
	}
	fmt.Println(rows.Err())
	// Output:
	// LGA: 7 flights
	// EWR: 9 flights
	// <nil>
}

// write writes an object with one table.
func write(to *bytes.Buffer, header snapshot.Header, put func(rows *runs.Builder) error) {
	w, err := snapshot.NewWriter(to, header, nil)
	if err == nil {
		var rows *runs.Builder
		if rows, err = w.Table(0); err == nil {
			_ = put(rows)
			err = w.Finish()
		}
	}
	if err != nil {
		fmt.Println(err)
	}
}
