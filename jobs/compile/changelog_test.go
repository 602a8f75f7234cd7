package compile_test

import (
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// table is a source that declares a changelog; it is never run.
type table struct{ stream.Source }

func (table) Schema() *record.Schema {
	return record.MustSchema(record.Field{Name: "id", Type: record.Int64}, record.Field{Name: "name", Type: record.String})
}

func (table) Changelog() *stream.Changelog { return &stream.Changelog{Key: []string{"id"}} }

// TestChangelogs compiles jobs on a changelog, of which the built-in sources
// read none yet.
func TestChangelogs(t *testing.T) {
	registry := builtin.Registry()
	registry.Sources = append(registry.Sources, component.SourceType{
		Spec: component.Spec{Name: "table"},
		New:  func(component.Config, component.SourceInputs) (stream.Source, error) { return table{}, nil },
	})
	registry.Sinks = append(registry.Sinks, component.SinkType{
		Spec:      component.Spec{Name: "upsert"},
		Changelog: true,
		New:       func(component.Config, component.SinkInputs) (stream.Sink, error) { return nil, nil },
	})
	for _, c := range []struct{ name, steps, sink, want string }{
		{"an upserting sink takes it", "", "upsert: {}", ""},
		{"the key may be selected", "steps: [{ id: s, select: [id] }]", "upsert: {}", ""},
		{"an appending sink does not", "", "print: {}",
			"job.yaml:5:3: sinks.out: people is a changelog, whose rows replace and retract one another, and print only appends; " +
				"read an output whose rows are final"},
		{"nor behind a step", "steps: [{ id: s, where: id > 1 }]", "print: {}",
			"job.yaml:5:3: sinks.out: s is a changelog, whose rows replace and retract one another, and print only appends; " +
				"read an output whose rows are final"},
		{"the key may not be dropped", "steps: [{ id: s, select: [name] }]", "upsert: {}",
			`job.yaml:3:18: steps.s.select: drops "id", part of the key by which rows of the changelog replace one another`},
		{"the key may be renamed", "steps: [{ id: s, select: [name, id AS key] }]", "upsert: {}", ""},
		{"and not be computed", "steps: [{ id: s, select: [name, id % 10 AS id] }]", "upsert: {}",
			`job.yaml:3:33: steps.s.select: "id" is part of the key by which rows of the changelog replace one another, and id % 10 ` +
				`need not tell the same rows apart; select id as it is, too`},
		{"a filter by the key", "steps: [{ id: s, where: id > 1 }]", "upsert: {}", ""},
		{"a filter that an update may change", "steps: [{ id: s, where: name > 'm' }]", "upsert: {}",
			`job.yaml:3:25: steps.s.where: reads "name", which is not part of the key (id) by which rows of the changelog replace one ` +
				`another: where an update does not pass any more, the row before it would stay; filter by the key alone`},
		{"inputs without a common key", "steps: [{ id: s, union: [people, people] }]", "upsert: {}",
			`job.yaml:3:26: steps.s.union: people is a changelog whose rows replace one another by id, and rows of several inputs have ` +
				`no such key; read it in a step of its own` + "\n" +
				`job.yaml:3:34: steps.s.union: people is a changelog whose rows replace one another by id, and rows of several inputs have ` +
				`no such key; read it in a step of its own`},
		{"failures that an update may have", "steps: [{ id: s, select: [id, CAST(name AS int64) AS n], on_error: drop }]", "upsert: {}",
			`job.yaml:3:58: steps.s.on_error: CAST(name AS int64) may fail for an update, by "name": the row of the changelog that it ` +
				`replaces would stay; write fail, and compute what cannot fail`},
		{"windows", "steps: [{ id: s, key_by: [id], window: { tumble: 1h }, aggregate: { n: count(*) } }]", "upsert: {}",
			"job.yaml:3:15: steps.s.aggregate: reads a changelog, whose rows are later replaced and retracted; windows take rows that stay\n" +
				"job.yaml:3:32: steps.s.window: the rows have no event time, which a source gives them: event_time: { column: … }"},
	} {
		t.Run(c.name, func(t *testing.T) {
			input := "people"
			if c.steps != "" {
				input = "s"
			}
			text := "name: j\nsources: { people: { table: {} } }\n" + c.steps + "\nsinks: {\n  out: { input: " + input + ", " + c.sink + " } }\n"
			d, problems := document.Parse("job.yaml", []byte(text), document.Options{})
			if problems != nil {
				t.Fatal(problems)
			}
			_, problems = compile.Compile(d, registry)
			got := ""
			if problems != nil {
				got = problems.Error()
			}
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
