package reference

import (
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/weirstream/weir/runtime/component"
)

// ofKeys returns the schema of a map with the keys of a spec.
//
// Where one of several keys must be there, that is written as two rules, each of
// which editors understand: one of them is required, and each excludes the
// others.
func ofKeys(spec *component.Spec) *schema {
	s := &schema{
		Title: spec.Name, Description: plainText(spec.Summary), Type: types{"object"},
		Properties: map[string]any{}, AdditionalProperties: false, Dependencies: map[string]*schema{},
	}
	for i := range spec.Fields {
		f := &spec.Fields[i]
		s.Properties[f.Name] = ofField(f)
		if f.Required {
			s.Required = append(s.Required, f.Name)
		}
		if f.Choice {
			s.AnyOf = append(s.AnyOf, &schema{Required: []string{f.Name}})
		}
		if d := dependency(spec, f); d != nil {
			s.Dependencies[f.Name] = d
		}
	}
	return s
}

// dependency is what must and must not stand beside a key, or nil.
func dependency(spec *component.Spec, f *component.Field) *schema {
	s := &schema{}
	for _, b := range f.Needs {
		s.Required = append(s.Required, b.Key)
	}
	for _, b := range f.Excludes {
		s.AllOf = append(s.AllOf, without(b.Why, b.Key))
	}
	if f.Choice {
		others := slices.DeleteFunc(spec.Choices(), func(key string) bool { return key == f.Name })
		s.AllOf = append(s.AllOf, without(spec.OneKind(), others...))
	}
	if s.Required == nil && s.AllOf == nil {
		return nil
	}
	return s
}

// without returns the schema of a map that has none of some keys, and why.
func without(why string, keys ...string) *schema {
	s := &schema{Properties: map[string]any{}, Error: why}
	for _, key := range keys {
		s.Properties[key] = false
	}
	return s
}

func ofField(f *component.Field) *schema {
	s := ofValue(f)
	s.Description = plainText(description(f))
	if f.Default != "" {
		s.Default = valueOfText(f.Default)
	}
	if f.Example != "" {
		s.Examples = []any{valueOfText(f.Example)}
	}
	return s
}

// valueOfText is what stands in a job file as JSON has it.
func valueOfText(text string) any {
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		return text
	}
	return v
}

// sectionOf returns the schema of a section; one that says of a part what it is
// may be empty where it needs no key.
func sectionOf(f *component.Field) *schema {
	s := ofKeys(f.Spec)
	if f.Choice && s.Required == nil {
		s.Type = append(s.Type, "null")
	}
	return s
}
