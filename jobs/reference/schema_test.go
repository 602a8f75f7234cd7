package reference_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/reference"
)

// validator returns a validator of the JSON Schema of job files.
func validator(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(reference.Schema(registry)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	if err := c.AddResource("job.json", schema); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("job.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate validates YAML as an editor does, to which keys are texts, even null.
func validate(s *jsonschema.Schema, text string) error {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		return err
	}
	nameKeys(&n)
	var v any
	if err := n.Decode(&v); err != nil {
		return err
	}
	return s.Validate(v)
}

// nameKeys makes texts of the keys of all maps below a node.
func nameKeys(n *yaml.Node) {
	for i, inner := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			inner.Tag = "!!str"
		}
		nameKeys(inner)
	}
}

// lint reports what weir itself finds wrong with a job.
func lint(text string) error {
	d, problems := document.Parse("job.yaml", []byte(text), document.Options{})
	if d == nil || problems != nil {
		return problems
	}
	if _, problems = compile.Compile(d, registry); problems != nil {
		return problems
	}
	return nil
}

func read(t *testing.T, pattern string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("there is nothing at %s (%v)", pattern, err)
	}
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(text)
	}
	return texts
}

// The schema accepts each job that weir accepts.
func TestSchemaAcceptsGoodJobs(t *testing.T) {
	s := validator(t)
	for _, pattern := range []string{"../examples/*.yaml", "../compile/testdata/good/*.yaml"} {
		for name, text := range read(t, pattern) {
			if err := validate(s, text); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// Of the bad jobs the schema refuses those of which the structure is wrong. What
// it cannot see is how parts refer to each other, what expressions mean, and how
// deep types are nested.
func TestSchemaRefusesBadJobs(t *testing.T) {
	s := validator(t)
	accepted := map[string]bool{
		"cycle.yaml": true, "deep.yaml": true, "event_time.yaml": true, "expressions.yaml": false, "patterns.yaml": true,
		"union.yaml": true, "unread.yaml": true, "zones.yaml": true,
	}
	for name, text := range read(t, "../compile/testdata/bad/*.yaml") {
		if err := validate(s, text); (err == nil) != accepted[name] {
			t.Errorf("%s: accepted %t: %v", name, err == nil, err)
		}
	}
}

const whole = `name: whole
sources:
  in:
    file: { path: in.csv, parallel: true }
    format: { csv: { delimiter: ';' } }
    schema: { at: timestamp(ms), k: string, n: int64 }
    event_time: { column: at, watermark_delay: 1d2h }
    on_error: drop
steps:
  - id: kept
    where: n > 0
    select: [at, k, n]
  - id: hourly
    union: [kept]
    key_by: [k]
    window: { hop: { size: 1h, slide: 30m }, allowed_lateness: 0 }
    aggregate: { rows: count(*), least: MIN(n) }
sinks:
  out: { input: hourly, file: { path: out }, format: csv }
  late: { input: hourly.late, print: }
checkpoint: { interval: 1m30s, retain: 3 }
parallelism: 2
`

// In one job that is right one thing at a time is changed. Weir and the schema
// agree about each.
func TestSchemaAgreesWithWeir(t *testing.T) {
	s := validator(t)
	if err := lint(whole); err != nil {
		t.Fatal(err)
	}
	if err := validate(s, whole); err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct {
		old, new string
		good     bool
	}{
		{"name: whole", "name: '${NAME:whole}'", true},
		{"name: whole", "name: not a name", false},
		{"name: whole", "name: 7", false},
		{"name: whole", "", false},
		{"path: in.csv", "path: [a.csv, b.csv]", true},
		{"path: in.csv", "path: 2013", true},
		{"path: in.csv, ", "", false},
		{"path: in.csv", "path: ''", false},
		{"path: in.csv", "path: [in.csv, ' ']", false},
		{"path: out", "path: ''", false},
		{"path: in.csv", "pth: in.csv", false},
		{"path: in.csv", "path: ", false},
		{"parallel: true", "parallel: 'true'", true},
		{"parallel: true", "parallel: yes", false},
		{"parallel: true", "parallel: 1", false},
		{"parallel: true", "compression: zstd", true},
		{"parallel: true", "compression: '${NONE:gzip}'", true},
		{"parallel: true", "compression: zip", false},
		{"parallel: true", "repeat: '7'", true},
		{"parallel: true", "repeat: 7.5", false},
		{"parallel: true", "repeat: many", false},
		{"parallel: true", "repeat: [7]", false},
		{"file: { path: in.csv, parallel: true }", "file: in.csv", false},
		{"file: { path: in.csv, parallel: true }", "datagen: {}", false},
		{"file: { path: in.csv, parallel: true }", "kafka: {}", false},
		{"file: { path: in.csv, parallel: true }\n    format: { csv: { delimiter: ';' } }", "datagen: { rows: 5, splits: 2 }", true},
		{"file: { path: in.csv, parallel: true }\n    format: { csv: { delimiter: ';' } }", "datagen: { rows: -1 }", false},
		{"file: { path: in.csv, parallel: true }\n    format: { csv: { delimiter: ';' } }", "datagen: { splits: 0 }", false},
		{"format: { csv: { delimiter: ';' } }", "format: csv", true},
		{"format: { csv: { delimiter: ';' } }", "format: { csv: }", true},
		{"format: { csv: { delimiter: ';' } }", "format: csw", false},
		{"format: { csv: { delimiter: ';' } }", "format: { csv: { delimter: ';' } }", false},
		{"format: { csv: { delimiter: ';' } }", "format: [csv]", false},
		{"format: { csv: { delimiter: ';' } }", "", false},
		{"timestamp(ms)", "timestamp('%Y-%m-%d %H:%M')", true},
		{"n: int64", "n: int46", false},
		{"n: int64", "n: ", false},
		{"column: at, ", "", false},
		{"watermark_delay: 1d2h", "watermark_delay: 2h3m4.5s", true},
		{"watermark_delay: 1d2h", "watermark_delay: 0", true},
		{"watermark_delay: 1d2h", "watermark_delay: 90", false},
		{"watermark_delay: 1d2h", "watermark_delay: 5 minutes", false},
		{"watermark_delay: 1d2h", "watermark_delay: -2h", false},
		{"watermark_delay: 1d2h", "delay: 1d2h", false},
		{"on_error: drop", "on_error: ignore", false},
		{"where: n > 0", "where: true", true},
		{"where: n > 0", "where: [n > 0]", false},
		{"select: [at, k, n]", "select: [at, k, n, 1 AS one, true AS yes]", true},
		{"select: [at, k, n]", "select: { at: at }", false},
		{"union: [kept]", "union: kept", true},
		{"union: [kept]", "union: [kept, { a: b }]", false},
		{"union: [kept]", "union: [kept]\n    input: kept", false},
		{"union: [kept]", "union: [kept.main]", false},
		{"id: hourly", "id: every hour", false},
		{"- id: hourly\n    union", "- union", false},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1h", true},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1h, session: 1h", false},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1h, offset: 5m", true},
		{"hop: { size: 1h, slide: 30m }", "session: 1h, offset: 5m", false},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1w, offset: -8h", true},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1w1d12h, offset: +1d", true},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1d, offset: -1w2d", true},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1d, offset: --8h", false},
		{"hop: { size: 1h, slide: 30m }", "tumble: -1h", false},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1d1w", false},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1mo", true},
		{"hop: { size: 1h, slide: 30m }", "tumble: +03mo, offset: -1d", true},
		{"hop: { size: 1h, slide: 30m }", "tumble: 10y, zone: Europe/Paris", true},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1d, zone: +05:30", true},
		{"hop: { size: 1h, slide: 30m }", "tumble: 0mo", false},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1month", false},
		{"hop: { size: 1h, slide: 30m }", "tumble: -1mo", false},
		{"hop: { size: 1h, slide: 30m }", "tumble: 1y6mo", false},
		{"hop: { size: 1h, slide: 30m }", "session: 1mo", false},
		{"hop: { size: 1h, slide: 30m }", "hop: { size: 1mo, slide: 1d }", false},
		{"hop: { size: 1h, slide: 30m }", "hop: { size: 2d, slide: 1d }, zone: Europe/Paris", false},
		{"hop: { size: 1h, slide: 30m }", "session: 1h, zone: Europe/Paris", false},
		{"hop: { size: 1h, slide: 30m }, ", "", false},
		{"slide: 30m", "slid: 30m", false},
		{", slide: 30m", "", false},
		{"    window: { hop: { size: 1h, slide: 30m }, allowed_lateness: 0 }\n", "", false},
		{"aggregate: { rows: count(*), least: MIN(n) }", "where: n > 1", false},
		{"aggregate: { rows: count(*), least: MIN(n) }", "aggregate: [count(*)]", false},
		{"count(*)", "the count", false},
		{"count(*)", "[count(*)]", false},
		{"print: }", "print: {} }", true},
		{"print: }", "print: { width: 7 } }", false},
		{"print: }", "print: , format: csv }", false},
		{"print: }", "print: , parallelism: 0 }", false},
		{"format: csv }", "parallelism: 3 }", false},
		{"path: out }", "path: out, roll_size: 1.5 GiB }", true},
		{"path: out }", "path: out, roll_size: 4096 }", true},
		{"path: out }", "path: out, roll_size: 64 megabytes }", false},
		{"path: out }", "path: out, roll_size: -1 }", false},
		{"interval: 1m30s", "interval: ", false},
		{"retain: 3", "retain: 0", false},
		{"retain: 3", "retain: 1001", false},
		{"retain: 3", "keep: 3", false},
		{"parallelism: 2\n", "parallelism: '${N:7}'\n", true},
		{"parallelism: 2\n", "parallelism: two\n", false},
		{"parallelism: 2\n", "paralelism: 2\n", false},
	} {
		if !strings.Contains(whole, change.old) {
			t.Fatalf("%q is not in the job", change.old)
		}
		text := strings.Replace(whole, change.old, change.new, 1)
		if err := lint(text); (err == nil) != change.good {
			t.Errorf("%s → %s: weir says %v", change.old, change.new, err)
		}
		if err := validate(s, text); (err == nil) != change.good {
			t.Errorf("%s → %s: the schema says %v", change.old, change.new, err)
		}
	}
}

// Types are names, lists of one and structs, in one another.
func TestSchemaOfTypes(t *testing.T) {
	s := validator(t)
	for text, good := range map[string]bool{
		"int32":                        true,
		"'decimal(12,2)'":              true,
		"list<string>":                 true,
		"struct<lat float64>":          true,
		"timestamp('%d.%m.%Y')":        true,
		"[string]":                     true,
		"[[int64]]":                    true,
		"{ lat: float64 }":             true,
		"[{ sku: string, n: [date] }]": true,
		"int":                          false,
		"[]":                           false,
		"[int64, string]":              false,
		"{}":                           false,
		"{ lat: float }":               false,
		"[{ sku: text }]":              false,
		"7":                            false,
	} {
		err := validate(s, strings.Replace(whole, "n: int64", "n: "+text, 1))
		if (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
}
