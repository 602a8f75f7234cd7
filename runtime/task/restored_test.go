package task

import (
	"testing"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
)

// TestRestoredEndsMoveNoWatermark restores a source of which one split has ended, far ahead, and the
// other is idle: its watermark is that of the idle one, as it is where the split ends before the
// other becomes idle, in one subtask or in two.
func TestRestoredEndsMoveNoWatermark(t *testing.T) {
	for name, discovery := range map[string]Assign{
		"no more splits": {Discovered: true, Done: true},
		"both":           {Discovered: true, Done: true, Followed: []stream.SplitID{"ahead"}},
		"followed":       {Discovered: true, Followed: []stream.SplitID{"ahead"}},
	} {
		spec := &graph.SourceStep{EventTime: graph.EventTime{Column: 0}}
		n := &node{step: &graph.Step{ID: "in", Source: spec}, progress: stream.NewProgress(1)}
		n.mark.Store(int64(record.MinTime))
		s := &source{chain: &Chain{}, node: n, spec: spec, byID: map[stream.SplitID]*split{}, combiner: watermark.NewCombiner(1)}
		s.assign(Assign{Splits: []SplitState{{ID: "ahead", Max: 44, Finished: true}, {ID: "idle", Max: 18, Idle: true}}})
		s.assign(discovery)
		if mark := record.Time(n.mark.Load()); mark != 18 || !s.idle {
			t.Errorf("%s: the watermark is %v, idle %v", name, mark, s.idle)
		}
	}
}
