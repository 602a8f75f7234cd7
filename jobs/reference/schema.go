package reference

import (
	"encoding/json"

	"github.com/weirstream/weir/runtime/component"

	"github.com/weirstream/weir/jobs/compile"
)

// schema is a JSON Schema, as far as job files need it. The error message is a
// word of yaml-language-server's, which others pass over.
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

	Items                *schema        `json:"items,omitempty"`
	MinItems             int            `json:"minItems,omitempty"`
	MaxItems             int            `json:"maxItems,omitempty"`
	Properties           map[string]any `json:"properties,omitempty"`           // a *schema, or false
	AdditionalProperties any            `json:"additionalProperties,omitempty"` // a *schema, or false
	PropertyNames        *schema        `json:"propertyNames,omitempty"`
	MinProperties        int            `json:"minProperties,omitempty"`
	Required             []string       `json:"required,omitempty"`

	Dependencies map[string]*schema `json:"dependencies,omitempty"`
	AllOf        []*schema          `json:"allOf,omitempty"`
	AnyOf        []*schema          `json:"anyOf,omitempty"`

	Default  any    `json:"default,omitempty"`
	Examples []any  `json:"examples,omitempty"`
	Error    string `json:"errorMessage,omitempty"` // what to say of a value that does not fit

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
func Schema(r *component.Registry) []byte {
	s := ofKeys(compile.Spec(r))
	s.Schema = "http://json-schema.org/draft-07/schema#"
	s.Definitions = map[string]*schema{"type": columnType()}
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		panic("reference: the schema is no JSON: " + err.Error())
	}
	return append(text, '\n')
}
