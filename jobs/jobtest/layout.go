package jobtest

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Layout draws all that a job's graph says, and how it is laid out for running at
// some parallelisms, for tests that compare graphs.
func Layout(g *graph.Graph, parallelisms ...int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "job %s\n", g.Name)
	for _, s := range g.Steps {
		drawStep(&b, s)
	}
	for _, n := range parallelisms {
		fmt.Fprintf(&b, "\nparallelism %d\n", n)
		drawPhysical(&b, g, n)
	}
	return b.String()
}

func drawStep(b *strings.Builder, s *graph.Step) {
	fmt.Fprintf(b, "\n%s × %d", s.ID, s.Parallelism)
	for what, is := range map[string]bool{"source": s.Source != nil, "operator": s.NewOperator != nil, "sink": s.Sink != nil} {
		if is { // exactly one of them
			fmt.Fprintf(b, ", %s", what)
		}
	}
	if s.Stateful {
		b.WriteString(", stateful")
	}
	if c := s.Changelog; c != nil {
		fmt.Fprintf(b, ", changelog by %q, update before: %v", c.Key, c.UpdateBefore)
	}
	b.WriteByte('\n')
	for _, c := range s.Definition {
		fmt.Fprintf(b, "  clause %q bears on %q, uses %q, label %s, begins %q\n", c.Text, c.Bears, c.Uses, c.Label, c.Begins)
	}
	for _, o := range s.Outputs {
		fmt.Fprintf(b, "  output %q (%v)\n", o.Name, o.Schema)
	}
	drawSource(b, s.Source)
	drawAbout(b, s.About)
}

func drawSource(b *strings.Builder, s *graph.SourceStep) {
	if s == nil {
		return
	}
	fmt.Fprintf(b, "  event time %+v, on error %d, splits %v\n", s.EventTime, s.OnError, s.Splits)
	if r := s.Records; r != nil {
		fmt.Fprintf(b, "  records %s (%v) %v\n", r.Format.Extension(), r.Schema, r.Patterns)
	}
}

func drawAbout(b *strings.Builder, a graph.About) {
	fmt.Fprintf(b, "  is %q, keeps %q\n", a.Kind, a.State)
	for _, d := range a.Details {
		fmt.Fprintf(b, "  %s: %q\n", d.Name, d.Texts)
	}
	for _, c := range a.Caveats {
		fmt.Fprintf(b, "  caveat %q\n", c)
	}
	for _, c := range a.OrderCaveats {
		fmt.Fprintf(b, "  caveat of order %q\n", c)
	}
}

func drawPhysical(b *strings.Builder, g *graph.Graph, parallelism int) {
	p, err := graph.Plan(g, parallelism)
	if err != nil {
		fmt.Fprintln(b, err)
		return
	}
	for _, c := range p.Chains {
		var chain []string
		for i, s := range c.Steps {
			id := s.ID
			if i > 0 {
				id = fmt.Sprintf("%s(%s)", id, outputOf(s.Inputs[0].Step, s.Inputs[0].Output))
			}
			chain = append(chain, id)
		}
		fmt.Fprintf(b, "  %s × %d, alike: %v\n", strings.Join(chain, " > "), c.Parallelism, c.Alike)
		for _, e := range c.Inputs {
			fmt.Fprintf(b, "    %s × %d into %d: %s%s, alike: %v\n", outputOf(e.From.ID, e.Output), e.FromSubs, e.Input, e.Kind,
				keyOf(e.From.Schema(e.Output), e), e.Alike)
		}
	}
}

func outputOf(step string, o stream.Output) string {
	return strings.TrimSuffix(step+"."+string(o), ".")
}

func keyOf(schema *record.Schema, e *graph.Edge) string {
	if e.Kind != graph.Hash {
		return ""
	}
	names := make([]string, len(e.Key))
	for i, k := range e.Key {
		names[i] = schema.Field(k).Name
	}
	return fmt.Sprintf(" by %q", names)
}
