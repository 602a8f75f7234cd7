package jobtest

import (
	"fmt"
	"slices"
	"strings"
)

// step is a step of the job, and what it makes of a row. Steps are drawn so that
// all that is left of a row is in the columns that its cells stand for.
type step struct {
	does  string // the keys of the step, as YAML
	apply func(row) []row
}

// drawSteps draws the steps before the window. carried are the columns that
// rows have behind them.
func (in *input) drawSteps() {
	in.carried = []column{at, key, id, price, day, tag, value}
	if in.json {
		in.carried = append(in.carried, items)
	}
	if in.nested || in.random.IntN(4) == 0 {
		in.steps = append(in.steps, in.flatten())
	}
	if in.listed {
		in.steps = append(in.steps, in.takeApart())
	}
	if in.random.IntN(2) == 0 {
		in.steps = append(in.steps, in.detour())
	}
	if in.random.IntN(2) == 0 {
		in.steps = append(in.steps, in.derive())
	}
}

// stepsYAML writes the steps, each at a parallelism of its own where the order of
// rows may change: where sessions depend on it, it must not.
func (in *input) stepsYAML() string {
	var b strings.Builder
	for i, s := range in.steps {
		fmt.Fprintf(&b, "  - id: step%d\n%s", i, s.does)
		if (in.window.gap == 0 || in.parallel) && in.random.IntN(2) == 0 {
			fmt.Fprintf(&b, "    parallelism: %d\n", 1+in.random.IntN(4))
		}
	}
	return b.String()
}

// shape applies all steps to a row of the input.
func (in *input) shape(r row) []row {
	rows := []row{r}
	for _, s := range in.steps {
		var next []row
		for _, r := range rows {
			next = append(next, s.apply(r)...)
		}
		rows = next
	}
	return rows
}

func keep(r row) []row { return []row{r} }

// selecting writes a select of all carried columns, computed by the expressions
// that are not empty.
func (in *input) selecting(expressions [width]string) string {
	b := new(strings.Builder)
	b.WriteString("    select:\n")
	for _, c := range in.carried {
		switch e := expressions[c]; e {
		case "":
			fmt.Fprintf(b, "      - %s\n", names[c])
		default:
			fmt.Fprintf(b, "      - %s AS %s\n", e, names[c])
		}
	}
	return b.String()
}

// flatten takes the columns out of the structs that the input may hold them in.
func (in *input) flatten() step {
	var expressions [width]string
	if in.nested {
		for c := at; c <= tag; c++ {
			expressions[c] = "who." + names[c]
		}
	}
	if in.listed {
		carried := in.carried
		defer func() { in.carried = carried }()
		in.carried = slices.DeleteFunc(slices.Clone(carried), func(c column) bool { return c == value })
	}
	return step{in.selecting(expressions), keep}
}

// takeApart makes a row of each item, whose quantity is the value.
func (in *input) takeApart() step {
	unnest := "    unnest: items AS item\n"
	if in.random.IntN(2) == 0 {
		in.carried = append(in.carried, item)
	}
	return step{unnest + in.selecting([width]string{value: "item.qty"}), func(r row) (rows []row) {
		for _, e := range r.elements {
			r.cells[item], r.cells[value] = e.json(), e.qty
			rows = append(rows, r)
		}
		return rows
	}}
}

// detour takes a list apart and leaves rows as they are in the end.
func (in *input) detour() step {
	unnest := `    unnest: "[value, NULL, value] AS one WITH ORDINALITY AS n"
    where: n = 3
`
	return step{unnest + in.selecting([width]string{value: "one"}), keep}
}

// derive computes some columns by expressions, and leaves out some rows.
func (in *input) derive() step {
	var expressions [width]string
	var chosen []derivation
	for c := key; c <= value; c++ {
		var of []derivation
		for _, d := range derivations {
			if d.column == c {
				of = append(of, d)
			}
		}
		if in.random.IntN(2) == 0 {
			d := of[in.random.IntN(len(of))]
			expressions[c] = d.expression
			chosen = append(chosen, d)
		}
	}
	condition := conditions[in.random.IntN(len(conditions))]
	where := fmt.Sprintf("    where: %s\n", condition.expression)
	return step{where + in.selecting(expressions), func(r row) []row {
		if !condition.holds(r.cells) {
			return nil
		}
		result := r
		for _, d := range chosen {
			result.cells[d.column] = d.of(r.cells)
		}
		return []row{result}
	}}
}
