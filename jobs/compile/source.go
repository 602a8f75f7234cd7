package compile

import (
	"cmp"
	"slices"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// source is what a job file says about a source.
type source struct {
	connector   *component.SourceType // nil where none is named rightly
	config      component.Config
	configured  bool // nothing is wrong with config
	format      stream.Format
	schema      *record.Schema
	patterns    []stream.Pattern
	described   *record.Schema // by the source itself; nil where it does not
	eventTime   eventTime
	onError     stream.OnError
	skipDamage  bool
	parallelism int
	valid       bool
	// parts are history and then, of a source of two parts. Such a part has its connector
	// with config, format and schema.
	parts   []*source
	section section // of a part
}

func (c *compiler) readSource(p *vertex, n *document.Node, spec *component.Spec) {
	before := len(c.problems)
	s := newSection(&c.problems, p.section.name, p.at, n, spec)
	src := &source{
		onError:     stream.OnError(s.option("on_error")),
		skipDamage:  s.option("on_damage") == 1,
		parallelism: s.integer("parallelism"),
	}
	p.section, p.declared = s, src
	if e := s.choice(); e != nil && e.Key == historyKey && c.registry.NewHistory != nil {
		c.readHistory(s, src)
	} else if e != nil {
		src.connector = c.registry.Source(e.Key)
		src.config, src.configured = configure(s, &src.connector.Spec, *e)
		src.format = c.readFormat(s, false, src.connector.Messages)
	}
	src.readSchema(s)
	src.describe(c, s)
	src.readEventTime(s)
	src.valid = len(c.problems) == before
}

func (src *source) readSchema(s section) {
	n := s.value("schema")
	switch {
	case n == nil:
	case n.Kind != document.Map:
		s.problem(n.At(), "schema", "takes a map such as { origin: string, flights: int64 }, not %s", n.Kind)
	default:
		fields, patterns := s.readFields("schema", n)
		for _, f := range fields {
			if f.Type.Depth() > record.MaxTypeDepth {
				s.problem(n.Get(f.Name).At(), "schema."+f.Name, "types are nested more than %d deep", record.MaxTypeDepth)
			}
		}
		if fields != nil {
			src.schema, src.patterns = record.MustSchema(fields...), patterns // the keys of a map are distinct
		}
	}
}

func (src *source) offers(o stream.Output) (bool, string) {
	if o == stream.DeadLetter && src.onError != stream.ToDeadLetter {
		return false, "it makes no dead letters; write on_error: dead_letter there"
	}
	return o != stream.Late, "only steps with a window have late rows"
}

func (src *source) build(c *compiler, p *vertex) {
	if !src.valid {
		src.offerDeclared(p)
		return
	}
	s, err := src.connector.New(src.config, component.SourceInputs{
		Step: p.id, Format: src.format, Schema: src.schema, Patterns: src.patterns,
	})
	if err != nil {
		p.section.failed(cmp.Or(src.config.At(""), p.at), err)
		return
	}
	schema := s.Schema()
	if src.eventTime.given() {
		src.eventTime.resolve(schema)
		src.chooseMode()
	}
	node := &plan.Source{
		Base:       plan.Base{Name: plan.Name{Step: p.id}, Parallelism: src.parallelism},
		Connector:  src.about(p.section),
		Columns:    schema,
		HasTime:    src.eventTime.given(), // a wrong one is a problem already
		EventTime:  src.eventTime.EventTime,
		OnError:    src.onError,
		SkipDamage: src.skipDamage,
		Bounded:    src.extent() == component.Bounded,
		Reader:     s,
	}
	if src.format != nil {
		node.Records = &graph.Records{Format: src.format, Schema: src.schema, Patterns: src.patterns}
		if m, ok := s.(stream.MessageSource); ok && src.connector.Messages {
			node.Records.Messages, node.Records.Metadata = true, m.Metadata()
		}
	}
	if splits := src.connector.Splits; splits != nil {
		node.Splits = splits(src.config)
	}
	c.add(p, node)
}

// definition returns what the positions of a source depend on, which is where and how
// it reads, its connector and format; what the times of its splits depend on; and what
// only its rows do.
func (src *source) definition(s section) stream.Definition {
	s.node = src.withoutMode(s.node)
	d := define(s, func(key string) stream.Bearing {
		if key == src.connector.Spec.Name || key == "format" || key == thenKey || key == switchKey {
			return stream.Whole
		}
		return stream.Rows
	})
	if order := src.connector.Order; order != nil && order(src.config) != "" {
		d = append(d, stream.Clause{Text: order(src.config)})
	}
	if text := src.timeText(s); text != "" {
		d = append(d, stream.Clause{Text: text, Bears: stream.Time})
	}
	if src.eventTime.Complete {
		d = append(d, stream.Clause{Text: completeText, Bears: stream.Time})
	}
	return d
}

// withoutMode returns a source that is complete without the key watermark_delay: that is a
// clause of its own, whether it is written or not.
func (src *source) withoutMode(n *document.Node) *document.Node {
	if !src.eventTime.Complete {
		return n
	}
	kept := *n
	kept.Entries = slices.Clone(n.Entries)
	for i := range kept.Entries {
		if e := &kept.Entries[i]; e.Key == "event_time" {
			inner := *e.Value
			inner.Entries = slices.DeleteFunc(slices.Clone(inner.Entries), func(e document.Entry) bool { return e.Key == "watermark_delay" })
			e.Value = &inner
		}
	}
	return &kept
}

// offerDeclared offers the columns that a source with a problem declares, so
// that those who read it are checked all the same.
func (src *source) offerDeclared(p *vertex) {
	if src.schema == nil || src.connector != nil && src.connector.Messages {
		return // what is known of messages may be columns, too
	}
	src.eventTime.resolve(src.schema)
	p.node = &plan.Source{
		Base: plan.Base{Name: plan.Name{Step: p.id}}, Columns: src.schema, HasTime: p.section.has("event_time"), OnError: src.onError,
	}
}
