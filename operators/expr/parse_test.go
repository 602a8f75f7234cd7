package expr

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
)

func TestSelectItems(t *testing.T) {
	golden.Lines(t, "testdata/items.txt", func(input string) string {
		item, errs := ParseSelectItem(input)
		if errs != nil {
			return input + " => " + errs.Error()
		}
		return fmt.Sprintf("%s => %s: %s", input, Name(item.Name), item.Expr)
	})
}

func TestAggregates(t *testing.T) {
	golden.Lines(t, "testdata/aggregates.txt", func(input string) string {
		a, errs := ParseAggregate(input)
		if errs != nil {
			return input + " => " + errs.Error()
		}
		again, errs := ParseAggregate(a.String())
		if errs != nil || again.String() != a.String() {
			t.Errorf("%s reads again as %s, %v", a, again, errs)
		}
		return input + " => " + drawAggregate(a)
	})
}

func drawAggregate(a AggregateCall) string {
	text := a.Func + " of "
	if a.Distinct {
		text += "distinct "
	}
	if a.Star {
		text += "rows"
	} else {
		text += a.Arg.String()
	}
	if a.Filter != nil {
		text += " where " + a.Filter.String()
	}
	return text
}

// TestOffsetsOfAggregates: what is wrong inside a call has its place in the
// text of the call.
func TestOffsetsOfAggregates(t *testing.T) {
	text := "sum(nope) FILTER (WHERE neither > 0)"
	a, errs := ParseAggregate(text)
	if errs != nil {
		t.Fatal(errs)
	}
	for _, e := range []*Expr{a.Arg, a.Filter} {
		_, errs := Check(e, testSchema)
		if len(errs) != 1 || !strings.HasPrefix(text[errs[0].Start:], "n") {
			t.Errorf("%s: %v", e, errs)
		}
	}
}

func TestTextsThatAreNoExpressions(t *testing.T) {
	for text, want := range map[string]string{
		"":          "at 0: the text ends where a value should follow",
		" \n ":      "at 3: the text ends where a value should follow",
		"i + \xff1": "at 4: the text is not valid UTF-8",
		"i +\n\t§":  `at 5: "§" has no meaning here`,
	} {
		if _, errs := Parse(text); errs.Error() != want {
			t.Errorf("%q: %v", text, errs)
		}
	}
}

// TestDepth: nesting of every kind is refused before it could exhaust a stack,
// and what is accepted survives all walks of the tree.
func TestDepth(t *testing.T) {
	repeat := strings.Repeat
	for name, form := range map[string]func(n int) string{
		"parentheses": func(n int) string { return repeat("(", n) + "i" + repeat(")", n) },
		"minus":       func(n int) string { return repeat("- ", n) + "i" },
		"not":         func(n int) string { return repeat("NOT ", n) + "b" },
		"sum":         func(n int) string { return "i" + repeat(" + i", n) },
		"right sum":   func(n int) string { return repeat("i + (", n) + "i" + repeat(")", n) },
		"case":        func(n int) string { return repeat("CASE WHEN b THEN ", n) + "i" + repeat(" END", n) },
		"call":        func(n int) string { return repeat("abs(", n) + "i" + repeat(")", n) },
		"is":          func(n int) string { return "b" + repeat(" IS TRUE", n) },
		"interval":    func(n int) string { return repeat("INTERVAL (", n) + "i" + repeat(") DAY", n) },
		"zone":        func(n int) string { return "t" + repeat(" AT TIME ZONE 'UTC'", n) },
		"extract":     func(n int) string { return repeat("EXTRACT(day FROM ", n) + "t" + repeat(")", n) },
		"in":          func(n int) string { return repeat("i IN (", n) + "i" + repeat(")", n) },
	} {
		if e, errs := Parse(form(maxHeight - 1)); errs != nil {
			t.Errorf("%s: %v", name, errs)
		} else if again, errs := Parse(e.String()); errs != nil || again.String() != e.String() {
			t.Errorf("%s: the canonical form does not read: %v", name, errs)
		}
		if _, errs := Parse(form(100_000)); errs == nil || !strings.Contains(errs.Error(), "levels deep") {
			t.Errorf("%s, 100,000 times: %.200v", name, errs)
		}
	}
}

func TestColumnsOfChecked(t *testing.T) {
	checked := mustCheck(t, "g > i OR coalesce(f, g) IS NULL", testSchema)
	if got := fmt.Sprint(checked.Columns()); got != "[1 3 4]" {
		t.Errorf("columns %s", got)
	}
}

// outline draws a tree without what the text decides, fully parenthesised.
func outline(n node) string {
	switch n := n.(type) {
	case *column:
		return fmt.Sprintf("column %q", n.name)
	case *literal:
		return fmt.Sprintf("literal %v", n.value)
	case *unary:
		return fmt.Sprintf("(%s %s)", n.op, outline(n.x))
	case *binary:
		return fmt.Sprintf("(%s %s %s)", n.op, outline(n.left), outline(n.right))
	case *is:
		return fmt.Sprintf("(is %v %s %s)", n.not, n.what, outline(n.x))
	case *in:
		return fmt.Sprintf("(in %v %s %s)", n.not, outline(n.x), outlines(n.list))
	case *between:
		return fmt.Sprintf("(between %v %s)", n.not, outlines([]node{n.x, n.low, n.high}))
	case *like:
		return fmt.Sprintf("(like %v %v %s)", n.not, n.folded, outlines([]node{n.x, n.pattern, n.escape}))
	case *atZone:
		return fmt.Sprintf("(at %s %s)", outline(n.x), outline(n.zone))
	case *caseOf:
		nodes := []node{n.operand, n.otherwise}
		for _, a := range n.arms {
			nodes = append(nodes, a.when, a.then)
		}
		return fmt.Sprintf("(case %s)", outlines(nodes))
	case *cast:
		return fmt.Sprintf("(cast %v %s %v)", n.try, outline(n.x), n.typ)
	case *field:
		return fmt.Sprintf("(field %s %q)", outline(n.x), n.name)
	case *element:
		return fmt.Sprintf("(element %s %s)", outline(n.x), outline(n.index))
	case *listOf:
		return fmt.Sprintf("(list %s)", outlines(n.items))
	case *structOf:
		return fmt.Sprintf("(struct %s %q)", outlines(n.items), n.names)
	case *call:
		return fmt.Sprintf("(call %s %v %v %s %s)", n.name, n.star, n.distinct, outlines(n.args), outline(n.filter))
	}
	return "nothing"
}

func outlines(nodes []node) string {
	texts := make([]string, len(nodes))
	for i, n := range nodes {
		texts[i] = outline(n)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// FuzzParse: no text makes the parser panic, errors lie within the text, the
// canonical form of what is read reads as the same tree, and what passes the
// checks can be computed.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"canonical.txt", "values.txt", "errors.txt", "time_canonical.txt", "time_values.txt", "time_errors.txt", "items.txt", "aggregates.txt"} {
		for _, input := range inputsOf(f, file) {
			f.Add(input)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, errs := Parse(text)
		checkErrors(t, text, errs)
		if _, errs := ParseSelectItem(text); errs != nil {
			checkErrors(t, text, errs)
		}
		if _, errs := ParseAggregate(text); errs != nil {
			checkErrors(t, text, errs)
		}
		if errs != nil {
			return
		}
		again, errs := Parse(e.String())
		if errs != nil {
			t.Fatalf("%q: its canonical form %q does not read: %v", text, e, errs)
		}
		if outline(e.root) != outline(again.root) || e.String() != again.String() {
			t.Fatalf("%q\n is %s\n its canonical form %q\n is %s", text, outline(e.root), e, outline(again.root))
		}
		checked, errs := Check(e, testSchema)
		checkErrors(t, text, errs)
		if errs == nil {
			checkComputes(t, checked)
		}
	})
}

// checkComputes computes an expression over some rows.
func checkComputes(t *testing.T, checked *Checked) {
	pool := record.NewPool()
	b := generator{rand.New(rand.NewPCG(1, 7))}.batch(pool, 3)
	column, _ := checked.Compile(pool).Eval(b, nil)
	if column.Type() != checked.Type() || column.Len() != 3 {
		t.Fatalf("%s is a column of %d rows of %v, want %v", checked, column.Len(), column.Type(), checked.Type())
	}
	column.Release()
	b.Release()
	checkPool(t, pool)
}

func checkErrors(t *testing.T, text string, errs Errors) {
	for _, e := range errs {
		if e.Start < 0 || e.End < e.Start || e.End > len(text) || e.Message == "" {
			t.Fatalf("%q: error %+v lies outside of the text", text, e)
		}
	}
}
