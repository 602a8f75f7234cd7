package csv

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// january returns the text of the flights of January 2013, and the schema of the
// three columns that the main example reads.
func january(t testing.TB) ([]byte, *record.Schema) {
	t.Helper()
	f, err := os.Open("../../../jobs/examples/data/departures-2013-01.csv.gz")
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
	return text, record.MustSchema(
		record.Field{Name: "scheduled_at", Type: record.Timestamp},
		record.Field{Name: "origin", Type: record.String},
		record.Field{Name: "dep_delay_min", Type: record.Int64},
	)
}

// countRows decodes text to its end and returns the number of rows.
func countRows(t testing.TB, pool *record.Pool, schema *record.Schema, text []byte) int {
	d, err := Default.NewDecoder(stream.DecoderContext{
		Name: "january.csv", Schema: schema, Input: bytes.NewReader(text), Pool: pool, BatchRows: 1024,
	})
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

func TestJanuaryAllocatesNothingPerRow(t *testing.T) {
	text, schema := january(t)
	pool := record.NewPool()
	rows := 0
	allocs := testing.AllocsPerRun(5, func() { rows = countRows(t, pool, schema, text) })
	if rows != 26_475 {
		t.Errorf("%d rows, want 26475", rows)
	}
	if perRow := allocs / float64(rows); perRow > 0.01 {
		t.Errorf("%.4f allocations a row, want at most 0.01", perRow)
	}
}

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
	text, three := january(b)
	for name, schema := range map[string]*record.Schema{"3 of 11 columns": three, "all columns": allColumns} {
		b.Run(name, func(b *testing.B) {
			pool := record.NewPool()
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				countRows(b, pool, schema, text)
			}
		})
	}
}

// encoding returns a function that encodes the first batch of January, which
// has so many rows, into out.
func encoding(t testing.TB) (encode func(), rows int, out *bytes.Buffer) {
	t.Helper()
	text, schema := january(t)
	d, err := Default.NewDecoder(stream.DecoderContext{Schema: schema, Input: bytes.NewReader(text), Pool: record.NewPool()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	batch, _, err := d.Next()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(batch.Release)
	out = &bytes.Buffer{}
	e, err := Default.NewEncoder(schema, out)
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

func TestEncodingAllocatesNothing(t *testing.T) {
	encode, _, _ := encoding(t)
	if allocs := testing.AllocsPerRun(5, encode); allocs > 0 {
		t.Errorf("%.0f allocations a batch, want none", allocs)
	}
}

func BenchmarkEncodeJanuary(b *testing.B) {
	encode, rows, out := encoding(b)
	n := 0
	for b.Loop() {
		encode()
		n += rows
	}
	b.SetBytes(int64(out.Len()))
	b.ReportMetric(float64(n)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}
