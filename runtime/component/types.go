package component

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// SourceType declares a source and makes it from its configuration.
type SourceType struct {
	Spec Spec
	// Formatted says that the source reads bytes and needs a format and a schema.
	Formatted bool
	// Messages says that what it reads is messages, each of which the format decodes by
	// itself: it is a stream.MessageSource.
	Messages bool
	// Describe returns the columns that a source has by its keys, where it knows them itself,
	// as a table does: the job need not say them then, and may pick some. It is called when
	// the job is read, and may ask the outside. nil is that the job says them.
	Describe func(Config) (*record.Schema, error)
	// Splits reports whether rows may come from several splits; nil is never.
	Splits func(Config) bool
	// Extent says whether its input ends, by what the keys declare; nil is [Endless].
	Extent func(Config) Extent
	// Order says by which rule the source reads what its keys name, where positions
	// would mean something else under another rule; nil or "" is by none. It is part of
	// the source's definition.
	Order func(Config) string
	// Caveats says what of the rows, or of recovery, depends on more than the
	// data, a sentence each; nil is nothing.
	Caveats func(Config) []string
	New     func(Config, SourceInputs) (stream.Source, error)
}

// Extent says whether the input of a source ends.
type Extent uint8

// What there is to know of it before it is read.
const (
	Endless Extent = iota // more may always come
	Open                  // nobody knows, as of a pipe
	Bounded               // what is there when the job begins, or a part of it, is all
)

// SourceInputs is what a job says about a source besides its own keys.
type SourceInputs struct {
	Step     string           // the id of the source in the job
	Format   stream.Format    // nil unless the source is Formatted
	Schema   *record.Schema   // as the job declares it, or the source describes it; nil where neither does
	Patterns []stream.Pattern // per field of Schema
}

// SinkType declares a sink and makes it from its configuration.
type SinkType struct {
	Spec      Spec
	Formatted bool
	// Messages says that each row is a message, which the format encodes by itself.
	Messages bool
	// Changelog says that the sink applies row kinds; others only append.
	Changelog bool
	// Refuses says that the destination may refuse single rows, so that on_error decides on them.
	Refuses bool
	// Caveats says what of the output depends on more than the rows, a sentence
	// each; nil is nothing.
	Caveats func(Config) []string
	New     func(Config, SinkInputs) (stream.Sink, error)
}

// SinkInputs is what a job says about a sink besides its own keys.
type SinkInputs struct {
	Step   string
	Format stream.Format  // nil unless the sink is Formatted
	Schema *record.Schema // of the rows that arrive
}

// FormatType declares a format and makes it from its configuration.
type FormatType struct {
	Spec Spec
	New  func(Config) (stream.Format, error)
	// Writes finds what is wrong with the keys where the format is that of a sink; nil
	// is nothing.
	Writes func(Config) error
	// Carries finds what is wrong with the keys where the records are messages, each by
	// itself; nil is nothing.
	Carries func(Config) error
}

// Make makes the format with the values given for some keys, as programs do that
// have no job file.
func (t *FormatType) Make(given map[string]string) (stream.Format, error) {
	config, problems := NewConfig(&t.Spec, Position{}, Given(given))
	if problems != nil {
		return nil, problems
	}
	return t.New(config)
}
