package task

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
)

// This file finds the rows of each split in the batch of a fetch.

// run is the rows of one split in a batch.
type run struct {
	split    *split
	piece    *stream.Piece
	from, to int             // in the physical rows, or in the selection if there is one
	before   watermark.Split // as it was before the rows
}

func (r *run) rows() int { return r.to - r.from }

// runsOf returns where the rows of each split are in the batch of a fetch, and all records
// that failed.
func (s *source) runsOf(f stream.Fetched) (runs []run, failed []stream.FailedRecord) {
	runs, rows := s.runs[:0], 0
	for i := range f.Pieces {
		p := &f.Pieces[i]
		sp := s.byID[p.Split]
		if p.Rows > 0 {
			sp.waiting--
		}
		runs = append(runs, run{split: sp, piece: p, from: rows, to: rows + p.Rows})
		rows += p.Rows
		failed = append(failed, p.Failed...)
	}
	s.runs = runs
	return runs, failed
}

// find finds the rows of each split among those of a batch that are left; nil is none.
func find(runs []run, b *record.Batch) {
	var selection []int32
	if b != nil {
		if selection = b.Selection(); selection == nil {
			return
		}
	}
	at := 0
	for i := range runs {
		r := &runs[i]
		end := r.to
		r.from = at
		for at < len(selection) && int(selection[at]) < end {
			at++
		}
		r.to = at
	}
}

// cut returns the run's part of the times, and of the selection where there is one.
func (r *run) cut(times []int64, selection []int32) ([]int64, []int32) {
	if selection == nil {
		return times[r.from:r.to], nil
	}
	return times, selection[r.from:r.to]
}

// rowWatermarks returns, per row, the watermark of its split before it.
func rowWatermarks(pool *record.Pool, runs []run, times []int64, selection []int32) *record.Column {
	column := pool.NewColumn(record.Timestamp, len(times))
	column.Resize(len(times))
	marks := column.Int64s()
	for i := range runs {
		r := &runs[i]
		if r.rows() == 0 {
			continue
		}
		own, _ := r.cut(marks, selection)
		of, positions := r.cut(times, selection)
		r.before.RowWatermarks(own, of, positions)
	}
	return column
}
