package compile

import (
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is what a plan knows of connectors, whose settings only the job file has.

func (src *source) about(s section) plan.Connector {
	c := connectorOf(s, src.connector.Spec.Name, "format", thenKey, switchKey)
	c.Definition = src.definition(s)
	if src.described != nil && src.schema == src.described {
		c.Details = append(c.Details, graph.Detail{Name: "schema", Texts: []string{"as the source describes it"}})
	}
	if src.connector.Caveats != nil {
		c.Caveats = src.connector.Caveats(src.config)
	}
	return c
}

func (k *sink) about(s section) plan.Connector {
	c := connectorOf(s, k.connector.Spec.Name, "format")
	c.Definition = define(s, func(string) stream.Bearing { return stream.Whole })
	if k.connector.Caveats != nil {
		c.Caveats = k.connector.Caveats(k.config)
	}
	return c
}

// connectorOf returns the settings of a connector: what stands under its name, and other keys.
func connectorOf(s section, name string, others ...string) plan.Connector {
	c := plan.Connector{Name: name}
	for _, key := range append([]string{name}, others...) {
		c.Details = append(c.Details, graph.Detail{Name: key, Texts: []string{inside(s.node.Get(key))}})
	}
	return c
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
