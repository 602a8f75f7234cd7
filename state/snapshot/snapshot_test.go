package snapshot_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// page is a page as read back.
type page struct {
	address snapshot.Address
	content []byte
}

func header() snapshot.Header {
	base := uint64(11)
	return snapshot.Header{
		Checkpoint: 12, Base: &base, Range: snapshot.Range(keyrange.Of(1, 4)), Hash: keyrange.HashName, PageBytes: 65536,
		Tables: []snapshot.Table{{
			Name: "panes", Key: []snapshot.Field{{Name: "origin", Type: "utf8"}}, Sub: []snapshot.Field{{Name: "start", Type: "int64"}},
			Values: []snapshot.Field{{Name: "flights", Type: "int64"}}, Rows: 3,
		}},
	}
}

var cells = []snapshot.Cell{{Name: "cursor", Value: []byte{}}, {Name: "watermark", Value: []byte("12345678")}}

// samplePages is one page of each sort: empty, one that compresses, one that
// does not, and one too long to be compressed.
func samplePages() []page {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 300)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	return []page{
		{snapshot.Address{Column: 0, Part: snapshot.Bits}, bytes.Repeat([]byte{7, 0, 0, 0, 0, 0, 0, 0}, 16)},
		{snapshot.Address{Column: 1, Part: snapshot.Words, Number: 3}, noise},
		{snapshot.Address{Table: 2, Column: 3, Part: snapshot.Strings, Number: 1 << 31}, []byte{}},
		{snapshot.Address{Column: 3, Part: snapshot.Strings, Number: 9}, bytes.Repeat([]byte("a"), 70_000)},
	}
}

func encode(t testing.TB, pages []page) []byte {
	w := snapshot.NewWriter(header(), cells)
	for _, p := range pages {
		w.Page(p.address, p.content)
	}
	object, err := w.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return object
}

// read opens an object and reads all its pages.
func read(object []byte) (*snapshot.Object, []page, error) {
	o, err := snapshot.Open(object)
	if err != nil {
		return nil, nil, err
	}
	var pages []page
	err = o.Pages(func(a snapshot.Address, content []byte) error {
		pages = append(pages, page{a, bytes.Clone(content)})
		return nil
	})
	return o, pages, err
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := samplePages()
	object := encode(t, want)
	o, got, err := read(object)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(o.Header, header()) {
		t.Errorf("header is %+v", o.Header)
	}
	if !reflect.DeepEqual(o.Cells, cells) {
		t.Errorf("cells are %q", o.Cells)
	}
	if len(got) != len(want) {
		t.Fatalf("%d pages, not %d", len(got), len(want))
	}
	for i := range want {
		if got[i].address != want[i].address || !bytes.Equal(got[i].content, want[i].content) {
			t.Errorf("page %d is %+v with %d bytes", i, got[i].address, len(got[i].content))
		}
	}
	for _, e := range o.Index() {
		if e.Keys != keyrange.Of(1, 4) {
			t.Errorf("block at %d has keys %x", e.Offset, e.Keys)
		}
	}
	if !bytes.Equal(object, encode(t, want)) {
		t.Error("the same pages gave other bytes")
	}
}

// A change of any one bit, or of all bits of a byte, and every truncation is noticed.
func TestEveryDamageIsDetected(t *testing.T) {
	object := encode(t, samplePages()[:3])
	damaged := bytes.Clone(object)
	for i := range object {
		for _, change := range []byte{1, 2, 4, 8, 16, 32, 64, 128, 255} {
			damaged[i] = object[i] ^ change
			if _, _, err := read(damaged); err == nil {
				t.Fatalf("byte %d of %d changed from %02x to %02x: not noticed", i, len(object), object[i], damaged[i])
			}
		}
		damaged[i] = object[i]
	}
	for n := range object {
		if _, _, err := read(object[:n]); err == nil {
			t.Fatalf("cut off after %d of %d bytes: not noticed", n, len(object))
		}
	}
	if _, _, err := read(append(damaged, 0)); err == nil {
		t.Fatal("a byte more: not noticed")
	}
}

// An error says in which block and where.
func TestErrorsNameBlockAndOffset(t *testing.T) {
	object := encode(t, samplePages())
	o, err := snapshot.Open(object)
	if err != nil {
		t.Fatal(err)
	}
	e := o.Index()[3]
	damaged := bytes.Clone(object)
	damaged[e.Offset+20] ^= 1
	_, _, err = read(damaged)
	want := fmt.Sprintf("snapshot: block 3 (table 0, column 1, part 1, page 3) at offset %d: damaged: CRC-32C of the block is ", e.Offset)
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got  %v\nwant %s…", err, want)
	}
	if _, err := snapshot.Open([]byte("not a state object, but long enough to be one")); err == nil ||
		!strings.Contains(err.Error(), `begins with "not a st", not "weirstat"`) {
		t.Errorf("foreign object: %v", err)
	}
}

// FuzzDecode makes sure that no input makes the decoder panic or allocate out of
// proportion. Since random changes die at the CRCs, seal mends those first.
func FuzzDecode(f *testing.F) {
	f.Add(encode(f, nil), uint32(0), byte(0))
	f.Add(encode(f, samplePages()[:3]), uint32(40), byte(1))
	f.Fuzz(func(t *testing.T, object []byte, at uint32, change byte) {
		if len(object) > 0 {
			object = bytes.Clone(object)
			object[int(at)%len(object)] ^= change
		}
		for _, o := range [][]byte{object, snapshot.Seal(object)} {
			opened, pages, err := read(o)
			if err != nil {
				continue
			}
			bytes := 0
			for _, p := range pages {
				bytes += max(len(p.content)-65536, 0)
			}
			if blocks := len(opened.Index()); blocks*16 > len(o) || bytes > len(o) {
				t.Errorf("%d bytes hold %d blocks and %d bytes of long pages", len(o), blocks, bytes)
			}
		}
	})
}
