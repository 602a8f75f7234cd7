package document

import (
	"gopkg.in/yaml.v3"

	"github.com/weirstream/weir/runtime/component"
)

// convert turns the parser's tree into nodes and refuses what a job file may
// not hold. It returns nil where there is no value to go on with.
func (d *Document) convert(from *origin, y *yaml.Node, depth int) *Node {
	n := &Node{origin: from, line: y.Line, column: y.Column}
	switch {
	case depth > MaxDepth:
		d.problem(n.At(), "values are nested more than %d deep", MaxDepth)
		return nil
	case y.Kind == yaml.AliasNode:
		d.problem(n.At(), "aliases (*) are not part of a job file: write the value out, or quote the text")
		return nil
	case y.Anchor != "":
		d.problem(n.At(), "anchors (&) are not part of a job file: remove it, or quote the text")
	case y.Style&yaml.TaggedStyle != 0:
		d.problem(n.At(), "the tag %s is not part of a job file: remove it, or quote the text", y.Tag)
	}
	switch y.Kind {
	case yaml.SequenceNode:
		n.Kind = List
		for _, item := range y.Content {
			if c := d.convert(from, item, depth+1); c != nil {
				n.Items = append(n.Items, c)
			}
		}
	case yaml.MappingNode:
		n.Kind = Map
		d.convertEntries(n, y, depth)
	default:
		n.Text, n.style = y.Value, styleOf(y)
		if y.Tag != "!!null" {
			n.Kind = Scalar
		}
	}
	return n
}

func (d *Document) convertEntries(n *Node, y *yaml.Node, depth int) {
	first := make(map[string]component.Position, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		at := n.origin.at(key.Line, key.Column)
		if key.Kind != yaml.ScalarNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 {
			d.problem(at, "a key is a plain text")
			continue
		}
		if twin, ok := first[key.Value]; ok {
			d.problem(at, "the key %q appears a second time, after %s", key.Value, twin)
			continue
		}
		first[key.Value] = at
		if c := d.convert(n.origin, value, depth+1); c != nil {
			n.Entries = append(n.Entries, Entry{Key: key.Value, At: at, Value: c})
		}
	}
}

func (n *Node) entry(key string) *Entry {
	for i := range n.Entries {
		if n.Entries[i].Key == key {
			return &n.Entries[i]
		}
	}
	return nil
}
