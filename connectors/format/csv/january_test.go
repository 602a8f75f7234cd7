package csv

import (
	"bytes"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// january is the flights of January 2013, with the schema of the three columns
// that the main example reads.
func january(t testing.TB) conntest.Sample {
	t.Helper()
	return conntest.Sample{
		Format: Default,
		Text:   conntest.Gunzip(t, "../../../jobs/examples/data/departures-2013-01.csv.gz"),
		Context: stream.DecoderContext{Name: "january.csv", Schema: record.MustSchema(
			record.Field{Name: "scheduled_at", Type: record.Timestamp},
			record.Field{Name: "origin", Type: record.String},
			record.Field{Name: "dep_delay_min", Type: record.Int64},
		)},
	}
}

func TestJanuaryAllocatesNothingPerRow(t *testing.T) { january(t).TestDecode(t, 26_475, 0.01) }

func TestEncodingAllocatesNothing(t *testing.T) { january(t).TestEncode(t) }

// allColumns is the schema of all columns of the flights.
var allColumns = record.MustSchema(
	record.Field{Name: "departed_at", Type: record.Timestamp}, record.Field{Name: "scheduled_at", Type: record.Timestamp},
	record.Field{Name: "carrier", Type: record.String}, record.Field{Name: "flight", Type: record.Int64},
	record.Field{Name: "tailnum", Type: record.String}, record.Field{Name: "origin", Type: record.String},
	record.Field{Name: "dest", Type: record.String}, record.Field{Name: "dep_delay_min", Type: record.Int64},
	record.Field{Name: "arr_delay_min", Type: record.Int64}, record.Field{Name: "air_time_min", Type: record.Int64},
	record.Field{Name: "distance_mi", Type: record.Int64},
)

func BenchmarkDecodeJanuary(b *testing.B) {
	three := january(b)
	all := three
	all.Context.Schema = allColumns
	b.Run("3 of 11 columns", three.BenchmarkDecode)
	b.Run("all columns", all.BenchmarkDecode)
}

func BenchmarkEncodeJanuary(b *testing.B) { january(b).BenchmarkEncode(b) }

// BenchmarkDecodeQuoted decodes the flights with all cells in quotes.
func BenchmarkDecodeQuoted(b *testing.B) {
	quoted := january(b)
	var text []byte
	for line := range bytes.Lines(quoted.Text) {
		line = bytes.TrimRight(line, "\r\n")
		text = append(text, '"')
		text = append(text, bytes.ReplaceAll(line, []byte(","), []byte(`","`))...)
		text = append(text, "\"\n"...)
	}
	quoted.Text = text
	quoted.BenchmarkDecode(b)
}
