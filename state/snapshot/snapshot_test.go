package snapshot_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/snapshot"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// row is an entry of a table.
type row struct {
	key, value string
	deleted    bool
}

// content is what an object is made of.
type content struct {
	header snapshot.Header
	cells  []snapshot.Cell
	drops  []int64 // by table; 0: nothing is dropped
	rows   [][]row
}

// bare is the header of an object with one table.
func bare(bucketed bool) snapshot.Header {
	return snapshot.Header{
		Checkpoint: 1, Range: snapshot.Range(keyrange.All), Hash: keyrange.HashName,
		Tables: []snapshot.Table{{Name: "rows", Bucketed: bucketed}},
	}
}

// sample is a delta with two tables: one of several chunks, one with buckets.
func sample() content {
	base := uint64(11)
	c := content{
		header: snapshot.Header{
			Checkpoint: 12, Base: &base, Range: snapshot.Range(keyrange.Of(1, 4)), Hash: keyrange.HashName,
			Tables: []snapshot.Table{
				{
					Name: "distinct", Version: 1, Key: []snapshot.Field{{Name: "origin", Type: "utf8"}},
					Sub: []snapshot.Field{{Name: "tail", Type: "utf8"}}, Multi: true,
				},
				{Name: "panes", Bucketed: true, Values: []snapshot.Field{{Name: "flights", Type: "int64"}}},
			},
		},
		cells: []snapshot.Cell{{Name: "cursor", Value: []byte{}}, {Name: "watermark", Value: []byte("12345678")}},
		drops: []int64{0, -7},
		rows:  [][]row{nil, nil},
	}
	for i := range uint64(3) {
		hash := string(binary.BigEndian.AppendUint64(nil, 1<<62+i<<60))
		c.rows[0] = append(c.rows[0], row{key: hash + "JFK", value: strings.Repeat("v", 1500)}, row{key: hash + "LGA", deleted: true})
		c.rows[1] = append(c.rows[1], row{key: string(runs.AppendBucket(nil, int64(i))) + hash, value: "1"})
	}
	return c
}

func (c content) write(to io.Writer) error {
	w, err := snapshot.NewWriter(to, c.header, c.cells)
	if err != nil {
		return err
	}
	for i, rows := range c.rows {
		b, err := w.Table(i)
		if err != nil {
			return err
		}
		if err := c.put(b, i, rows); err != nil {
			return err
		}
	}
	return w.Finish()
}

func (c content) put(b *runs.Builder, i int, rows []row) error {
	if i < len(c.drops) && c.drops[i] != 0 {
		if err := b.DropBuckets(c.drops[i]); err != nil {
			return err
		}
	}
	for _, r := range rows {
		if r.deleted {
			if err := b.Delete([]byte(r.key)); err != nil {
				return err
			}
		} else if err := b.Put([]byte(r.key), []byte(r.value)); err != nil {
			return err
		}
	}
	return nil
}

func (c content) encode(t testing.TB) []byte {
	t.Helper()
	var to bytes.Buffer
	must(t, c.write(&to))
	return to.Bytes()
}

func open(t testing.TB, object []byte) *snapshot.Object {
	t.Helper()
	o, err := snapshot.Open(bytes.NewReader(object), int64(len(object)))
	must(t, err)
	return o
}

// read opens an object and reads all that is in it.
func read(object []byte) (c content, err error) {
	o, err := snapshot.Open(bytes.NewReader(object), int64(len(object)))
	if err != nil {
		return c, err
	}
	c = content{header: o.Header, cells: o.Cells}
	for i := range o.Header.Tables {
		until, _ := o.Run(i).Meta.Dropped()
		rows, err := collect(o.Rows(i, keyrange.All))
		if err != nil {
			return c, err
		}
		c.drops, c.rows = append(c.drops, until), append(c.rows, rows)
	}
	return c, nil
}

func collect(it *runs.Iterator) (rows []row, err error) {
	for it.Next() {
		rows = append(rows, row{string(it.Key()), string(it.Value()), it.Deleted()})
	}
	return rows, it.Err()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := sample()
	object := want.encode(t)
	got, err := read(object)
	if must(t, err); !reflect.DeepEqual(got.rows, want.rows) || !slices.Equal(got.drops, want.drops) {
		t.Errorf("rows are %+v, dropped up to %d", got.rows, got.drops)
	}
	if !reflect.DeepEqual(got.header, want.header) {
		t.Errorf("header is %+v", got.header)
	}
	if !reflect.DeepEqual(got.cells, want.cells) {
		t.Errorf("cells are %q", got.cells)
	}
	if !bytes.Equal(object, want.encode(t)) {
		t.Error("the same rows gave other bytes")
	}
}
