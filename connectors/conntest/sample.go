package conntest

import (
	"bytes"
	"io"
	"os"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Sample is real data in a format, by which the cost of reading and writing it is
// measured. Its context has no input and no pool.
type Sample struct {
	Format  stream.Format
	Context stream.DecoderContext
	Text    []byte
}

// Gunzip returns what a compressed file holds.
func Gunzip(t testing.TB, file string) []byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// open returns a decoder at the start of the text.
func (s Sample) open(t testing.TB, pool *record.Pool) stream.Decoder {
	t.Helper()
	s.Context.Input, s.Context.Pool = bytes.NewReader(s.Text), pool
	d, err := s.Format.NewDecoder(s.Context)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// decode decodes the text to its end and returns the number of rows.
func (s Sample) decode(t testing.TB, pool *record.Pool) (rows int) {
	d := s.open(t, pool)
	defer d.Close()
	for {
		b, failed, err := d.Next()
		if err == io.EOF {
			return rows
		}
		if err != nil || failed != nil {
			t.Fatal(err, failed)
		}
		rows += b.Len()
		b.Release()
	}
}

// TestDecode wants so many rows, and at most so many allocations for each.
func (s Sample) TestDecode(t *testing.T, want int, most float64) {
	t.Helper()
	pool, rows := record.NewPool(), 0
	allocs := testing.AllocsPerRun(5, func() { rows = s.decode(t, pool) })
	if rows != want {
		t.Errorf("%d rows, want %d", rows, want)
	}
	if perRow := allocs / float64(rows); perRow > most {
		t.Errorf("%.4f allocations a row, want at most %g", perRow, most)
	}
}

// BenchmarkDecode measures how fast the text is decoded.
func (s Sample) BenchmarkDecode(b *testing.B) {
	pool := record.NewPool()
	b.SetBytes(int64(len(s.Text)))
	b.ReportAllocs()
	for b.Loop() {
		s.decode(b, pool)
	}
}

// encoding returns a function that encodes the first batch of the text, which has
// so many rows, into out.
func (s Sample) encoding(t testing.TB) (encode func(), rows int, out *bytes.Buffer) {
	t.Helper()
	d := s.open(t, record.NewPool())
	t.Cleanup(d.Close)
	batch, _, err := d.Next()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(batch.Release)
	out = &bytes.Buffer{}
	e, err := s.Format.NewEncoder(s.Context.Schema, out)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		out.Reset()
		if err := e.Encode(batch); err != nil {
			t.Fatal(err)
		}
	}, batch.Len(), out
}

// TestEncode wants no allocations.
func (s Sample) TestEncode(t *testing.T) {
	t.Helper()
	encode, _, _ := s.encoding(t)
	if allocs := testing.AllocsPerRun(5, encode); allocs > 0 {
		t.Errorf("%.0f allocations a batch, want none", allocs)
	}
}

// BenchmarkEncode measures how fast a batch is encoded.
func (s Sample) BenchmarkEncode(b *testing.B) {
	encode, rows, out := s.encoding(b)
	n := 0
	for b.Loop() {
		encode()
		n += rows
	}
	b.SetBytes(int64(out.Len()))
	b.ReportMetric(float64(n)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

// messages returns each line of the text as a message.
func (s Sample) messages() (all [][]byte) {
	for line := range bytes.Lines(s.Text) {
		all = append(all, bytes.TrimRight(line, "\r\n"))
	}
	return all
}

// messageDecoding returns a function that decodes all messages of the text, a thousand at
// a time, and returns how many rows they have.
func (s Sample) messageDecoding(t testing.TB, f stream.MessageFormat) func() int {
	t.Helper()
	pool, messages := record.NewPool(), s.messages()
	d, err := f.NewMessageDecoder(stream.MessageContext{Schema: s.Context.Schema, Patterns: s.Context.Patterns, Read: s.Context.Read})
	if err != nil {
		t.Fatal(err)
	}
	const most = 1024
	counts := make([]int32, most)
	columns := make([]*record.Column, s.Context.Schema.Len())
	return func() (rows int) {
		for left := messages; len(left) > 0; {
			some := left[:min(most, len(left))]
			left = left[len(some):]
			for i, field := range s.Context.Schema.Fields() {
				if s.Context.Read.Has(i) {
					columns[i] = pool.NewColumn(field.Type, most)
				}
			}
			if failed := d.Decode(some, columns, counts); len(failed) > 0 {
				t.Fatal(failed[0].Err)
			}
			for _, n := range counts[:len(some)] {
				rows += int(n)
			}
			for i, c := range columns {
				if c != nil {
					c.Release()
				}
				columns[i] = nil
			}
		}
		return rows
	}
}

// TestMessages wants a row of each line as a message, and at most so many allocations for
// each.
func (s Sample) TestMessages(t *testing.T, f stream.MessageFormat, most float64) {
	t.Helper()
	decode, rows := s.messageDecoding(t, f), 0
	allocs := testing.AllocsPerRun(5, func() { rows = decode() })
	if want := len(s.messages()); rows != want {
		t.Errorf("%d rows, want %d", rows, want)
	}
	if perRow := allocs / float64(rows); perRow > most {
		t.Errorf("%.4f allocations a row, want at most %g", perRow, most)
	}
}

// BenchmarkMessages decodes each line as a message, and the lines as a stream, in turn. It
// reports how many times as long the messages take.
func (s Sample) BenchmarkMessages(b *testing.B, f stream.MessageFormat) {
	pool, decode := record.NewPool(), s.messageDecoding(b, f)
	var messages, streamed time.Duration
	b.SetBytes(int64(len(s.Text)))
	for b.Loop() {
		begin := time.Now()
		s.decode(b, pool)
		middle := time.Now()
		decode()
		streamed += middle.Sub(begin)
		messages += time.Since(middle)
	}
	b.ReportMetric(messages.Seconds()/streamed.Seconds(), "×stream")
}
