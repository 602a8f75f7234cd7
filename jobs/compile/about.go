package compile

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is what steps say of themselves to people.

func (src *source) about(s section) graph.About {
	name := src.connector.Spec.Name
	a := graph.About{Kind: name + " source", State: "how far each split has been read"}
	a.Add(name, inside(s.node.Get(name)))
	a.Add("format", inside(s.node.Get("format")))
	if column := src.eventTime.column; column != nil {
		text := fmt.Sprintf("%s, watermark_delay %s", column.Text, component.FormatDuration(src.eventTime.Delay))
		if idle := src.eventTime.IdleAfter; idle > 0 {
			text += ", idle_after " + component.FormatDuration(idle)
			a.Caveats = append(a.Caveats, "idle_after goes by the clock: a split that was silent for so long no longer holds the "+
				"watermark back, and what it brings later may be late")
		}
		a.Add("event time", text)
	}
	a.Add("on error", onErrorText(src.onError))
	if src.connector.Caveats != nil {
		a.Caveats = append(a.Caveats, src.connector.Caveats(src.config)...)
	}
	return a
}

func (k *sink) about(s section) graph.About {
	name := k.connector.Spec.Name
	a := graph.About{Kind: name + " sink"}
	a.Add(name, inside(s.node.Get(name)))
	a.Add("format", inside(s.node.Get("format")))
	if k.connector.Caveats != nil {
		a.Caveats = k.connector.Caveats(k.config)
	}
	return a
}

// inside draws a value without the braces of a map; of a secret it draws where
// it comes from.
func inside(n *document.Node) string {
	if n == nil {
		return ""
	}
	text := n.String()
	if n.Kind == document.Map {
		return text[1 : len(text)-1]
	}
	return text
}

// onErrorText says nothing of what is usual.
func onErrorText(o stream.OnError) string {
	return [...]string{stream.Fail: "", stream.Drop: "drop", stream.ToDeadLetter: "dead_letter"}[o]
}

func aboutProjection(c process.Config, inputs int) graph.About {
	var a graph.About
	var does []string
	if inputs > 1 {
		does = append(does, "union")
	}
	if c.Where != nil {
		does = append(does, "filter")
		a.Add("where", c.Where.String())
	}
	if c.Columns != nil {
		does = append(does, "select")
		a.Add("select", selectTexts(c)...)
	}
	a.Kind = cmp.Or(strings.Join(does, ", "), "union") // of one input
	a.Add("on error", onErrorText(c.OnError))
	return a
}

func aboutUnnest(c process.UnnestConfig, inputs int) graph.About {
	a := graph.About{Kind: "unnest"}
	if inputs > 1 {
		a.Kind = "union, unnest"
	}
	a.Add("unnest", drawUnnest(c))
	return a
}

// selectTexts draws columns as select would have them.
func selectTexts(c process.Config) []string {
	var texts []string
	var plain []string // columns that stay as they are share a line
	flush := func() {
		if plain != nil {
			texts = append(texts, strings.Join(plain, ", "))
			plain = nil
		}
	}
	for _, column := range c.Columns {
		text := column.Expr.String()
		if text == column.Name || text == expr.Name(column.Name) {
			plain = append(plain, text)
			continue
		}
		flush()
		texts = append(texts, fmt.Sprintf("%s AS %s", text, expr.Name(column.Name)))
	}
	flush()
	return texts
}

func (g *grouped) about() graph.About {
	a := graph.About{Kind: "windowed aggregate", State: g.stateText()}
	a.Add("window", g.windowText())
	texts := make([]string, len(g.aggregates))
	for i, c := range g.aggregates {
		texts[i] = fmt.Sprintf("%s: %s", c.entry.Key, c.call)
		if c.rounds {
			a.OrderCaveats = append(a.OrderCaveats, fmt.Sprintf("%s adds up float64 in the order in which rows arrive: "+
				"its last digits may differ (by less than 1e-12 of the value)", c.entry.Key))
		}
	}
	a.Add("aggregate", texts...)
	if _, sessions := g.windows.shape.(window.Session); sessions {
		a.OrderCaveats = append(a.OrderCaveats, "a row behind its split's watermark may join another session when splits are read in "+
			"another order")
	}
	return a
}

func (g *grouped) windowText() string {
	var text string
	switch shape := g.windows.shape.(type) {
	case window.Hop:
		text = "tumble " + component.FormatDuration(shape.Size)
		if shape.Slide != shape.Size {
			text = fmt.Sprintf("hop %s, slide %s", component.FormatDuration(shape.Size), component.FormatDuration(shape.Slide))
		}
		if shape.Offset > 0 {
			text += ", offset " + component.FormatDuration(shape.Offset)
		}
	case window.Session:
		text = "session " + component.FormatDuration(shape.Gap)
	}
	if late := g.windows.lateness; late > 0 {
		text += ", allowed_lateness " + component.FormatDuration(late)
	}
	return text
}

func (g *grouped) stateText() string {
	per := "open window"
	switch shape := g.windows.shape.(type) {
	case window.Hop:
		if shape.Slide != shape.Size {
			per = "pane (a stretch that the same windows share)"
		}
	case window.Session:
		per = "open session"
	}
	text := "a row for each "
	for _, k := range g.keys {
		text += k.Text + " and "
	}
	text += per
	for _, a := range g.aggregates {
		if a.call.Distinct && a.call.Arg != nil {
			text += fmt.Sprintf("; for %s each distinct value", a.entry.Key)
		}
	}
	return text
}
