package expr

import "github.com/weirstream/weir/runtime/record"

// try is TRY_CAST: a cast that is NULL where it fails. What fails below it fails.
type try struct {
	typ  record.Type
	arg  kernel
	held heldColumn
	cast kernel // of what is held
}

func trying(build builder) builder {
	return func(s site, args []kernel) kernel {
		k := &try{typ: s.typ, arg: args[0]}
		k.cast = build(s, []kernel{&k.held})
		return k
	}
}

func (k *try) eval(r *run, rows []int32) *record.Column {
	k.held.column = k.arg.eval(r, rows)
	before := len(r.failures)
	out := k.cast.eval(r, rows)
	k.held.column.Release()
	k.held.column = nil
	failed := r.failures[before:]
	switch {
	case len(failed) == 0:
		return out
	case isConstant(out):
		out.Release()
		out = r.null(k.typ)
	default:
		for _, f := range failed {
			out.SetNull(int(f.Row))
		}
	}
	clear(failed)
	r.failures = r.failures[:before]
	return out
}

// heldColumn is a column that has been computed.
type heldColumn struct{ column *record.Column }

func (h *heldColumn) eval(*run, []int32) *record.Column { return h.column.Retain() }
