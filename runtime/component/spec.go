// Package component is how a component of a job (a source, a sink, a format, a
// window) declares itself: name, summary and fields, once. Checking, defaults,
// messages and reference pages all derive from the declaration.
package component

// Spec declares a component.
type Spec struct {
	Name     string // the key that names it in a job file
	Summary  string // one sentence
	Fields   []Field
	Examples []Example
}

// Example is a piece of YAML that shows the component in use.
type Example struct {
	Title string
	YAML  string
}

// Field declares one key of a component's configuration.
type Field struct {
	Name     string
	Summary  string
	Kind     FieldKind
	Required bool
	Default  string   // as it would stand in a job file; "" is none
	Options  []string // of an Enum: what it may be
	Example  string
	// Tuning says that the key changes how fast or where, but not what: a run may
	// go on from a checkpoint of one that had another value.
	Tuning bool
}

// FieldKind is what a field's value must look like.
type FieldKind uint8

const (
	Text     FieldKind = iota + 1 // any scalar
	Int                           // a whole number, such as 1000
	Bool                          // true or false
	Duration                      // such as 90s, 5m, 1h30m, 7d
	Enum                          // one of Field.Options
	TextList                      // a list of scalars; a single scalar is a list of one
	Path                          // a file; relative to the job file, or to the working directory where --set gave it; "-" is a standard stream
	PathList                      // a list of paths, each as of Path; a single one is a list of one
)

// Field returns the declaration of a key, or nil.
func (s *Spec) Field(name string) *Field {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return &s.Fields[i]
		}
	}
	return nil
}
