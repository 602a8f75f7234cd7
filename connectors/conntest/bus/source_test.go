package bus_test

import (
	"fmt"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/conntest/bus"
	"github.com/weirstream/weir/connectors/format/json"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

var schema = record.MustSchema(record.Field{Name: "n", Type: record.Int64})

func open(t testing.TB, b *bus.Bus, format stream.Format, given ...component.Entry) stream.Source {
	t.Helper()
	spec := b.SourceType().Spec
	config, problems := component.NewConfig(&spec, component.Position{}, given)
	if problems != nil {
		t.Fatal(problems)
	}
	s, err := b.SourceType().New(config, component.SourceInputs{Format: format, Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// allMetadata has each of the metadata become a column.
var allMetadata = component.Entry{Key: "metadata", Value: component.Value{Kind: component.Map, Map: component.Given(map[string]string{
	"key": "key", "headers": "headers", "timestamp": "written_at", "partition": "partition", "offset": "offset",
})}}

func full(splits, rows int, value func(i int) []byte) *bus.Bus {
	b := &bus.Bus{}
	for range splits {
		var all []bus.Message
		for i := range rows {
			m := bus.Message{Key: fmt.Appendf(nil, "k%d", i%3), Value: value(i), At: record.Time(i)}
			for h := range i % 3 {
				m.Headers = append(m.Headers, bus.Header{Name: "h", Value: fmt.Sprint(h)})
			}
			all = append(all, m)
		}
		b.Partitions = append(b.Partitions, all)
	}
	return b
}

func TestSource(t *testing.T) {
	number := func(i int) []byte { return fmt.Appendf(nil, `{"n":%d}`, i) }
	for _, endless := range []bool{false, true} {
		t.Run(fmt.Sprintf("endless %v", endless), func(t *testing.T) {
			conntest.TestSource(t, conntest.Source{Many: true, Unbounded: endless, New: func(t testing.TB, splits, rows int) (stream.Source, env.Env) {
				b := full(splits, rows, number)
				b.Endless = endless
				return open(t, b, json.Format{}, allMetadata), env.Real()
			}})
		})
	}
}

// Messages that fail, have no row or have several, and tombstones, come once each from
// every position.
func TestFailures(t *testing.T) {
	value := func(i int) []byte {
		switch i % 7 {
		case 1:
			return fmt.Appendf(nil, `[{"n":%d},{"n":%d},{"n":%d}]`, i, i, i)
		case 2:
			return fmt.Appendf(nil, `{"n":"x%d"}`, i)
		case 3:
			return []byte{}
		case 4:
			return nil
		}
		return fmt.Appendf(nil, `{"n":%d}`, i)
	}
	for tombstones, want := range map[string]int{"skip": 3 * 5 * (3 + 3), "keep": 3 * 5 * (3 + 3 + 1)} {
		given := []component.Entry{allMetadata, {Key: "tombstones", Value: component.TextValue(tombstones)}}
		rows, failed := conntest.TestFailures(t, conntest.Source{Many: true, New: func(t testing.TB, _, _ int) (stream.Source, env.Env) {
			return open(t, full(3, 35, value), json.Format{}, given...), env.Real()
		}})
		if len(rows) != want || len(failed) != 3*5 {
			t.Errorf("%s: %d rows and %d that failed, want %d and 15", tombstones, len(rows), len(failed), want)
		}
		const where, header = "bus[0] at offset 2", `{"key":"azI=","headers":[{"name":"h","value":"MA=="},{"name":"h","value":"MQ=="}],` +
			`"timestamp":"1970-01-01T00:00:00.000002Z","partition":0,"offset":2}`
		if f := failed[0]; f.Where != where || string(f.Raw) != `{"n":"x2"}` || string(f.Header) != header {
			t.Errorf("%s: %s %q %s", tombstones, f.Where, f.Raw, f.Header)
		}
	}
}
