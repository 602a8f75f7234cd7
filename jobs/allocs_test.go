package jobs

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// latest keeps the last batch that an operator emitted on Main.
type latest struct{ batch *record.Batch }

func (l *latest) Full() bool { return false }

func (l *latest) Emit(output stream.Output, e stream.Element) {
	if e.Kind != stream.KindBatch || output != stream.Main {
		e.Release()
		return
	}
	if l.batch != nil {
		l.batch.Release()
	}
	l.batch = e.Batch
}

// TestOperatorsAllocateNothingPerRow brings a full batch of its rows to each
// operator of the examples, again and again.
func TestOperatorsAllocateNothingPerRow(t *testing.T) {
	names, err := filepath.Glob("examples/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples (%v)", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			job, err := Load(builtin.Registry(), env.OS{}, name, nil)
			if err != nil {
				t.Fatal(err)
			}
			pool := record.NewPool()
			batch := firstBatch(t, job.Graph.Steps[0], pool)
			for _, s := range job.Graph.Steps {
				if s.NewOperator != nil && batch != nil {
					batch = allocations(t, s, pool, batch)
				}
			}
		})
	}
}

// firstBatch returns the first batch of a source, stamped with its event time.
func firstBatch(t *testing.T, source *graph.Step, pool *record.Pool) *record.Batch {
	r, err := source.Source.Source.NewReader(stream.ReaderContext{Env: env.Real(), Pool: pool, BatchRows: 1024})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Assign([]stream.Split{{ID: "files"}}); err != nil {
		t.Fatal(err)
	}
	f, err := r.Fetch(context.Background())
	if err != nil || f.Batch == nil || f.Batch.Len() != 1024 {
		t.Fatalf("fetched %+v, %v", f, err)
	}
	times := f.Batch.Columns[source.Source.EventTime.Column]
	for _, field := range source.Source.EventTime.Fields {
		times = times.Child(field)
	}
	f.Batch.EventTime = times.Retain()
	var stamped []int32
	for i := range int32(f.Batch.Len()) {
		if !times.IsNull(int(i)) {
			stamped = append(stamped, i)
		}
	}
	return f.Batch.Select(stamped)
}

// allocations checks one operator and returns what it made of the batch.
func allocations(t *testing.T, s *graph.Step, pool *record.Pool, batch *record.Batch) *record.Batch {
	op, err := s.NewOperator(stream.OperatorContext{
		Step: s.ID, Pool: pool, State: state.NewBackend(keyrange.All), Budget: 4096, Counters: &stream.Counters{},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer op.Close()
	out := &latest{}
	step := func() {
		if err := op.Step(0, stream.BatchOf(batch.Retain()), out); err != nil {
			t.Fatal(err)
		}
		if err := optest.Resume(op, out); err != nil {
			t.Fatal(err)
		}
	}
	perRow := testing.AllocsPerRun(50, step) / float64(batch.Len())
	t.Logf("%s: %.4f allocations a row", s.ID, perRow)
	if perRow > 0.01 {
		t.Errorf("%s: %.4f allocations a row; 0.01 are allowed", s.ID, perRow)
	}
	return out.batch
}
