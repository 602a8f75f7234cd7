package expr

import "github.com/weirstream/weir/runtime/record"

// truth is the words of a plain bool column: which rows are TRUE and which are
// FALSE. A row that is neither is NULL.
type truth struct {
	bits, validity []uint64 // validity is nil where nothing is null
}

func truthOf(c *record.Column) truth { return truth{c.Bits(), c.Validity()} }

func (t truth) valid(word int) uint64 {
	if t.validity == nil {
		return ^uint64(0)
	}
	return t.validity[word]
}

func (t truth) isTrue(word int) uint64 { return t.bits[word] & t.valid(word) }

func (t truth) isFalse(word int) uint64 { return ^t.bits[word] & t.valid(word) }

// is returns where the value is TRUE or, if want is not, where it is FALSE.
func (t truth) is(want bool, word int) uint64 {
	if want {
		return t.isTrue(word)
	}
	return t.isFalse(word)
}

// junction is AND or, if decider is TRUE, OR: the value that decides the result
// alone, whatever stands on the other side.
type junction struct {
	decider     bool
	left, right kernel
	// lazy says that right may fail and so must see only rows that left leaves
	// undecided. Otherwise it is cheaper to compute all rows.
	lazy      bool
	undecided []int32
	words     []uint64
}

func joining(decider bool) builder {
	return func(s site, args []kernel) kernel {
		return &junction{decider: decider, left: args[0], right: args[1], lazy: s.args[1].fails}
	}
}

func (k *junction) eval(r *run, rows []int32) *record.Column {
	left := r.plain(k.left, rows)
	if k.lazy {
		rows = k.open(truthOf(left), rows, left.Len())
		if len(rows) == 0 {
			return left
		}
	}
	right := r.plain(k.right, rows)
	out := k.join(r, left, right)
	left.Release()
	right.Release()
	return out
}

// open returns those of rows that left does not decide.
func (k *junction) open(left truth, rows []int32, n int) []int32 {
	k.words = k.words[:0]
	for i := range left.bits {
		k.words = append(k.words, ^left.is(k.decider, i))
	}
	k.undecided = appendSet(k.undecided[:0], k.words, rows, n)
	return k.undecided
}

func (k *junction) join(r *run, left, right *record.Column) *record.Column {
	out := r.column(record.Bool, false)
	a, b, to := truthOf(left), truthOf(right), out.Bits()
	for i := range to {
		if to[i] = a.isTrue(i) & b.isTrue(i); k.decider {
			to[i] = a.isTrue(i) | b.isTrue(i)
		}
	}
	if a.validity == nil && b.validity == nil {
		return out
	}
	validity := out.AddValidity()
	for i := range validity {
		decided := a.is(k.decider, i) | b.is(k.decider, i)
		validity[i] = decided | a.valid(i)&b.valid(i)
	}
	return out
}

// invert is NOT.
type invert struct{ arg kernel }

func inverting(_ site, args []kernel) kernel { return invert{args[0]} }

func (k invert) eval(r *run, rows []int32) *record.Column {
	arg := r.flat(k.arg, rows)
	defer arg.Release()
	if isNullConstant(arg) {
		return r.null(record.Bool)
	}
	out := r.column(record.Bool, isConstant(arg))
	joinNulls(out, arg)
	for i, w := range arg.Bits() {
		out.Bits()[i] = ^w
	}
	return out
}

// truthTest is IS [NOT] TRUE and IS [NOT] FALSE, which are never null.
type truthTest struct {
	arg       kernel
	want, not bool
}

func isTruthKernel(want, not bool) builder {
	return func(_ site, args []kernel) kernel { return truthTest{args[0], want, not} }
}

func (k truthTest) eval(r *run, rows []int32) *record.Column {
	arg := r.plain(k.arg, rows)
	defer arg.Release()
	out := r.column(record.Bool, false)
	t, to := truthOf(arg), out.Bits()
	for i := range to {
		to[i] = t.is(k.want, i) ^ -bit(k.not)
	}
	return out
}

// nullTest is IS [NOT] NULL.
type nullTest struct {
	arg kernel
	not bool
}

func isNullKernel(not bool) builder {
	return func(_ site, args []kernel) kernel { return nullTest{args[0], not} }
}

// eval reads the validity bitmap, which of all encodings but a constant has a
// bit per row.
func (k nullTest) eval(r *run, rows []int32) *record.Column {
	arg := k.arg.eval(r, rows)
	defer arg.Release()
	out := r.column(record.Bool, isConstant(arg))
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
