// Package bus is a made-up message broker for tests. Its source is in job files like any
// other, under the key bus, and makes use of all that a source of messages may do.
package bus

import (
	"github.com/weirstream/weir/connectors/message"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Bus is a broker with one topic, which has been written to its end.
type Bus struct {
	Partitions [][]Message
	// Endless says that more may always come, though nothing does.
	Endless bool
	// Describe returns the columns of the values, which it knows itself; nil: it does not.
	Describe func() (*record.Schema, error)
	// Filters says that the source takes conditions on places and times.
	Filters bool
}

// Message is a message of a bus.
type Message struct {
	Key     []byte // nil is none
	Value   []byte // nil is a tombstone
	Headers []Header
	At      record.Time
}

// Header is a header of a message.
type Header struct{ Name, Value string }

// The metadata of a message, in the order of metadata.
const (
	key = iota
	headers
	timestamp
	partition
	offset
)

var metadata = []message.Metadata{
	{Name: "key", Summary: "Its key.", Type: record.Bytes},
	{Name: "headers", Summary: "Its headers.", Type: message.Headers},
	{Name: "timestamp", Summary: "When it was written.", Type: record.Timestamp},
	{Name: "partition", Summary: "The partition that it is in.", Type: record.Int32},
	{Name: "offset", Summary: "Its place there.", Type: record.Int64},
}

// SourceType declares the source of the bus.
func (b *Bus) SourceType() component.SourceType {
	t := component.SourceType{
		Spec: component.Spec{
			Name: "bus", Summary: "Reads the topic of a bus that a test has made.", Fields: message.Fields(metadata),
		},
		Formatted: true,
		Messages:  true,
		Splits:    func(component.Config) bool { return true },
		Extent: func(component.Config) component.Extent {
			if b.Endless {
				return component.Endless
			}
			return component.Bounded
		},
		New: func(c component.Config, in component.SourceInputs) (stream.Source, error) {
			shape, err := message.NewShape(c, in, metadata)
			return &source{Shape: shape, bus: b}, err
		},
	}
	if b.Describe != nil {
		t.Describe = func(component.Config) (*record.Schema, error) { return b.Describe() }
	}
	return t
}
