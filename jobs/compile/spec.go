package compile

import (
	"slices"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// MaxParallelism is how many subtasks a step may have: each pair of subtasks that
// exchange rows has a queue of its own.
const MaxParallelism = 1024

// Spec declares all that a job file can say when it can name the components of a
// registry. What it says of a key is what is checked, and what the reference and
// the JSON Schema of job files show.
func Spec(r *component.Registry) *component.Spec {
	format := formatSpec(r)
	return &component.Spec{
		Name:    "job",
		Summary: "A job file says where rows come from, what is done to them, and where they go.",
		Details: jobDetails,
		Fields: []component.Field{
			{Name: "name", Summary: "What the job is called, in at most 100 letters, digits, _ and -. Its checkpoints carry the " +
				"name.", Kind: component.Identifier, Required: true, Example: "departure-delays"},
			{Name: "sources", Summary: "Where rows come from: each source under its id.", Kind: component.SectionMap,
				Spec: sourceSpec(r, format), Required: true},
			{Name: "steps", Summary: "What is done to rows. Each step reads the one before it, unless it says otherwise.",
				Kind: component.SectionList, Spec: stepSpec()},
			{Name: "sinks", Summary: "Where rows go: each sink under its id.",
				Kind: component.SectionMap, Spec: sinkSpec(r, format), Required: true},
			{Name: "checkpoint", Summary: "How often the state of the job is made durable.", Kind: component.Section, Spec: checkpointSpec()},
			{Name: "restart", Summary: "When the job is started again, in the same process, after it has failed. Without it, it is not. " +
				"What would fail again is not tried again: a job file that is wrong, an error that is fatal.",
				Kind: component.Section, Spec: restartSpec(), Tuning: true},
			{Name: "parallelism", Summary: "How many subtasks each step has, unless it sets its own number.", Kind: component.Int, Least: 1,
				Most: MaxParallelism, Default: "1"},
			{Name: "memory", Summary: "How much memory the job may take, or none: as much as it needs. Rows of state that have not been used " +
				"for longest go to disk where it has no room for them, into the folder of the checkpoints, and come back when they are needed. " +
				"Without it, it is a part of what the machine or the cgroup of the process has, mostly 70 %.",
				Kind: component.Size, Options: []string{"none"}, Example: "2GiB"},
			{Name: "row_store", Summary: "What keeps rows of state that memory has no room for: a file to each run of rows (files), or " +
				"Badger databases (badger), which write quicker in bulk, and read slower and take more memory and disk.",
				Kind: component.Enum, Options: rowStores, Default: "files", Tuning: true},
			{Name: "buffer_timeout", Summary: "How long rows wait for their batch to fill.", Kind: component.Duration, Default: "5ms"},
		},
		Examples: []component.Example{{Title: "Flights per airport and day", YAML: jobExample}},
	}
}

// RowStore is what keeps rows of state that memory has no room for.
type RowStore int

// The stores of rows.
const (
	FileStore RowStore = iota
	BadgerStore
)

var rowStores = []string{FileStore: "files", BadgerStore: "badger"}

const jobDetails = "In any value, `${NAME}` stands for an environment variable, `${NAME:text}` for the same with a default, and " +
	"`${{NAME}}` for the text `${NAME}`. `${file:/run/secrets/key}` stands for the contents of a file, in any setting of a " +
	"source, sink or format except paths; no message, checkpoint or explanation shows them. Relative paths are relative to the " +
	"job file."

const jobExample = `name: flights-per-day
sources:
  departures:
    file: { path: data/departures-2013-01.csv.gz }
    format: csv
    schema: { scheduled_at: timestamp, origin: string }
    event_time: { column: scheduled_at }
steps:
  - id: daily
    key_by: [origin]
    window: { tumble: 1d }
    aggregate: { flights: count(*) }
sinks:
  board: { print: {} }`

func checkpointSpec() *component.Spec {
	return &component.Spec{
		Name:    "checkpoint",
		Summary: "When checkpoints are taken and how many are kept.",
		Fields: []component.Field{
			{Name: "interval", Summary: "The time from the start of one checkpoint to the start of the next. Sinks show their " +
				"rows with each checkpoint.",
				Kind: component.Duration, Default: "10s"},
			{Name: "retain", Summary: "How many of the latest checkpoints are kept.", Kind: component.Int, Least: 1, Most: 1000, Default: "2"},
			{Name: "commit_timeout", Summary: "How long a sink may keep failing to show what is decided before the job fails. " +
				"Without it the job goes on and tries again, and at its end waits; checkpoints keep what is to be shown.",
				Kind: component.Duration, Tuning: true},
		},
		Examples: []component.Example{
			{Title: "Results twice a minute", YAML: "checkpoint: { interval: 30s }"},
			{Title: "A job that fails once its destination has been down for an hour", YAML: "checkpoint: { commit_timeout: 1h }"},
		},
	}
}

func restartSpec() *component.Spec {
	return &component.Spec{
		Name:    "restart",
		Summary: "When a job that has failed is started again from its last checkpoint.",
		Fields: []component.Field{
			{Name: "delay", Summary: "How long it waits before that.", Kind: component.Duration, Default: "1s"},
			{Name: "max_delay", Summary: "How long it waits at most: the delay doubles with each failure, until a checkpoint is decided again. " +
				"Without it, the delay stays the same.", Kind: component.Duration},
			{Name: "most", Summary: "How many restarts there may be; then the failure ends the job. Without it, any number.",
				Kind: component.Int, Least: 1, Most: 1_000_000},
			{Name: "within", Summary: "The time in which `most` counts. Without it, all restarts of the process count.",
				Kind:  component.Duration,
				Needs: []component.Beside{{Key: "most", Why: "it is the time in which so many restarts count, such as most: 3"}}},
		},
		Examples: []component.Example{
			{Title: "Again and again, at most a minute apart", YAML: "restart: { delay: 1s, max_delay: 1m }"},
			{Title: "Three times, ten seconds apart", YAML: "restart: { delay: 10s, most: 3 }"},
			{Title: "Unless it fails more than three times in five minutes", YAML: "restart: { most: 3, within: 5m }"},
		},
	}
}

// parallelism declares the key that every part of a job has.
var parallelism = component.Field{
	Name: "parallelism", Summary: "How many subtasks it has, if not the number that the job sets.",
	Kind: component.Int, Least: 1, Most: MaxParallelism, Tuning: true,
}

// onError declares the key; the options are in the order of [stream.OnError].
func onError(what string) component.Field {
	return component.Field{
		Name: "on_error", Summary: "What happens to " + what +
			": it ends the job (fail), is counted and left out (drop), or goes to the output ID.dead_letter, which a sink must read (dead_letter).",
		Kind: component.Enum, Options: []string{stream.Fail: "fail", stream.Drop: "drop", stream.ToDeadLetter: "dead_letter"},
		Default: "fail", Tuning: true,
	}
}

func sourceSpec(r *component.Registry, format *component.Spec) *component.Spec {
	s := &component.Spec{
		Name:    "source",
		Summary: "One key says what kind of source it is; others say which columns it has and which of them is the event time.",
		Examples: []component.Example{{Title: "Files, with malformed rows sent to logs.dead_letter", YAML: `logs:
  file: { path: logs/*.csv.gz }
  format: csv
  schema: { at: timestamp(ms), page: string, took_ms: float64 }
  event_time: { column: at, watermark_delay: 30s }
  on_error: dead_letter`}},
	}
	for i := range r.Sources {
		s.Fields = append(s.Fields, connectorField(&r.Sources[i].Spec, r.Sources[i].Formatted, r.Sources[i].Describe == nil))
	}
	s.Fields = append(s.Fields, historyFields(r, format)...)
	s.Fields = append(s.Fields,
		formatField(format),
		component.Field{Name: "schema", Summary: "The columns to read, by name, and their types.", Kind: component.TypeMap,
			Spec: schemaSpec(), Example: "{ at: timestamp, origin: string, delay: int64 }"},
		component.Field{Name: "event_time", Summary: "When things happened; windows go by it. Without it, the rows have no event " +
			"time.",
			Kind: component.Section, Spec: eventTimeSpec()},
		onError("a row that cannot be read"),
		component.Field{Name: "on_damage", Summary: "What happens when the rest of a file cannot be read, because compressed data is cut " +
			"short, a checksum is wrong or the header makes no sense: it ends the job (fail), or is left out with a warning (skip). " +
			"With on_error: dead_letter there is a dead letter for it, too.",
			Kind: component.Enum, Options: []string{"fail", "skip"}, Default: "fail", Tuning: true},
		parallelism,
	)
	return s
}

func schemaSpec() *component.Spec {
	return &component.Spec{
		Name:    "schema",
		Summary: "Names the columns to read, in any order, and their types.",
		Details: schemaDetails,
		Examples: []component.Example{
			{Title: "Times in milliseconds, and by a pattern",
				YAML: `schema: { at: timestamp(ms), booked: timestamp('%Y-%m-%d %H:%M:%S'), seat: string }`},
			{Title: "Exact numbers, lists and structs", YAML: `schema:
  price: decimal(12,2)
  tags: [string]
  place: { lat: float64, lon: float64 }
  items: [{ sku: string, quantity: int32 }]`},
		},
	}
}

const schemaDetails = "Columns that no step and no sink reads are not decoded, and a value in them that does not fit is no error.\n\n" +
	"- `bool`: true or false\n" +
	"- `int32`, `int64`: whole numbers\n" +
	"- `float64`: numbers, to about 16 digits\n" +
	"- `decimal(p,s)`: exact numbers of p digits, s of them after the point; in quotes inside { }\n" +
	"- `string`: text in UTF-8\n" +
	"- `bytes`: any bytes, written in base64\n" +
	"- `date`: a day, such as 2013-01-31\n" +
	"- `timestamp`: a point in time to the microsecond, such as 2013-01-31T10:15:00Z (RFC 3339)\n" +
	"- `timestamp(s)`, `timestamp(ms)`, `timestamp(us)`, `timestamp(ns)`: the same, as a number since 1970\n" +
	"- `timestamp('%Y-%m-%d %H:%M')`: the same, written as the pattern says, in UTC\n" +
	"- `\"timestamp('%Y-%m-%d %H:%M', zone: 'Europe/Paris')\"`: the same, as clocks in a zone show it\n" +
	"  (an hour that comes twice is the first, one that is left out moves forward); in double quotes\n" +
	"- `…, zone: 'Europe/Paris', strict: true)`: the same, but a time shown twice, or never, fails\n" +
	"- `[t]`: a list of values of type t\n" +
	"- `{ name: t, … }`: a struct of fields with a name and a type"

func eventTimeSpec() *component.Spec {
	return &component.Spec{
		Name:    "event_time",
		Summary: "Which column says when a row happened, or which expression, and how far rows may be out of order.",
		Fields: []component.Field{
			{Name: "column", Summary: "The timestamp that rows are ordered by, or a date, which is its midnight in UTC. It may be a " +
				"field of a struct, as in order.placed_at.",
				Kind: component.Column, Choice: true, Example: "at"},
			{Name: "expression", Summary: "What computes that time of the columns of the source, where no column is it: of a day and a " +
				"time of day, say, or of seconds and nanoseconds. Rows for which it fails, or is NULL, go by on_error.",
				Kind: component.Expression, Choice: true, Example: `"CAST(day || 'T' || clock || 'Z' AS timestamp)"`,
				Tuning: true}, // its meaning is a clause of its own
			{Name: "watermark_delay", Summary: "How far the watermark, the promise that nothing older is expected, " +
				"stays behind the latest event time seen; rows behind it may be late. With complete there is none before the input has " +
				"ended: windows keep everything until then, and no row is late. It is complete where it is left out and the input ends, " +
				"as that of files without watch does. Where more may always come it must be there, if a step goes by event time.",
				Kind: component.Duration, Options: []string{"complete"}, Example: "2h"},
			{Name: "idle_after", Summary: "How long a split must have nothing to read before the others move ahead without it; " +
				"with 0s they always wait. It needs a watermark_delay that is a duration.",
				Kind: component.Duration, Default: "0s"},
			{Name: "align_within", Summary: "How far the latest event time may be ahead of that of the other sources that have this key: " +
				"what is further ahead waits, so that steps need not keep it until the others have come. A source that is complete can " +
				"wait and be waited for. Splits that are idle are not waited for. 0s waits for none.",
				Kind: component.Duration, Default: "0s", Tuning: true},
		},
		Examples: []component.Example{
			{Title: "Rows up to two hours out of order", YAML: "event_time: { column: at, watermark_delay: 2h }"},
			{Title: "Not more than an hour ahead of other sources", YAML: "event_time: { column: at, watermark_delay: 5m, align_within: 1h }"},
			{Title: "Files whose rows come in any order", YAML: "event_time: { column: at } # watermark_delay: complete"},
			{Title: "A day and a time of day in two columns of text",
				YAML: `event_time: { expression: "CAST(day || 'T' || clock || 'Z' AS timestamp)" }`},
			{Title: "Seconds and nanoseconds in two columns of whole numbers",
				YAML: `event_time: { expression: "to_timestamp(seconds) + INTERVAL (nanos / 1000) MICROSECOND" }`},
		},
	}
}

func sinkSpec(r *component.Registry, format *component.Spec) *component.Spec {
	s := &component.Spec{
		Name: "sink", Summary: "One key says what kind of sink it is; others say which rows it takes and how it writes them.",
		Examples: []component.Example{{Title: "Rows that came too late for a step, as files", YAML: `late:
  input: hourly.late
  file: { path: out/late }
  format: csv`}},
	}
	for i := range r.Sinks {
		s.Fields = append(s.Fields, connectorField(&r.Sinks[i].Spec, r.Sinks[i].Formatted, false))
	}
	input := inputField
	input.Tuning = true // a change shows in the graph
	s.Fields = append(s.Fields, input, formatField(format), parallelism)
	if slices.ContainsFunc(r.Sinks, func(t component.SinkType) bool { return t.Refuses }) {
		s.Fields = append(s.Fields, onError("a row that its destination refuses"))
	}
	return s
}

// connectorField declares the key that names a kind of source or sink. needsSchema says that
// one that moves bytes is told its columns.
func connectorField(spec *component.Spec, formatted, needsSchema bool) component.Field {
	f := component.Field{Name: spec.Name, Summary: spec.Summary, Kind: component.Section, Spec: spec, Choice: true}
	if !formatted {
		f.Excludes = []component.Beside{{Key: "format", Why: spec.Name + " moves no bytes; remove the format"}}
		return f
	}
	f.Needs = []component.Beside{{Key: "format", Why: "how rows are written as bytes, such as format: csv"}}
	if needsSchema {
		f.Needs = append(f.Needs, component.Beside{Key: "schema", Why: "the columns to read and their types, such as schema: { origin: string }"})
	}
	return f
}

func formatField(spec *component.Spec) component.Field {
	return component.Field{
		Name: "format", Summary: "How rows are written as bytes: the name of a format, or a map from that name to its settings.",
		Kind: component.NameOrSection, Spec: spec, Example: "csv",
	}
}

func formatSpec(r *component.Registry) *component.Spec {
	s := &component.Spec{Name: "format", Summary: "How rows are written as bytes."}
	for i := range r.Formats {
		spec := &r.Formats[i].Spec
		s.Fields = append(s.Fields, component.Field{Name: spec.Name, Summary: spec.Summary, Kind: component.Section, Spec: spec, Choice: true})
	}
	return s
}

var inputField = component.Field{
	Name: "input", Summary: "The source or step whose rows it takes, or one of their other outputs: ID.late, ID.dead_letter. By " +
		"default, it is the step before, or the only source.",
	Kind: component.Input, Example: "hourly.late",
}

func stepSpec() *component.Spec {
	return &component.Spec{
		Name: "step",
		Summary: "Filters rows, computes columns, combines several inputs, takes lists apart, or aggregates rows by key and " +
			"window.",
		Fields: []component.Field{
			{Name: "id", Summary: "Its name, for steps and sinks that read it and for --set.", Kind: component.Identifier, Example: "hourly"},
			inputField,
			{Name: "union", Summary: "Several inputs with the same columns, to read as one.", Kind: component.InputList, Example: "[europe, asia]",
				Excludes: []component.Beside{{Key: "input", Why: "put all inputs into union"}}},
			{Name: "unnest", Summary: "A list to take apart: each element becomes a row with the columns of the input and one " +
				"more, the element. WITH ORDINALITY adds its position, from 1. A list that is NULL or empty gives no row. " +
				"Unnesting comes before `where` and `select`.",
				Kind: component.Unnest, Example: "items AS item"},
			{Name: "where", Summary: "The condition that a row must meet to be kept.",
				Kind: component.Expression, Example: "delay > 15 AND origin = 'JFK'"},
			{Name: "select", Summary: "The columns of the result; by default, those of the input.", Kind: component.SelectList,
				Example:  "[origin, delay / 60 AS hours]",
				Excludes: []component.Beside{{Key: "aggregate", Why: "an aggregate makes columns of its own; select in a step before or after it"}}},
			{Name: "key_by", Summary: "The columns to group by: each combination of their values is a group.", Kind: component.ColumnList,
				Example: "[origin]",
				Needs:   []component.Beside{{Key: "aggregate", Why: "it groups rows for one, such as aggregate: { rows: count(*) }"}}},
			{Name: "window", Summary: "How rows are grouped by event time.", Kind: component.Section, Spec: windowSpec(),
				Needs: []component.Beside{{Key: "aggregate", Why: "it groups rows for one, such as aggregate: { rows: count(*) }"}}},
			{Name: "aggregate", Summary: "The result columns for each group and window, each with its aggregate function, which " +
				"may have a FILTER (WHERE …).", Kind: component.AggregateMap, Example: "{ flights: count(*), worst: max(delay) }",
				Needs: []component.Beside{
					{Key: "window", Why: "without one no result is ever final; for instance window: { tumble: 1h }"},
					{Key: "id", Why: "its state is kept under the id of the step"},
				}},
			{Name: "late_rows", Summary: "Which rows the output ID.late has: those that are late for every window that they belong to " +
				"(every_window, if nothing is said), or for one of them (any_window). Of windows that overlap a " +
				"row may miss some; it counts in the others.",
				Kind: component.Enum, Options: []string{"every_window", "any_window"}, Tuning: true,
				Needs: []component.Beside{{Key: "window", Why: "only rows of windows are late"}}},
			onError("a row for which something cannot be computed"),
			parallelism,
		},
		Examples: []component.Example{
			{Title: "Filter and compute", YAML: `id: slow
input: requests
where: took_ms > 1000
select: [at, page, took_ms / 1000 AS seconds]`},
			{Title: "A row per element of a list", YAML: `id: lines
input: orders
unnest: items AS item WITH ORDINALITY AS line
where: item.qty > 0
select: [order_id, line, item.sku, item.qty]`},
			{Title: "Count by key and window", YAML: `id: pages
key_by: [page]
window: { tumble: 5m }
aggregate:
  requests: count(*)
  slowest: max(seconds)`},
		},
	}
}

func windowSpec() *component.Spec {
	return &component.Spec{
		Name: "window",
		Summary: "Groups rows by their event time. A result is emitted when the watermark has passed the end of its window plus " +
			"allowed_lateness.",
		Fields: []component.Field{
			{Name: "tumble", Summary: "Windows of this length, one after the other. Months and years (1mo, 3mo, 1y) are those of the " +
				"calendar.", Kind: component.Period, Example: "1h", Choice: true},
			{Name: "hop", Summary: "Windows that overlap: a row is in each one that covers it.",
				Kind: component.Section, Spec: hopSpec(), Choice: true},
			{Name: "session", Summary: "Windows that last until a key has had no rows for this long. A row exactly so long after the last one " +
				"still joins; one is late if its session has been over for allowed_lateness.", Kind: component.Duration,
				Example: "30m", Choice: true},
			{Name: "zone", Summary: "With a time zone, days, weeks, months and years are those of the calendar there: weeks begin on " +
				"Monday, and a day on which clocks are set has 23 or 25 hours. Without, days and weeks have a fixed length, and " +
				"months and years are those of UTC.", Kind: component.Text, Example: "America/New_York",
				Excludes: []component.Beside{
					{Key: "hop", Why: "hopping windows have a fixed length; only tumble takes a zone"},
					{Key: "session", Why: "a gap has a fixed length; only tumble takes a zone"}}},
			{Name: "offset", Summary: "How much later windows begin than at whole multiples of their length since " +
				"1970-01-01T00:00:00Z, a Thursday; with a minus, how much earlier. In the calendar it is by how much clocks have " +
				"passed the beginning of the period.", Kind: component.Duration, Signed: true,
				Default: "0s", Example: "5d",
				Excludes: []component.Beside{{Key: "session", Why: "sessions begin with their first row; only tumble and hop have an offset"}}},
			{Name: "allowed_lateness", Summary: "How much longer a window waits for rows behind the watermark. Rows that come " +
				"after that go to the output ID.late.", Kind: component.Duration, Default: "0s", Example: "1h"},
			{Name: "emit", Summary: "When results are emitted: final means once, when nothing can change them any more.", Kind: component.Enum,
				Options: []string{"final"}, Default: "final"},
		},
		Examples: []component.Example{
			{Title: "Weeks that begin on Tuesday", YAML: "window: { tumble: 1w, offset: 5d }"},
			{Title: "Days in New York, 23 or 25 hours long where clocks are set", YAML: "window: { tumble: 1d, zone: America/New_York }"},
			{Title: "Weeks in Toronto that begin on Sunday", YAML: "window: { tumble: 1w, zone: America/Toronto, offset: -1d }"},
			{Title: "Months in UTC", YAML: "window: { tumble: 1mo }"},
			{Title: "Days in a zone that is always eight hours ahead of UTC", YAML: "window: { tumble: 1d, offset: -8h }"},
			{Title: "The last hour, every five minutes", YAML: "window: { hop: { size: 1h, slide: 5m } }"},
			{Title: "Visits that end after half an hour of silence", YAML: "window: { session: 30m, allowed_lateness: 1h }"},
		},
	}
}

func hopSpec() *component.Spec {
	return &component.Spec{
		Name:    "hop",
		Summary: "Windows of one length that overlap, each beginning later than the one before.",
		Fields: []component.Field{
			{Name: "size", Summary: "The length of each window.", Kind: component.Duration, Required: true, Example: "1h"},
			{Name: "slide", Summary: "The time between the beginnings of two windows, at most size.", Kind: component.Duration,
				Required: true, Example: "5m"},
		},
		Examples: []component.Example{{Title: "The last hour, every five minutes", YAML: "hop: { size: 1h, slide: 5m }"}},
	}
}
