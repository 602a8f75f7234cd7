package blackhole

import (
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// TestConformance passes the suite with nothing ever visible.
func TestConformance(t *testing.T) {
	conntest.TestSink(t, conntest.Sink{
		Env: func(testing.TB) env.Env { return env.Real() },
		New: func(t testing.TB) stream.Sink {
			s, err := SinkType.New(component.Config{}, component.SinkInputs{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
	})
}

func TestRows(t *testing.T) {
	pool := record.NewCheckedPool()
	s := &Sink{}
	for range 3 {
		w, err := s.NewWriter(stream.WriterContext{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(pool.NewBatch(record.MustSchema(), 7)); err != nil {
			t.Fatal(err)
		}
	}
	if s.Rows() != 21 {
		t.Errorf("%d rows, want 21", s.Rows())
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}
