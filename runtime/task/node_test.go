package task

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/exchange"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// silent is an operator that passes on Idle and End, and keeps watermarks to itself.
type silent struct{ stream.Operator }

func (silent) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindWatermark {
		out.Emit(stream.Main, e)
	}
	return nil
}

// eager is an operator that passes everything on, as often as it comes.
type eager struct{ stream.Operator }

func (eager) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	out.Emit(stream.Main, e)
	out.Emit(stream.Main, e)
	return nil
}

// hear has an operator of two inputs take in elements, and returns what its consumer
// hears.
func hear(t *testing.T, op stream.Operator, elements ...exchange.Received) string {
	t.Helper()
	consumer := &node{}
	n := &node{
		step: &graph.Step{ID: "step", Outputs: []graph.Output{{Name: stream.Main}}}, operator: op, progress: stream.NewProgress(2),
		outputs: []consumers{{nodes: []*node{consumer}, inputs: []stream.InputID{0}}},
	}
	n.mark.Store(int64(record.MinTime))
	for _, e := range elements {
		if err := n.take(e); err != nil {
			t.Fatal(err)
		}
	}
	var heard []string
	for consumer.queue.Len() > 0 {
		heard = append(heard, consumer.queue.Pop().Element.String())
	}
	return strings.Join(heard, ", ")
}

// A step whose inputs all were idle says at once that one of them is active again, even
// if its operator has nothing to say; nothing is said twice.
func TestWaking(t *testing.T) {
	for _, c := range []struct {
		name     string
		operator stream.Operator
		want     string
	}{
		{"silent", silent{}, "idle, watermark(min), idle, watermark(min), end"},
		{"eager", eager{}, "idle, watermark(min), watermark(1970-01-01T00:00:00.000007Z), idle, " +
			"watermark(1970-01-01T00:00:00.000007Z), watermark(1970-01-01T00:00:00.000008Z), end"},
	} {
		got := hear(t, c.operator,
			exchange.Received{Input: 0, Element: stream.Idle}, exchange.Received{Input: 1, Element: stream.Idle},
			exchange.Received{Input: 1, Element: stream.WatermarkOf(7)}, exchange.Received{Input: 1, Element: stream.Idle},
			exchange.Received{Input: 0, Element: stream.WatermarkOf(8)}, exchange.Received{Input: 0, Element: stream.End})
		if got != c.want {
			t.Errorf("%s: the consumer hears\n%s, not\n%s", c.name, got, c.want)
		}
	}
}
