package expr

import (
	"slices"
	"testing"

	"github.com/weirstream/weir/operators/expr/number"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
)

// TestAgainstReference computes random expressions over random batches and
// compares every row with the reference: values, nulls and which rows fail.
func TestAgainstReference(t *testing.T) { trial.Run(t, 3000, checkAgainstReference) }

func checkAgainstReference(t *trial.Case) {
	g, pool := generator{t.Random}, record.NewCheckedPool()
	text := g.expr(g.anyType(), 1+g.IntN(4))
	t.Describe(func() string { return "expression: " + text })
	checked := mustCheck(t, text, testSchema)
	program := checked.Compile(pool)
	for range 3 { // batches of one program share its scratch memory
		b := g.batch(pool, []int{0, 1, 63, 64, 65, 130}[g.IntN(6)])
		rows := g.rows(b.Physical())
		checkBatch(t, checked, program, b, rows)
		b.Release()
	}
	checkPool(t, pool)
}

func checkBatch(t testing.TB, checked *Checked, program *Program, b *record.Batch, rows []int32) {
	got, failures := program.Eval(b, rows)
	defer got.Release()
	if err := recordtest.Check(got); err != nil || got.Len() != b.Physical() || got.Type() != checked.Type() {
		t.Errorf("got %d rows of %v, want %d of %v; %v", got.Len(), got.Type(), b.Physical(), checked.Type(), err)
		return
	}
	ref := newReference(b.Schema)
	var failed, isTrue []int32
	for row := range b.Physical() {
		if rows != nil && !slices.Contains(rows, int32(row)) {
			continue
		}
		want, err := ref.eval(checked.expr.Root, rowOf(b, row))
		if err != nil {
			failed = append(failed, int32(row))
			continue
		}
		if want == true {
			isTrue = append(isTrue, int32(row))
		}
		if v := cellAt(got, row); !sameCell(v, want) {
			t.Errorf("row %d %v: got %s, want %s", row, rowOf(b, row), drawCell(v), drawCell(want))
		}
	}
	if positions := rowsOf(failures); !slices.Equal(positions, failed) {
		t.Errorf("rows %v failed, want %v", positions, failed)
	}
	if len(failures) > 0 && !checked.Fails() {
		t.Errorf("%v, which was said not to happen", failures[0].Err)
	}
	if checked.Type() == record.Bool {
		selected, _ := program.Select(b, rows)
		if selected == nil || !slices.Equal(selected, isTrue) {
			t.Errorf("selected %v, want %v", selected, isTrue)
		}
	}
}

func rowOf(b *record.Batch, row int) map[string]cell {
	cells := map[string]cell{}
	for i, f := range b.Schema.Fields() {
		cells[f.Name] = cellAt(b.Columns[i], row)
	}
	return cells
}

func rowsOf(failures []Failure) []int32 {
	var rows []int32
	for _, f := range failures {
		rows = append(rows, f.Row)
	}
	return rows
}

// TestOperatorsOverAllPairs compares each operator with the reference for every
// pair of interesting values and NULL, as columns and as constants.
func TestOperatorsOverAllPairs(t *testing.T) {
	numbers := []string{"+", "-", "*", "/", "%", "=", "<>", "<", "<=", ">", ">="}
	for _, c := range []struct {
		left, right string
		operators   []string
	}{
		{"i", "j", numbers}, {"f", "g", numbers}, {"i", "g", numbers}, {"f", "j", numbers},
		{"n", "m", numbers}, {"n", "i", numbers}, {"d", "e", numbers}, {"e", "e2", numbers}, {"e", "d", numbers}, {"d", "i", numbers},
		{"n", "e", numbers}, {"f", "e", numbers},
		{"s", "s2", numbers[5:]}, {"y", "y2", numbers[5:]}, {"t", "t2", numbers[5:]}, {"day", "t2", numbers[5:]}, {"day", "day2", numbers[5:]},
		{"b", "end", append([]string{"AND", "OR"}, numbers[5:]...)},
	} {
		for _, op := range c.operators {
			checkPairs(t, c.left, op, c.right)
		}
	}
}

// checkPairs runs one operator over the pairs in three batches: two columns,
// and either side constant for one value of it.
func checkPairs(t *testing.T, left, op, right string) {
	fields := append(slices.Clone(testSchema.Fields()),
		record.Field{Name: "s2", Type: record.String}, record.Field{Name: "t2", Type: record.Timestamp},
		record.Field{Name: "day2", Type: record.Date},
		record.Field{Name: "y2", Type: record.Bytes}, record.Field{Name: "e2", Type: number.DecimalType(38, 10)})
	schema := record.MustSchema(fields...)
	lt, rt := schema.Field(schema.Index(left)).Type, schema.Field(schema.Index(right)).Type
	pairSchema := record.MustSchema(record.Field{Name: "l", Type: lt}, record.Field{Name: "r", Type: rt})
	checked := mustCheck(t, "l "+op+" r", pairSchema)
	pool := record.NewCheckedPool()
	program := checked.Compile(pool)
	lefts := append(slices.Concat(interestingOf(lt), unwritten[lt.Kind]), nil)
	rights := append(slices.Concat(interestingOf(rt), unwritten[rt.Kind]), nil)
	for _, l := range lefts {
		for _, r := range rights {
			for constant := range 4 {
				b := pool.NewBatch(pairSchema, 1)
				b.Columns = append(b.Columns, oneCell(pool, lt, l, constant&1 != 0), oneCell(pool, rt, r, constant&2 != 0))
				checkPair(t, program, checked, b)
				b.Release()
			}
		}
	}
	checkPool(t, pool)
}

func oneCell(pool *record.Pool, t record.Type, v cell, constant bool) *record.Column {
	c := pool.NewColumn(t, 1)
	if constant {
		c.Release()
		c = pool.NewConstant(t, 1)
	}
	appendCell(c, v)
	return c
}

func checkPair(t *testing.T, program *Program, checked *Checked, b *record.Batch) {
	got, failures := program.Eval(b, nil)
	defer got.Release()
	want, err := newReference(b.Schema).eval(checked.expr.Root, rowOf(b, 0))
	if (err != nil) != (len(failures) == 1) {
		t.Errorf("%s of %v: failures %v, want %v", checked, rowOf(b, 0), failures, err)
	}
	if v := cellAt(got, 0); err == nil && !sameCell(v, want) {
		t.Errorf("%s of %v is %s, want %s", checked, rowOf(b, 0), drawCell(v), drawCell(want))
	}
}
