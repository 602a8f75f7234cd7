// Package component is how a component of a job (a source, a sink, a format, a
// window) and each section of a job file declare themselves: name, summary and
// fields, once. Checking, defaults, messages, the JSON Schema of job files and
// the reference all derive from the declaration.
package component

// Spec declares a component, or a section of a job file.
type Spec struct {
	Name     string // the key that names it in a job file
	Summary  string // one sentence
	Details  string // what else there is to know, as Markdown; "" is nothing
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
	Options  []string // of an Enum: what it may be; of a Duration or Size: words that may stand in its place
	Example  string   // as it would stand in a job file
	// Least and Most bound an Int, unless Most is 0; MaxInt64 is no upper bound.
	Least, Most int64
	Signed      bool  // of a Duration: it may be negative
	Spec        *Spec // of a kind that holds keys: which ones
	// Choice marks the fields of a component of which one must be there, and one only.
	Choice   bool
	Needs    []Beside // keys that must stand beside this one
	Excludes []Beside // keys that must not
	// Tuning says that the key changes how fast or where, but not what: a run may
	// go on from a checkpoint of one that had another value.
	Tuning bool
}

// Beside is another key of the same component, and why it must or must not stand
// beside a field. The reason is the end of a message.
type Beside struct{ Key, Why string }

// FieldKind is what a field's value must look like.
type FieldKind uint8

const (
	Text     FieldKind = iota + 1 // any scalar
	Int                           // a whole number, such as 1000
	Bool                          // true or false
	Duration                      // such as 90s, 5m, 1h30m, 7d
	Period                        // a Duration, or a number of months or years, such as 3mo or 1y
	Enum                          // one of Field.Options
	TextList                      // a list of scalars; a single scalar is a list of one
	TextMap                       // a map from names to scalars
	// Path is a file, relative to the job file or, where --set gave it, to the working
	// directory; "-" is a standard stream. It is never blank.
	Path
	PathList // a list of paths, each as of Path; a single one is a list of one
	Size     // a number of bytes, such as 4096, 64KiB or 10MB
	Section  // a map of the keys that Field.Spec declares
)

// The kinds of the keys of a job file itself, which hold more than a component's
// configuration does.
const (
	Identifier    FieldKind = iota + 32 // letters, digits, _ and -
	Input                               // the id of a source or step, perhaps with an output: hourly.late
	InputList                           // a list of inputs
	Column                              // the name of a column
	ColumnList                          // a list of columns
	Expression                          // an SQL expression over a row
	Unnest                              // a list and the name of its elements: items AS item
	SelectList                          // a list of columns and expressions, each as x or x AS name
	TypeMap                             // a map from columns to their types
	AggregateMap                        // a map from columns to aggregates, such as count(*)
	SectionMap                          // a map from ids to such maps
	SectionList                         // a list of such maps
	NameOrSection                       // such a map, or the name of its only key where that has no keys of its own
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
