package syntax

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
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

// outline draws a tree without what the text decides, fully parenthesised.
func outline(n Node) string {
	switch n := n.(type) {
	case *Column:
		return fmt.Sprintf("column %q", n.Name)
	case *Literal:
		return fmt.Sprintf("literal %v %v", n.Value.Type, n.Value)
	case *Unary:
		return fmt.Sprintf("(%s %s)", n.Op, outline(n.X))
	case *Binary:
		return fmt.Sprintf("(%s %s %s)", n.Op, outline(n.Left), outline(n.Right))
	case *Is:
		return fmt.Sprintf("(is %v %s %s)", n.Not, n.What, outline(n.X))
	case *In:
		return fmt.Sprintf("(in %v %s %s)", n.Not, outline(n.X), outlines(n.List))
	case *Between:
		return fmt.Sprintf("(between %v %s)", n.Not, outlines([]Node{n.X, n.Low, n.High}))
	case *Like:
		return fmt.Sprintf("(like %v %v %s)", n.Not, n.Folded, outlines([]Node{n.X, n.Pattern, n.Escape}))
	case *AtZone:
		return fmt.Sprintf("(at %s %s)", outline(n.X), outline(n.Zone))
	case *Case:
		nodes := []Node{n.Operand, n.Otherwise}
		for _, a := range n.Arms {
			nodes = append(nodes, a.When, a.Then)
		}
		return fmt.Sprintf("(case %s)", outlines(nodes))
	case *Cast:
		return fmt.Sprintf("(cast %v %s %v)", n.Try, outline(n.X), n.Type)
	case *Field:
		return fmt.Sprintf("(field %s %q)", outline(n.X), n.Name)
	case *Element:
		return fmt.Sprintf("(element %s %s)", outline(n.X), outline(n.Index))
	case *List:
		return fmt.Sprintf("(list %s)", outlines(n.Items))
	case *Struct:
		return fmt.Sprintf("(struct %s %q)", outlines(n.Items), n.Names)
	case *Call:
		return fmt.Sprintf("(call %s %v %v %s %s)", n.Name, n.Star, n.Distinct, outlines(n.Args), outline(n.Filter))
	}
	return "nothing"
}

func outlines(nodes []Node) string {
	texts := make([]string, len(nodes))
	for i, n := range nodes {
		texts[i] = outline(n)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// FuzzParse: no text makes the parser panic, errors lie within the text, and the
// canonical form of what is read reads as the same tree.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"canonical.txt", "time_canonical.txt", "items.txt", "aggregates.txt"} {
		for _, input := range golden.Questions(f, filepath.Join("testdata", file)) {
			f.Add(input)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, errs := ParseSelectItem(text); errs != nil {
			checkErrors(t, text, errs)
		}
		if _, errs := ParseAggregate(text); errs != nil {
			checkErrors(t, text, errs)
		}
		if _, errs := ParseUnnest(text); errs != nil {
			checkErrors(t, text, errs)
		}
		e, errs := Parse(text)
		checkErrors(t, text, errs)
		if errs != nil {
			return
		}
		again, errs := Parse(e.String())
		if errs != nil {
			t.Fatalf("%q: its canonical form %q does not read: %v", text, e, errs)
		}
		if outline(e.Root) != outline(again.Root) || e.String() != again.String() {
			t.Fatalf("%q\n is %s\n its canonical form %q\n is %s", text, outline(e.Root), e, outline(again.Root))
		}
	})
}

func checkErrors(t *testing.T, text string, errs Errors) {
	for _, e := range errs {
		if e.Start < 0 || e.End < e.Start || e.End > len(text) || e.Message == "" {
			t.Fatalf("%q: error %+v lies outside of the text", text, e)
		}
	}
}

func TestCanonicalForm(t *testing.T) {
	golden.Lines(t, "testdata/canonical.txt", func(input string) string {
		e, errs := Parse(input)
		if errs != nil {
			return input + " => " + errs.Error()
		}
		return input + " => " + e.String()
	})
}

func TestTimeCanonicalForm(t *testing.T) {
	golden.Lines(t, "testdata/time_canonical.txt", func(input string) string {
		e, errs := Parse(input)
		if errs != nil {
			return input + " => " + errs.Error()
		}
		if again, errs := Parse(e.String()); errs != nil || again.String() != e.String() || outline(again.Root) != outline(e.Root) {
			t.Errorf("%s: its canonical form %s reads as %v, %v", input, e, again, errs)
		}
		return input + " => " + e.String()
	})
}
