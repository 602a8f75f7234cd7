package compile

import (
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// readFormat returns the format of a connector that reads or writes bytes.
// `format: csv` is short for `format: { csv: {} }`. carries says that it is of messages.
func (c *compiler) readFormat(s section, writes, carries bool) stream.Format {
	n := s.value("format")
	if n == nil {
		return nil
	}
	e := document.Entry{Key: n.Text, At: n.At(), Value: &document.Node{}}
	if n.Kind == document.Map && len(n.Entries) == 1 {
		e = n.Entries[0]
	} else if n.Kind != document.Scalar {
		s.problem(n.At(), "format", "takes a name or a map with one, such as csv or { csv: { delimiter: ';' } }")
		return nil
	}
	t := c.registry.Format(e.Key)
	if t == nil {
		s.problem(e.At, "format", "there is no format %q%s", e.Key, component.Known(e.Key, s.spec.Field("format").Spec.Keys()))
		return nil
	}
	config, ok := configure(s, &t.Spec, e)
	if !ok {
		return nil
	}
	format, err := t.New(config)
	s.failed(e.At, err)
	if writes && err == nil && t.Writes != nil {
		s.failed(e.At, t.Writes(config))
	}
	if _, ok := format.(stream.MessageFormat); carries && err == nil && !ok {
		s.problem(e.At, "format", "%s is a format of files and has no messages", e.Key)
	}
	if carries && err == nil && t.Carries != nil {
		s.failed(e.At, t.Carries(config))
	}
	return format
}
