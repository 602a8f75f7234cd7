package statetest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// tables is what the random operations work on: every type as a key and as a
// value, no key at all, sub-keys, several rows per key.
var tables = []state.TableSpec{
	{
		Name: "panes", Sub: []record.Field{{Name: "start", Type: record.Int64}}, Bucketed: true, Due: state.DueBySub,
		Key: []record.Field{{Name: "name", Type: record.String}, {Name: "n", Type: record.Int64}},
		Values: []record.Field{
			{Name: "count", Type: record.Int64}, {Name: "sum", Type: record.Float64},
			{Name: "last", Type: record.String}, {Name: "seen", Type: record.Bool},
		},
	},
	{
		Name: "keyless", Values: []record.Field{{Name: "at", Type: record.Timestamp}}, Due: state.DueByValue(0),
	},
	{
		Name: "odd keys",
		Key: []record.Field{
			{Name: "f", Type: record.Float64}, {Name: "b", Type: record.Bool}, {Name: "t", Type: record.Timestamp},
		},
		Values: []record.Field{{Name: "text", Type: record.String}},
	},
	{
		Name: "money",
		Key:  []record.Field{{Name: "price", Type: price}, {Name: "day", Type: record.Date}, {Name: "raw", Type: record.Bytes}},
		Values: []record.Field{
			{Name: "total", Type: price}, {Name: "n", Type: record.Int32}, {Name: "first", Type: record.Date}, {Name: "last", Type: record.Bytes},
		},
	},
	{
		Name: "texts", Key: []record.Field{{Name: "n", Type: record.Int64}}, Sub: everyType[:1],
		Values: []record.Field{{Name: "n", Type: record.Int64}},
	},
	{
		Name: "days", Sub: []record.Field{{Name: "day", Type: record.Timestamp}, {Name: "text", Type: record.String}}, Bucketed: true,
		Key: []record.Field{{Name: "n", Type: record.Int32}}, Values: []record.Field{{Name: "n", Type: record.Int64}},
	},
	{Name: "amounts", Sub: everyType[1:2], Values: everyType[:1]},
	{Name: "all types", Key: []record.Field{{Name: "n", Type: record.Int64}}, Sub: everyType},
	{
		Name: "ordered", Key: []record.Field{{Name: "b", Type: record.Bool}}, Sub: everyType[2:], Ordered: state.Ascending,
		Values: []record.Field{{Name: "n", Type: record.Int64}},
	},
	{
		Name: "ordered texts", Key: []record.Field{{Name: "b", Type: record.Bool}}, Sub: everyType[:2], Ordered: state.Descending,
		Values: []record.Field{{Name: "n", Type: record.Int64}},
	},
	{
		Name: "ranks", Sub: []record.Field{{Name: "f", Type: record.Float64}, {Name: "text", Type: record.String}},
		Multi: true, Ordered: state.Descending, Key: []record.Field{{Name: "b", Type: record.Bool}},
		Values: []record.Field{{Name: "n", Type: record.Int64}, serial},
	},
	{
		Name: "within", Key: []record.Field{{Name: "b", Type: record.Bool}}, Ordered: state.Descending, Within: 1,
		Sub: []record.Field{{Name: "group", Type: record.Int64}, {Name: "text", Type: record.String}},
	},
	{
		Name: "clusters", Key: []record.Field{{Name: "b", Type: record.Bool}}, Within: 2,
		Sub: []record.Field{{Name: "text", Type: record.String}, {Name: "b", Type: record.Bool}, {Name: "n", Type: record.Int32}},
	},
	{Name: "queue", Multi: true, Key: []record.Field{{Name: "b", Type: record.Bool}}, Values: []record.Field{serial}},
	{
		Name: "sessions", Sub: []record.Field{{Name: "start", Type: record.Timestamp}}, Multi: true, Due: state.DueByValue(0),
		Key:    []record.Field{{Name: "name", Type: record.String}},
		Values: []record.Field{{Name: "end", Type: record.Timestamp}, {Name: "note", Type: record.String}, serial},
	},
	{
		Name: "bag", Multi: true, Ordered: state.Descending, Sub: []record.Field{{Name: "at", Type: record.Int64}}, Due: state.DueBySub,
		Key: []record.Field{{Name: "b", Type: record.Bool}}, Values: []record.Field{{Name: "n", Type: record.Int64}, serial},
	},
}

// serial is the last value of the rows of Multi tables, which tells them apart.
var serial = record.Field{Name: "serial", Type: record.Int64}

// everyType is a column of each type that tables hold.
var everyType = []record.Field{
	{Name: "text", Type: record.String}, {Name: "price", Type: price}, {Name: "f", Type: record.Float64}, {Name: "b", Type: record.Bool},
	{Name: "n", Type: record.Int32}, {Name: "raw", Type: record.Bytes}, {Name: "day", Type: record.Date}, {Name: "at", Type: record.Timestamp},
}

var price, _ = record.DecimalOf(38, 4)

// row is a row as plain values: int64, float64, string, bool, decimal, or nil for
// null.
type row struct {
	key    []any
	sub    []any
	values []any

	hash  uint64
	until int64 // the last moment at which the row is there
}

// String draws a row. Rows are equal when their texts are; this one is made
// often, so it does not go through fmt.
func (r row) String() string {
	b := appendValues(nil, r.key)
	b = appendValues(append(b, " sub "...), r.sub)
	return string(appendValues(append(b, " values "...), r.values))
}

// identity is what Upsert tells rows apart by.
func identity(key, sub []any) string {
	return string(appendValues(append(appendValues(nil, key), '/'), sub))
}

func appendValues(b []byte, values []any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			b = append(b, "null"...)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case float64:
			b = strconv.AppendFloat(b, v, 'g', -1, 64)
		case bool:
			b = strconv.AppendBool(b, v)
		case record.Decimal:
			b = v.Append(b, 0)
		case string:
			b = append(append(append(b, '"'), v...), '"')
		}
		b = append(b, ' ')
	}
	return b
}

// model is the rows of each table, and places in it. Rows stand under their
// identity, those of a Multi table under their serial number.
type model struct {
	specs   []state.TableSpec
	tables  []map[string]row
	serial  int64
	cursors []cursor
	clocks  []clocks // by subtask
}

func newModel() *model {
	m := &model{specs: slices.Clone(tables)}
	for range tables {
		m.tables = append(m.tables, map[string]row{})
	}
	return m
}

// put stores a row in place of what it was, until when that was there.
func (m *model) put(table int, r row) {
	id := name(table, r)
	if was, ok := m.tables[table][id]; ok {
		r.until = was.until
	}
	m.tables[table][id] = r
}

// name returns what a row stands under.
func name(table int, r row) string {
	if tables[table].Multi {
		return strconv.FormatInt(serialOf(table, r), 10)
	}
	return identity(r.key, r.sub)
}

// clone returns what a checkpoint holds: rows are replaced, never changed.
func (m *model) clone() *model {
	c := &model{specs: slices.Clone(m.specs), serial: m.serial, cursors: slices.Clone(m.cursors)}
	for _, t := range m.tables {
		c.tables = append(c.tables, maps.Clone(t))
	}
	for _, told := range m.clocks {
		c.clocks = append(c.clocks, clocks{told.keys, slices.Clone(told.now)})
	}
	return c
}

// lines draws the rows of a table in order.
func (m *model) lines(table int) []string {
	lines := make([]string, 0, len(m.tables[table]))
	for _, r := range m.tables[table] {
		lines = append(lines, r.String())
	}
	slices.Sort(lines)
	return lines
}

// difference returns the first line that only one of two sorted lists has.
func difference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("row %d is\n  %s\nnot\n  %s", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		longer := got
		if len(want) > len(got) {
			longer = want
		}
		return fmt.Sprintf("%d rows, not %d; the first too many or too few is\n  %s",
			len(got), len(want), longer[min(len(got), len(want))])
	}
	return ""
}
