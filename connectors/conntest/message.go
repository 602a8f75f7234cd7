package conntest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// DecodedMessage is what came of a message.
type DecodedMessage struct {
	Rows []string // as [Rows] draws them
	Err  error
}

// String draws rows or the error.
func (d DecodedMessage) String() string {
	if d.Err != nil {
		return "failed: " + d.Err.Error()
	}
	return strings.Join(d.Rows, "\n")
}

// DecodeMessages decodes messages in calls of so many each, into batches that hold the
// rows of several calls, with a checked pool.
func DecodeMessages(t testing.TB, f stream.MessageFormat, c stream.MessageContext, each int, texts ...[]byte) []DecodedMessage {
	t.Helper()
	d, err := f.NewMessageDecoder(c)
	if err != nil {
		t.Fatal(err)
	}
	pool := record.NewCheckedPool()
	var all []DecodedMessage
	for len(texts) > 0 {
		batch := texts[:min(3*each, len(texts))]
		texts = texts[len(batch):]
		all = append(all, decodeBatch(t, d, pool, c, each, batch)...)
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
	return all
}

func decodeBatch(t testing.TB, d stream.MessageDecoder, pool *record.Pool, c stream.MessageContext, each int,
	texts [][]byte) []DecodedMessage {
	t.Helper()
	columns := make([]*record.Column, c.Schema.Len())
	for i, f := range c.Schema.Fields() {
		if c.Read.Has(i) {
			columns[i] = pool.NewColumn(f.Type, 0)
		}
	}
	all := make([]DecodedMessage, len(texts))
	counts := make([]int32, len(texts))
	rows := 0
	for first := 0; first < len(texts); first += each {
		end := min(first+each, len(texts))
		kept := make([][]byte, end-first)
		for i := range kept {
			kept[i] = slices.Clip(bytes.Clone(texts[first+i]))
		}
		last := -1
		for _, failed := range d.Decode(kept, columns, counts[first:end]) {
			if failed.Message <= last || counts[first+failed.Message] != 0 {
				t.Fatalf("message %d failed behind %d with %d rows", failed.Message, last, counts[first+failed.Message])
			}
			last = failed.Message
			all[first+last].Err = failed.Err
		}
		for i, text := range kept {
			if !bytes.Equal(text, texts[first+i]) {
				t.Fatalf("the message %q has become %q", texts[first+i], text)
			}
			clear(text) // it is not kept
		}
	}
	for _, n := range counts {
		rows += int(n)
	}
	b := pool.NewBatch(c.Schema, rows)
	for i, column := range columns {
		if column == nil {
			column = pool.NewNull(c.Schema.Field(i).Type, rows)
		}
		if column.Len() != rows {
			t.Fatalf("column %d has %d rows of %d", i, column.Len(), rows)
		}
		b.Columns = append(b.Columns, column)
	}
	drawn := Rows(b)
	b.Release()
	for i, n := range counts {
		all[i].Rows, drawn = drawn[:n:n], drawn[n:]
	}
	return all
}

// TestMessages decodes messages one by one and several at once, each of which must come
// out as it does alone, whatever the others are; and with some of the columns, which must
// have what they have with all of them. It returns what the messages hold.
func TestMessages(t testing.TB, f stream.MessageFormat, c stream.MessageContext, texts ...[]byte) []DecodedMessage {
	t.Helper()
	alone := DecodeMessages(t, f, c, 1, texts...)
	for _, each := range []int{2, 7, 100} {
		together := DecodeMessages(t, f, c, each, texts...)
		for i := range texts {
			if got, want := fmt.Sprint(together[i]), fmt.Sprint(alone[i]); got != want {
				t.Fatalf("%q is, among %d,\n%s\nand alone\n%s", texts[i], each, got, want)
			}
		}
	}
	for column := range c.Schema.Len() {
		some := c
		some.Read = make(stream.Columns, c.Schema.Len())
		some.Read[column] = true
		for i, got := range DecodeMessages(t, f, some, 3, texts...) {
			checkRead(t, texts[i], column, got, alone[i])
		}
	}
	return alone
}

// checkRead compares a message of which one column was read with all of it. It may hold
// rows where a value fails that nobody reads.
func checkRead(t testing.TB, text []byte, column int, got, all DecodedMessage) {
	t.Helper()
	if all.Err != nil {
		return
	}
	if got.Err != nil || len(got.Rows) != len(all.Rows) {
		t.Fatalf("%q is, with column %d alone,\n%v\nand with all\n%v", text, column, got, all)
	}
	for i := range got.Rows {
		g, w := cutCell(got.Rows[i], column), cutCell(all.Rows[i], column)
		if !strings.Contains(all.Rows[i], `\|`) && strings.Count(all.Rows[i], "|") == strings.Count(got.Rows[i], "|") && g != w {
			t.Fatalf("%q has %s in column %d alone, and with all columns %s", text, g, column, w)
		}
	}
}

func cutCell(row string, column int) string { return strings.Split(row, "|")[column] }

// TestMessageEncoder has a format write random rows as messages, with values beneath their
// nulls, and reads each back as the row that it was.
func TestMessageEncoder(t *testing.T, f stream.MessageFormat, schema *record.Schema) {
	trial.Run(t, 200, func(c *trial.Case) {
		pool := record.NewCheckedPool()
		b := recordtest.UnderlayBatch(c.Random, recordtest.Batch(pool, c.Random, schema, 1+c.Random.IntN(50)))
		e, err := f.NewMessageEncoder(schema)
		if err != nil {
			c.Fatal(err)
		}
		text, ends := e.Encode(b, []byte("before"), nil)
		start := len("before")
		var messages [][]byte
		for _, end := range ends {
			messages = append(messages, text[start:end])
			start = end
		}
		want := Rows(b)
		b.Release()
		got := DecodeMessages(c, f, stream.MessageContext{Schema: schema}, 1+c.Random.IntN(20), messages...)
		for i := range want {
			if len(got[i].Rows) != 1 || got[i].Rows[0] != want[i] {
				c.Fatalf("%s was written as %q, and read as\n%v", want[i], messages[i], got[i])
			}
		}
		if err := pool.Check(); err != nil || len(messages) != len(want) {
			c.Errorf("%d messages of %d rows, %v", len(messages), len(want), err)
		}
	})
}
