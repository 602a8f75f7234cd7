package expr

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
)

// TestEveryKernel computes each overload of each function and operator, each cast
// and each form of the grammar over columns of random values, encodings and selections, with anything
// beneath their nulls: each row must give what its values give as constants, and a
// column must be sound.
func TestEveryKernel(t *testing.T) {
	kernels := slices.Concat(overloadKernels(t), castKernels(), formKernels(t))
	trial.Run(t, 10*len(kernels), func(c *trial.Case) {
		k := kernels[c.Seed%uint64(len(kernels))]
		c.Describe(func() string { return "kernel: " + k.checked.expr.Text })
		g, pool := generator{c.Random}, record.NewCheckedPool()
		b := pool.NewBatch(k.schema, []int{1, 20, 63, 65}[g.IntN(4)])
		for _, f := range k.schema.Fields() {
			b.Columns = append(b.Columns, g.column(pool, f.Type, b.Physical()))
		}
		checkAgainstConstants(c, k.checked, b, g.rows(b.Physical()))
		b.Release()
		checkPool(c, pool)
	})
}

// checkAgainstConstants computes rows of a batch, and compares each with what its
// values give as constants. It returns what was computed.
func checkAgainstConstants(t testing.TB, checked *Checked, b *record.Batch, rows []int32) map[int32]outcome {
	t.Helper()
	got := outcomes(t, checked.Compile(b.Pool()), b, rows)
	one := checked.Compile(b.Pool())
	for row, have := range got {
		if have.failed && !checked.Fails() {
			t.Errorf("row %d %v fails, which was said not to happen", row, rowOf(b, int(row)))
		}
		constants := b.Pool().NewBatch(b.Schema, 1)
		for i, f := range b.Schema.Fields() {
			constants.Columns = append(constants.Columns, oneCell(b.Pool(), f.Type, cellAt(b.Columns[i], int(row)), true))
		}
		want := outcomes(t, one, constants, nil)[0]
		constants.Release()
		if !sameOutcome(have, want) {
			t.Errorf("row %d of %d, %v: as columns %v, as constants %v", row, b.Physical(), rowOf(b, int(row)), have, want)
		}
	}
	return got
}

// kernelCase is a kernel with arguments that are columns or, where it reads them
// when it is checked, constants.
type kernelCase struct {
	checked *Checked
	schema  *record.Schema // of the arguments that are columns
}

// overloadKernels returns the kernels of all overloads: with all arguments as
// columns, where they may be, and with some as constants.
func overloadKernels(t *testing.T) (all []kernelCase) {
	list := slices.Clone(functions)
	for _, symbol := range slices.Sorted(maps.Keys(operators)) {
		list = append(list, *operators[symbol])
	}
	for _, f := range list {
		for i := range f.Overloads {
			one := f
			one.Overloads = f.Overloads[i : i+1]
			cases := kernelsOf(one)
			if len(cases) == 0 {
				t.Errorf("%s: no arguments are known for overload %d, of %v", f.Name, i, f.Overloads[i].Params)
			}
			all = append(all, cases...)
		}
	}
	return all
}

// kernelsOf returns the kernels of a function that has one overload.
func kernelsOf(f kernel.Function) (cases []kernelCase) {
	params := f.Overloads[0].Params
	if f.Overloads[0].Variadic {
		params = append(slices.Clip(params), params[len(params)-1])
	}
	for _, types := range argumentTypes(params) {
		cases = append(cases, kernelsWith(f, types)...)
	}
	return cases
}

// kernelsWith returns those for arguments of some types, with as few constants as
// there can be.
func kernelsWith(f kernel.Function, types []record.Type) (cases []kernelCase) {
	for constants := range 1 << len(types) {
		for _, literals := range literalsFor(types, constants) {
			if k, ok := kernelWith(f, types, literals); ok {
				cases = append(cases, k)
			}
		}
		if cases != nil {
			break
		}
	}
	return cases
}

// kernelWith returns the kernel for arguments of which those with a literal are
// constant.
func kernelWith(f kernel.Function, types []record.Type, literals []*syntax.Value) (k kernelCase, ok bool) {
	c, args := newArguments(f.Name, types, literals)
	n := args[0].node
	x := c.invoke(n, &f, args)
	return kernelCase{&Checked{&Expr{Text: c.text, Root: n}, x, nil, c.slots}, c.schema}, x != nil && c.errs == nil
}

// newArguments returns pieces of some types, literals or columns of a schema of
// their own.
func newArguments(name string, types []record.Type, literals []*syntax.Value) (*checker, []*typed) {
	c := &checker{}
	var texts []string
	var fields []record.Field
	for i, t := range types {
		texts = append(texts, t.String())
		if literals[i] != nil {
			texts[i] = literals[i].Text
		} else {
			fields = append(fields, record.Field{Name: fmt.Sprint("c", i), Type: kernel.StoredType(t)})
		}
	}
	c.text, c.schema = name+"("+strings.Join(texts, ", ")+")", record.MustSchema(fields...)
	var args []*typed
	at := syntax.Place{End: len(c.text)}
	for i, t := range types {
		if literals[i] != nil {
			args = append(args, c.literal(&syntax.Literal{Place: at, Value: *literals[i]}, *literals[i]))
			continue
		}
		name := fmt.Sprint("c", i)
		args = append(args, c.typed(&syntax.Column{Place: at, Name: name}, t, kernel.Column(c.schema.Index(name))))
	}
	return c, args
}

// castKernels returns a CAST and a TRY_CAST for each rule, and for each type to
// string.
func castKernels() (all []kernelCase) {
	for _, from := range kernelTypes {
		for _, to := range kernelTypes {
			rule, ok := castRuleOf(from, to)
			if !ok {
				continue
			}
			for name, build := range map[string]kernel.Builder{"CAST": rule.Build, "TRY_CAST": kernel.Trying(rule.Build)} {
				c, args := newArguments(fmt.Sprint(name, " to ", to), []record.Type{from}, []*syntax.Value{nil})
				x := c.typed(args[0].node, to, build, args[0])
				x.fails = rule.Fails && name == "CAST"
				all = append(all, kernelCase{&Checked{&Expr{Text: c.text, Root: args[0].node}, x, nil, 0}, c.schema})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b kernelCase) int { return strings.Compare(a.checked.expr.Text, b.checked.expr.Text) })
	return all
}
