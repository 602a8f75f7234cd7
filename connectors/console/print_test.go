package console

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
)

var schema = record.MustSchema(
	record.Field{Name: "origin", Type: record.String},
	record.Field{Name: "window_start", Type: record.Timestamp},
	record.Field{Name: "flights", Type: record.Int64},
	record.Field{Name: "mean_delay", Type: record.Float64},
	record.Field{Name: "late", Type: record.Bool},
)

// TestTable prints one batch for each block of lines "origin start flights mean
// late", with "null" for nulls.
func TestTable(t *testing.T) {
	pool, random := record.NewCheckedPool(), rand.New(rand.NewPCG(1, 1))
	var out bytes.Buffer
	var w stream.Writer
	golden.Script(t, "testdata/table", func(input string) string {
		if strings.HasPrefix(input, "new\n") || w == nil {
			w = newWriter(t, &out)
		}
		b := pool.NewBatch(schema, 0)
		for _, f := range schema.Fields() {
			b.Columns = append(b.Columns, pool.NewColumn(f.Type, 4))
		}
		for line := range strings.Lines(input) {
			if cells := strings.Fields(line); len(cells) == len(b.Columns) {
				for i, c := range b.Columns {
					appendCell(t, c, cells[i])
				}
			}
		}
		b = recordtest.UnderlayBatch(random, resized(b))
		out.Reset()
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		return out.String()
	})
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// resized returns b with as many rows as its columns have.
func resized(b *record.Batch) *record.Batch {
	r := b.Pool().NewBatch(b.Schema, b.Columns[0].Len())
	for _, c := range b.Columns {
		r.Columns = append(r.Columns, c.Retain())
	}
	b.Release()
	return r
}

func newWriter(t *testing.T, out *bytes.Buffer) stream.Writer {
	t.Helper()
	sink, err := SinkType.New(component.Config{}, component.SinkInputs{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sink.NewWriter(stream.WriterContext{}); err == nil {
		t.Error("a writer without standard output")
	}
	w, err := sink.NewWriter(stream.WriterContext{Env: env.Env{Stdout: out}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func appendCell(t *testing.T, c *record.Column, cell string) {
	t.Helper()
	if cell == "null" {
		c.AppendNull()
		return
	}
	switch c.Type() {
	case record.String:
		text, err := strconv.Unquote(`"` + cell + `"`)
		if err != nil {
			t.Fatal(err)
		}
		c.AppendString([]byte(text))
	case record.Timestamp:
		at, err := record.ParseTime([]byte(cell))
		if err != nil {
			t.Fatal(err)
		}
		c.AppendTime(at)
	case record.Int64:
		n, err := strconv.ParseInt(cell, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		c.AppendInt64(n)
	case record.Float64:
		x, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			t.Fatal(err)
		}
		c.AppendFloat64(x)
	case record.Bool:
		c.AppendBool(cell == "true")
	}
}
