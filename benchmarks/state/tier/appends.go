package main

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// arrivals is a table as a side of a join has it: rows that wait for partners.
var arrivals = state.TableSpec{
	Name: "arrivals", Key: id, Multi: true, Ordered: state.Ascending,
	Sub: []record.Field{{Name: "time", Type: record.Timestamp}}, Due: state.DueBySub, Values: numbers(2),
}

// arrive inserts rows, the first of which is row number first, for a tenth as many keys as
// there will be rows in all; a batch has one time.
func (r *rig) arrive(first, rows, all, batch int) {
	keys := int64(all/10 + 1)
	for done := 0; done < rows; done += batch {
		r.insert(min(batch, rows-done), func(int) int64 { return r.random.Int64N(keys) }, int64(first+done))
		r.add()
		r.backend.Release()
	}
}

// appends inserts rows until there are as many as there shall be, and measures a quarter
// more.
func appends(s settings) error {
	or(&s.rows, 8_000_000)
	or(&s.ops, s.rows/4)
	row, err := bytesPerRow(arrivals, func(r *rig, rows int) { r.arrive(0, rows, s.rows, s.batch) })
	if err != nil {
		return err
	}
	memory := int64(float64(row*int64(s.rows)) / s.times)
	if err := limit(memory); err != nil {
		return err
	}
	r, err := newRig(s.dir, memory/s.share, arrivals)
	if err != nil {
		return err
	}
	defer r.close()
	r.arrive(0, s.rows, s.rows, s.batch)
	disk := onDisk(r.dir)
	return profiled(s.profile, func() error {
		used := begin()
		r.arrive(s.rows, s.ops, s.rows, s.batch)
		wall, cpu := used()
		fmt.Printf("  %d rows of %d bytes, memory %s, %s on disk\n", s.rows, row, mebi(memory), mebi(disk))
		if disk == 0 {
			fmt.Printf("  not measured: rows of such a table do not go down, all are in memory\n")
		}
		fmt.Printf("  appends: %s a second and core (%s a second); goal: ≥ 800 k\n", rate(s.ops, cpu), rate(s.ops, wall))
		printMemory(memory)
		return nil
	})
}
