package datagen

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

var schema = record.MustSchema(
	record.Field{Name: "n", Type: record.Int64},
	record.Field{Name: "price", Type: record.Int64},
	record.Field{Name: "share", Type: record.Float64},
	record.Field{Name: "channel", Type: record.String},
	record.Field{Name: "paid", Type: record.Bool},
	record.Field{Name: "at", Type: record.Timestamp},
)

var columns = []string{
	"n = sequence()", "price = uniform(-5, 5)", "share = uniform(1, 2)", "channel=oneof(web, app)", "paid = chance(0.25)",
	"at = clock(2024-01-01T00:00:00Z, 10ms, 2s)",
}

func open(t testing.TB, schema *record.Schema, numbers map[string]int, columns ...string) (stream.Source, error) {
	t.Helper()
	given := []component.Entry{{Key: "columns", Value: component.ListOf(columns...)}}
	for k, n := range numbers {
		given = append(given, component.Entry{Key: k, Value: component.TextValue(strconv.Itoa(n))})
	}
	c, problems := component.NewConfig(&SourceType.Spec, component.Position{File: "job.yaml"}, given)
	if problems != nil {
		t.Fatal(problems)
	}
	return SourceType.New(c, component.SourceInputs{Step: "in", Schema: schema})
}

func TestConformance(t *testing.T) {
	conntest.TestSource(t, conntest.Source{New: func(t testing.TB, splits, rows int) (stream.Source, env.Env) {
		s, err := open(t, schema, map[string]int{"splits": splits, "rows": splits * rows}, columns...)
		if err != nil {
			t.Fatal(err)
		}
		return s, env.Real()
	}})
}

// TestRows pins the rows of a seed, which benchmarks and their expected results
// rest on.
func TestRows(t *testing.T) {
	golden.Script(t, "testdata/rows", func(input string) string {
		pool := record.NewCheckedPool()
		s, err := open(t, schema, map[string]int{"seed": 7, "splits": 2}, columns...)
		if err != nil {
			t.Fatal(err)
		}
		var split, first int64
		line := strings.TrimSpace(input[strings.LastIndex(strings.TrimSpace(input), "\n")+1:])
		if _, err := fmt.Sscanf(line, "split %d from %d", &split, &first); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		b := s.(*source).make(pool, split, first, 4)
		rows := conntest.Rows(b)
		b.Release()
		if err := pool.Check(); err != nil {
			t.Error(err)
		}
		return strings.Join(rows, "\n")
	})
}

// TestOtherTypes checks the ranges of the types that the golden rows do not have.
func TestOtherTypes(t *testing.T) {
	price, err := record.DecimalOf(6, 2)
	if err != nil {
		t.Fatal(err)
	}
	schema := record.MustSchema(record.Field{Name: "n", Type: record.Int32}, record.Field{Name: "i", Type: record.Int32},
		record.Field{Name: "price", Type: price}, record.Field{Name: "day", Type: record.Date}, record.Field{Name: "raw", Type: record.Bytes})
	s, err := open(t, schema, nil, "n = sequence()", "i = uniform(-1, 1)", "price = uniform(-0.01, 0.01)",
		"day = uniform(2013-01-31, 2013-02-02)", "raw = oneof(a, b)")
	if err != nil {
		t.Fatal(err)
	}
	pool := record.NewCheckedPool()
	b := s.(*source).make(pool, 0, 0, 1000)
	seen := map[string]int{}
	for i := range 1000 {
		if got := b.Columns[0].Int32s()[i]; got != int32(i) {
			t.Fatalf("row %d has the number %d", i, got)
		}
		for _, c := range b.Columns[1:] {
			seen[string(c.AppendText(nil, i))]++
		}
	}
	b.Release()
	for _, want := range []string{"-1", "0", "1", "-0.01", "0.00", "0.01", "2013-01-31", "2013-02-01", "2013-02-02", "YQ==", "Yg=="} {
		if seen[want] < 250 {
			t.Errorf("%s stands in %d rows", want, seen[want])
		}
	}
	if len(seen) != 11 {
		t.Errorf("values are %v", seen)
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// TestDistribution checks ranges and, roughly, means over many rows.
func TestDistribution(t *testing.T) {
	const rows = 100_000
	pool := record.NewPool()
	s, err := open(t, schema, nil, columns...)
	if err != nil {
		t.Fatal(err)
	}
	b := s.(*source).make(pool, 0, 0, rows)
	defer b.Release()
	start, err := record.ParseTime([]byte("2024-01-01T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	var prices, paid, web, disorder int64
	var shares float64
	for i := range rows {
		price, share := b.Columns[1].Int64s()[i], b.Columns[2].Float64s()[i]
		early := int64(start) + int64(i)*10_000 - b.Columns[5].Int64s()[i]
		if price < -5 || price > 5 || share < 1 || share >= 2 || early < 0 || early > 2_000_000 {
			t.Fatalf("row %d is out of range: %s", i, conntest.Rows(b)[i])
		}
		prices, shares, disorder = prices+price, shares+share, disorder+early
		if record.BitAt(b.Columns[4].Bits(), i) {
			paid++
		}
		if string(b.Columns[3].Strings().At(i)) == "web" {
			web++
		}
	}
	for _, mean := range []struct {
		name            string
		got, want, near float64
	}{
		{"price", float64(prices) / rows, 0, 0.05},
		{"share", shares / rows, 1.5, 0.005},
		{"paid", float64(paid) / rows, 0.25, 0.005},
		{"web", float64(web) / rows, 0.5, 0.005},
		{"disorder", float64(disorder) / rows, 1_000_000, 10_000},
	} {
		if d := mean.got - mean.want; d > mean.near || d < -mean.near {
			t.Errorf("mean of %s: %g, want about %g", mean.name, mean.got, mean.want)
		}
	}
}

func TestConfig(t *testing.T) {
	for _, test := range []struct {
		column, want string
	}{
		{"price uniform", "does not say how a column is filled"},
		{"prise = uniform(0, 1)", `the schema has no column "prise"; did you mean "price"?`},
		{"price = oneof(1, 2)", "a column of type int64 is filled by uniform(low, high) or sequence()"},
		{"price = uniform(2, 1)", "low is not below high"},
		{"price = uniform(a, 1)", "low and high have to be whole numbers"},
		{"price = uniform(1, 2", "is not a function such as"},
		{"share = uniform(2, 1)", "low the lesser one"},
		{"channel = keys(0)", `"0" is not a number of keys`},
		{"paid = chance(2)", `"2" is not a probability`},
		{"at = clock(now, 1s, 0s)", `"now" is not an RFC 3339 timestamp`},
		{"at = clock(2024-01-01T00:00:00Z, 1, 0s)", `"1" is not a duration`},
	} {
		if _, err := open(t, schema, nil, test.column); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.column, err, test.want)
		}
	}
	for key, least := range map[string]int64{"rows": 0, "rows_per_second": 0, "splits": 1} {
		if f := SourceType.Spec.Field(key); f.Most == 0 || f.Least != least {
			t.Errorf("%s is bounded by %d and %d", key, f.Least, f.Most)
		}
	}
	if _, err := open(t, nil, nil); err == nil || !strings.Contains(err.Error(), "needs a schema") {
		t.Errorf("without a schema: %v", err)
	}
}

// BenchmarkNumbers makes rows of four numeric columns; the goal is 25 million a
// second of CPU.
func BenchmarkNumbers(b *testing.B) {
	const batchRows = 1024
	numbers := record.MustSchema(
		record.Field{Name: "auction", Type: record.Int64}, record.Field{Name: "bidder", Type: record.Int64},
		record.Field{Name: "price", Type: record.Int64}, record.Field{Name: "at", Type: record.Timestamp},
	)
	s, err := open(b, numbers, nil, "bidder = sequence()", "at = clock(2024-01-01T00:00:00Z, 1ms, 1s)")
	if err != nil {
		b.Fatal(err)
	}
	r, err := s.NewReader(stream.ReaderContext{Env: env.Real(), Pool: record.NewPool(), BatchRows: batchRows, Wait: time.Millisecond})
	if err != nil {
		b.Fatal(err)
	}
	if err := r.Assign([]stream.Split{{ID: "0"}}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		f, err := r.Fetch(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		rows += f.Batch.Len()
		f.Batch.Release()
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}
