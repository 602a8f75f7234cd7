package compile

import (
	"strings"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
)

// eventTime is what a job file says about the event time of a source.
type eventTime struct {
	section    section
	column     *document.Node // nil in a source without event time, and beside an expression
	expression *document.Node // nil where there is none
	parsed     *expr.Expr     // the expression; nil after a problem
	delay      *document.Node // the watermark_delay; nil where there is none
	graph.EventTime
	reads []string // the columns of the schema that it is made of
}

func (src *source) readEventTime(s section) {
	t := s.section("event_time")
	src.eventTime = eventTime{
		section: t, column: t.scalar("column"), expression: t.scalar("expression"), delay: t.scalar("watermark_delay"),
		EventTime: graph.EventTime{Column: -1, IdleAfter: t.duration("idle_after"), AlignWithin: t.duration("align_within")},
	}
	src.eventTime.Delay, src.eventTime.Complete = t.durationOr("watermark_delay")
	if n := src.eventTime.expression; n != nil {
		src.eventTime.parsed = t.parse("expression", n)
	}
}

// given reports whether the job file says what the event time is, rightly or not.
func (t *eventTime) given() bool { return t.column != nil || t.expression != nil }

// resolve finds the event time among the columns of a schema, or types its expression.
// After a problem there is none.
func (t *eventTime) resolve(schema *record.Schema) {
	t.Column, t.Fields, t.Expression, t.reads = -1, nil, nil, nil
	switch {
	case t.column != nil:
		t.find(schema)
	case t.parsed != nil:
		checked, errs := expr.Check(t.parsed, schema)
		t.section.expressionProblems("expression", t.expression, errs)
		if errs == nil {
			t.compute(checked, schema)
		}
	}
}

// find finds the column: one of the schema, or a field of a struct.
func (t *eventTime) find(schema *record.Schema) {
	column := t.column
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
	text := expr.Name(name)
	for nested {
		name, rest, nested = strings.Cut(rest, ".")
		fields := fieldsOf(typ)
		f := fields.Index(name)
		if f < 0 {
			t.section.problem(column.At(), "column", "%q: %v has no field %q%s", column.Text, typ, name, component.Suggest(name, fields.Names()))
			return
		}
		path, typ = append(path, f), fields.Field(f).Type
		text += "." + expr.Name(name)
	}
	switch typ {
	case record.Timestamp:
		t.Column, t.Fields, t.reads = i, path, []string{schema.Field(i).Name}
	case record.Date:
		t.computeMidnight(text, schema)
	default:
		t.section.problem(column.At(), "column", "%q is %v; event time is a timestamp or a date: %s", column.Text, typ, declaredTime(typ))
	}
}

// compute takes an expression for the event time. A date is its first moment in UTC.
func (t *eventTime) compute(checked *expr.Checked, schema *record.Schema) {
	switch typ := checked.Type(); typ {
	case record.Timestamp:
		t.Expression = plan.TimeOf(checked)
		for _, i := range checked.Columns() {
			t.reads = append(t.reads, schema.Field(i).Name)
		}
	case record.Date:
		t.computeMidnight(checked.String(), schema)
	default:
		t.section.problem(t.expression.At(), "expression", "it is %v; event time is a timestamp or a date: %s", typ, computedTime(typ))
	}
}

// computeMidnight takes the beginning of a date for the event time.
func (t *eventTime) computeMidnight(date string, schema *record.Schema) {
	e, errs := expr.Parse("CAST(" + date + " AS timestamp)")
	var checked *expr.Checked
	if errs == nil {
		checked, errs = expr.Check(e, schema)
	}
	if errs != nil { // it is nested as deep as may be
		t.section.problem(t.section.at, "", "%s", errs[0].Message)
		return
	}
	t.compute(checked, schema)
}

// declaredTime says how a column of another type can be a time.
func declaredTime(t record.Type) string {
	switch {
	case t == record.String:
		return "declare it so in the schema, with a pattern where it is not RFC 3339, such as timestamp('%d.%m.%Y %H:%M')"
	case isNumber(t):
		return "declare it in the schema as timestamp(s), timestamp(ms), timestamp(us) or timestamp(ns)"
	}
	return "name another column, or compute it: expression: CAST(day || 'T' || clock || 'Z' AS timestamp)"
}

// computedTime says how to make a time of a value of another type.
func computedTime(t record.Type) string {
	switch {
	case t == record.String:
		return "write CAST(x AS timestamp), or to_timestamp(x, '%d.%m.%Y %H:%M') where it is not RFC 3339"
	case isNumber(t):
		return "write to_timestamp(x) for seconds since 1970, or epoch_ms(x) or epoch_us(x)"
	}
	return "write one such as CAST(day || 'T' || clock || 'Z' AS timestamp)"
}

func isNumber(t record.Type) bool {
	return t == record.Int32 || t == record.Int64 || t == record.Float64 || t.Kind == record.KindDecimal
}

// fieldsOf returns the fields of a struct; other types have none.
func fieldsOf(t record.Type) *record.Schema {
	if t.Kind != record.KindStruct {
		return record.MustSchema()
	}
	return record.MustSchema(t.Fields()...)
}

// timeText draws what the event time of a row is made of: which column, or which
// expression, and how the schema has the columns of it read. It is empty in a source
// without event time.
func (src *source) timeText(s section) string {
	t := &src.eventTime
	var text, before string
	switch {
	case t.column != nil:
		text, before = "event time "+t.column.Text, " "
	case t.Expression != nil:
		text, before = "event time "+t.Expression.String(), "; "
	}
	for _, name := range t.reads {
		typ := s.node.Get("schema").Get(name)
		if typ == nil {
			continue // the source brings it along
		}
		if text += before; t.column == nil {
			text += expr.Name(name) + " "
		}
		text += typ.String()
	}
	return text
}
