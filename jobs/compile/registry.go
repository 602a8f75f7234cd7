package compile

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
)

// configure checks what a job file gives for a component: a map of keys, or
// nothing where the component needs none.
func configure(s section, spec *component.Spec, e document.Entry) (component.Config, bool) {
	if e.Value.Kind != document.Map && e.Value.Kind != document.Null {
		s.problem(e.Value.At(), spec.Name, "takes a map of keys%s", exampleOf(spec))
		return component.Config{}, false
	}
	before := len(*s.problems)
	var keys []string
	given := map[string]component.Value{}
	for _, entry := range e.Value.Entries {
		field := spec.Field(entry.Key)
		value, ok := valueOf(s, spec.Name, field, entry)
		given[entry.Key] = value // even if it is at fault: it is not missing
		if ok {
			keys = append(keys, entry.Key)
		}
	}
	config, problems := component.NewConfig(spec, e.At, keys, given)
	*s.problems = append(*s.problems, problems...)
	return config, len(*s.problems) == before
}

func exampleOf(spec *component.Spec) string {
	for _, f := range spec.Fields {
		if f.Required && f.Example != "" {
			return fmt.Sprintf(", such as %s: { %s: %s }", spec.Name, f.Name, f.Example)
		}
	}
	return fmt.Sprintf("; without any it is written %s: {}", spec.Name)
}

// valueOf returns the value of a component's key; a path is resolved. field is
// nil where the component has no such key, and then the key itself is at fault.
func valueOf(s section, owner string, field *component.Field, e document.Entry) (component.Value, bool) {
	v := component.Value{At: e.Value.At()}
	switch {
	case field == nil:
		v.At = e.At
	case e.Value.Kind == document.Null:
		s.problem(e.At, owner+"."+e.Key, "there is no value")
		return v, false
	case e.Value.Kind == document.Map:
		s.problem(v.At, owner+"."+e.Key, "takes a single value, not a map")
		return v, false
	case e.Value.Kind == document.List:
		v.IsList = true
		for _, item := range e.Value.Items {
			v.List = append(v.List, component.Value{At: item.At(), Text: textOf(field, item)})
		}
	default:
		v.Text = textOf(field, e.Value)
	}
	return v, true
}

func textOf(field *component.Field, n *document.Node) string {
	if field.Kind == component.Path || field.Kind == component.PathList {
		return n.Path()
	}
	return n.Text
}

// failed reports what a component's constructor says, if anything.
func (s section) failed(at component.Position, err error) {
	var one component.Problem
	var many component.Problems
	switch {
	case err == nil:
	case errors.As(err, &many):
		*s.problems = append(*s.problems, many...)
	case errors.As(err, &one):
		*s.problems = append(*s.problems, one)
	default:
		s.problem(at, "", "%v", err)
	}
}

// describe draws a source or sink in canonical form, without what may differ
// between a run and one that goes on from its checkpoint.
func describe(s section) string { return s.spec.Name + " " + withoutTuning(s.node, s.spec).String() }

func withoutTuning(n *document.Node, spec *component.Spec) *document.Node {
	kept := *n
	kept.Entries = nil
	for _, e := range n.Entries {
		f := spec.Field(e.Key)
		if f.Tuning {
			continue
		}
		if f.Kind == component.Section || f.Kind == component.NameOrSection {
			e.Value = withoutTuning(e.Value, f.Spec)
		}
		kept.Entries = append(kept.Entries, e)
	}
	return &kept
}
