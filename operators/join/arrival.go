package join

import (
	"errors"
	"slices"

	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state/keyrange"
)

// arrival is what becomes of the rows of a batch.
type arrival struct {
	kept, late []int32  // positions
	by         int64    // µs by which the latest of late is late
	hashes     []uint64 // scratch
}

// accept sends on the late rows of a batch and returns the others that may have
// partners, as a dense batch; or nil where there are none.
func (o *operator) accept(in stream.InputID, b *record.Batch, out stream.Emitter) (*record.Batch, error) {
	if b.EventTime == nil || b.RowKinds != nil {
		b.Release()
		return nil, errors.New("a join takes only inserted rows with an event time")
	}
	o.part(in, b)
	total, late, kept := b.Len(), o.arrival.late, o.arrival.kept
	o.Counters.In.Add(int64(total))
	o.Counters.Accepted.Add(int64(total - len(late)))
	o.Counters.Late.Add(int64(len(late)))
	o.Counters.SawLate(o.arrival.by)
	if len(late) > 0 {
		out.Emit(lateOutput[in], stream.BatchOf(b.Retain().Select(late)))
	}
	switch len(kept) {
	case 0:
		b.Release()
		return nil, nil
	case total:
		return b.Dense(), nil
	}
	return b.Select(kept).Dense(), nil
}

var lateOutput = [2]stream.Output{LeftLate, RightLate}

// part finds the rows that are late and those that may have partners.
func (o *operator) part(in stream.InputID, b *record.Batch) {
	a, s, ahead := &o.arrival, &o.sides[in], o.ahead[in]
	if len(ahead) > 0 {
		a.hashes = keyrange.Hash(a.hashes[:0], s.keysOf(b.Columns, s.keys), b.Selection(), b.Physical())
	}
	keys := slices.DeleteFunc(s.keysOf(b.Columns, s.keys), func(c *record.Column) bool { return !c.HasNulls() })
	a.kept, a.late, a.by = a.kept[:0], a.late[:0], 0
	mark, times := int64(o.mark(in)), b.EventTime.Int64s()
	var marks []int64
	if b.RowWatermark != nil {
		marks = b.RowWatermark.Int64s()
	}
	selection := b.Selection()
	for k := range b.Len() {
		i := int32(k)
		if selection != nil {
			i = selection[k]
		}
		fired := mark
		if len(ahead) > 0 {
			fired = max(mark, int64(ahead.Of(a.hashes[k])))
		}
		switch {
		case marks != nil && times[i] < marks[i]:
			a.late, a.by = append(a.late, i), max(a.by, marks[i]-times[i])
		case times[i] < fired: // which an idle split brings
			a.late, a.by = append(a.late, i), max(a.by, ints.SaturatingAdd(fired, -times[i]))
		case !anyNull(keys, int(i)):
			a.kept = append(a.kept, i)
		}
	}
}

func anyNull(keys []*record.Column, i int) bool {
	for _, c := range keys {
		if c.IsNull(i) {
			return true
		}
	}
	return false
}
