package state_test

import (
	"bytes"
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// An operator counts the flights of each origin; a checkpoint freezes the counts,
// and another backend is restored from it.
func Example() {
	flights := state.TableSpec{
		Name:   "flights",
		Key:    []record.Field{{Name: "origin", Type: record.String}},
		Values: []record.Field{{Name: "count", Type: record.Int64}},
	}
	backend := state.NewBackend(keyrange.All)
	table, err := backend.Table(flights)
	if err != nil {
		fmt.Println(err)
		return
	}
	pool := record.NewPool()
	origins := pool.NewColumn(record.String, 3)
	defer origins.Release()
	for _, origin := range []string{"EWR", "JFK", "EWR"} {
		origins.AppendString([]byte(origin))
	}
	keys := []*record.Column{origins}
	hashes := keyrange.Hash(nil, keys, nil, origins.Len())
	rows := make([]state.RowID, origins.Len()) // of the table, for each row of the keys
	table.Upsert(hashes, keys, nil, nil, rows, nil)
	counts := table.Int64(0)
	for _, row := range rows {
		*counts.Ptr(row)++
	}

	frozen := backend.Freeze(1)
	*counts.Ptr(rows[0]) = 1000 // too late for the checkpoint
	var object bytes.Buffer
	err = frozen.Encode(&object)
	frozen.Release()
	if err != nil {
		fmt.Println(err)
		return
	}
	// A subtask is restored from the snapshots of all that had some of its keys, each
	// with what it builds on before it.
	restored, err := state.Restore(keyrange.All, [][]state.Object{{state.ObjectOf(object.Bytes())}})
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err = restored.Table(flights)
	if err != nil {
		fmt.Println(err)
		return
	}
	table.Upsert(hashes, keys, nil, nil, rows, nil)
	for i, row := range rows[:2] {
		fmt.Printf("%s %d\n", origins.AppendText(nil, i), *table.Int64(0).Ptr(row))
	}
	// Output:
	// EWR 2
	// JFK 1
}
