package snapshot_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
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
					Sub: []snapshot.Field{{Name: "tail", Type: "utf8"}}, Ordered: "ascending", Multi: true,
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

// TestRandomRanges reads ranges of objects of random size, by both readers.
func TestRandomRanges(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		want := content{header: bare(false), rows: [][]row{nil}}
		for _, hash := range hashes(c.Random.IntN(3000)) {
			value := strings.Repeat("x", c.Random.IntN(1+c.Random.IntN(300)))
			if c.Random.IntN(300) == 0 {
				value = strings.Repeat("y", c.Random.IntN(400_000))
			}
			want.rows[0] = append(want.rows[0], row{key: string(binary.BigEndian.AppendUint64(nil, hash)), value: value})
		}
		o := open(c, want.encode(c))
		keys := keyrange.Of(c.Random.IntN(3), 3)
		outside := func(r row) bool { return !keys.Contains(binary.BigEndian.Uint64([]byte(r.key))) }
		some := slices.DeleteFunc(slices.Clone(want.rows[0]), outside)
		for _, it := range []*runs.Iterator{o.Rows(0, keys), o.Run(0).Rows(keys)} {
			got, err := collect(it)
			if must(c, err); !slices.Equal(got, some) {
				c.Fatalf("%d rows of %x, not %d", len(got), keys, len(some))
			}
		}
	})
}

// counter counts what is read of an object.
type counter struct {
	*bytes.Reader
	reads, bytes int
}

func (c *counter) ReadAt(b []byte, at int64) (int, error) {
	c.reads, c.bytes = c.reads+1, c.bytes+len(b)
	return c.Reader.ReadAt(b, at)
}

// TestPartOfTheRange: a restore of half of the key range reads little more than half of
// the bytes, in few reads; what is read apart from chunks is their metas.
func TestPartOfTheRange(t *testing.T) {
	for _, test := range []struct {
		name     string
		bucketed bool
		rows     []row
	}{
		{"by hash", false, manyRows(100_000)},
		{"by bucket and hash", true, inBuckets(manyRows(20_000), 5)},
	} {
		t.Run(test.name, func(t *testing.T) {
			object := content{header: bare(test.bucketed), rows: [][]row{test.rows}}.encode(t)
			from := &counter{Reader: bytes.NewReader(object)}
			o, err := snapshot.Open(from, int64(len(object)))
			must(t, err)
			rows, err := collect(o.Rows(0, keyrange.Of(1, 2)))
			must(t, err)
			part := float64(from.bytes) / float64(len(object))
			t.Logf("%d of %d rows: %.1f %% of the bytes in %d reads", len(rows), len(test.rows), 100*part, from.reads)
			if part > 0.6 || from.reads > 4+5+len(object)/2/200_000 {
				t.Errorf("%.2f of the bytes in %d reads", part, from.reads)
			}
		})
	}
}

func manyRows(n int) (rows []row) {
	for _, hash := range hashes(n) {
		rows = append(rows, row{key: string(binary.BigEndian.AppendUint64(nil, hash)) + "a subkey", value: strings.Repeat("v", 32)})
	}
	return rows
}

// inBuckets repeats rows in several buckets.
func inBuckets(rows []row, buckets int64) (all []row) {
	for bucket := range buckets {
		for _, r := range rows {
			all = append(all, row{key: string(runs.AppendBucket(nil, bucket)) + r.key, value: r.value})
		}
	}
	return all
}

// TestMetaIsSmall holds the meta, filter included, to 2.5 bytes a row of 48 bytes.
func TestMetaIsSmall(t *testing.T) {
	rows := manyRows(100_000)
	meta := open(t, content{header: bare(false), rows: [][]row{rows}}.encode(t)).Run(0).Meta
	each := float64(len(meta.Encoded())) / float64(len(rows))
	t.Logf("%.2f bytes a row", each)
	if each > 2.5 {
		t.Errorf("%.2f bytes a row", each)
	}
}

// A change of any one bit, or of all bits of a byte, and every truncation is noticed.
func TestEveryDamageIsDetected(t *testing.T) {
	object := sample().encode(t)
	damaged := bytes.Clone(object)
	for i := range object {
		for _, change := range []byte{1, 2, 4, 8, 16, 32, 64, 128, 255} {
			damaged[i] = object[i] ^ change
			if _, err := read(damaged); err == nil {
				t.Fatalf("byte %d of %d changed from %02x to %02x: not noticed", i, len(object), object[i], damaged[i])
			}
		}
		damaged[i] = object[i]
	}
	for n := range object {
		if _, err := read(object[:n]); err == nil {
			t.Fatalf("cut off after %d of %d bytes: not noticed", n, len(object))
		}
	}
	if _, err := read(append(damaged, 0)); err == nil {
		t.Fatal("a byte more: not noticed")
	}
}

// failing is a full disk.
type failing struct{ left int }

func (f *failing) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// TestFailedWritesAreReported fails at each write.
func TestFailedWritesAreReported(t *testing.T) {
	c := content{header: bare(false), rows: [][]row{manyRows(3_000)}}
	size := len(c.encode(t))
	for left := 0; left < size; left += 1 + size/40 {
		if err := c.write(&failing{left}); err == nil || !errors.Is(err, io.ErrShortWrite) || !strings.Contains(err.Error(), " at offset ") && !strings.Contains(err.Error(), "up to offset ") {
			t.Errorf("a disk with %d of %d bytes left: %v", left, size, err)
		}
	}
	must(t, c.write(&failing{size}))
}

// FuzzOpen makes sure that no input makes the reader panic or allocate out of proportion.
// Since random changes die at the CRCs, Seal mends those first.
func FuzzOpen(f *testing.F) {
	f.Add(content{header: bare(false), rows: [][]row{nil}}.encode(f), uint32(0), byte(0))
	f.Add(sample().encode(f), uint32(40), byte(1))
	f.Fuzz(func(t *testing.T, object []byte, at uint32, change byte) {
		if len(object) > 0 {
			object = bytes.Clone(object)
			object[int(at)%len(object)] ^= change
		}
		for _, o := range [][]byte{object, snapshot.Seal(object)} {
			c, err := read(o)
			if err != nil {
				continue
			}
			held := 0
			for _, r := range slices.Concat(c.rows...) {
				held += len(r.key) + len(r.value)
			}
			if held > len(o) {
				t.Errorf("%d bytes hold rows of %d bytes", len(o), held)
			}
		}
	})
}

// TestErrors: an error says which part of what is wrong, and where.
func TestErrors(t *testing.T) {
	object := sample().encode(t)
	damage := func(at int) []byte {
		o := bytes.Clone(object)
		o[at] ^= 1
		return o
	}
	first := bytes.Index(object, []byte("vvvv")) // in the first chunk
	older := bytes.Clone(object)
	older[8], older[len(older)-5] = 1, 0
	tests := []struct {
		name   string
		object []byte
		want   string
	}{
		{"foreign", bytes.Repeat([]byte("no state object "), 9), `snapshot: footer at offset 112: begins with "no state", not "weirstat": no state object`},
		{"short", []byte("weirstat"), "snapshot: 8 bytes are too few for an object: cut off?"},
		{"older", older, fmt.Sprintf("snapshot: footer at offset %d: has format version 1; this weir reads version 2: resume", len(object)-32)},
		{"chunk", damage(first), "runs: table distinct: chunk 0 at offset 0: damaged: CRC-32C is "},
		{"header", damage(40), "snapshot: header at offset 12: damaged: CRC-32C is "},
		{"cut off", object[:len(object)-1], fmt.Sprintf("snapshot: footer at offset %d: ends with ", len(object)-33)},
	}
	for _, test := range tests {
		if _, err := read(test.object); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant %s…", test.name, err, test.want)
		}
	}
}

// TestMisuse: what a caller does wrong is an error, not an object that cannot be read.
func TestMisuse(t *testing.T) {
	tests := []struct {
		name   string
		change func(c *content)
		want   string
	}{
		{"a table is missing", func(c *content) { c.rows = c.rows[:1] }, "snapshot: the last 1 tables of the header were not written"},
		{"a table too many", func(c *content) { c.rows = append(c.rows, nil) }, "snapshot: table 2 is written behind 2 of 2 tables"},
		{"a key twice", func(c *content) { c.rows[1][1] = c.rows[1][0] }, "runs: table panes: entry 1: key 80000000000000004000000000000000 does not lie behind 8"},
		{"a short key", func(c *content) { c.rows[0][0].key = "\x001" }, "runs: table distinct: entry 0: key 0031 has less than 8 bytes"},
		{"no buckets", func(c *content) { c.drops[0] = 1 }, "runs: table distinct: buckets are dropped, but the run has none"},
		{"an order", func(c *content) { c.header.Tables[0].Ordered = "up" }, `snapshot: header: table distinct is ordered "up", which is`},
		{"a base", func(c *content) { *c.header.Base = 12 }, "snapshot: header: checkpoint 12 cannot build on checkpoint 12"},
		{"the order of tables", func(c *content) { slices.Reverse(c.header.Tables) }, "snapshot: header: table distinct stands behind table panes"},
	}
	for _, test := range tests {
		c := sample()
		test.change(&c)
		if err := c.write(io.Discard); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant %s…", test.name, err, test.want)
		}
	}
}
