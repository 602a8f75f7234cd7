package compile

import (
	"fmt"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
	"github.com/weirstream/weir/runtime/stream"
)

// describe asks a source for its columns that knows them itself. Where the job declares
// some, these are what is read, and have to be such as the source has.
func (src *source) describe(c *compiler, s section) {
	if src.connector == nil || src.connector.Describe == nil || !src.configured {
		return
	}
	e := s.choice()
	name := src.connector.Spec.Name
	c.guard(e.At, s.name, func() {
		var err error
		if src.described, err = src.connector.Describe(src.config); err != nil {
			src.described = nil
			s.failed(e.At, located(e.At, s.name, name, err))
		}
	})
	switch n := s.node.Get("schema"); {
	case src.described == nil:
	case n == nil:
		src.schema = src.described
	case src.schema != nil:
		for i, f := range src.schema.Fields() {
			if problem := differs(f, src.patterns[i], src.described, name); problem != "" {
				s.problem(n.Get(f.Name).At(), "schema."+f.Name, "%s", problem)
			}
		}
	}
}

// located is an error of Describe at its place, unless it has one.
func located(at component.Position, section, name string, err error) error {
	switch err.(type) {
	case component.Problem, component.Problems:
		return err
	}
	return component.Problem{At: at, Message: fmt.Sprintf("%s: %s does not say which columns it has: %v", section, name, err)}
}

// differs says how a declared column is not one of the source; "" is that it is. A number
// may be declared as the time that it stands for.
func differs(f record.Field, p stream.Pattern, described *record.Schema, name string) string {
	i := described.Index(f.Name)
	if i < 0 {
		return fmt.Sprintf("%s has no column %q%s", name, f.Name, component.Known(f.Name, described.Names()))
	}
	isNumber := described.Field(i).Type == record.Int64
	switch has := described.Field(i).Type; {
	case has == f.Type, isNumber && f.Type == record.Timestamp && timeformat.IsEpoch(p.Timestamp):
		return ""
	case isNumber && f.Type == record.Timestamp:
		return fmt.Sprintf("%s has it as %v; write that here, or timestamp(ms) and the like where it is a time", name, has)
	default:
		return fmt.Sprintf("%s has it as %v; write that here, and CAST it in a step", name, has)
	}
}
