package compile

import (
	"errors"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is sources of two parts: a history that ends, and what goes on from there.

const (
	historyKey = "history"
	thenKey    = "then"
	switchKey  = "switch_at"
)

// historyFields declares the keys of a source of two parts.
func historyFields(r *component.Registry, format *component.Spec) []component.Field {
	if r.NewHistory == nil {
		return nil
	}
	part := &component.Spec{
		Name: "part", Summary: "One of the two inputs of a source: where it reads from, and how rows are written there.",
		Examples: []component.Example{{Title: "What is in an archive, and then what comes into a folder",
			YAML: `history: { file: { path: archive/ }, format: csv }
then: { file: { path: inbox/, watch: 2s }, format: json }
switch_at: "2024-03-01T00:00:00Z"
schema: { at: timestamp, item: string }
event_time: { column: at, watermark_delay: 10s }`}},
	}
	for i := range r.Sources {
		t := &r.Sources[i]
		part.Fields = append(part.Fields, connectorField(&t.Spec, t.Formatted, false))
	}
	part.Fields = append(part.Fields, formatField(format), component.Field{
		Name: "schema", Summary: "The columns of this part, where they are not those of the source.", Kind: component.TypeMap, Spec: schemaSpec(),
		Example: "{ at: timestamp(ms), origin: string }",
	})
	return []component.Field{
		{Name: historyKey, Summary: "What is read first, to its end, before the source goes on with `then`. Its input ends: files, for example.",
			Kind: component.Section, Spec: part, Choice: true,
			Needs: []component.Beside{{Key: thenKey, Why: "what the source goes on with, where history has ended"}}},
		{Name: thenKey, Summary: "What the source goes on with. Where it begins is taken down when the job begins, so that nothing is " +
			"missed of what comes while history is read. Columns that only one of the two has are NULL in the other.",
			Kind: component.Section, Spec: part,
			Needs: []component.Beside{{Key: historyKey, Why: "what comes before it; without, write it by itself"}}},
		{Name: switchKey, Summary: "The event time at which the source goes from one to the other: a row of history counts if it is before, " +
			"and one of then if it is not. So rows that are in both count once. Those that do not count are skipped, and counted so. Without it " +
			"all rows of both count.",
			Kind: component.Text, Example: `"2024-03-01T00:00:00Z"`,
			Needs: []component.Beside{{Key: historyKey, Why: "it is where that ends"},
				{Key: "event_time", Why: "by which it parts the rows, such as event_time: { column: at }"}}},
	}
}

// readHistory reads the two parts, and makes a connector of them.
func (c *compiler) readHistory(s section, src *source) {
	src.parts = []*source{c.readPart(s, historyKey), c.readPart(s, thenKey)}
	if history := src.parts[0]; history.connector != nil && history.configured && history.extent() != component.Bounded {
		s.problem(s.keyAt(historyKey), historyKey, "%s %s, and then would never begin; give one whose input ends", history.connector.Spec.Name,
			map[component.Extent]string{component.Endless: "has no end", component.Open: "may have no end"}[history.extent()])
	}
	at := s.moment(switchKey)
	src.connector = &component.SourceType{
		Spec:   component.Spec{Name: historyKey},
		Splits: func(component.Config) bool { return true },
		Extent: func(component.Config) component.Extent {
			if then := src.parts[1]; then.connector != nil {
				return then.extent()
			}
			return component.Endless
		},
		Order: func(component.Config) string {
			if order := src.parts[0].connector.Order; order != nil {
				return order(src.parts[0].config)
			}
			return ""
		},
		Caveats: src.partCaveats,
		New: func(_ component.Config, in component.SourceInputs) (stream.Source, error) {
			var made [2]stream.Source
			for i, p := range src.parts {
				var err error
				if made[i], err = p.make(in); err != nil {
					return nil, err
				}
			}
			return c.registry.NewHistory(made[0], made[1], at)
		},
	}
}

// readPart reads one of the two parts.
func (c *compiler) readPart(s section, key string) *source {
	p := &source{}
	if s.node.Get(key) == nil {
		return p // a problem already
	}
	own := s.section(key)
	p.section = own
	if e := own.choice(); e != nil {
		p.connector = c.registry.Source(e.Key)
		p.config, p.configured = configure(own, &p.connector.Spec, *e)
		p.format = c.readFormat(own, false, p.connector.Messages)
	}
	p.readSchema(own)
	p.describe(c, own)
	if p.connector != nil && p.connector.Formatted && p.connector.Describe == nil && !own.has("schema") && !s.has("schema") {
		own.problem(own.at, "", "needs a schema, here or for the source as a whole: the columns to read and their types, such as "+
			"schema: { origin: string }")
	}
	return p
}

// make makes the source of a part.
func (src *source) make(in component.SourceInputs) (stream.Source, error) {
	schema, patterns := src.schema, src.patterns
	if schema == nil {
		schema, patterns = in.Schema, in.Patterns
	}
	made, err := src.connector.New(src.config, component.SourceInputs{Step: in.Step, Format: src.format, Schema: schema, Patterns: patterns})
	var one component.Problem
	var many component.Problems
	if err != nil && !errors.As(err, &one) && !errors.As(err, &many) {
		err = component.Problem{At: src.config.At(""), Message: fmt.Sprintf("%s: %v", src.section.name, err)}
	}
	return made, err
}

// partCaveats says what of either part depends on more than the data.
func (src *source) partCaveats(component.Config) (all []string) {
	for _, p := range src.parts {
		if p.connector.Caveats != nil {
			all = append(all, p.connector.Caveats(p.config)...)
		}
	}
	return all
}

// moment returns the value of a key that takes a time or a date, which is its first moment
// in UTC; nil where there is none.
func (s section) moment(key string) *record.Time {
	if s.spec.Field(key) == nil {
		return nil
	}
	n := s.scalar(key)
	if n == nil {
		return nil
	}
	if day, err := time.Parse(time.DateOnly, n.Text); err == nil {
		t := record.TimeOf(day)
		return &t
	}
	t, err := record.ParseTime([]byte(n.Text))
	if err != nil {
		s.problem(n.At(), key, "%q is neither a date such as 2013-01-05 nor a time such as 2013-01-05T18:00:00Z", n.Text)
		return nil
	}
	return &t
}
