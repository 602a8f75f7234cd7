package compile_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
)

// everyKey is a job that has each key there is.
const everyKey = `name: every-key
sources:
  one:
    file: { path: [in, "*.csv"], parallel: true, compression: auto, repeat: 2, rows_per_second: 0 }
    format:
      csv: { delimiter: ";", quote: "'", quotes: lenient, escape: '\', header: [at, k, n], skip: 1, comment: "#", trim: true, null: [NA],
        decimal: ",", thousands: ".", line_end: lf }
    schema: { at: timestamp, k: string, n: int64 }
    event_time: { column: at, watermark_delay: 1h, idle_after: 1m, align_within: 1h }
    on_error: drop
    on_damage: skip
    parallelism: 2
  two:
    file: { path: inbox, watch: 2s }
    format: { json: { require_keys: true, rows: "$.items[*]" } }
    schema: { at: timestamp, list: [int64], deep: { a: int64 } }
    event_time: { expression: at }
  three:
    datagen: { rows: 3, rows_per_second: 0, seed: 1, splits: 1, columns: [n = sequence()] }
    schema: { n: int64 }
  four:
    history: { file: { path: old }, format: csv, schema: { at: timestamp, n: int64 } }
    then: { datagen: {} }
    switch_at: 2024-03-01
    schema: { at: timestamp, n: int64 }
    event_time: { column: at, watermark_delay: 1h }
steps:
  - id: kept
    input: one
    where: n > 0
    select: [at, k, n]
    on_error: drop
    parallelism: 2
  - id: hourly
    union: [kept, one]
    key_by: [k]
    window: { tumble: 1d, zone: Europe/Paris, offset: 5m, allowed_lateness: 0s, emit: final }
    late_rows: any_window
    aggregate: { rows: count(*) }
  - { id: hops, input: one, window: { hop: { size: 1h, slide: 30m } }, aggregate: { rows: count(*) } }
  - { id: sessions, input: one, window: { session: 1h }, aggregate: { rows: count(*) } }
  - { id: each, input: two, unnest: list AS n }
sinks:
  files:
    input: hourly
    file: { path: out, if_exists: append, compression: none, roll_size: 1KiB, roll_every: 1m }
    format: csv
    parallelism: 1
  shown: { input: hops, print: {} }
  more: { input: sessions, blackhole: {} }
  most: { input: each, blackhole: {} }
  rest: { input: three, blackhole: {} }
  old: { input: four, blackhole: {} }
checkpoint: { interval: 1s, retain: 2, commit_timeout: 1h }
restart: { delay: 1s, max_delay: 1m, most: 3, within: 1h }
parallelism: 1
memory: 1GiB
row_store: files
buffer_timeout: 5ms
`

// TestBlankValues makes one value after the other of a job empty, as a variable does
// that is set to nothing. Each is refused, in its place or that of its list.
func TestBlankValues(t *testing.T) {
	if _, problems := load("job.yaml", everyKey); problems != nil {
		t.Fatal(problems)
	}
	parse := func() *document.Node {
		d, _ := document.Parse("job.yaml", []byte(everyKey), document.Options{})
		return d.Root
	}
	for i := range scalars(nil, parse(), nil) {
		for _, blank := range []string{"", " \t"} {
			d, _ := document.Parse("job.yaml", []byte(everyKey), document.Options{})
			value := scalars(nil, d.Root, nil)[i]
			was := value.Text
			value.Text = blank
			_, problems := compile.Compile(d, builtin.Registry())
			if !slices.ContainsFunc(problems, func(p component.Problem) bool { return p.At == value.At() || p.At == value.list.At() }) {
				t.Errorf("%v: %q in the place of %q: %v", value.At(), blank, was, problems)
			}
		}
	}
}

// scalar is a single value, and the list that it is in if there is one.
type scalar struct {
	*document.Node
	list *document.Node
}

// scalars appends the single values below a node.
func scalars(all []scalar, n, list *document.Node) []scalar {
	if n.Kind == document.Scalar {
		return append(all, scalar{n, list})
	}
	for _, item := range n.Items {
		all = scalars(all, item, n)
	}
	for _, e := range n.Entries {
		all = scalars(all, e.Value, e.Value)
	}
	return all
}

// TestEveryKey holds everyKey to its name.
func TestEveryKey(t *testing.T) {
	registry := builtin.Registry()
	d, _ := document.Parse("job.yaml", []byte(everyKey), document.Options{})
	left := map[string]bool{}
	eachKey(compile.Spec(registry), nil, func(key string) { left[key] = true })
	if len(left) < 60 {
		t.Errorf("there are only %d keys", len(left))
	}
	eachKey(compile.Spec(registry), d.Root, func(key string) { delete(left, key) })
	if len(left) > 0 {
		t.Errorf("it lacks %q", slices.Sorted(maps.Keys(left)))
	}
}

// eachKey calls f with the keys that a spec declares and a node has, or with all that
// are declared for nil.
func eachKey(spec *component.Spec, n *document.Node, f func(key string)) {
	for _, field := range spec.Fields {
		value := n.Get(field.Name)
		if n != nil && value == nil {
			continue
		}
		f(spec.Name + "." + field.Name)
		switch {
		case field.Spec == nil:
		case n == nil:
			eachKey(field.Spec, nil, f)
		case field.Kind == component.SectionList:
			for _, item := range value.Items {
				eachKey(field.Spec, item, f)
			}
		case field.Kind == component.SectionMap:
			for _, e := range value.Entries {
				eachKey(field.Spec, e.Value, f)
			}
		default:
			eachKey(field.Spec, value, f)
		}
	}
}
