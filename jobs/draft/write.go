package draft

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// writer writes a job from what was guessed.
type writer struct {
	table    *table
	whole    bool // the sample is the whole file
	job      string
	file     string
	path     string
	columns  []Column
	clock    *clock // nil where no column can be event time
	watched  bool   // the folder of the file is watched
	held     held   // under the delay that is proposed then
	holds    []string
	group    *Column // nil where no column has few values
	measures []*Column
	verdict  verdict // of CSV of which the sample is a part

	text  strings.Builder
	notes []string
}

func (w *writer) note(format string, args ...any) {
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.text, format+"\n", args...) }

// source returns the id of the source: what the job is called, if that is free.
func (w *writer) source() string {
	id := identifier(w.job)
	if id == sinkID || w.clock != nil && id == w.step() {
		return "rows"
	}
	return id
}

const sinkID = "screen"

// step returns the id of the step that counts.
func (w *writer) step() string {
	_, name := w.clock.window()
	return name
}

func (w *writer) write() {
	w.line("# A draft by weir new, after a look at %s of %s: change what was guessed wrong.", w.looked(), oneLine(path.Base(w.path)))
	w.line("#")
	w.line("#   weir run %s", w.file)
	w.line("#   weir run %s --show %s   (the rows as they are read)", w.file, w.source())
	w.line("#   weir docs   (what else can stand here)")
	w.line("name: %s", scalar(w.job))
	w.writeSource()
	if w.clock != nil {
		w.writeStep()
	} else {
		w.note("no column holds a point in time in every row%s, so that there are no windows: the job prints the rows as they are", w.unsuited())
		w.line("# steps: filters, new columns and counts would stand here; see weir docs step")
	}
	w.line("sinks:")
	w.line("  %s: { print: {} }", sinkID)
}

// unsuited excepts columns that hold one, and yet can be no event time.
func (w *writer) unsuited() string {
	for i := range w.columns {
		if c := &w.columns[i]; c.empty == 0 && (c.typ == record.Timestamp || c.typ == record.Date) {
			return " that can be the event time"
		}
	}
	return ""
}

func (w *writer) looked() string {
	if w.whole {
		return "all rows"
	}
	return fmt.Sprintf("the first %d rows", w.table.rows+w.table.broken-w.table.misfits)
}

func (w *writer) writeSource() {
	if at := w.table.rowsAt; at != "" {
		w.note("looked at %s, which stand in a document of JSON at %s: they have %d keys", w.looked(), at, len(w.columns))
		if others := w.table.others; others != nil {
			w.note("there are objects at %s, too", strings.Join(others[:min(len(others), 5)], ", "))
		}
	} else if w.table.shapes != nil {
		w.note("looked at %s: JSON with %d keys", w.looked(), len(w.columns))
	} else {
		w.note("looked at %s: %d columns, separated by %s", w.looked(), len(w.columns), delimiterName(w.table.delimiter))
		for _, n := range w.table.notes() {
			w.note("%s", n)
		}
	}
	w.line("sources:")
	w.line("  %s:", scalar(w.source()))
	if w.watched {
		w.line("    file: { path: %s, watch: 2s }", value(w.path))
	} else {
		w.line("    file: { path: %s }", value(w.path))
	}
	switch {
	case w.table.rowsAt != "":
		w.line("    format: { json: { rows: %s } }", scalar(w.table.rowsAt))
	case w.table.shapes != nil:
		w.line("    format: json")
	default:
		w.line("    format: %s", w.table.yaml())
	}
	w.line("    schema:")
	for _, c := range w.columns {
		w.line("      %s%s%s", key(c.Name, "\n      "), c.schemaText(), comment(c.Note))
		if c.doubtful {
			w.note("%s is %v: %s", c.Name, c.guess, c.Note)
		}
	}
	if k := w.clock; k != nil {
		w.writeEventTime(k)
	}
	odd := slices.ContainsFunc(w.columns, func(c Column) bool { return c.odd > 0 })
	if w.table.broken > 0 || odd || w.verdict.failed > 0 {
		w.line("    on_error: drop # counts rows that do not fit and leaves them out; fail stops at the first")
	}
	switch v := w.verdict; {
	case v.failed > 0:
		w.note("%d of %d rows cannot be read and are dropped; the first: %s: %v", v.failed, v.rows, v.misfit[0].Where, v.misfit[0].Err)
	case v.rows > 0 && v.whole:
		w.note("all %d rows of the file can be read so", v.rows)
	case v.rows > 0:
		w.note("the first %d rows of the file can be read so", v.rows)
	}
	if w.table.broken > 0 && w.verdict.failed == 0 {
		w.note("%d of %d rows cannot be read and are dropped; the first: %v", w.table.broken, w.table.rows+w.table.broken, w.table.why)
	}
}

func (w *writer) writeEventTime(k *clock) {
	if w.watched {
		w.line("    event_time: { column: %s, watermark_delay: %s } # longer: results come later, fewer rows are late",
			value(k.column.Name), component.FormatDuration(w.held.delay))
		w.note("event time is %s, %s", k.column.Name, k.why)
		w.notes = append(w.notes, w.holds...)
		return
	}
	w.line("    event_time: { column: %s }%s", value(k.column.Name), comment("windows wait for the end of the input, so no row is late"))
	w.note("event time is %s, %s; %s", k.column.Name, k.why, k.about(w.looked()))
}

func delimiterName(d string) string {
	if d == "\t" {
		return "tabs"
	}
	if text := strconv.Quote(d); text != `"`+d+`"` {
		return text
	}
	return d
}

func (w *writer) writeStep() {
	size, name := w.clock.window()
	taken := map[string]bool{"window_start": true, "window_end": true}
	w.line("steps:")
	w.line("  - id: %s", name)
	if w.group != nil {
		w.line("    key_by: [%s]", value(w.group.Name))
		taken[w.group.Name] = true
		w.note("counts rows by %s, which has %d values, in windows of %s", w.group.Name, len(w.group.distinct), component.FormatDuration(size))
	} else {
		w.note("counts rows in windows of %s; no column has few values to group by", component.FormatDuration(size))
	}
	w.line("    window: { tumble: %s }", component.FormatDuration(size))
	w.line("    aggregate:")
	w.aggregate(taken, "rows", "count(*)")
	for _, c := range w.measures {
		w.aggregate(taken, "mean_"+identifier(c.Name), "avg("+c.amount()+")")
		w.aggregate(taken, "max_"+identifier(c.Name), "max("+c.amount()+")")
	}
}

// amount returns the column as an expression that is a number.
func (c *Column) amount() string {
	switch {
	case c.commas:
		text := expr.Name(c.Name)
		if c.points {
			text = fmt.Sprintf("replace(%s, '.', '')", text)
		}
		return fmt.Sprintf("CAST(replace(%s, ',', '.') AS %v)", text, c.would)
	case c.filler == "":
		return expr.Name(c.Name)
	}
	return fmt.Sprintf("CAST(NULLIF(%s, %s) AS %v)", expr.Name(c.Name), literal(c.filler), c.would)
}

// aggregate writes a result column under a name that is free.
func (w *writer) aggregate(taken map[string]bool, name, call string) {
	for taken[name] {
		name += "_"
	}
	taken[name] = true
	w.line("      %s: %s", name, value(call))
}
