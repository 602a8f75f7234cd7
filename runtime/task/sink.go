package task

import (
	"sync/atomic"

	"github.com/weirstream/weir/runtime/stream"
)

// sinkOperator hands the rows of a chain to a writer.
type sinkOperator struct {
	writer   stream.Writer
	counters *stream.Counters
	bytes    *atomic.Int64
}

func (s *sinkOperator) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		out.Emit(stream.Main, e)
		return nil
	}
	rows := int64(e.Batch.Len())
	s.counters.In.Add(rows)
	s.counters.Accepted.Add(rows)
	dense := e.Batch.Dense()
	s.bytes.Add(int64(dense.Bytes()))
	return s.writer.Write(dense)
}

func (s *sinkOperator) Resume(stream.Emitter) (bool, error) { return false, nil }
func (s *sinkOperator) Snapshot(stream.CheckpointID) error  { return nil }
func (s *sinkOperator) Close()                              {}
