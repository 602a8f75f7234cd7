package compile

import (
	"strings"

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
	format      stream.Format
	schema      *record.Schema
	patterns    []stream.Pattern
	eventTime   eventTime
	onError     stream.OnError
	skipDamage  bool
	parallelism int
	valid       bool
}

type eventTime struct {
	section section
	column  *document.Node // nil in a source without event time
	delay   *document.Node // the watermark_delay; nil where there is none
	graph.EventTime
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
	if e := s.choice(); e != nil {
		src.connector = c.registry.Source(e.Key)
		src.config, _ = configure(s, &src.connector.Spec, *e)
		src.format = c.readFormat(s, false)
	}
	src.readSchema(s)
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

func (src *source) readEventTime(s section) {
	t := s.section("event_time")
	src.eventTime = eventTime{section: t, column: t.scalar("column"), delay: t.scalar("watermark_delay")}
	e := graph.EventTime{Column: -1, IdleAfter: t.duration("idle_after")}
	e.Delay, e.Complete = t.durationOr("watermark_delay")
	src.eventTime.EventTime = e
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
		p.section.failed(src.config.At(""), err)
		return
	}
	schema := s.Schema()
	if column := src.eventTime.column; column != nil {
		src.eventTime.find(column, schema)
		src.chooseMode()
	}
	node := &plan.Source{
		Base:       plan.Base{Name: plan.Name{Step: p.id}, Parallelism: src.parallelism},
		Connector:  src.about(p.section),
		Columns:    schema,
		HasTime:    src.eventTime.column != nil, // a wrong column is a problem already
		EventTime:  src.eventTime.EventTime,
		OnError:    src.onError,
		SkipDamage: src.skipDamage,
		Bounded:    src.extent() == component.Bounded,
		Reader:     s,
	}
	if src.format != nil {
		node.Records = &graph.Records{Format: src.format, Schema: src.schema, Patterns: src.patterns}
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
	d := define(s, func(key string) stream.Bearing {
		if key == src.connector.Spec.Name || key == "format" {
			return stream.Whole
		}
		return stream.Rows
	})
	if order := src.connector.Order; order != nil && order(src.config) != "" {
		d = append(d, stream.Clause{Text: order(src.config)})
	}
	if text := src.time(s); text != "" {
		d = append(d, stream.Clause{Text: text, Bears: stream.Time})
	}
	if src.eventTime.Complete {
		d = append(d, stream.Clause{Text: completeText, Bears: stream.Time})
	}
	return d
}

// time draws what the event time of a row is made of: which column, and how that is
// read. It is empty in a source without event time.
func (src *source) time(s section) string {
	column := src.eventTime.column
	if column == nil {
		return ""
	}
	text := "event time " + column.Text
	if schema := s.node.Get("schema"); schema != nil {
		name := column.Text
		if src.schema.Index(name) < 0 {
			name, _, _ = strings.Cut(name, ".")
		}
		if t := schema.Get(name); t != nil {
			text += " " + t.String()
		}
	}
	return text
}

// offerDeclared offers the columns that a source with a problem declares, so
// that those who read it are checked all the same.
func (src *source) offerDeclared(p *vertex) {
	if src.schema == nil {
		return
	}
	if column := src.eventTime.column; column != nil {
		src.eventTime.find(column, src.schema)
	}
	p.node = &plan.Source{
		Base: plan.Base{Name: plan.Name{Step: p.id}}, Columns: src.schema, HasTime: p.section.has("event_time"), OnError: src.onError,
	}
}

// find finds the event time among the columns: one of them, or a field of a
// struct. After a problem there is none.
func (t *eventTime) find(column *document.Node, schema *record.Schema) {
	t.Column, t.Fields = -1, nil
	name, rest, nested := column.Text, "", false
	if schema.Index(name) < 0 {
		name, rest, nested = strings.Cut(name, ".")
	}
	i := schema.Index(name)
	if i < 0 {
		t.section.problem(column.At(), "column", "there is no column %q%s", name, component.Known(name, schema.Names()))
		return
	}
	typ := schema.Field(i).Type
	var path []int
	for nested {
		name, rest, nested = strings.Cut(rest, ".")
		fields := fieldsOf(typ)
		f := fields.Index(name)
		if f < 0 {
			t.section.problem(column.At(), "column", "%q: %v has no field %q%s", column.Text, typ, name, component.Suggest(name, fields.Names()))
			return
		}
		path, typ = append(path, f), fields.Field(f).Type
	}
	if typ != record.Timestamp {
		t.section.problem(column.At(), "column", "%q is %v; event time is a timestamp", column.Text, typ)
		return
	}
	t.Column, t.Fields = i, path
}

// fieldsOf returns the fields of a struct; other types have none.
func fieldsOf(t record.Type) *record.Schema {
	if t.Kind != record.KindStruct {
		return record.MustSchema()
	}
	return record.MustSchema(t.Fields()...)
}
