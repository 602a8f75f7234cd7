package state_test

import (
	"bytes"
	"testing"

	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// crafted returns an object of a countSpec table, but for the type of its text, whose
// CRCs are right, with one row of any key and value; nothing where they are none that an object can have.
func crafted(t *testing.T, text string, key, value []byte) []state.Object {
	header := snapshot.Header{
		Checkpoint: 1, Range: snapshot.Range(keyrange.All), Hash: keyrange.HashName,
		Tables: []snapshot.Table{{
			Name: "counts", Key: []snapshot.Field{{Name: "n", Type: "int64"}},
			Values: []snapshot.Field{{Name: "count", Type: "int64"}, {Name: "text", Type: text}},
		}},
	}
	var object bytes.Buffer
	w, err := snapshot.NewWriter(&object, header, nil)
	if err != nil {
		t.Fatal(err)
	}
	table, err := w.Table(0)
	if err != nil {
		t.Fatal(err)
	}
	if table.Put(key, value) != nil || w.Finish() != nil {
		return nil
	}
	return []state.Object{state.ObjectOf(object.Bytes())}
}
