package snapshot_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/state/snapshot"
)

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
		{"chunk", damage(first), "runs: table distinct of checkpoint 12: chunk 0 at offset 0: damaged: CRC-32C is "},
		{"header", damage(40), "snapshot: header at offset 12: damaged: CRC-32C is "},
		{"a byte before it", append([]byte("!"), object...), fmt.Sprintf("snapshot: footer at offset %d: begins with", len(object)-31)},
		{"a byte in it", slices.Concat(object[:20], []byte{0}, object[20:]),
			fmt.Sprintf("snapshot: footer at offset %d: the object had %d bytes, now it has %d", len(object)-31, len(object), len(object)+1)},
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

// TestOrderOfTables: a table is written once, in its place.
func TestOrderOfTables(t *testing.T) {
	for _, order := range [][]int{{1}, {0, 0}, {0, 1, 1}, {-1}} {
		w, err := snapshot.NewWriter(io.Discard, sample().header, nil)
		must(t, err)
		for _, i := range order {
			_, err = w.Table(i)
		}
		if err == nil || w.Finish() == nil {
			t.Errorf("tables in the order %v: %v", order, err)
		}
	}
}

// TestSealedErrors: what an object with right CRCs may say wrong.
func TestSealedErrors(t *testing.T) {
	object := sample().encode(t)
	footer := len(object) - 32
	index := binary.LittleEndian.Uint64(object[footer+8:])
	set := func(at int, value uint64) func([]byte) {
		return func(o []byte) { binary.LittleEndian.PutUint64(o[at:], value) }
	}
	add := func(field, difference int) func([]byte) {
		at := int(index) + 8*field
		return set(at, binary.LittleEndian.Uint64(object[at:])+uint64(difference))
	}
	replace := func(old, by string) func([]byte) {
		at := bytes.Index(object, []byte(old))
		return func(o []byte) { copy(o[at:], by) }
	}
	second := string(object[bytes.Index(object, []byte(`,{"name":"panes"`)):bytes.LastIndex(object, []byte("]}"))])
	tests := []struct {
		name   string
		change []func(o []byte)
		want   string
	}{
		{"metas before the head", []func([]byte){set(footer, 3)}, "metas and index cannot be at 3 and "},
		{"metas behind the index", []func([]byte){set(footer, index+1)}, "metas and index cannot be at "},
		{"an index behind the footer", []func([]byte){set(footer+8, uint64(footer+1))}, "metas and index cannot be at "},
		{"an index cut off", []func([]byte){set(footer+8, index+8)}, "index at offset "},
		{"a long header", []func([]byte){add(0, 1)}, "the lengths of its parts do not fill the object"},
		{"lengths that overflow", []func([]byte){add(0, -1<<63), add(1, -1<<63)}, "the lengths of its parts do not fill the object"},
		{"short chunks", []func([]byte){add(2, -1)}, "the lengths of its parts do not fill the object"},
		{"a short meta", []func([]byte){add(5, -1)}, "the lengths of its parts do not fill the object"},
		{"chunks of another table", []func([]byte){add(2, -1), add(4, 1)}, "meta of table distinct at offset "},
		{"buckets", []func([]byte){replace(`"bucketed":false,`, `"bucketed":true ,`)}, "bucketed is false, the header says true"},
		{"an unknown key", []func([]byte){replace(`"multi"`, `"mulit"`)}, `the header is not as expected: json: unknown field "mulit"`},
		{"a table less", []func([]byte){replace(second, strings.Repeat(" ", len(second)))}, "it has 1 tables, the index 2"},
		{"a range", []func([]byte){replace(`"first":"4`, `"first":"9`)}, "the key range ends (7fffffffffffffff) before it begins"},
		{"cells", []func([]byte){replace("\x06\x00\x00\x00cursor", "\x06\x00\x00\x09")}, "cell 0: 150994950 bytes claimed where "},
	}
	for _, test := range tests {
		o := bytes.Clone(object)
		for _, change := range test.change {
			change(o)
		}
		if _, err := read(snapshot.Seal(o)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant …%s…", test.name, err, test.want)
		}
	}
}
