package builtin

import (
	"testing"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
)

func specs() []component.Spec {
	r := Registry()
	var all []component.Spec
	for _, t := range r.Sources {
		all = append(all, t.Spec)
	}
	for _, t := range r.Sinks {
		all = append(all, t.Spec)
	}
	for _, t := range r.Formats {
		all = append(all, t.Spec)
	}
	return all
}

// What a component says about itself is complete, and its examples keep to it.
func TestSpecs(t *testing.T) {
	for _, spec := range specs() {
		if spec.Summary == "" || len(spec.Examples) == 0 {
			t.Errorf("%s has no summary or no example", spec.Name)
		}
		for _, f := range spec.Fields {
			if f.Summary == "" || f.Kind.String() == "" {
				t.Errorf("%s.%s has no summary, or no kind that has a name", spec.Name, f.Name)
			}
		}
		for _, example := range spec.Examples {
			d, problems := document.Parse(spec.Name, []byte(example.YAML), document.Options{})
			if problems != nil {
				t.Error(problems)
				continue
			}
			checkExample(t, spec, d.Root)
		}
	}
}

// checkExample checks the component's own keys, wherever in the example they are.
func checkExample(t *testing.T, spec component.Spec, n *document.Node) {
	t.Helper()
	for n.Get(spec.Name) == nil {
		if n.Kind != document.Map || len(n.Entries) == 0 {
			t.Errorf("an example of %s does not show it", spec.Name)
			return
		}
		n = n.Entries[len(n.Entries)-1].Value
	}
	if _, problems := component.NewConfig(&spec, n.At(), valueOf(n.Get(spec.Name)).Map); problems != nil {
		t.Error(problems)
	}
}

// valueOf returns a value of the document as components take it.
func valueOf(n *document.Node) component.Value {
	v := component.Value{Kind: n.Kind, Text: n.Text}
	for _, item := range n.Items {
		v.List = append(v.List, valueOf(item))
	}
	for _, e := range n.Entries {
		v.Map = append(v.Map, component.Entry{Key: e.Key, At: e.At, Value: valueOf(e.Value)})
	}
	return v
}
