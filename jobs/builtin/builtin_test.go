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
	var keys []string
	given := map[string]component.Value{}
	for _, e := range n.Get(spec.Name).Entries {
		keys = append(keys, e.Key)
		v := component.Value{At: e.At, Text: e.Value.Text, IsList: e.Value.Kind == document.List}
		for _, item := range e.Value.Items {
			v.List = append(v.List, component.Value{At: item.At(), Text: item.Text})
		}
		given[e.Key] = v
	}
	if _, problems := component.NewConfig(&spec, n.At(), keys, given); problems != nil {
		t.Error(problems)
	}
}
