package compile

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// configure checks what a job file gives for a component: a map of keys, or
// nothing where the component needs none.
func configure(s section, spec *component.Spec, e document.Entry) (component.Config, bool) {
	if e.Value.Kind != document.Map && e.Value.Kind != document.Null {
		s.problem(e.Value.At(), spec.Name, "takes a map of keys%s", exampleOf(spec))
		return component.Config{}, false
	}
	config, problems := component.NewConfig(spec, e.At, valueOf(e.Value).Map)
	*s.problems = append(*s.problems, problems...)
	return config, problems == nil
}

func exampleOf(spec *component.Spec) string {
	for _, f := range spec.Fields {
		if f.Required && f.Example != "" {
			return fmt.Sprintf(", such as %s: { %s: %s }", spec.Name, f.Name, f.Example)
		}
	}
	return fmt.Sprintf("; without any it is written %s: {}", spec.Name)
}

// valueOf returns a value of the document as components take it.
func valueOf(n *document.Node) component.Value {
	v := component.Value{Kind: n.Kind}
	if n.Kind == document.Null {
		return v // of which there is no place
	}
	v.At = n.At()
	if n.Kind == document.Scalar {
		v.Text, v.Path = n.Text, n.Path()
	}
	for _, item := range n.Items {
		v.List = append(v.List, valueOf(item))
	}
	for _, e := range n.Entries {
		v.Map = append(v.Map, component.Entry{Key: e.Key, At: e.At, Value: valueOf(e.Value)})
	}
	return v
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

// define returns the definition of a source or sink, a clause for each key, without
// what may differ between a run and one that goes on from its checkpoint.
func define(s section, bears func(key string) stream.Bearing) (d stream.Definition) {
	for _, e := range withoutTuning(s.node, s.spec).Entries {
		d = append(d, stream.Clause{Text: e.Key + ": " + e.Value.String(), Bears: bears(e.Key)})
	}
	return d
}

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
