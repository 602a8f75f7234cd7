package main

import (
	"fmt"
	"math"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// panes is a table as windows have it: a row per key and window.
var panes = state.TableSpec{
	Name: "panes", Key: id, Bucketed: true, Due: state.DueBySub,
	Sub: []record.Field{{Name: "window", Type: record.Int64}}, Values: numbers(2),
}

// open makes the rows of a window.
func (r *rig) open(window int64, rows, batch int) {
	for first := 0; first < rows; first += batch {
		r.upsert(min(batch, rows-first), func(i int) int64 { return int64(first + i) }, window)
		r.add()
		r.backend.Release()
	}
}

// fire emits the rows of a window as an operator does, and drops them. It returns how many
// there were.
func (r *rig) fire(window int64, batch int) (fired int) {
	var due []state.RowID
	for more := true; more; {
		due, more = r.table.Due(window, batch, due[:0])
		r.emit(due)
		fired += len(due)
		for _, row := range due {
			r.table.Delete(row)
		}
		if !more {
			r.table.DropBuckets(window)
		}
		r.backend.Release()
	}
	return fired
}

// emit makes a batch of rows.
func (r *rig) emit(rows []state.RowID) {
	out := []*record.Column{r.pool.NewColumn(record.Int64, len(rows))}
	r.table.AppendKeys(out, rows)
	for i := range r.table.Spec().Values {
		c := r.pool.NewColumn(record.Int64, len(rows))
		r.table.AppendValues(i, rows, c)
		out = append(out, c)
	}
	for _, c := range out {
		c.Release()
	}
}

// windows fills twenty windows, and has them fire.
func windows(s settings) error {
	or(&s.rows, 10_000_000)
	const count = 20
	each := s.rows / count
	row, err := bytesPerRow(panes, func(r *rig, rows int) { r.open(0, rows, s.batch) })
	if err != nil {
		return err
	}
	memory := int64(float64(row*int64(s.rows)) / s.times)
	if err := limit(memory); err != nil {
		return err
	}
	r, err := newRig(s.dir, memory/s.share, panes)
	if err != nil {
		return err
	}
	defer r.close()
	used := begin()
	for window := range int64(count) {
		r.open(window, each, s.batch)
	}
	_, cpu := used()
	fmt.Printf("  %d rows of %d bytes, memory %s, %s on disk; filled with %s rows a second and core\n",
		s.rows, row, mebi(memory), mebi(onDisk(r.dir)), rate(s.rows, cpu))
	return profiled(s.profile, func() error { return r.fireAll(count, s.rows, memory, s.batch) })
}

func (r *rig) fireAll(count int64, rows int, memory int64, batch int) error {
	fired, used := 0, begin()
	slowest, fastest := time.Duration(0), time.Duration(math.MaxInt64)
	for window := range count {
		one := begin()
		fired += r.fire(window, batch)
		_, cpu := one()
		slowest, fastest = max(slowest, cpu), min(fastest, cpu)
	}
	wall, cpu := used()
	if want := rows / int(count) * int(count); fired != want || r.table.Len() != 0 {
		return fmt.Errorf("%d rows fired of %d, %d are left", fired, want, r.table.Len())
	}
	each := rows / int(count)
	fmt.Printf("  fired: %s rows a second and core (%s a second; by window %s to %s a second and core); goal: ≥ 3 M\n",
		rate(fired, cpu), rate(fired, wall), rate(each, slowest), rate(each, fastest))
	printMemory(memory)
	return nil
}
