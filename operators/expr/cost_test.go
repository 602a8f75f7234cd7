package expr

import (
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

// numberBatch returns a full batch without nulls.
func numberBatch(pool *record.Pool, rows int) *record.Batch {
	b := pool.NewBatch(testSchema, rows)
	for _, f := range testSchema.Fields() {
		c := pool.NewColumn(f.Type, rows)
		for i := range rows {
			appendCell(c, cellFor(f.Type, i))
		}
		b.Columns = append(b.Columns, c)
	}
	return b
}

func cellFor(t record.Type, i int) cell {
	switch t.Kind {
	case record.KindBool:
		return i%3 == 0
	case record.KindInt32:
		return int32(i%100 + 1)
	case record.KindFloat64:
		return float64(i%100) + 0.5
	case record.KindDecimal:
		return dec{record.Decimal{Lo: uint64(i%10000 + 1)}, int(t.Scale)}
	case record.KindString:
		return "UA-12"[:i%5+1]
	case record.KindBytes:
		return raw("UA-12"[:i%5+1])
	case record.KindDate:
		return day(i % 20_000)
	case record.KindList:
		return list{cellFor(t.Element(), i), cellFor(t.Element(), i+1)}
	case record.KindStruct:
		fields := object{}
		for _, f := range t.Fields() {
			fields = append(fields, cellFor(f.Type, i))
		}
		return fields
	case record.KindTimestamp:
		return record.Time(i%100 + 1)
	}
	return i%100 + 1
}

// TestNoAllocations: once its scratch memory has grown, a program computes a
// batch without allocating.
func TestNoAllocations(t *testing.T) {
	pool := record.NewPool()
	b := numberBatch(pool, 1024)
	defer b.Release()
	for _, text := range []string{
		"i", "i + 1", "f * 0.908", "i * j / 3 % 7", "-f", "i > 50", "s = 'UA'", "s < 'UB' AND i < 20 OR NOT b",
		"i IN (1, 2, 3)", "s IN ('U', 'UA')", "i BETWEEN 3 AND 9", "i + j BETWEEN 3 AND 9", "s IS NULL", "b IS TRUE",
		"CASE WHEN i > 50 THEN f ELSE 0 END", "CASE i WHEN 1 THEN 'one' WHEN 2 THEN s END", "coalesce(i, 10 / j)",
		"i <> 0 AND 10 / i > 1", "CAST(i AS string)", "CAST(CAST(i AS string) AS int64)", "CAST(f AS int64)",
		"CAST(CAST(f AS string) AS float64)", "CAST(CAST(t AS string) AS timestamp)", "CAST(CAST(b AS string) AS bool)",
		"n * m - 7", "d * 0.908 + e", "d / 3 % 7", "-d < abs(e)", "d IN (1, 2.5)", "n IN (1, 2)", "i < d", "CAST(f AS decimal(10,3))",
		"CAST(CAST(d AS string) AS decimal(10,2))", "CAST(CAST(day AS string) AS date) < t", "CAST(t AS date)", "CAST(y AS string)",
		"CASE WHEN b THEN n ELSE 0 END", "coalesce(d, e)", "CASE WHEN b THEN day END", "CASE WHEN b THEN tags ELSE ['x', s] END",
		"geo.lat", "tags[1]", "items[-1].sku", "items[n].qty", "CAST(items AS string)",
		"lower(s) || upper(s)", "trim(s)", "substring(s, 2, 3)", "length(s) + strpos(s, 'A')", "replace(s, '-', '+')", "split_index(s, '-', 1)",
		"lpad(s, 8, '*')", "repeat(s, 3)", "concat(s, NULL, s)", "s LIKE '%A_1%'", "s ILIKE 'ua%'", "s LIKE s", "contains(s, '-')",
		"regexp_like(s, '^U.-')", "regexp_like(s, s)", "regexp_extract(s, '[0-9]+')", "md5(s)", "sha256(s)", "xxhash(s)",
		"hex(s)", "unhex(hex(s))", "from_base64(to_base64(s))", "nullif(s, 'UA')", "greatest(s, 'U', 'UA')", "greatest(i, j, 3)",
		"least(f, g)", "round(f, 1)", "round(f)", "power(f, 2)", "sqrt(f)", "ln(f)",
		`json_value('{"a": "x\\n"}', '$.a')`, `json_value('{"a": "' || s || '", "b": [1, 2]}', '$.a')`,
	} {
		checkNoAllocations(t, text, b)
	}
}

// checkNoAllocations evaluates an expression over one batch again and again.
func checkNoAllocations(t *testing.T, text string, b *record.Batch) {
	t.Helper()
	program := mustCheck(t, text, testSchema).Compile(b.Pool())
	run := func() {
		c, failures := program.Eval(b, nil)
		if len(failures) > 0 {
			t.Fatal(failures[0].Err)
		}
		c.Release()
	}
	run()
	if n := testing.AllocsPerRun(20, run); n >= 1 {
		t.Errorf("%s: %v allocations a batch", text, n)
	}
}

func BenchmarkEval(b *testing.B) {
	for _, text := range []string{
		"i", "i + 1", "i + j", "i * j", "i / j", "f * 0.908", "i > 50", "f > g", "s = 'UA-'", "i > 50 AND j < 90",
		"i IN (1, 2, 3)", "CASE WHEN i > 50 THEN f ELSE 0 END", "CAST(i AS string)",
		"lower(s)", "substring(s, 2, 3)", "trim(s)", "s || s", "length(s)", "replace(s, '-', '+')", "split_index(s, '-', 1)", "s LIKE 'U%'",
		"s LIKE '%A-1%'", "s ILIKE '%a-1%'", "s LIKE '%_-%'", "regexp_like(s, '^U.-')", "regexp_extract(s, '[0-9]+')",
		"regexp_extract(s, '([A-Z]+)-', 1)", "regexp_replace(s, '-', '+')", "md5(s)", "xxhash(s)", "greatest(i, j)", "greatest(s, 'UA')",
		"round(f)", "round(f, 1)", "power(f, 2)", "sqrt(f)", "ln(f)", `json_value('{"a": "' || s || '", "b": [1, 2]}', '$.a')`,
		"n + m", "n * m", "d + d", "0.908 * i", "d * e", "d / 3", "d > 12.5", "d > e", "CAST(f AS decimal(10,2))",
		"geo.lat", "tags[1]", "y = X'00'",
	} {
		b.Run(text, func(b *testing.B) {
			benchmark(b, text, func(p *Program, batch *record.Batch) {
				c, _ := p.Eval(batch, nil)
				c.Release()
			})
		})
	}
}

func BenchmarkSelect(b *testing.B) {
	for _, text := range []string{"i > 50", "i % 10 = 0", "s = 'UA-' OR i = 7"} {
		b.Run(text, func(b *testing.B) {
			benchmark(b, text, func(p *Program, batch *record.Batch) { p.Select(batch, nil) })
		})
	}
}

// benchmark reports the time per row of a call on batches of 1,024 rows.
func benchmark(b *testing.B, text string, call func(*Program, *record.Batch)) {
	pool := record.NewPool()
	batch := numberBatch(pool, 1024)
	defer batch.Release()
	program := mustCheck(b, text, testSchema).Compile(pool)
	b.ReportAllocs()
	for b.Loop() {
		call(program, batch)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/row")
}
