// Package builtin is the table of the components that job files can name, and the
// only package that names connectors. A new connector or format is one line here.
package builtin

import (
	"github.com/weirstream/weir/connectors/blackhole"
	"github.com/weirstream/weir/connectors/console"
	"github.com/weirstream/weir/connectors/datagen"
	"github.com/weirstream/weir/connectors/files"
	"github.com/weirstream/weir/connectors/format/csv"
	"github.com/weirstream/weir/connectors/format/json"
	"github.com/weirstream/weir/connectors/history"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// Registry returns what this binary contains, in the order that messages list it.
// It is the caller's to change.
func Registry() *component.Registry {
	return &component.Registry{
		Sources: []component.SourceType{files.SourceType, datagen.SourceType},
		Sinks:   []component.SinkType{files.SinkType, console.SinkType, blackhole.SinkType},
		Formats: []component.FormatType{csv.Type, json.Type},
		Open:    files.Open,

		NewHistory: history.New,
		NewHead:    func(schema *record.Schema, limit int) component.Head { return console.NewHead(schema, limit) },
	}
}
