package keyrange_test

import (
	"bufio"
	"fmt"
	"math"
	"math/bits"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/keyrange"
)

// column returns a plain column; nil is a null.
func column(p *record.Pool, t record.Type, values ...any) *record.Column {
	c := p.NewColumn(t, len(values))
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			c.AppendNull()
		case int:
			c.AppendInt64(int64(v))
		case int64:
			c.AppendInt64(v)
		case float64:
			c.AppendFloat64(v)
		case int32:
			c.AppendInt32(v)
		case record.Decimal:
			c.AppendDecimal(v)
		case bool:
			c.AppendBool(v)
		case string:
			c.AppendString([]byte(v))
		}
	}
	return c
}

func decimalOf(precision, scale int) record.Type {
	t, err := record.DecimalOf(precision, scale)
	if err != nil {
		panic(err)
	}
	return t
}

// vectors are the keys whose hashes FORMAT.md lists.
var vectors = []struct {
	text  string
	types []record.Type
	key   []any
}{
	{"no columns", nil, nil},
	{"int64 null", []record.Type{record.Int64}, []any{nil}},
	{"int64 0", []record.Type{record.Int64}, []any{0}},
	{"int64 1", []record.Type{record.Int64}, []any{1}},
	{"int64 -1", []record.Type{record.Int64}, []any{-1}},
	{"timestamp 2013-01-01T10:15:00Z", []record.Type{record.Timestamp}, []any{int64(1357035300000000)}},
	{"bool false", []record.Type{record.Bool}, []any{false}},
	{"bool true", []record.Type{record.Bool}, []any{true}},
	{"float64 0.0", []record.Type{record.Float64}, []any{0.0}},
	{"float64 -0.0", []record.Type{record.Float64}, []any{math.Copysign(0, -1)}},
	{"float64 1.5", []record.Type{record.Float64}, []any{1.5}},
	{"float64 NaN", []record.Type{record.Float64}, []any{math.NaN()}},
	{"string null", []record.Type{record.String}, []any{nil}},
	{`string ""`, []record.Type{record.String}, []any{""}},
	{`string "JFK"`, []record.Type{record.String}, []any{"JFK"}},
	{`string "héllo, wörld: längere Texte nehmen einen anderen Weg"`, []record.Type{record.String},
		[]any{"héllo, wörld: längere Texte nehmen einen anderen Weg"}},
	{"int32 -1", []record.Type{record.Int32}, []any{int32(-1)}},
	{"date 1970-01-02", []record.Type{record.Date}, []any{int32(1)}},
	{"decimal(4,2) 1.50", []record.Type{decimalOf(4, 2)}, []any{decimal.FromInt64(150)}},
	{"decimal(3,1) 1.5", []record.Type{decimalOf(3, 1)}, []any{decimal.FromInt64(15)}},
	{"decimal(38,0) 0", []record.Type{decimalOf(38, 0)}, []any{decimal.Num{}}},
	{`bytes "JFK"`, []record.Type{record.Bytes}, []any{"JFK"}},
	{`string "JFK", int64 7`, []record.Type{record.String, record.Int64}, []any{"JFK", 7}},
	{`int64 7, string "JFK"`, []record.Type{record.Int64, record.String}, []any{7, "JFK"}},
}

func TestVectorsOfFormatPage(t *testing.T) {
	pool := record.NewCheckedPool()
	var got []string
	for _, v := range vectors {
		var keys []*record.Column
		for j, typ := range v.types {
			keys = append(keys, column(pool, typ, v.key[j]))
		}
		got = append(got, fmt.Sprintf("| `%s` | `%016X` |", v.text, keyrange.Hash(nil, keys, nil, 1)[0]))
		release(keys...)
	}
	if want := documented(t); !slices.Equal(got, want) {
		t.Errorf("FORMAT.md should list\n%s\nbut lists\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// documented returns the rows of the last table of FORMAT.md.
func documented(t *testing.T) (lines []string) {
	f, err := os.Open("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := false
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "## Test vectors") {
			in = true
		}
		if in && strings.HasPrefix(s.Text(), "| `") {
			lines = append(lines, s.Text())
		}
	}
	return lines
}

func release(columns ...*record.Column) {
	for _, c := range columns {
		c.Release()
	}
}

// The reference is FORMAT.md in a few lines, one key at a time.
func reference(words ...uint64) uint64 {
	mix := func(x uint64) uint64 {
		hi, lo := bits.Mul64(x, 0x9E3779B97F4A7C15)
		return hi ^ lo
	}
	h := uint64(0x243F6A8885A308D3)
	for _, w := range words {
		h = mix(h ^ w)
	}
	return mix(h)
}

func TestHashIsTheReferences(t *testing.T) { trial.Run(t, 20, checkReference) }

func checkReference(t *trial.Case) {
	pool, r := record.NewCheckedPool(), t.Random
	dict := column(pool, record.Int64, 10, 20, 30)
	coded := pool.NewDictionary(dict, 100)
	constant := pool.NewConstant(record.Int64, 100)
	constant.AppendInt64(-4)
	nothing := pool.NewConstant(record.String, 100)
	nothing.AppendNull()
	plain := pool.NewColumn(record.Int64, 100)
	var want []uint64
	for i := range 100 {
		code := r.IntN(3)
		coded.Codes()[i] = int32(code)
		words := []uint64{uint64(10 + 10*code), ^uint64(3), keyrange.NullWord, uint64(i)}
		if i%7 == 0 {
			coded.SetNull(i)
			words[0] = keyrange.NullWord
		}
		plain.AppendInt64(int64(i))
		want = append(want, reference(words...))
	}
	keys := []*record.Column{coded, constant, nothing, plain}
	if got := keyrange.Hash([]uint64{1}, keys, nil, 100)[1:]; !slices.Equal(got, want) {
		t.Errorf("all rows: got %x, want %x", got, want)
	}
	sel := []int32{0, 1, 50, 98} // fewer than the dictionary has values, and a value more
	for n := range len(sel) + 1 {
		for k, h := range keyrange.Hash(nil, keys, sel[:n], 100) {
			if h != want[sel[k]] {
				t.Errorf("%d rows selected: row %d: got %x, want %x", n, sel[k], h, want[sel[k]])
			}
		}
	}
	release(keys...)
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

var keyTypes = []record.Type{record.Bool, record.Int32, record.Int64, record.Float64, decimalOf(38, 0), decimalOf(30, 4), record.String,
	record.Bytes, record.Timestamp, record.Date}

// Keys of all types have the same hash in any encoding, whatever lies beneath nulls.
func TestEncodingAndSelectionDoNotMatter(t *testing.T) {
	trial.Run(t, 300, func(t *trial.Case) {
		pool, typ, n := record.NewCheckedPool(), keyTypes[t.Random.IntN(len(keyTypes))], 1+t.Random.IntN(100)
		b := recordtest.Batch(pool, t.Random, record.MustSchema(record.Field{Name: "key", Type: typ}), n)
		var positions []int32
		for range t.Random.IntN(2 * n) {
			positions = append(positions, int32(t.Random.IntN(n)))
		}
		for _, key := range []*record.Column{
			b.Columns[0].Gather(positions),
			recordtest.Dictionary(pool, b.Columns[0], positions),
			recordtest.Constant(pool, t.Random, b.Columns[0], len(positions)),
		} {
			key = recordtest.Underlay(pool, t.Random, key)
			for k, hash := range keyrange.Hash(nil, []*record.Column{key}, nil, len(positions)) {
				row := positions[k]
				if key.Encoding() == record.Constant {
					row = 0
				}
				if want := keyrange.Hash(nil, b.Columns, []int32{row}, n); hash != want[0] {
					t.Errorf("row %d of a column of %v, encoding %d, has hash %x, want %x", k, typ, key.Encoding(), hash, want[0])
				}
			}
			key.Release()
		}
		b.Release()
		if err := pool.Check(); err != nil {
			t.Error(err)
		}
	})
}

// For keys as they come, hashes fall into 64 equal parts of the hash space, and
// into 64 parts by their low bits, as evenly as random ones: chi-squared of 63
// degrees of freedom stays below 140 (chance: about 1 in 10 million).
func TestHighAndLowBitsAreEven(t *testing.T) {
	const n = 1 << 16
	pool := record.NewCheckedPool()
	kinds := map[string]func(i int) any{
		"counter":       func(i int) any { return i },
		"negative":      func(i int) any { return -i },
		"multiples":     func(i int) any { return i << 20 },
		"high bits":     func(i int) any { return i << 48 },
		"round hours":   func(i int) any { return 1_357_000_000_000_000 + i*3_600_000_000 },
		"whole floats":  func(i int) any { return float64(i) },
		"halves":        func(i int) any { return 1 / float64(i+1) },
		"short strings": func(i int) any { return fmt.Sprint(i) },
		"names":         func(i int) any { return fmt.Sprintf("customer-%08d", i) },
	}
	for name, kind := range kinds {
		typ := record.Int64
		switch kind(0).(type) {
		case float64:
			typ = record.Float64
		case string:
			typ = record.String
		}
		values := make([]any, n)
		for i := range values {
			values[i] = kind(i)
		}
		key := column(pool, typ, values...)
		var high, low [64]int
		for _, h := range keyrange.Hash(nil, []*record.Column{key}, nil, n) {
			high[keyrange.Subtask(h, 64)]++
			low[h&63]++
		}
		if c := chiSquared(high[:], n); c > 140 {
			t.Errorf("%s: chi-squared of the high bits is %.0f", name, c)
		}
		if c := chiSquared(low[:], n); c > 140 {
			t.Errorf("%s: chi-squared of the low bits is %.0f", name, c)
		}
		key.Release()
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

func chiSquared(counts []int, n int) (sum float64) {
	mean := float64(n) / float64(len(counts))
	for _, c := range counts {
		sum += (float64(c) - mean) * (float64(c) - mean) / mean
	}
	return sum
}

func TestHashAllocatesNothing(t *testing.T) {
	pool := record.NewPool()
	key := column(pool, record.String, "a", "b", nil, "d")
	keys := []*record.Column{key, key}
	hashes := make([]uint64, 0, 64)
	if n := testing.AllocsPerRun(100, func() { hashes = keyrange.Hash(hashes[:0], keys, nil, 4) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkHash(b *testing.B) {
	pool := record.NewPool()
	numbers, names := pool.NewColumn(record.Int64, 1024), pool.NewColumn(record.String, 1024)
	for i := range 1024 {
		numbers.AppendInt64(int64(i * 7919))
		names.AppendString(fmt.Appendf(nil, "N%05d", i))
	}
	for name, keys := range map[string][]*record.Column{"int64": {numbers}, "string": {names}, "both": {names, numbers}} {
		b.Run(name, func(b *testing.B) {
			hashes := make([]uint64, 0, 4096)
			for b.Loop() {
				hashes = keyrange.Hash(hashes[:0], keys, nil, 1024)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/row")
		})
	}
}
