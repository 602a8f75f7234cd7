package kernel

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// rowwise is a kernel that computes one row after the other: functions of
// strings, and whatever does much per row. It computes the rows that are asked
// for and, unless it is lenient, have no NULL among their arguments. Of a
// dictionary it computes each value once, and gives a dictionary again.
type rowwise struct {
	RowCall
	kernels []Kernel
	loop    RowLoop
	lenient bool // NULLs reach the loop
	columns []*record.Column
	live    []int32
	used    []uint64
}

// RowLoop computes rows, which ascend: for each it reads the arguments and
// stores one result, or says that the result is NULL or that there is none.
type RowLoop func(c *RowCall, rows []int32)

// EachRow returns the builder of a rowwise kernel from a loop without state.
func EachRow(loop RowLoop) Builder {
	return EachRowBy(func() RowLoop { return loop })
}

// EachRowBy is [EachRow] for loops with state, of which every program has its own.
func EachRowBy(newLoop func() RowLoop) Builder {
	return func(s Site, args []Kernel) Kernel {
		return &rowwise{RowCall: RowCall{site: s, Args: make([]RowArg, len(args))}, kernels: args, loop: newLoop()}
	}
}

// EachRowWithNulls is [EachRow] for loops that see NULL arguments.
func EachRowWithNulls(loop RowLoop) Builder {
	build := EachRow(loop)
	return func(s Site, args []Kernel) Kernel {
		k := build(s, args).(*rowwise)
		k.lenient = true
		return k
	}
}

func (k *rowwise) Eval(r *Run, rows []int32) *record.Column {
	for _, a := range k.kernels {
		k.columns = append(k.columns, a.Eval(r, rows))
	}
	defer k.release()
	varying, last := 0, 0
	for i, c := range k.columns {
		if !IsConstant(c) {
			varying, last = varying+1, i
		}
	}
	switch {
	case !k.lenient && slices.ContainsFunc(k.columns, IsNullConstant):
		return r.Null(k.site.Type)
	case varying == 0:
		return k.once(r, rows)
	case varying == 1 && !k.lenient && isSmallDictionary(k.columns[last]):
		if out := k.perValue(r, rows, k.columns[last], last); out != nil {
			return out
		}
	}
	return k.perRow(r, rows)
}

func isSmallDictionary(c *record.Column) bool {
	return c.Encoding() == record.Dictionary && c.Dictionary().Len() <= c.Len()
}

func (k *rowwise) release() {
	for i, c := range k.columns {
		c.Release()
		k.columns[i], k.Args[i] = nil, RowArg{}
	}
	k.columns = k.columns[:0]
}

var firstRow = []int32{0}

// once computes the one value of constant arguments.
func (k *rowwise) once(r *Run, rows []int32) *record.Column {
	for i, c := range k.columns {
		k.Args[i] = rowArgOf(c)
	}
	k.begin(1)
	out := k.compute(r.Pool.NewConstant(k.site.Type, r.Batch.Physical()), 1, firstRow)
	k.setNulls(out)
	if !k.fitsRepeated(r) && len(k.failures) == 0 {
		k.Fail(0, errBatchText)
	}
	for _, f := range k.failures {
		r.failAll(rows, f.Err)
	}
	return out
}

// fitsRepeated reports whether the texts that have been computed still fit into a
// column where each row of the batch has the longest of them, as a constant or
// dictionary may be made plain later on.
func (k *rowwise) fitsRepeated(r *Run) bool {
	longest, start := int32(0), int32(0)
	for _, end := range k.ends {
		longest, start = max(longest, end-start), end
	}
	return int(longest) <= mostBatchText/max(1, r.Batch.Physical())
}

// perRow computes the rows that are asked for and not null.
func (k *rowwise) perRow(r *Run, rows []int32) *record.Column {
	n := r.Batch.Physical()
	k.begin(n)
	for i, c := range k.columns {
		if c.Encoding() == record.Dictionary {
			k.columns[i] = c.Gather(nil)
			c.Release()
			c = k.columns[i]
		}
		k.Args[i] = rowArgOf(c)
		if !k.lenient && !IsConstant(c) {
			k.joinValidity(c)
		}
	}
	if k.valid == nil {
		rows = r.Positions(rows)
	} else {
		k.live = AppendSet(k.live[:0], k.valid, rows, n)
		rows = k.live
	}
	out := k.compute(r.Pool.NewColumn(k.site.Type, n), n, rows)
	k.setNulls(out)
	r.failures = append(r.failures, k.failures...)
	return out
}

// perValue computes the values of a dictionary, argument i, that are used by
// rows; all other arguments are constant. It returns nil where that gives texts
// too long to stand in every row.
func (k *rowwise) perValue(r *Run, rows []int32, c *record.Column, i int) *record.Column {
	for j, other := range k.columns {
		k.Args[j] = rowArgOf(ValuesOf(other))
	}
	n := c.Dictionary().Len()
	k.begin(n)
	k.used = append(k.used[:0], make([]uint64, record.Words(n))...)
	for _, row := range r.Positions(rows) {
		if !c.IsNull(int(row)) {
			record.SetBit(k.used, int(c.Codes()[row]), true)
		}
	}
	k.live = record.AppendSetBits(k.live[:0], k.used, n)
	values := k.compute(r.Pool.NewColumn(k.site.Type, n), n, k.live)
	if !k.fitsRepeated(r) {
		values.Release()
		return nil
	}
	out := r.Pool.NewDictionary(values, c.Len())
	copy(out.Codes(), c.Codes())
	JoinNulls(out, c)
	k.spread(r, rows, out)
	return out
}

// spread carries what became of the values of a dictionary, NULL or failure, to
// the rows that have them.
func (k *rowwise) spread(r *Run, rows []int32, out *record.Column) {
	if k.valid == nil && len(k.failures) == 0 {
		return
	}
	for _, row := range r.Positions(rows) {
		code := out.Codes()[row]
		if out.IsNull(int(row)) {
			continue
		}
		if k.valid != nil && !record.BitAt(k.valid, int(code)) {
			out.SetNull(int(row))
		}
		at, failed := slices.BinarySearchFunc(k.failures, code, func(f Failure, code int32) int { return int(f.Row - code) })
		if failed {
			r.fail(row, k.failures[at].Err)
		}
	}
}

// compute fills out, an empty column, with n values, of which it computes those
// at positions live.
func (k *rowwise) compute(out *record.Column, n int, live []int32) *record.Column {
	switch {
	case k.site.Type == record.String || k.site.Type == record.Bytes:
		k.computeTexts(out, n, live)
		return out
	case IsConstant(out):
		out.AppendZero()
	default:
		out.Resize(n)
	}
	switch k.site.Type {
	case record.Bool:
		k.Bits = out.Bits()
	case record.Float64:
		k.Floats = out.Float64s()
	default:
		k.Ints = out.Int64s()
	}
	k.loop(&k.RowCall, live)
	k.Bits, k.Floats, k.Ints = nil, nil, nil
	return out
}

// mostIdleText is how much memory for texts is kept between batches.
const mostIdleText = 1 << 20

func (k *rowwise) computeTexts(out *record.Column, n int, live []int32) {
	k.Text, k.last = k.Text[:0], 0
	k.ends = slices.Grow(k.ends[:0], n)[:n]
	if len(live) < n {
		for i := range k.ends {
			k.ends[i] = -1
		}
	}
	k.loop(&k.RowCall, live)
	if len(live) < n {
		end := int32(0)
		for i, e := range k.ends {
			end = max(end, e)
			k.ends[i] = end
		}
	}
	out.AppendStrings(k.Text, k.ends)
	if cap(k.Text) > mostIdleText {
		k.Text = nil
	}
}

// setNulls makes results null whose arguments were or for which the loop said so.
func (k *rowwise) setNulls(out *record.Column) {
	if k.valid != nil {
		copy(out.AddValidity(), k.valid)
	}
}
