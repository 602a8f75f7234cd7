package expr

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/weirstream/weir/operators/expr/number"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/recordtest"
)

// generator makes random expressions and batches over testSchema.
type generator struct{ *rand.Rand }

// interesting are values at which something may go wrong; of decimals those of
// scale 0, to be scaled.
var interesting = map[record.Kind][]cell{
	record.KindBool: {true, false},
	record.KindInt32: {int32(0), int32(1), int32(-1), int32(2), int32(7), int32(-13), int32(46341), int32(math.MaxInt32),
		int32(math.MinInt32)},
	record.KindInt64: {int64(0), int64(1), int64(-1), int64(2), int64(3), int64(7), int64(-13), int64(1) << 53, int64(math.MaxInt64),
		int64(math.MinInt64)},
	record.KindFloat64: {0.0, math.Copysign(0, -1), 1.0, -2.5, 0.1, 3.0, 1e18, 9.3e18, -9.3e18, 9223372036854775808.0,
		-9223372036854775808.0, 2147483647.5, -2147483648.5, 1e308, math.NaN(), math.Inf(1), math.Inf(-1)},
	record.KindString: {"", "a", "b", "ab", "12", " 42 ", "-7", "1.5", "-2.345", "true", "False", "NaN", "x'y", "99999999999999999999",
		"2013-01-01T00:00:00Z", "2013-01-31", "héllo",
		"aBc-DEF_ghi", "ÀÉ日本🦆", "e\u0301", "a%b_c", "%", "l+(o)?", "[", "   ", "The quick brown fox",
		"9007199254740993", "0.1234567890123456789", "1e400", "-Infinity", `{"a": {"b": [10, "x"]}}`, "2013-02-30"},
	record.KindBytes:     {raw(""), raw("a"), raw("\x00"), raw("\xff\xfe"), raw("ab"), raw("héllo")},
	record.KindTimestamp: {record.Time(0), record.Time(1_356_998_400_000_000), record.Time(-1), record.Time(1_356_998_400_123_456)},
	record.KindDate:      {day(0), day(-1), day(15_706), day(20_000), day(-719_528)},
}

// unwritten are interesting values that cannot be written as literals.
var unwritten = map[record.Kind][]cell{
	record.KindTimestamp: {record.MinTime, record.MinTime + 1, record.MaxTime - 1, record.MaxTime},
	record.KindDate: {day(math.MinInt32), day(math.MaxInt32), day(math.MinInt64 / calendar.MicrosPerDay),
		day(math.MaxInt64 / calendar.MicrosPerDay), day(math.MaxInt64/calendar.MicrosPerDay + 1)},
}

var interestingDecimals = []string{"0", "1", "-1", "7", "-13", "0.5", "-0.5", "0.01", "1.005", "99999999.99", "-99999999.99",
	"9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999", "123456789012345678.5"}

// interestingOf returns the interesting values of a type that is not nested.
func interestingOf(t record.Type) []cell {
	if t.Kind != record.KindDecimal {
		return slices.Clip(interesting[t.Kind])
	}
	values := decimalsThatFit[t]
	if values == nil {
		for _, text := range interestingDecimals {
			if n, err := parseDecimal(text, t); err == nil {
				values = append(values, dec{n, int(t.Scale)})
			}
		}
		decimalsThatFit[t] = values
	}
	return slices.Clip(values)
}

var decimalsThatFit = map[record.Type][]cell{} // of interestingDecimals

func (g generator) value(t record.Type) cell {
	switch t.Kind {
	case record.KindList:
		items := list{}
		for range g.IntN(4) {
			items = append(items, g.nullable(t.Element(), 0.2))
		}
		return items
	case record.KindStruct:
		fields := object{}
		for _, f := range t.Fields() {
			fields = append(fields, g.nullable(f.Type, 0.2))
		}
		return fields
	}
	values := interestingOf(t)
	return values[g.IntN(len(values))]
}

// nullable returns a value, or NULL with a probability.
func (g generator) nullable(t record.Type, nulls float64) cell {
	if g.Float64() < nulls {
		return nil
	}
	return g.value(t)
}

func (g generator) pick(options ...string) string { return options[g.IntN(len(options))] }

func (g generator) anyType() record.Type {
	return testSchema.Field(g.IntN(testSchema.Len())).Type
}

// atomicType returns a type that is neither a list nor a struct.
func (g generator) atomicType() record.Type {
	for {
		if t := g.anyType(); !t.IsNested() {
			return t
		}
	}
}

// expr returns the text of an expression of type t, or, rarely, of one that
// converts to t.
func (g generator) expr(t record.Type, depth int) string {
	if depth == 0 || g.IntN(8) == 0 {
		return g.leaf(t)
	}
	sub := func() string { return g.expr(t, depth-1) }
	switch g.IntN(8) {
	case 0:
		return g.searchedCase(t, depth)
	case 1:
		u := g.atomicType()
		return fmt.Sprintf("CASE %s WHEN %s THEN %s WHEN %s THEN %s ELSE %s END",
			g.expr(u, depth-1), g.expr(u, depth-1), sub(), g.expr(u, depth-1), sub(), sub())
	case 2:
		return fmt.Sprintf("coalesce(%s, %s)", sub(), sub())
	case 3:
		if !t.IsNested() && g.IntN(3) == 0 {
			return fmt.Sprintf("%s(%s, %s)", g.pick("greatest", "least"), g.exactly(t, depth-1), g.exactly(t, depth-1))
		}
		return g.cast(t, depth)
	case 4:
		if text := g.call(t, depth); text != "" {
			return text
		}
	}
	switch t.Kind {
	case record.KindBool:
		return g.condition(depth)
	case record.KindList:
		if g.IntN(2) == 0 {
			return fmt.Sprintf("[%s, %s]", g.exactly(t.Element(), depth-1), g.exactly(t.Element(), depth-1))
		}
	case record.KindString:
		return fmt.Sprintf(g.pick("(%s)[%s]", "items[%[2]s].sku"), g.expr(testSchema.Field(testSchema.Index("tags")).Type, depth-1),
			g.expr(record.Int64, depth-1))
	case record.KindInt32, record.KindInt64, record.KindFloat64:
		if g.IntN(6) == 0 {
			return fmt.Sprintf("%s(%s)", g.pick("-", "abs"), sub())
		}
		return fmt.Sprintf("(%s %s %s)", sub(), g.pick("+", "-", "*", "/", "%"), sub())
	case record.KindDecimal:
		return fmt.Sprintf("CAST(%s %s %s AS %v)", g.expr(g.exactType(), depth-1), g.pick("+", "-", "*", "/", "%"),
			g.expr(g.exactType(), depth-1), t)
	}
	return sub()
}

// exactType returns a type of numbers without rounding.
func (g generator) exactType() record.Type {
	for {
		if t := g.anyType(); number.IsExact(t) {
			return t
		}
	}
}

func (g generator) searchedCase(t record.Type, depth int) string {
	text := "CASE"
	for range 1 + g.IntN(3) {
		text += fmt.Sprintf(" WHEN %s THEN %s", g.expr(record.Bool, depth-1), g.expr(t, depth-1))
	}
	if g.IntN(2) == 0 {
		text += " ELSE " + g.expr(t, depth-1)
	}
	return text + " END"
}

func (g generator) cast(t record.Type, depth int) string {
	from := g.anyType()
	if _, ok := castRuleOf(from, t); !ok {
		from = t
	}
	return fmt.Sprintf("%s(%s AS %v)", g.pick("CAST", "CAST", "TRY_CAST"), g.expr(from, depth-1), t)
}

func (g generator) condition(depth int) string {
	t := g.atomicType()
	sub := func() string { return g.expr(t, depth-1) }
	truth := func() string { return g.expr(record.Bool, depth-1) }
	not := g.pick("", "NOT ")
	switch g.IntN(7) {
	case 0:
		return fmt.Sprintf("(%s %s %s)", sub(), g.pick("=", "<>", "!=", "<", "<=", ">", ">="), sub())
	case 1, 2:
		return fmt.Sprintf("(%s %s %s)", truth(), g.pick("AND", "OR"), truth())
	case 3:
		return fmt.Sprintf("(NOT %s)", truth())
	case 4:
		return fmt.Sprintf("(%s IS %s%s)", truth(), not, g.pick("NULL", "TRUE", "FALSE"))
	case 5:
		return fmt.Sprintf("((%s) %sBETWEEN (%s) AND (%s))", sub(), not, sub(), sub())
	}
	list := []string{}
	for range 1 + g.IntN(4) {
		if g.IntN(3) > 0 {
			list = append(list, g.literal(t))
		} else {
			list = append(list, sub())
		}
	}
	return fmt.Sprintf("((%s) %sIN (%s))", sub(), not, strings.Join(list, ", "))
}

func (g generator) leaf(t record.Type) string {
	if t == record.Float64 && g.IntN(6) == 0 {
		t = record.Int64
	}
	if g.IntN(3) == 0 {
		return g.literal(t)
	}
	var columns []string
	for _, f := range testSchema.Fields() {
		if f.Type == t {
			columns = append(columns, `"`+f.Name+`"`)
		}
		if f.Type.Kind == record.KindStruct {
			for _, in := range f.Type.Fields() {
				if in.Type == t {
					columns = append(columns, fmt.Sprintf("(%s).%s", g.pick(f.Name, "coalesce("+f.Name+", "+f.Name+")"), in.Name))
				}
			}
		}
	}
	if len(columns) == 0 {
		return g.literal(t)
	}
	return g.pick(columns...)
}

// exactly returns the text of an expression of type t.
func (g generator) exactly(t record.Type, depth int) string {
	return fmt.Sprintf("CAST(%s AS %v)", g.expr(t, depth), t)
}

func (g generator) literal(t record.Type) string {
	if t.Kind == record.KindDecimal && g.IntN(2) == 0 {
		return g.pick("0.5", "7", "-12.50", "0.908", "99999999999999999999.9") // of types of their own
	}
	if g.IntN(8) == 0 {
		return fmt.Sprintf("CAST(NULL AS %v)", t)
	}
	return literalOf(g.value(t), t)
}

// literalOf writes a value that is not NULL as a constant of type t.
func literalOf(v cell, t record.Type) string {
	switch v := v.(type) {
	case bool:
		return syntax.Value{Type: t, Int: map[bool]int64{true: 1}[v]}.String()
	case int32:
		return fmt.Sprintf("CAST(%d AS int32)", v)
	case int64:
		return syntax.Value{Type: t, Int: v}.String()
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprintf("CAST('%v' AS float64)", v)
		}
		return syntax.Value{Type: t, Float: v}.String()
	case dec:
		return fmt.Sprintf("CAST('%s' AS %v)", v.n.Append(nil, v.scale), t)
	case string:
		return syntax.Value{Type: t, Text: v}.String()
	case raw:
		return syntax.Value{Type: t, Text: string(v)}.String()
	case record.Time:
		return syntax.Value{Type: t, Int: int64(v)}.String()
	case day:
		return syntax.Value{Type: t, Int: int64(v)}.String()
	}
	return fmt.Sprintf("CAST(NULL AS %v)", t)
}

// batch returns random rows of testSchema, in random encodings.
func (g generator) batch(pool *record.Pool, rows int) *record.Batch {
	b := pool.NewBatch(testSchema, rows)
	for _, f := range testSchema.Fields() {
		b.Columns = append(b.Columns, g.column(pool, f.Type, rows))
	}
	return b
}

// column returns a column in any encoding, with anything beneath its nulls.
func (g generator) column(pool *record.Pool, t record.Type, rows int) *record.Column {
	return recordtest.Underlay(pool, g.Rand, g.bareColumn(pool, t, rows))
}

func (g generator) bareColumn(pool *record.Pool, t record.Type, rows int) *record.Column {
	nulls := []float64{0, 0, 0.3, 1}[g.IntN(4)]
	one := func() cell {
		if ends := unwritten[t.Kind]; ends != nil && g.IntN(12) == 0 {
			return ends[g.IntN(len(ends))]
		}
		return g.nullable(t, nulls)
	}
	switch g.IntN(5) {
	case 0:
		c := pool.NewConstant(t, rows)
		appendCell(c, one())
		return c
	case 1:
		dictionary := pool.NewColumn(t, 0)
		for range 4 {
			appendCell(dictionary, g.value(t))
		}
		c := pool.NewDictionary(dictionary, rows)
		for i := range rows {
			c.Codes()[i] = int32(g.IntN(4))
			if g.Float64() < nulls {
				c.SetNull(i)
			}
		}
		return c
	}
	c := pool.NewColumn(t, 0)
	for range rows {
		appendCell(c, one())
	}
	return c
}

// rows returns a random selection of n rows: nil, none, few or most.
func (g generator) rows(n int) []int32 {
	share := []float64{-1, 0, 0.1, 0.9}[g.IntN(4)]
	if share < 0 {
		return nil
	}
	rows := []int32{}
	for i := range n {
		if g.Float64() < share {
			rows = append(rows, int32(i))
		}
	}
	return rows
}
