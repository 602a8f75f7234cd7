package expr

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
)

// TestColumnsGiveWhatConstantsGive takes every documented example and every case
// of the tables of DuckDB, puts columns in place of its constants, and computes
// it over batches of random encodings, selections and values: each row must give
// what its values give as constants, and the row with the values of the case
// what the case gives.
func TestColumnsGiveWhatConstantsGive(t *testing.T) {
	all := caseExpressions(t)
	var varied []*variation
	for _, text := range all {
		if v := variationOf(t, text); v != nil {
			varied = append(varied, v)
		}
	}
	if len(varied) < len(all)*3/4 {
		t.Errorf("only %d of %d cases have constants that can be columns", len(varied), len(all))
	}
	trial.Run(t, 3*len(varied), func(c *trial.Case) {
		v := varied[c.Seed%uint64(len(varied))]
		c.Describe(func() string { return "expression: " + v.text })
		v.check(c, generator{c.Random})
	})
}

// caseExpressions returns the expressions of all examples and tables.
func caseExpressions(t testing.TB) []string {
	var texts []string
	for _, d := range Functions() {
		for _, e := range d.Examples {
			texts = append(texts, e[0])
		}
	}
	for _, path := range duckTables(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			if c, ok := duckCaseOf(t, line); ok {
				texts = append(texts, c.expression)
			}
		}
	}
	return texts
}

// variation is an expression whose constants have become columns.
type variation struct {
	text    string
	literal *Checked
	checked *Checked
	schema  *record.Schema
	cells   []cell // the constants, by column

	firstOnly bool // of the arguments of calls only the first changes
	keepTexts bool // leave constants that are strings
}

// variationOf returns nil where there are no constants that may be columns.
func variationOf(t testing.TB, text string) *variation {
	e, errs := Parse(text)
	if errs != nil {
		t.Fatalf("%s: %v", text, errs)
	}
	literal, errs := Check(e, testSchema)
	if errs != nil {
		return nil
	}
	// Some arguments must be constants: behind the first, such as paths of JSON, or
	// strings, such as units of time.
	for _, kept := range []variation{{}, {firstOnly: true}, {keepTexts: true}} {
		v := &variation{text: text, literal: literal, firstOnly: kept.firstOnly, keepTexts: kept.keepTexts}
		var fields []record.Field
		root := v.columns(e.Root, &fields)
		v.schema = record.MustSchema(fields...)
		if v.checked, errs = Check(&Expr{Text: text, Root: root}, v.schema); errs == nil && len(fields) > 0 {
			return v
		}
	}
	return nil
}

// columns returns a copy of a tree with columns in place of constants.
func (v *variation) columns(n syntax.Node, fields *[]record.Field) syntax.Node {
	all := func(nodes []syntax.Node) []syntax.Node {
		list := make([]syntax.Node, len(nodes))
		for i, n := range nodes {
			list[i] = v.columns(n, fields)
		}
		return list
	}
	switch n := n.(type) {
	case *syntax.Literal:
		if n.Value.IsNull() || kernel.StoredType(n.Value.Type) != n.Value.Type || v.keepTexts && n.Value.Type == record.String {
			return n
		}
		name := fmt.Sprintf("c%d", len(*fields))
		*fields = append(*fields, record.Field{Name: name, Type: n.Value.Type})
		v.cells = append(v.cells, cellOf(n.Value))
		return &syntax.Column{Place: n.Place, Name: name}
	case *syntax.Unary:
		return &syntax.Unary{Place: n.Place, Op: n.Op, X: v.columns(n.X, fields)}
	case *syntax.Binary:
		return &syntax.Binary{Place: n.Place, Op: n.Op, Left: v.columns(n.Left, fields), Right: v.columns(n.Right, fields)}
	case *syntax.Is:
		return &syntax.Is{Place: n.Place, X: v.columns(n.X, fields), Not: n.Not, What: n.What}
	case *syntax.In:
		return &syntax.In{Place: n.Place, X: v.columns(n.X, fields), Not: n.Not, List: all(n.List)}
	case *syntax.Between:
		return &syntax.Between{Place: n.Place, X: v.columns(n.X, fields), Not: n.Not, Low: v.columns(n.Low, fields),
			High: v.columns(n.High, fields)}
	case *syntax.Like:
		return &syntax.Like{Place: n.Place, X: v.columns(n.X, fields), Pattern: v.columns(n.Pattern, fields), Escape: n.Escape,
			Not: n.Not, Folded: n.Folded}
	case *syntax.AtZone:
		return &syntax.AtZone{Place: n.Place, X: v.columns(n.X, fields), Zone: n.Zone}
	case *syntax.Cast:
		return &syntax.Cast{Place: n.Place, X: v.columns(n.X, fields), Type: n.Type, Try: n.Try}
	case *syntax.Field:
		return &syntax.Field{Place: n.Place, X: v.columns(n.X, fields), Name: n.Name}
	case *syntax.Element:
		return &syntax.Element{Place: n.Place, X: v.columns(n.X, fields), Index: v.columns(n.Index, fields)}
	case *syntax.Struct:
		return &syntax.Struct{Place: n.Place, Items: all(n.Items), Names: n.Names}
	case *syntax.List:
		return &syntax.List{Place: n.Place, Items: all(n.Items)}
	case *syntax.Call:
		again := *n
		if again.Args = n.Args; v.firstOnly && len(n.Args) > 0 {
			again.Args = append(all(n.Args[:1]), n.Args[1:]...)
		} else {
			again.Args = all(n.Args)
		}
		return &again
	}
	return n
}

func (v *variation) check(t testing.TB, g generator) {
	pool := record.NewCheckedPool()
	defer checkPool(t, pool)
	n := []int{1, 9, 63, 65}[g.IntN(4)]
	at := g.IntN(n) // the row of the case
	b := pool.NewBatch(v.schema, n)
	for i := range v.cells {
		b.Columns = append(b.Columns, v.column(g, pool, i, n, at))
	}
	rows := g.rows(n)
	if rows != nil && !slices.Contains(rows, int32(at)) {
		rows = append(rows, int32(at))
		slices.Sort(rows)
	}
	got := checkAgainstConstants(t, v.checked, b, rows)
	empty := oneRow(pool, nil)
	if want := outcomes(t, v.literal.Compile(pool), empty, nil)[0]; !sameOutcome(got[int32(at)], want) {
		t.Errorf("%s: as columns %v, as it stands %v", v.text, got[int32(at)], want)
	}
	empty.Release()
	b.Release()
}

// column returns a column of random values with that of the case in one row, and
// with anything beneath its nulls.
func (v *variation) column(g generator, pool *record.Pool, i, n, at int) *record.Column {
	return recordtest.Underlay(pool, g.Rand, v.bareColumn(g, pool, i, n, at))
}

func (v *variation) bareColumn(g generator, pool *record.Pool, i, n, at int) *record.Column {
	t := v.schema.Field(i).Type
	values := append(interestingOf(t), nil)
	if t == record.String {
		values = append(values, "\xff", "a\xc3", "\xe6\x97b", "\x80\x80") // no UTF-8
	}
	for j, other := range v.cells {
		if v.schema.Field(j).Type == t {
			values = append(values, other, other, other)
		}
	}
	switch g.IntN(4) {
	case 0:
		c := pool.NewConstant(t, n)
		appendCell(c, v.cells[i])
		return c
	case 1:
		dictionary := pool.NewColumn(t, 0)
		appendCell(dictionary, v.cells[i])
		for range g.IntN(4) {
			if value := values[g.IntN(len(values))]; value != nil {
				appendCell(dictionary, value)
			}
		}
		size := dictionary.Len()
		c := pool.NewDictionary(dictionary, n)
		for row := range n {
			c.Codes()[row] = int32(g.IntN(size))
			if row == at {
				c.Codes()[row] = 0
			} else if g.IntN(5) == 0 {
				c.SetNull(row)
			}
		}
		return c
	}
	c := pool.NewColumn(t, 0)
	for row := range n {
		if row == at {
			appendCell(c, v.cells[i])
		} else {
			appendCell(c, values[g.IntN(len(values))])
		}
	}
	return c
}

// outcome is what a row gives: a value, or no value.
type outcome struct {
	value  cell
	failed bool
}

func sameOutcome(a, b outcome) bool {
	if x, ok := a.value.(dec); ok && !a.failed && !b.failed {
		y, ok := b.value.(dec) // of another type, where a literal has fewer digits
		return ok && ratOf(x).Cmp(ratOf(y)) == 0
	}
	return a.failed == b.failed && (a.failed || sameCell(a.value, b.value))
}

// outcomes computes rows, nil being all.
func outcomes(t testing.TB, p *Program, b *record.Batch, rows []int32) map[int32]outcome {
	t.Helper()
	c, failures := p.Eval(b, rows)
	defer c.Release()
	if err := recordtest.Check(c); err != nil || c.Len() != b.Physical() {
		t.Errorf("a column of %d rows for a batch of %d; %v", c.Len(), b.Physical(), err)
	}
	all := map[int32]outcome{}
	for row := range int32(b.Physical()) {
		if rows == nil || slices.Contains(rows, row) {
			all[row] = outcome{value: cellAt(c, int(row))}
		}
	}
	for _, f := range failures {
		all[f.Row] = outcome{failed: true}
	}
	return all
}
