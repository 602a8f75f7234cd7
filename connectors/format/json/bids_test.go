package json

import (
	"bytes"
	stdjson "encoding/json"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/stream"
)

// bids is the lines of Nexmark's events that are bids, with the schema that reads
// the columns the queries compute with.
func bids(t testing.TB) conntest.Sample {
	t.Helper()
	var text []byte
	for line := range bytes.Lines(conntest.Gunzip(t, "../../../jobs/examples/data/nexmark-5k.jsonl.gz")) {
		if bytes.Contains(line, []byte(`"bid":`)) {
			text = append(text, line...)
		}
	}
	return conntest.Sample{Text: text, Format: Format{}, Context: stream.DecoderContext{
		Name:     "bids.jsonl",
		Schema:   schema(t, "event_type int32, bid struct<auction int64, bidder int64, price int64, dateTime timestamp>"),
		Patterns: []stream.Pattern{{}, {Fields: []stream.Pattern{{}, {}, {}, {Timestamp: "ms"}}}},
	}}
}

func TestBidsAllocateNothingPerRow(t *testing.T) { bids(t).TestDecode(t, 4600, 0.02) }

func BenchmarkDecodeBids(b *testing.B) {
	some := bids(b)
	all := some
	all.Context.Schema = schema(b, "event_type int32, bid struct<auction int64, bidder int64, price int64, channel string, "+
		"url string, dateTime timestamp, extra string>")
	all.Context.Patterns = []stream.Pattern{{}, {Fields: []stream.Pattern{{}, {}, {}, {}, {}, {Timestamp: "ms"}, {}}}}
	b.Run("5 of 8 values", some.BenchmarkDecode)
	b.Run("all values", all.BenchmarkDecode)
}

// BenchmarkStandardLibrary reads the same values with encoding/json, for comparison.
func BenchmarkStandardLibrary(b *testing.B) {
	text := bids(b).Text
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
