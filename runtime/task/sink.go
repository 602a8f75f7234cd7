package task

import (
	"cmp"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// sinkOperator hands the rows of a chain to a writer. What a [stream.Worker] has to do besides
// it has no element for: the chain asks due, and calls work.
type sinkOperator struct {
	node        *node
	writer      stream.Writer
	worker      stream.Worker      // the writer, if it is one
	watermarked stream.Watermarked // likewise
	now         func() time.Time

	standing stream.Standing // of the worker
	woken    atomic.Bool
	hurried  bool  // it knows that a barrier waits
	written  int64 // rows in this run; those that are held are not counted yet
	counted  int64 // of them
}

func newSinkOperator(n *node, now func() time.Time) *sinkOperator {
	return &sinkOperator{node: n, now: now}
}

// serve makes a writer the operator's.
func (s *sinkOperator) serve(w stream.Writer) {
	s.writer = w
	s.worker, _ = w.(stream.Worker)
	s.watermarked, _ = w.(stream.Watermarked)
}

// wake has the worker asked, soon.
func (s *sinkOperator) wake() {
	s.woken.Store(true)
	s.node.chain.mail.Wake()
}

// Step implements stream.Operator.
func (s *sinkOperator) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		out.Emit(stream.Main, e)
		if s.watermarked != nil && e.Kind == stream.KindWatermark {
			return s.watermarked.Watermark(e.Time)
		}
		return nil
	}
	dense := e.Batch.Dense()
	s.node.bytes.Add(int64(dense.Bytes()))
	s.written += int64(dense.Len())
	if err := s.writer.Write(dense); err != nil {
		return err
	}
	return s.work(false)
}

// work has a worker take in what was done meanwhile, and counts what is settled.
func (s *sinkOperator) work(hurry bool) (err error) {
	if s.worker != nil {
		s.hurried = hurry
		if s.standing, err = s.worker.Work(s.now(), hurry); err != nil {
			return err
		}
	}
	settled := s.written - int64(s.standing.Held)
	s.node.counters.In.Add(settled - s.counted)
	s.node.counters.Accepted.Add(settled - s.counted)
	s.counted = settled
	return nil
}

// reject does with rows what the sink's on_error says. They count as rejected in place of
// settled.
func (s *sinkOperator) reject(failed []stream.FailedRecord) error {
	if len(failed) == 0 {
		return nil
	}
	onError := s.node.step.OnError
	if onError == stream.Fail {
		return failure.Fatal(fmt.Errorf("%s: %w; on_error: drop or dead_letter would continue without the row",
			cmp.Or(failed[0].Where, "a row"), failed[0].Err))
	}
	s.counted += int64(len(failed))
	s.node.reject(failed, onError)
	return nil
}

// holds reports whether rows are on their way, for which a barrier waits.
func (s *sinkOperator) holds() bool { return s.standing.Held > 0 }

// takes reports whether the next element may come to the writer.
func (s *sinkOperator) takes() bool { return !s.standing.Full }

// deadline returns when the worker wants to be asked; zero is never.
func (s *sinkOperator) deadline() time.Time { return s.standing.Next }

// due reports whether the worker is to be asked now.
func (s *sinkOperator) due(barrierWaits bool) bool {
	switch {
	case s.worker == nil:
		return false
	case s.woken.Swap(false), barrierWaits && s.holds() && !s.hurried:
		return true
	}
	return !s.standing.Next.IsZero() && !s.now().Before(s.standing.Next)
}

// Resume implements stream.Operator.
func (s *sinkOperator) Resume(stream.Emitter) (bool, error) { return false, nil }

// Snapshot implements stream.Operator.
func (s *sinkOperator) Snapshot(stream.CheckpointID) error { return nil }

// Close implements stream.Operator.
func (s *sinkOperator) Close() {}
