package message

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/format/csv"
	"github.com/weirstream/weir/connectors/format/json"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

var values = record.MustSchema(record.Field{Name: "n", Type: record.Int64}, record.Field{Name: "s", Type: record.String})

var metadata = []Metadata{{Name: "offset", Type: record.Int64}, {Name: "key", Type: record.Bytes}}

func shape(t testing.TB, format stream.Format) *Shape {
	t.Helper()
	spec := component.Spec{Name: "test", Fields: Fields(metadata)}
	c, problems := component.NewConfig(&spec, component.Position{}, []component.Entry{{Key: "metadata", Value: component.Value{
		Kind: component.Map, Map: component.Given(map[string]string{"offset": "at", "key": "k"})}}})
	if problems != nil {
		t.Fatal(problems)
	}
	s, err := NewShape(c, component.SourceInputs{Format: format, Schema: values}, metadata)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func collector(t testing.TB, s *Shape, pool *record.Pool, most int) *Collector {
	t.Helper()
	c, err := s.NewCollector(stream.ReaderContext{Pool: pool, BatchRows: most}, func(i int) string { return fmt.Sprint("message ", i) })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fill adds messages until there is no room, as one piece.
func fill(c *Collector, value string) (added int) {
	text := []byte(value)
	for c.Room() > 0 {
		c.Add(text)
		c.Int64(0, int64(added))
		c.Bytes(1, nil)
		added++
	}
	c.End(stream.Piece{Split: "s"})
	return added
}

// A batch is made of fewer messages where each has many rows, and of more again behind
// that; long ones make short batches.
func TestRoom(t *testing.T) {
	pool := record.NewCheckedPool()
	c := collector(t, shape(t, json.Format{}), pool, 100)
	var got []string
	long := `{"s":"` + strings.Repeat("x", mostBytes/4) + `"}`
	twenty := "[" + strings.Repeat("{},", 19) + "{}]"
	for _, value := range []string{`{}`, twenty, twenty, `{}`, `{}`, `{}`, `{}`, `{}`, `{}`, long, `{}`} {
		n := fill(c, value)
		f := c.Take()
		got = append(got, fmt.Sprintf("%d/%d", n, f.Rows()))
		f.Batch.Release()
	}
	if want := "[100/100 100/2000 5/100 10/10 20/20 40/40 80/80 100/100 100/100 4/4 100/100]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	c.Close()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// What was added and not taken is given back.
func TestClose(t *testing.T) {
	pool := record.NewCheckedPool()
	c := collector(t, shape(t, csv.Default), pool, 10)
	fill(c, "1,x")
	c.Close()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// Nothing is allocated for a message that can be decoded.
func TestCollectingAllocatesNothing(t *testing.T) {
	for _, format := range []stream.Format{json.Format{}, csv.Default} {
		value := map[string]string{".jsonl": `{"n":1,"s":"abc"}`, ".csv": "1,abc"}[format.Extension()]
		c := collector(t, shape(t, format), record.NewPool(), 1000)
		allocs := testing.AllocsPerRun(5, func() {
			fill(c, value)
			f := c.Take()
			f.Batch.Release()
		})
		if allocs > 20 {
			t.Errorf("%s: %.0f allocations for 1000 messages", format.Extension(), allocs)
		}
	}
}

func TestFormatsWithoutMessages(t *testing.T) {
	if _, err := NewShape(component.Config{}, component.SourceInputs{Format: plain{}, Schema: values}, nil); err == nil {
		t.Error("a format of files is taken")
	}
	if _, err := NewEncoder(plain{}, values, ""); err == nil {
		t.Error("a format of files is taken")
	}
}

type plain struct{ stream.Format }

// The key of a message is a column as it is.
func TestEncoder(t *testing.T) {
	pool := record.NewPool()
	fields := []record.Field{{Name: "n", Type: record.Int64}, {Name: "s", Type: record.String}, {Name: "b", Type: record.Bytes}}
	schema := record.MustSchema(fields...)
	b := pool.NewBatch(schema, 2)
	for _, f := range fields {
		b.Columns = append(b.Columns, pool.NewColumn(f.Type, 2))
	}
	b.Columns[0].AppendInt64(1)
	b.Columns[1].AppendString([]byte(`a "b"`))
	b.Columns[2].AppendString([]byte{0xff})
	b.Columns[0].AppendInt64(2)
	b.Columns[1].AppendNull()
	b.Columns[2].AppendString(nil)
	for key, want := range map[string]string{
		"": "nil nil", "n": `"1" "2"`, "s": `"a \"b\"" nil`, "b": `"\xff" ""`,
	} {
		e, err := NewEncoder(json.Format{}, schema, key)
		if err != nil {
			t.Fatal(err)
		}
		e.Encode(b)
		e.Encode(b)
		var keys []string
		for i := range 2 {
			if k := e.Key(i); k == nil {
				keys = append(keys, "nil")
			} else {
				keys = append(keys, fmt.Sprintf("%q", k))
			}
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("%q: keys %s, want %s", key, got, want)
		}
		if got, want := string(e.Value(0))+string(e.Value(1)), `{"n":1,"s":"a \"b\"","b":"/w=="}{"n":2,"s":null,"b":""}`; got != want {
			t.Errorf("values %s, want %s", got, want)
		}
		if allocs := testing.AllocsPerRun(5, func() { e.Encode(b) }); allocs > 0 {
			t.Errorf("%q: %.0f allocations", key, allocs)
		}
	}
	if _, err := NewEncoder(json.Format{}, schema, "x"); err == nil || !strings.Contains(err.Error(), "there are n, s, b") {
		t.Error(err)
	}
}
