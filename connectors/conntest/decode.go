package conntest

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
)

// Decoded is all that came out of a text.
type Decoded struct {
	Rows      []string // as [Rows] draws them
	Failed    []stream.FailedRecord
	Bookmarks []stream.Bookmark // behind each call of Next
	Counts    []int             // rows before each bookmark
	Err       error             // nil at the natural end
}

// String draws rows, failures and error.
func (d Decoded) String() string {
	var b strings.Builder
	for _, r := range d.Rows {
		fmt.Fprintln(&b, r)
	}
	for _, f := range d.Failed {
		fmt.Fprintf(&b, "failed %s: %v\n  raw %q\n", f.Where, f.Err, f.Raw)
	}
	if d.Err != nil {
		fmt.Fprintf(&b, "error: %v\n", d.Err)
	}
	return b.String()
}

// mostCalls is how many calls of Next no text of a test needs.
const mostCalls = 1_000_000

// Decode decodes from a bookmark to the end of a text, over calls that are not ready,
// with a checked pool. The last bookmark has to count what came. look, which may be
// nil, is given each batch.
func Decode(t testing.TB, f stream.Format, c stream.DecoderContext, look func(*record.Batch)) Decoded {
	t.Helper()
	c.Pool = record.NewCheckedPool()
	d, err := f.NewDecoder(c)
	if err != nil {
		t.Fatal(err)
	}
	var out Decoded
	for err == nil || err == stream.ErrNotReady {
		var b *record.Batch
		var failed []stream.FailedRecord
		if b, failed, err = d.Next(); b != nil {
			out.Rows = append(out.Rows, Rows(b)...)
			if look != nil {
				look(b)
			}
			b.Release()
		}
		out.Failed = append(out.Failed, failed...)
		out.Bookmarks = append(out.Bookmarks, d.Bookmark())
		out.Counts = append(out.Counts, len(out.Rows))
		if len(out.Bookmarks) > mostCalls {
			t.Fatalf("no end after %d calls of Next, at %+v", mostCalls, d.Bookmark())
		}
	}
	if err != io.EOF {
		out.Err = err
	}
	if n := d.Bookmark().Record; out.Err == nil && n != c.Start.Record+int64(len(out.Rows)+len(out.Failed)) {
		t.Errorf("the bookmark counts %d records behind %d, but %d rows and %d failures came", n, c.Start.Record, len(out.Rows), len(out.Failed))
	}
	d.Close()
	if err := c.Pool.Check(); err != nil {
		t.Error(err)
	}
	return out
}

// TestBookmarks decodes a text row by row, and again from each bookmark, by seeking and
// without. It returns what the whole text holds.
func TestBookmarks(t testing.TB, f stream.Format, c stream.DecoderContext, text string) Decoded {
	t.Helper()
	c.BatchRows, c.Input = 1, strings.NewReader(text)
	all := Decode(t, f, c, nil)
	for i, bookmark := range all.Bookmarks {
		want := Decoded{Rows: all.Rows[all.Counts[i]:], Failed: all.Failed[bookmark.Record-int64(all.Counts[i]):]}
		for _, input := range []io.Reader{strings.NewReader(text), struct{ io.Reader }{strings.NewReader(text)}} {
			c.Start, c.Input = bookmark, input
			if got := Decode(t, f, c, nil); got.String() != want.String() {
				t.Errorf("from %+v:\n%v\nwant\n%v", bookmark, got, want)
			}
		}
	}
	return all
}

// TestRoundTrip encodes the rows of a text, with values beneath their nulls, and
// reads the same rows back.
func TestRoundTrip(t testing.TB, f stream.Format, c stream.DecoderContext, text []byte) {
	t.Helper()
	var out bytes.Buffer
	e, err := f.NewEncoder(c.Schema, &out)
	if err == nil {
		err = e.Header()
	}
	if err != nil {
		t.Fatal(err)
	}
	c.Input = bytes.NewReader(text)
	random := rand.New(rand.NewPCG(uint64(len(text)), 1))
	first := Decode(t, f, c, func(b *record.Batch) {
		if err := e.Encode(recordtest.UnderlayBatch(random, b)); err != nil {
			t.Fatal(err)
		}
	})
	c.Input = bytes.NewReader(out.Bytes())
	second := Decode(t, f, c, nil)
	if second.Err != nil || len(second.Failed) > 0 || !slices.Equal(first.Rows, second.Rows) {
		t.Fatalf("decoded\n%v\nencoded as %q, decoded\n%v", first, out.Bytes(), second)
	}
}

// Pieces returns a text in reads of at most n bytes.
func Pieces(text []byte, n int) io.Reader { return &pieces{text, n} }

type pieces struct {
	text []byte
	n    int
}

func (p *pieces) Read(to []byte) (int, error) {
	if len(p.text) == 0 {
		return 0, io.EOF
	}
	n := copy(to[:min(p.n, len(to))], p.text)
	p.text = p.text[n:]
	return n, nil
}

// Stutter returns a text that is not ready before each byte.
func Stutter(text string) io.Reader { return &stutter{from: Pieces([]byte(text), 1)} }

type stutter struct {
	from  io.Reader
	ready bool
}

func (s *stutter) Read(p []byte) (int, error) {
	if s.ready = !s.ready; s.ready {
		return 0, stream.ErrNotReady
	}
	return s.from.Read(p)
}
