package record

import (
	"fmt"
	"strings"
)

// Field is one column of a schema.
type Field struct {
	Name string
	Type Type
}

// Schema is an ordered list of uniquely named fields. It never changes once
// made, so that all batches of a stream share one.
type Schema struct {
	fields []Field
	byName map[string]int
}

// NewSchema returns the schema of the fields; a name that stands twice is an error.
func NewSchema(fields ...Field) (*Schema, error) {
	s := &Schema{fields: fields, byName: make(map[string]int, len(fields))}
	for i, f := range fields {
		if _, ok := s.byName[f.Name]; ok {
			return nil, fmt.Errorf("duplicate column %q", f.Name)
		}
		s.byName[f.Name] = i
	}
	return s, nil
}

// MustSchema is [NewSchema] for fields that are known to be distinct.
func MustSchema(fields ...Field) *Schema {
	s, err := NewSchema(fields...)
	if err != nil {
		panic(err)
	}
	return s
}

// Len returns the number of fields.
func (s *Schema) Len() int { return len(s.fields) }

// Field returns the i-th field.
func (s *Schema) Field(i int) Field { return s.fields[i] }

// Fields returns all fields in order. The caller must not change them.
func (s *Schema) Fields() []Field { return s.fields }

// Index returns the position of the field called name, or -1.
func (s *Schema) Index(name string) int {
	if i, ok := s.byName[name]; ok {
		return i
	}
	return -1
}

// Names returns the field names in order, for messages and headers.
func (s *Schema) Names() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.Name
	}
	return names
}

// String draws the schema as "origin string, flights int64".
func (s *Schema) String() string {
	var b strings.Builder
	for i, f := range s.fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.Name + " " + f.Type.String())
	}
	return b.String()
}
