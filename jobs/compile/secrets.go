package compile

import (
	"slices"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
)

// A secret, the content of a ${file:…}, may stand in the settings of sources,
// sinks and formats, which hand it on to nobody but the outside world. All else
// in a job file shows: names and expressions are in checkpoints, explain and the
// names of columns, and paths are in positions and dead letters as well.

// refuseSecrets reports the secrets that would show, and puts what is written
// in their place, so that no message can hold them.
func (c *compiler) refuseSecrets(root *document.Node) {
	for _, e := range root.Entries {
		if e.Key != "sources" && e.Key != "sinks" {
			c.refuseAll(e.Value)
			continue
		}
		if e.Value.Kind != document.Map {
			c.refuseAll(e.Value)
		}
		for _, part := range e.Value.Entries {
			c.refuseIn(part.Value, c.connectorOf(e.Key))
		}
	}
}

// refuseIn refuses secrets in a map, but for the settings of the components that
// spec knows by their key, and of the format.
func (c *compiler) refuseIn(n *document.Node, spec func(key string) *component.Spec) {
	if n.Kind != document.Map {
		c.refuseAll(n)
		return
	}
	for _, e := range n.Entries {
		switch {
		case e.Key == "format" && e.Value.Kind == document.Map:
			c.refuseIn(e.Value, c.formatOf)
		case e.Key == historyKey || e.Key == thenKey: // which have connectors in them
			c.refuseIn(e.Value, spec)
		case spec(e.Key) != nil:
			c.refusePaths(e.Value, spec(e.Key))
		default:
			c.refuseAll(e.Value)
		}
	}
}

// refusePaths refuses secrets in the paths among a component's settings.
func (c *compiler) refusePaths(n *document.Node, spec *component.Spec) {
	if n.Kind != document.Map {
		c.refuseAll(n)
		return
	}
	for _, e := range n.Entries {
		switch f := spec.Field(e.Key); {
		case f == nil || f.Kind == component.Path || f.Kind == component.PathList:
			c.refuseAll(e.Value)
		case f.Kind == component.Section:
			c.refusePaths(e.Value, f.Spec)
		}
	}
}

// refuseAll refuses all secrets below a node.
func (c *compiler) refuseAll(n *document.Node) {
	for _, item := range n.Items {
		c.refuseAll(item)
	}
	for _, e := range n.Entries {
		c.refuseAll(e.Value)
	}
	if !n.IsSecret() {
		return
	}
	n.Conceal()
	c.refused = append(c.refused, n.At())
	c.problem(n.At(), "%s: a secret would show here, in explain, checkpoints or messages; "+
		"${file:…} may stand only in settings of sources, sinks and formats that are not paths: write the text, or a variable ${NAME}", n.Text)
}

// withoutEcho leaves out what was found wrong with the texts that stand for
// refused secrets: one problem at a place says enough.
func (c *compiler) withoutEcho() component.Problems {
	var first []component.Position
	return slices.DeleteFunc(c.problems, func(p component.Problem) bool {
		if !slices.Contains(c.refused, p.At) {
			return false
		}
		if slices.Contains(first, p.At) {
			return true
		}
		first = append(first, p.At)
		return false
	})
}

// connectorOf returns what knows the components of sources or sinks by their
// key; nil is none.
func (c *compiler) connectorOf(section string) func(key string) *component.Spec {
	return func(key string) *component.Spec {
		if section == "sources" {
			if t := c.registry.Source(key); t != nil {
				return &t.Spec
			}
		} else if t := c.registry.Sink(key); t != nil {
			return &t.Spec
		}
		return nil
	}
}

func (c *compiler) formatOf(key string) *component.Spec {
	if t := c.registry.Format(key); t != nil {
		return &t.Spec
	}
	return nil
}
