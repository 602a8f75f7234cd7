package window

import "github.com/weirstream/weir/state"

// deadlines is a heap of sessions by a lower bound of their end. When a row
// extends a session its bound stays: ends only grow, so it is enough to look at
// the true end when the bound has come up. It follows from the table and is never
// part of a snapshot.
type deadlines struct {
	heap []deadline
	at   []int32 // by row: its place in heap
}

type deadline struct {
	bound int64
	row   state.RowID
}

// first returns the session with the least bound, or NoRow.
func (d *deadlines) first() (state.RowID, int64) {
	if len(d.heap) == 0 {
		return state.NoRow, 0
	}
	return d.heap[0].row, d.heap[0].bound
}

func (d *deadlines) add(r state.RowID, bound int64) {
	for int(r) >= len(d.at) {
		d.at = append(d.at, 0)
	}
	d.heap = append(d.heap, deadline{bound, r})
	d.up(len(d.heap)-1, deadline{bound, r})
}

// postpone raises the least bound.
func (d *deadlines) postpone(bound int64) {
	d.down(0, deadline{bound, d.heap[0].row})
}

func (d *deadlines) remove(r state.RowID) {
	i, last := int(d.at[r]), len(d.heap)-1
	moved := d.heap[last]
	d.heap = d.heap[:last]
	if i == last {
		return
	}
	if i > 0 && moved.bound < d.heap[(i-1)/2].bound {
		d.up(i, moved)
		return
	}
	d.down(i, moved)
}

// up puts e where it belongs between place i and the root.
func (d *deadlines) up(i int, e deadline) {
	for i > 0 {
		parent := (i - 1) / 2
		if d.heap[parent].bound <= e.bound {
			break
		}
		d.put(i, d.heap[parent])
		i = parent
	}
	d.put(i, e)
}

// down puts e where it belongs below place i.
func (d *deadlines) down(i int, e deadline) {
	for {
		child := 2*i + 1
		if child >= len(d.heap) {
			break
		}
		if right := child + 1; right < len(d.heap) && d.heap[right].bound < d.heap[child].bound {
			child = right
		}
		if d.heap[child].bound >= e.bound {
			break
		}
		d.put(i, d.heap[child])
		i = child
	}
	d.put(i, e)
}

func (d *deadlines) put(i int, e deadline) {
	d.heap[i] = e
	d.at[e.row] = int32(i)
}
