package reference

import (
	"encoding/json"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// schema is a JSON Schema, as far as job files need it.
type schema struct {
	Schema      string `json:"$schema,omitempty"`
	Ref         string `json:"$ref,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Type        types  `json:"type,omitempty"`

	Enum    []string `json:"enum,omitempty"`
	Pattern string   `json:"pattern,omitempty"` // of strings; other values pass
	Minimum *int64   `json:"minimum,omitempty"` // of numbers; other values pass
	Maximum *int64   `json:"maximum,omitempty"`

	Items                *schema            `json:"items,omitempty"`
	MinItems             int                `json:"minItems,omitempty"`
	MaxItems             int                `json:"maxItems,omitempty"`
	Properties           map[string]*schema `json:"properties,omitempty"`
	AdditionalProperties any                `json:"additionalProperties,omitempty"` // false or a *schema
	PropertyNames        *schema            `json:"propertyNames,omitempty"`
	MinProperties        int                `json:"minProperties,omitempty"`
	Required             []string           `json:"required,omitempty"`
	Dependencies         map[string]any     `json:"dependencies,omitempty"` // []string or a *schema

	AnyOf []*schema `json:"anyOf,omitempty"`
	OneOf []*schema `json:"oneOf,omitempty"`
	Not   *schema   `json:"not,omitempty"`

	Default  any   `json:"default,omitempty"`
	Examples []any `json:"examples,omitempty"`

	Definitions map[string]*schema `json:"definitions,omitempty"`
}

// types is what a value may be; one type alone is written without a list.
type types []string

// MarshalJSON writes the list, or its only type.
func (t types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// Schema returns the JSON Schema (draft 7, which editors know best) of job files
// that can name the components of a registry. What it refuses is wrong; what
// only the compiler sees, such as the names of columns, it lets pass.
func Schema(r *compile.Registry) []byte {
	s := ofKeys(compile.Spec(r))
	s.Schema, s.Title = "http://json-schema.org/draft-07/schema#", "weir job"
	s.Definitions = map[string]*schema{"type": columnType()}
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		panic("reference: the schema is no JSON: " + err.Error())
	}
	return append(text, '\n')
}

// ofKeys returns the schema of a map with the keys of a spec.
func ofKeys(spec *component.Spec) *schema {
	s := &schema{
		Type: types{"object"}, Description: plainText(spec.Summary),
		Properties: map[string]*schema{}, AdditionalProperties: false, Dependencies: map[string]any{},
	}
	for i := range spec.Fields {
		f := &spec.Fields[i]
		s.Properties[f.Name] = ofField(f)
		if f.Required {
			s.Required = append(s.Required, f.Name)
		}
		if d := dependency(f); d != nil {
			s.Dependencies[f.Name] = d
		}
		if f.Choice {
			s.OneOf = append(s.OneOf, &schema{Required: []string{f.Name}})
		}
	}
	return s
}

// dependency is what must and must not stand beside a key, or nil.
func dependency(f *component.Field) any {
	s := &schema{}
	for _, b := range f.Needs {
		s.Required = append(s.Required, b.Key)
	}
	for _, b := range f.Excludes {
		s.AnyOf = append(s.AnyOf, &schema{Required: []string{b.Key}})
	}
	switch {
	case f.Excludes != nil:
		return &schema{Required: s.Required, Not: &schema{AnyOf: s.AnyOf}}
	case f.Needs != nil:
		return s.Required
	}
	return nil
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

// Patterns of scalars. A variable stands for what is not known yet.
const (
	variable   = `\$\{`
	identifier = `^[A-Za-z_][A-Za-z0-9_-]{0,99}$`
	input      = `^[A-Za-z_][A-Za-z0-9_-]{0,99}(\.late|\.dead_letter)?$|` + variable
	whole      = `^[+-]?[0-9]+$|` + variable
	truth      = `^(true|false)$|` + variable
	size       = `^([0-9]+\.?[0-9]*|\.[0-9]+) *([kKmMgGtT][iI]?)?[bB]?$|` + variable
	duration   = `^\+?([0-9]+d)?(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))*$|^\+?0$|` + variable
)

// scalar is the types of a value that weir takes as text.
var scalar = types{"string", "number", "boolean"}

func ofValue(f *component.Field) *schema {
	switch f.Kind {
	case component.Int:
		return wholeNumber(f)
	case component.Bool:
		return &schema{Type: types{"boolean", "string"}, Pattern: truth}
	case component.Duration:
		return &schema{Type: types{"string", "integer"}, Pattern: duration, Minimum: new(int64), Maximum: new(int64)}
	case component.Size:
		return &schema{Type: types{"string", "integer"}, Pattern: size, Minimum: new(int64)}
	case component.Enum:
		return &schema{AnyOf: []*schema{{Enum: f.Options}, {Type: types{"string"}, Pattern: variable}}}
	case component.Identifier:
		return &schema{Type: types{"string"}, Pattern: identifier + "|" + variable}
	case component.Input:
		return &schema{Type: types{"string"}, Pattern: input}
	case component.InputList:
		return listOf(&schema{Type: types{"string"}, Pattern: input})
	case component.TextList, component.PathList, component.ColumnList, component.SelectList:
		return listOf(&schema{Type: scalar})
	case component.TypeMap:
		return &schema{Type: types{"object"}, AdditionalProperties: &schema{Ref: "#/definitions/type"}, MinProperties: 1}
	case component.AggregateMap:
		return &schema{Type: types{"object"}, AdditionalProperties: aggregateCall()}
	case component.Section:
		return sectionOf(f)
	case component.SectionMap:
		return &schema{
			Type: types{"object"}, MinProperties: 1,
			PropertyNames: &schema{Pattern: identifier}, AdditionalProperties: ofKeys(f.Spec),
		}
	case component.SectionList:
		return &schema{Type: types{"array"}, Items: ofKeys(f.Spec)}
	case component.NameOrSection:
		return &schema{AnyOf: []*schema{{Enum: f.Spec.Choices()}, ofKeys(f.Spec), {Type: types{"string"}, Pattern: variable}}}
	}
	return &schema{Type: scalar}
}

func wholeNumber(f *component.Field) *schema {
	s := &schema{Type: types{"integer", "string"}, Pattern: whole}
	if f.Most != 0 {
		s.Minimum, s.Maximum = &f.Least, &f.Most
	}
	return s
}

// listOf returns the schema of a list, of which a single value is a list of one.
func listOf(item *schema) *schema {
	s := *item
	s.Type = append(types{"array"}, item.Type...)
	s.Items = item
	return &s
}

// sectionOf returns the schema of a section; what says of a part what it is may
// be empty where it needs no key.
func sectionOf(f *component.Field) *schema {
	s := ofKeys(f.Spec)
	if f.Choice && s.Required == nil {
		s.Type = append(s.Type, "null")
	}
	return s
}

// columnType returns the schema of a column's type: its name, [t] for a list, or
// { name: t } for a struct.
func columnType() *schema {
	return &schema{
		Description: "the type of a column: " + strings.Join(record.TypeNames(), ", "),
		AnyOf: []*schema{
			{Type: types{"string"}, Pattern: `^\s*(` + typeNames() + `)\s*(\(.*\)|<.*>)?\s*$|` + variable},
			{Type: types{"array"}, Items: &schema{Ref: "#/definitions/type"}, MinItems: 1, MaxItems: 1},
			{Type: types{"object"}, AdditionalProperties: &schema{Ref: "#/definitions/type"}, MinProperties: 1},
		},
	}
}

// typeNames returns an alternative of the names of types, without their parameters.
func typeNames() string {
	names := record.TypeNames()
	for i, name := range names {
		if at := strings.IndexAny(name, "(<"); at >= 0 {
			names[i] = name[:at]
		}
	}
	return strings.Join(names, "|")
}

// aggregateCall returns the schema of a call of an aggregate function.
func aggregateCall() *schema {
	var names []string
	for _, f := range agg.Functions() {
		names = append(names, f.Name)
	}
	return &schema{
		Type:        types{"string"},
		Description: "an aggregate: " + strings.Join(names, ", "),
		Pattern:     `^\s*[A-Za-z_]+\s*\(|` + variable,
	}
}
