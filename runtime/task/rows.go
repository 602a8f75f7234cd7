package task

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is what becomes of the rows of a fetch on their way into the job.

// take sends one fetch's rows on and moves the positions of its splits behind them.
func (s *source) take(f stream.Fetched) error {
	runs, failed := s.runsOf(f)
	if f.Batch != nil {
		batch, nulls := s.stamp(f)
		failed = append(failed, nulls...)
		s.node.counters.In.Add(int64(batch.Len()))
		s.node.bytes.Add(int64(batch.Bytes()))
		batch = s.skip(runs, batch)
		find(runs, batch)
		if batch != nil {
			s.send(runs, batch)
		}
	}
	if err := s.reject(failed); err != nil {
		return err
	}
	rose := false
	for i := range runs {
		sp, p := runs[i].split, runs[i].piece
		s.node.counters.In.Add(int64(p.Skipped))
		s.node.counters.Skipped.Add(int64(p.Skipped))
		sp.position = p.Next
		if p.Notes != nil {
			sp.notes = p.Notes
		}
		rose = s.follow(sp, p, runs[i].rows()) || rose
	}
	s.announce(rose)
	s.tellFront()
	return nil
}

// send sends rows on.
func (s *source) send(runs []run, b *record.Batch) {
	for i := range runs {
		if runs[i].rows() > 0 {
			s.wake(runs[i].split)
		}
	}
	rows := int64(b.Len())
	s.node.counters.Accepted.Add(rows)
	s.node.counters.Out.Add(rows)
	s.observe(runs, b)
	s.node.Emit(stream.Main, stream.BatchOf(b))
}

// skip leaves out the rows that are not in the range the job takes of their split. It
// returns nil where it leaves out all of them: to the job the fetch brought no rows.
func (s *source) skip(runs []run, b *record.Batch) *record.Batch {
	if s.spec.EventTime.Range == nil && s.ranged == nil {
		return b
	}
	times, kept := b.EventTime.Int64s(), s.kept[:0]
	at := 0
	keep := func(i int32) {
		for int(i) >= runs[at].to {
			at++
		}
		if runs[at].split.takes.Holds(record.Time(times[i])) {
			kept = append(kept, i)
		}
	}
	if selection := b.Selection(); selection != nil {
		for _, i := range selection {
			keep(i)
		}
	} else {
		for i := range int32(b.Physical()) {
			keep(i)
		}
	}
	s.kept = kept
	before := b.Len()
	s.node.counters.Skipped.Add(int64(before - len(kept)))
	switch len(kept) {
	case before:
		return b
	case 0:
		b.Release()
		return nil
	}
	return b.Select(kept)
}

// observe moves the watermarks of splits over the rows of a batch, and gives the batch its
// row watermarks if it needs them.
func (s *source) observe(runs []run, b *record.Batch) {
	if b.EventTime == nil || b.Len() == 0 {
		return
	}
	times, selection := b.EventTime.Int64s(), b.Selection()
	late, latest := false, record.MinTime
	for i := range runs {
		r := &runs[i]
		if r.rows() == 0 {
			continue
		}
		r.before = r.split.mark
		behind, disorder := r.split.mark.Observe(r.cut(times, selection))
		late = late || behind
		latest = max(latest, r.split.mark.Max)
		s.node.counters.SawDisorder(disorder)
	}
	s.behind.Store(int64(s.chain.host.Now().Sub(latest.GoTime())))
	if late {
		b.RowWatermark = rowWatermarks(b.Pool(), runs, times, selection)
	}
}

// onError returns what becomes of failed records. Damage that is left out fails no job.
func (s *source) onError(failed []stream.FailedRecord) stream.OnError {
	record := slices.ContainsFunc(failed, func(f stream.FailedRecord) bool { return !f.IsDamage() })
	if s.spec.OnError == stream.Fail && !record {
		return stream.Drop
	}
	return s.spec.OnError
}

// reject does with failed records what the source's on_error says.
func (s *source) reject(failed []stream.FailedRecord) error {
	if len(failed) == 0 {
		return nil
	}
	for _, f := range failed {
		if !f.IsDamage() {
			continue
		}
		if !s.spec.SkipDamage {
			return failure.Fatal(fmt.Errorf("%s: %w; no more of it can be read, and on_error is for records: put a sound copy in its place, "+
				"or set on_damage: skip, which leaves the rest out and says so", f.Where, f.Err))
		}
		s.chain.report(Lost{s.node.step.ID, fmt.Errorf("%s: %w; the rest is left out (on_damage: skip)", f.Where, f.Err)})
	}
	onError := s.onError(failed)
	if onError == stream.Fail {
		return failure.Fatal(fmt.Errorf("%s: %w", failed[0].Where, failed[0].Err))
	}
	s.node.reject(failed, onError)
	return nil
}
