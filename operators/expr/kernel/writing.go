package kernel

import "github.com/weirstream/weir/runtime/record"

// writer casts to string and bytes.
type writer struct {
	Site
	arg   Kernel
	write func(to []byte, c *record.Column, i int) ([]byte, error)
	text  []byte
}

// Writing returns the builder of a cast to string or bytes. write appends stored
// value i, which is not null, or says why it cannot.
func Writing(write func(to []byte, c *record.Column, i int) ([]byte, error)) Builder {
	return func(s Site, args []Kernel) Kernel { return &writer{Site: s, arg: args[0], write: write} }
}

func (k *writer) Eval(r *Run, rows []int32) *record.Column {
	arg := r.Flat(k.arg, rows)
	defer arg.Release()
	if IsConstant(arg) {
		return k.constant(r, arg, rows)
	}
	out := r.Pool.NewColumn(k.Type, arg.Len())
	next := 0
	for _, row := range r.Positions(rows) {
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
	JoinNulls(out, arg)
	return out
}

func (k *writer) append(r *Run, arg *record.Column, row int) {
	text, err := k.write(k.text, arg, row)
	if k.text = text; err != nil {
		r.fail(int32(row), k.wrap(err))
	}
}

func (k *writer) constant(r *Run, arg *record.Column, rows []int32) *record.Column {
	if arg.IsNull(0) {
		return r.Null(k.Type)
	}
	text, err := k.write(k.text[:0], arg, 0)
	if k.text = text; err != nil {
		r.failAll(rows, k.wrap(err))
	}
	out := r.Pool.NewConstant(k.Type, arg.Len())
	out.AppendString(k.text)
	return out
}
