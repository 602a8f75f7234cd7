package expr

import "github.com/weirstream/weir/runtime/record"

// writer casts to string and bytes.
type writer struct {
	site
	arg   kernel
	write writeFunc
	text  []byte
}

// writeFunc appends stored value i, which is not null, or says why it cannot.
type writeFunc func(to []byte, c *record.Column, i int) ([]byte, error)

func writing(write writeFunc) builder {
	return func(s site, args []kernel) kernel { return &writer{site: s, arg: args[0], write: write} }
}

func (k *writer) eval(r *run, rows []int32) *record.Column {
	arg := r.flat(k.arg, rows)
	defer arg.Release()
	if isConstant(arg) {
		return k.constant(r, arg, rows)
	}
	out := r.pool.NewColumn(k.typ, arg.Len())
	next := 0
	for _, row := range r.positions(rows) {
		for ; next < int(row); next++ {
			out.AppendString(nil)
		}
		k.text = k.text[:0]
		if !arg.IsNull(next) {
			k.append(r, arg, next)
		}
		out.AppendString(k.text)
		next++
	}
	for ; next < arg.Len(); next++ {
		out.AppendString(nil)
	}
	joinNulls(out, arg)
	return out
}

func (k *writer) append(r *run, arg *record.Column, row int) {
	text, err := k.write(k.text, arg, row)
	if k.text = text; err != nil {
		r.fail(int32(row), k.wrap(err))
	}
}

func (k *writer) constant(r *run, arg *record.Column, rows []int32) *record.Column {
	if arg.IsNull(0) {
		return r.null(k.typ)
	}
	text, err := k.write(k.text[:0], arg, 0)
	if k.text = text; err != nil {
		r.failAll(rows, k.wrap(err))
	}
	out := r.pool.NewConstant(k.typ, arg.Len())
	out.AppendString(k.text)
	return out
}
