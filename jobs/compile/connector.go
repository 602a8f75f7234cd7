package compile

import (
	"slices"
	"strings"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// oneOf returns the entry of the one key that names the kind of a part.
func (s section) oneOf(what string, names []string) *document.Entry {
	var found *document.Entry
	if s.node != nil {
		for i := range s.node.Entries {
			e := &s.node.Entries[i]
			if !slices.Contains(names, e.Key) {
				continue
			}
			if found != nil {
				s.problem(e.At, "", "a %s is of one kind; %q stands beside %q", what, e.Key, found.Key)
				return nil
			}
			found = e
		}
	}
	if found == nil {
		s.problem(s.at, "", "a %s needs a key that says what it is: %s", what, strings.Join(names, ", "))
	}
	return found
}

// readFormat returns the format of a connector that reads or writes bytes.
// `format: csv` is short for `format: { csv: {} }`.
func (c *compiler) readFormat(s section, connector string, formatted bool) stream.Format {
	names := c.registry.formatNames()
	n := s.value("format")
	switch {
	case n == nil && s.has("format"):
		return nil
	case n == nil && formatted:
		s.problem(s.at, "", "%s moves bytes and needs a format: %s", connector, strings.Join(names, ", "))
		return nil
	case n == nil:
		return nil
	case !formatted:
		s.problem(s.keyAt("format"), "format", "%s has no format; remove the key", connector)
		return nil
	}
	e := document.Entry{Key: n.Text, At: n.At(), Value: &document.Node{}}
	if n.Kind == document.Map && len(n.Entries) == 1 {
		e = n.Entries[0]
	} else if n.Kind != document.Scalar {
		s.problem(n.At(), "format", "takes a name or a map with one, such as csv or { csv: { delimiter: ';' } }")
		return nil
	}
	i := slices.Index(names, e.Key)
	if i < 0 {
		s.problem(e.At, "format", "there is no format %q%s", e.Key, component.Known(e.Key, names))
		return nil
	}
	config, ok := configure(s, &c.registry.Formats[i].Spec, e)
	if !ok {
		return nil
	}
	format, err := c.registry.Formats[i].New(config)
	s.failed(e.At, err)
	return format
}
