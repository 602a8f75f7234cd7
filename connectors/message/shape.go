package message

import (
	"errors"
	"slices"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Metadata is one thing that a connector knows of a message besides its value.
type Metadata struct {
	Name    string // as job files call it
	Summary string
	Type    record.Type
}

// Headers is the type of the headers of a message: names with values, in their order. A
// name may come several times.
var Headers = func() record.Type {
	header, err := record.StructOf(record.Field{Name: "name", Type: record.String}, record.Field{Name: "value", Type: record.Bytes})
	if err != nil {
		panic(err)
	}
	return record.ListOf(header)
}()

// Fields returns the keys of a source that has these metadata.
func Fields(metadata []Metadata) []component.Field {
	spec := &component.Spec{
		Name: "metadata", Summary: "What is known of a message besides its value, each with the name of the column that it becomes, " +
			"behind those of the schema.",
	}
	for _, m := range metadata {
		spec.Fields = append(spec.Fields, component.Field{
			Name: m.Name, Summary: m.Summary + " The column is of type " + m.Type.String() + ".", Kind: component.Text, Example: m.Name,
		})
	}
	if len(metadata) > 0 {
		name := metadata[0].Name
		spec.Examples = []component.Example{{Title: "One as a column", YAML: "metadata: { " + name + ": " + name + " }"}}
	}
	return []component.Field{
		{Name: "metadata", Summary: spec.Summary, Kind: component.Section, Spec: spec},
		{Name: "tombstones", Summary: "What a message is that has a key and no value, which means that the key is deleted: it is skipped, " +
			"and counted so (skip), or a row in which all columns of the schema are NULL (keep).",
			Kind: component.Enum, Options: []string{"skip", "keep"}, Default: "skip"},
	}
}

// Shape is what a job makes of messages.
type Shape struct {
	format   stream.MessageFormat
	values   *record.Schema // of what the format reads
	patterns []stream.Pattern
	schema   *record.Schema // with the metadata behind
	fields   []record.Field // of the metadata that are columns, by the names of these
	columns  []int          // per metadata: its place in the schema; -1 where it is no column
	keep     bool           // tombstones are rows
}

// NewShape reads what a job says of messages in the keys that [Fields] declares.
func NewShape(c component.Config, in component.SourceInputs, metadata []Metadata) (*Shape, error) {
	format, ok := in.Format.(stream.MessageFormat)
	switch {
	case !ok:
		return nil, errors.New("the format is one of files and has no messages; choose another, such as json")
	case in.Schema == nil:
		return nil, errors.New("it needs a schema: the columns of the messages and their types")
	}
	s := &Shape{format: format, values: in.Schema, patterns: in.Patterns, keep: c.Text("tombstones") == "keep"}
	names := c.Section("metadata")
	fields := append([]record.Field{}, in.Schema.Fields()...)
	var problems component.Problems
	for _, m := range metadata {
		s.columns = append(s.columns, -1)
		if !names.Has(m.Name) {
			continue
		}
		name := names.Text(m.Name)
		if why := refuse(name, fields); why != "" {
			problems = append(problems, names.Problemf(m.Name, "%q %s", name, why))
			continue
		}
		s.columns[len(s.columns)-1] = len(fields)
		fields = append(fields, record.Field{Name: name, Type: m.Type})
		s.fields = append(s.fields, record.Field{Name: m.Name, Type: m.Type})
	}
	if problems != nil {
		return nil, problems
	}
	var err error
	if s.schema, err = record.NewSchema(fields...); err != nil {
		return nil, err
	}
	_, err = s.newDecoder(nil) // finds what the format does not know
	return s, err
}

// refuse says why a column cannot have a name beside others; "" is that it can.
func refuse(name string, beside []record.Field) string {
	if name == "" {
		return "is no name of a column"
	}
	for _, f := range beside {
		if f.Name == name {
			return "is the name of another column already; choose one of its own"
		}
	}
	return ""
}

func (s *Shape) newDecoder(read stream.Columns) (stream.MessageDecoder, error) {
	if read != nil {
		read = read[:s.values.Len()]
	}
	return s.format.NewMessageDecoder(stream.MessageContext{Schema: s.values, Patterns: s.patterns, Read: read})
}

// Schema returns the schema of the rows: the columns of the values, and behind them those
// of the metadata.
func (s *Shape) Schema() *record.Schema { return s.schema }

// MetadataAt returns which of the metadata a column of the schema is; false is none.
func (s *Shape) MetadataAt(column int) (which int, ok bool) {
	which = slices.Index(s.columns, column)
	return which, which >= 0
}

// Metadata implements stream.MessageSource for whoever embeds the shape.
func (s *Shape) Metadata() []record.Field { return s.fields }
