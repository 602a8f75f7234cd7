// Package stream holds the contracts between the engine and what it runs: the
// elements that travel on an edge, and the operators, sources and sinks that make and
// take them. Each contract has its own file.
package stream

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// Kind tells elements apart.
type Kind uint8

const (
	KindBatch     Kind = iota + 1 // rows
	KindWatermark                 // no row with an event time below Time is expected on this edge; ends Idle
	KindBarrier                   // the line between what belongs to a checkpoint and what follows it
	KindIdle                      // the edge holds no watermark back until its next watermark, which comes before its next batch
	KindEnd                       // no more rows; implies the watermark MaxTime. Barriers still follow
)

// Element is what travels on an edge; nothing else does.
type Element struct {
	Kind    Kind
	Batch   *record.Batch // of a KindBatch; whoever receives the element owns one reference
	Time    record.Time   // of a KindWatermark
	Barrier Barrier       // of a KindBarrier
}

// CheckpointID numbers the checkpoints of a job, from 1, without reuse.
type CheckpointID uint64

// Barrier separates the elements before a checkpoint from those after it.
type Barrier struct {
	ID CheckpointID
	// Stop says that the job ends with this checkpoint: sources send nothing
	// behind the barrier.
	Stop bool
}

// BatchOf returns the element of a batch, whose reference it carries.
func BatchOf(b *record.Batch) Element { return Element{Kind: KindBatch, Batch: b} }

// WatermarkOf returns the element that raises an edge's watermark to t.
func WatermarkOf(t record.Time) Element { return Element{Kind: KindWatermark, Time: t} }

// BarrierOf returns the element of a barrier.
func BarrierOf(b Barrier) Element { return Element{Kind: KindBarrier, Barrier: b} }

// Idle and End are the elements without content.
var (
	Idle = Element{Kind: KindIdle}
	End  = Element{Kind: KindEnd}
)

// Release gives back what the element holds; for those who drop it.
func (e Element) Release() {
	if e.Batch != nil {
		e.Batch.Release()
	}
}

// String draws the element as "batch(3 rows)", "watermark(…)", "barrier(2)".
func (e Element) String() string {
	switch e.Kind {
	case KindBatch:
		return fmt.Sprintf("batch(%d rows)", e.Batch.Len())
	case KindWatermark:
		return fmt.Sprintf("watermark(%v)", e.Time)
	case KindBarrier:
		if e.Barrier.Stop {
			return fmt.Sprintf("barrier(%d, stop)", e.Barrier.ID)
		}
		return fmt.Sprintf("barrier(%d)", e.Barrier.ID)
	case KindIdle:
		return "idle"
	case KindEnd:
		return "end"
	}
	return "nothing"
}
