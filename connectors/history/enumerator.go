package history

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// enumerator finds the splits of both parts, and keeps those of the second until the first
// has been read.
type enumerator struct {
	source *source
	parts  [2]stream.Enumerator
	state  state
}

// state is what a checkpoint has of an enumerator.
type state struct {
	Parts [2][]byte
	// Open are the splits of history that were returned and have not ended.
	Open []stream.SplitID
	// Known says that history has no more splits than were returned.
	Known bool
	// Asked says that the second was asked for the first time, and Held are its splits
	// that wait for the end of history.
	Asked bool
	Held  []stream.Split
	// Over says that history has been read.
	Over bool
}

func newEnumerator(s *source, e env.Env, saved []byte) (stream.Enumerator, error) {
	en := &enumerator{source: s}
	if saved != nil {
		if err := json.Unmarshal(saved, &en.state); err != nil {
			return nil, failure.Fatal(fmt.Errorf("the state of the splits is damaged: %w", err))
		}
	}
	for i, p := range s.parts {
		var err error
		if en.parts[i], err = p.NewEnumerator(e, en.state.Parts[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return en, nil
}

// Discover implements stream.Enumerator.
func (e *enumerator) Discover(ctx context.Context) (found stream.Discovery, err error) {
	if !e.state.Asked {
		first, err := e.discover(ctx, 1)
		if err != nil {
			return found, err
		}
		e.state.Asked, e.state.Held = true, first.Splits
	}
	if !e.state.Over {
		if found, err = e.discover(ctx, 0); err != nil {
			return found, err
		}
		for _, s := range found.Splits {
			e.state.Open = append(e.state.Open, s.ID)
		}
		e.state.Known = found.Done
		found.Done = false
		e.state.Over = e.state.Known && len(e.state.Open) == 0
	}
	if !e.state.Over {
		return found, nil
	}
	then, err := e.discover(ctx, 1)
	if err != nil {
		return found, err
	}
	found.Splits = slices.Concat(found.Splits, e.state.Held, then.Splits)
	found.Gone, found.Done, e.state.Held = then.Gone, then.Done, nil
	return found, nil
}

// discover has a part discover, and gives its splits the ids that they have here.
func (e *enumerator) discover(ctx context.Context, part int) (stream.Discovery, error) {
	p := &e.source.parts[part]
	found, err := e.parts[part].Discover(ctx)
	if err != nil {
		return found, fmt.Errorf("%s: %w", p.name, err)
	}
	splits := make([]stream.Split, len(found.Splits))
	for i, s := range found.Splits {
		s.ID, s.Parents = p.prefix+s.ID, p.outside(s.Parents)
		splits[i] = s
	}
	found.Splits, found.Gone = splits, p.outside(found.Gone)
	return found, nil
}

// outside returns the ids that splits of the part have in both.
func (p *part) outside(ids []stream.SplitID) (all []stream.SplitID) {
	for _, id := range ids {
		all = append(all, p.prefix+id)
	}
	return all
}

// Finished implements stream.Enumerator.
func (e *enumerator) Finished(id stream.SplitID) {
	part := e.source.partOf(id)
	if part == 0 {
		e.state.Open = slices.DeleteFunc(e.state.Open, func(open stream.SplitID) bool { return open == id })
	}
	e.parts[part].Finished(e.source.inside(id))
}

// Snapshot implements stream.Enumerator.
func (e *enumerator) Snapshot() ([]byte, error) {
	for i, p := range e.parts {
		var err error
		if e.state.Parts[i], err = p.Snapshot(); err != nil {
			return nil, err
		}
	}
	return json.Marshal(e.state)
}
