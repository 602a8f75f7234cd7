// Package builtin is the table of the components that job files can name. A new
// connector or format is one line here.
package builtin

import (
	"github.com/weirstream/weir/connectors/blackhole"
	"github.com/weirstream/weir/connectors/console"
	"github.com/weirstream/weir/connectors/datagen"
	"github.com/weirstream/weir/connectors/files"
	"github.com/weirstream/weir/connectors/format/csv"
	"github.com/weirstream/weir/connectors/format/json"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/runtime/component"
)

// Registry returns what this binary contains, in the order that messages list it.
func Registry() compile.Registry {
	return compile.Registry{
		Sources: []component.SourceType{files.SourceType, datagen.SourceType},
		Sinks:   []component.SinkType{files.SinkType, console.SinkType, blackhole.SinkType},
		Formats: []component.FormatType{csv.Type, json.Type},
	}
}
