package kernel

import "github.com/weirstream/weir/runtime/record"

// try is TRY_CAST. What fails below the cast fails.
type try struct {
	typ  record.Type
	arg  Kernel
	held Held
	cast Kernel // of what is held
}

// Trying returns the builder of a cast that is NULL where that of build fails.
func Trying(build Builder) Builder {
	return func(s Site, args []Kernel) Kernel {
		k := &try{typ: s.Type, arg: args[0]}
		k.cast = build(s, []Kernel{&k.held})
		return k
	}
}

func (k *try) Eval(r *Run, rows []int32) *record.Column {
	k.held.Column = k.arg.Eval(r, rows)
	before := len(r.failures)
	out := k.cast.Eval(r, rows)
	k.held.Column.Release()
	k.held.Column = nil
	failed := r.failures[before:]
	switch {
	case len(failed) == 0:
		return out
	case IsConstant(out):
		out.Release()
		out = r.Null(k.typ)
	default:
		for _, f := range failed {
			out.SetNull(int(f.Row))
		}
	}
	clear(failed)
	r.failures = r.failures[:before]
	return out
}

// Held is a kernel that is a column which has been computed.
type Held struct{ Column *record.Column }

// Eval returns the column.
func (h *Held) Eval(*Run, []int32) *record.Column { return h.Column.Retain() }
