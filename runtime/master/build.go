package master

import (
	"context"
	"fmt"

	"github.com/weirstream/weir/runtime/actor"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/task"
)

// built is what a job consists of beside the master.
type built struct {
	chains  []*task.Chain
	sources []*enumeration
}

// build makes the chains. It runs in the background.
func (m *master) build(ctx context.Context) (b built, err error) {
	if m.options.TakenOver != nil {
		if err := m.options.TakenOver(); err != nil {
			return b, err
		}
	}
	b.chains, err = task.Build(ctx, task.Blueprint{
		Graph: m.graph, Plan: m.plan, Owner: m.owner, Host: m.host,
		Report: func(r task.Report) { m.mail.Post(reported{r}) },
		Env:    m.options.Env, Pool: m.options.Pool, BatchRows: m.options.BatchRows, Budget: m.options.Budget,
		BufferTimeout: m.options.BufferTimeout, EdgeBytes: m.options.EdgeBytes, Tier: m.options.Tier,
		Room: m.options.Room.Lacks,
	})
	if err != nil {
		return b, err
	}
	b.sources, err = m.enumerations(b.chains)
	if err != nil {
		for _, c := range b.chains {
			c.Close() // the error that led here says more
		}
	}
	return b, err
}

// committers makes the committers of the job's sinks.
func (m *master) committers() ([]checkpoint.Sink, error) {
	var sinks []checkpoint.Sink
	for _, s := range m.graph.Steps {
		if s.Sink == nil {
			continue
		}
		err := actor.Guard(s.ID, func() error {
			c, err := s.Sink.NewCommitter(stream.CommitterContext{
				Env: m.options.Env, Job: m.graph.Name, Run: m.owner.Run, Sink: s.ID, Generation: m.owner.Generation,
				Kept: m.owner.Kept(s.ID),
			})
			sinks = append(sinks, checkpoint.Sink{ID: s.ID, Committer: namedCommitter{s.ID, c}})
			return err
		})
		if err != nil {
			return nil, failure.InStep(s.ID, fmt.Errorf("sink %q: %w", s.ID, err))
		}
	}
	return sinks, nil
}

// enumerations makes the master's side of all sources.
func (m *master) enumerations(chains []*task.Chain) (all []*enumeration, err error) {
	for _, s := range m.graph.Steps {
		if s.Source == nil {
			continue
		}
		e, err := m.enumeration(s)
		if err != nil {
			return nil, err
		}
		for _, c := range chains {
			if c.Source() == s.ID {
				e.chains = append(e.chains, c)
			}
		}
		e.lineage.subtasks = len(e.chains)
		e.fronts = make([]front, len(e.chains))
		e.told = make([]stream.CheckpointID, len(e.chains))
		all = append(all, e)
	}
	return all, nil
}

// forgetTimes has the watermarks of splits start afresh: what they were taken from was
// another event time.
func forgetTimes(splits []task.SplitState) {
	for i := range splits {
		splits[i].Max = record.MinTime
	}
}

// enumeration makes the master's side of a source, as the checkpoint left it.
func (m *master) enumeration(s *graph.Step) (*enumeration, error) {
	var saved []byte
	var splits []task.SplitState
	ended := true
	if then := m.owner.Manifest.Step(s.ID); then != nil {
		saved = then.Enumerator
		for _, entry := range then.Subtasks {
			were, err := task.Splits(s.ID, entry)
			if err != nil {
				return nil, err
			}
			if m.owner.Changed.Retimes(s.ID) {
				forgetTimes(were)
			}
			splits = append(splits, were...)
			ended = ended && entry.Finished
		}
	}
	e, err := newEnumeration(s, m.options, saved, splits)
	if err == nil {
		e.ended = ended && saved != nil
	}
	return e, err
}
