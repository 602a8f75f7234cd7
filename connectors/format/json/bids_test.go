package json

import (
	"bytes"
	stdjson "encoding/json"
	"io"
	"os"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// bids returns the lines of Nexmark's events that are bids, with the schema that
// reads the columns the queries compute with.
func bids(t testing.TB) ([]byte, stream.DecoderContext) {
	t.Helper()
	f, err := os.Open("../../../jobs/examples/data/nexmark-5k.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	for line := range bytes.Lines(all) {
		if bytes.Contains(line, []byte(`"bid":`)) {
			text = append(text, line...)
		}
	}
	return text, stream.DecoderContext{
		Name:     "bids.jsonl",
		Schema:   schema(t, "event_type int32, bid struct<auction int64, bidder int64, price int64, dateTime timestamp>"),
		Patterns: []stream.Pattern{{}, {Fields: []stream.Pattern{{}, {}, {}, {Timestamp: "ms"}}}},
	}
}

// countRows decodes text to its end and returns the number of rows.
func countRows(t testing.TB, c stream.DecoderContext, text []byte) int {
	c.Input, c.BatchRows = bytes.NewReader(text), 1024
	d, err := Format{}.NewDecoder(c)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for rows := 0; ; {
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

func TestBidsAllocateNothingPerRow(t *testing.T) {
	text, c := bids(t)
	c.Pool = record.NewPool()
	rows := 0
	allocs := testing.AllocsPerRun(5, func() { rows = countRows(t, c, text) })
	if rows != 4600 {
		t.Errorf("%d rows, want 4600", rows)
	}
	if perRow := allocs / float64(rows); perRow > 0.02 {
		t.Errorf("%.4f allocations a row, want at most 0.02", perRow)
	}
}

func BenchmarkDecodeBids(b *testing.B) {
	text, some := bids(b)
	all := some
	all.Schema = schema(b, "event_type int32, bid struct<auction int64, bidder int64, price int64, channel string, url string, dateTime timestamp, extra string>")
	all.Patterns = []stream.Pattern{{}, {Fields: []stream.Pattern{{}, {}, {}, {}, {}, {Timestamp: "ms"}, {}}}}
	for name, c := range map[string]stream.DecoderContext{"5 of 8 values": some, "all values": all} {
		b.Run(name, func(b *testing.B) {
			c.Pool = record.NewPool()
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				countRows(b, c, text)
			}
		})
	}
}

// BenchmarkStandardLibrary reads the same values with encoding/json, for comparison.
func BenchmarkStandardLibrary(b *testing.B) {
	text, _ := bids(b)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for line := range bytes.Lines(text) {
			var event struct {
				EventType int32 `json:"event_type"`
				Bid       struct{ Auction, Bidder, Price, DateTime int64 }
			}
			if err := stdjson.Unmarshal(line, &event); err != nil || event.Bid.DateTime == 0 {
				b.Fatal(err, event)
			}
		}
	}
}
