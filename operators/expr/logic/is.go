package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// truthTest is IS [NOT] TRUE and IS [NOT] FALSE, which are never null.
type truthTest struct {
	arg       kernel.Kernel
	want, not bool
}

// IsTruth returns the builder of IS TRUE or, if want is not, IS FALSE.
func IsTruth(want, not bool) kernel.Builder {
	return func(_ kernel.Site, args []kernel.Kernel) kernel.Kernel { return truthTest{args[0], want, not} }
}

func (k truthTest) Eval(r *kernel.Run, rows []int32) *record.Column {
	arg := r.Plain(k.arg, rows)
	defer arg.Release()
	out := r.NewColumn(record.Bool, false)
	t, to := truthOf(arg), out.Bits()
	for i := range to {
		to[i] = t.is(k.want, i) ^ -bit(k.not)
	}
	return out
}

// nullTest is IS [NOT] NULL.
type nullTest struct {
	arg kernel.Kernel
	not bool
}

// IsNull returns the builder of IS [NOT] NULL.
func IsNull(not bool) kernel.Builder {
	return func(_ kernel.Site, args []kernel.Kernel) kernel.Kernel { return nullTest{args[0], not} }
}

// Eval reads the validity bitmap, which of all encodings but a constant has a
// bit per row.
func (k nullTest) Eval(r *kernel.Run, rows []int32) *record.Column {
	arg := k.arg.Eval(r, rows)
	defer arg.Release()
	out := r.NewColumn(record.Bool, kernel.IsConstant(arg))
	validity, to := arg.Validity(), out.Bits()
	for i := range to {
		valid := ^uint64(0)
		if validity != nil {
			valid = validity[i]
		}
		to[i] = valid ^ -bit(!k.not)
	}
	return out
}
