package task

import (
	"context"
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// This file has a reader fetch, and takes in what it brought.

// fetch starts the next fetch, if there is room for it and something to read.
func (s *source) fetch() error {
	if s.fetching {
		return nil
	}
	if s.draining && !s.drained {
		s.drainReader()
	}
	if len(s.toAssign) > 0 {
		if err := s.reader.Assign(s.toAssign); err != nil {
			return err
		}
		s.toAssign = nil
	}
	s.pause()
	if s.ready.Len() >= prefetch || !s.hasMore() || len(s.gone) > 0 || s.isHeldBack() {
		return nil
	}
	s.listen(true)
	ctx := s.interrupt.begin()
	s.perform(func(host context.Context) func() {
		ctx.follow(host)
		f, err := s.reader.Fetch(ctx)
		if errors.Is(err, context.Canceled) && ctx.Err() != nil {
			err = nil
		}
		return func() { s.chain.mail.Post(fetched{f, err}) }
	})
	return nil
}

// hasMore reports that the reader has rows left to return, now or later.
func (s *source) hasMore() bool { return s.left > 0 }

// fetched puts what a fetch brought behind what waits already.
func (s *source) fetched(m fetched) error {
	s.listen(false)
	err := m.err
	if err == nil {
		err = s.arrive(m.Fetched)
	}
	if err != nil {
		return failure.InStep(s.node.step.ID, fmt.Errorf("source %q: %w", s.node.step.ID, err))
	}
	return nil
}

// arrive takes over what a fetch brought.
func (s *source) arrive(f stream.Fetched) error {
	if f.Batch == nil && len(f.Pieces) == 0 {
		return nil
	}
	s.ready.Push(f)
	if f.Batch == nil && f.Rows() != 0 || f.Batch != nil && f.Rows() != f.Batch.Physical() {
		return fmt.Errorf("a fetch brought %d rows of its splits and a batch of other rows, which is a bug in the connector", f.Rows())
	}
	for i := range f.Pieces {
		p := &f.Pieces[i]
		sp := s.byID[p.Split]
		if sp == nil {
			return fmt.Errorf("a fetch brought rows of split %q, which was not assigned: this is a bug in the connector", p.Split)
		}
		if p.Finished {
			s.drainSplit(sp)
		}
		if p.Rows > 0 {
			sp.waiting++
		}
	}
	return nil
}
