package state_test

import (
	"encoding/binary"
	"testing"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// crafted returns a valid object of a countSpec table with 64 places for rows,
// all with the same words.
func crafted(t *testing.T, live, hash, reference uint64, rows uint32, text []byte) []byte {
	w := snapshot.NewWriter(snapshot.Header{
		Checkpoint: 1, Range: snapshot.Range(keyrange.All), Hash: keyrange.HashName, PageBytes: 65536,
		Tables: []snapshot.Table{{
			Name: "counts", Key: []snapshot.Field{{Name: "n", Type: "int64"}}, Rows: rows,
			Values: []snapshot.Field{{Name: "count", Type: "int64"}, {Name: "text", Type: "utf8"}},
		}},
	}, nil)
	page := func(column uint16, part snapshot.Part, n int, word uint64) {
		var content []byte
		for range n {
			content = binary.LittleEndian.AppendUint64(content, word)
		}
		w.Page(snapshot.Address{Column: column, Part: part}, content)
	}
	page(0, snapshot.Bits, 1, live)
	page(1, snapshot.Words, 64, hash)
	page(3, snapshot.Words, 64, hash)
	page(4, snapshot.Words, 64, 1)
	page(5, snapshot.Words, 64, reference)
	w.Page(snapshot.Address{Column: 5, Part: snapshot.Strings}, text)
	object, err := w.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return object
}
