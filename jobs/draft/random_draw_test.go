package draft_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/weirstream/weir/jobs/draft"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/trial"
)

// awkward is a small file for a draft: CSV or JSON Lines.
type awkward struct {
	c     *trial.Case
	job   string // its name
	path  string
	names []string // of the columns
	text  string
	// records are those that a decoder makes rows of: each cell as it is written, by
	// column, in JSON; nil is none.
	records [][]json.RawMessage
	broken  int // records that no decoder reads
	draft   *draft.Draft
}

// columnNames are names that a job file, YAML or SQL may take for something else.
var columnNames = []string{
	"at", "ts", "created at", "event.time", "updated_at", "date", "order", "select", "null", "true", `a"b`, "a,b", "${HOME}", "${{A}}",
	"ünï", "count(*)",
	"window_start", "window_end", "rows", "n", "a b", "a-b", "_", "line\nbreak", "status", "amount", "total_usd", "'", "#x", ": y",
	"-", "* ", "[l]", "{o}", "%",
	`\`, "screen", "job", "Rows", " at ", "", strings.Repeat("long", 100), strings.Repeat("longer", 200),
	"id", "price", "~", "hourly", "took_ms", "\x1b[1m",
}

// kinds of cells; each draws the i-th cell of a column as text, "\x00" for none.
type cellKind func(random *rand.Rand, i int) string

var numberKinds = []cellKind{
	func(random *rand.Rand, _ int) string { return fmt.Sprint(random.IntN(100) - 50) },
	func(_ *rand.Rand, i int) string { return fmt.Sprint(i) },
	func(random *rand.Rand, _ int) string { return fmt.Sprint(int64(random.Uint64())) },
	func(random *rand.Rand, _ int) string { return fmt.Sprint(random.Uint64() | 1<<63) }, // beyond int64
	func(random *rand.Rand, _ int) string { return digits(random, 1+random.IntN(45)) },
	func(random *rand.Rand, _ int) string { return "0" + digits(random, 4) },
	func(random *rand.Rand, _ int) string { return "+" + digits(random, 3) },
	func(random *rand.Rand, _ int) string { return fmt.Sprint(random.NormFloat64()) },
	func(random *rand.Rand, _ int) string { return fmt.Sprintf("%.2f", random.Float64()*1e4) },
	func(random *rand.Rand, _ int) string {
		return fmt.Sprintf("%s.%s", digits(random, 1+random.IntN(30)), digits(random, 1+random.IntN(12)))
	},
	pick("1e5", "-2E-3", "1e400", "1e-400", "inf", "-Infinity", "nan", ".5", "5."),
	pick("1e5", "-2E-3", "1e400"), pick("3e30", "12345678901234567890", "-7"),
	pick("12,5", "1.234,56"), pick("1,234", "12,345,678"), pick("12%", "$5"), pick("0x1F", "1_000"),
}

var timeKinds = []cellKind{
	stamp(time.RFC3339, time.Minute), stamp(time.RFC3339Nano, 1234567*time.Microsecond), stamp("2006-01-02T15:04:05-07:00", time.Hour),
	stamp("2006-01-02 15:04:05", 7*time.Second),
	stamp("2006-01-02", 24*time.Hour), stamp("01/02/2006", 24*time.Hour), stamp("02.01.2006 15:04", time.Hour),
	stamp("20060102", 24*time.Hour), stamp("Jan 2, 2006", 24*time.Hour),
	stamp("1/2/2006 3:04 PM", 31*time.Minute), stamp("02/Jan/2006:15:04:05 -0700", time.Second), stamp("15:04:05", time.Second),
	func(random *rand.Rand, i int) string { return fmt.Sprint(1_700_000_000 + i*60 + random.IntN(90)) },
	func(random *rand.Rand, i int) string {
		return fmt.Sprint(1_700_000_000_000 + int64(i)*1000 + int64(random.IntN(900)))
	},
	func(random *rand.Rand, i int) string {
		return fmt.Sprintf("%d.%03d", 1_700_000_000+i, random.IntN(1000))
	},
	pick("9999-12-31T23:59:59Z", "2024-01-01T00:00:00Z"), pick("0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
	pick("0000-00-00", "2024-02-30"),
}

var textKinds = []cellKind{
	pick("true", "false"), pick("TRUE", "False"), pick("yes", "no"), pick("0", "1"), pick("t", "f"),
	pick("north", "south", "east"), pick("de", "fr"), pick("a, b", "c; d", "e\tf", "g|h"), pick("two\nlines", `say "hi"`, "  spaces "),
	pick("ünïcödé", "日本", "\u2028", "\x07bell", "'", "${HOME}", "#", "é\u0301"),
	func(_ *rand.Rand, i int) string { return fmt.Sprintf("user-%d", i) },
}

var emptyKinds = []cellKind{pick(""), pick("\x00"), pick("\x00", "", "  "), pick("NA", "null", "NULL", "-", "?", "None", "NaN", `\N`)}

var allKinds = slices.Concat(numberKinds, timeKinds, textKinds, emptyKinds)

func digits(random *rand.Rand, n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('0' + random.IntN(10))
	}
	if text[0] == '0' {
		text[0] = '7'
	}
	return string(text)
}

func pick(texts ...string) cellKind {
	return func(random *rand.Rand, _ int) string { return texts[random.IntN(len(texts))] }
}

// stamp draws times that are about a step apart, and somewhat out of order.
func stamp(layout string, step time.Duration) cellKind {
	begin := time.Date(2024, 3, 1, 22, 58, 57, 0, time.FixedZone("", 2*3600))
	return func(random *rand.Rand, i int) string {
		return begin.Add(step*time.Duration(i) - time.Duration(random.Int64N(int64(3*step)))).Format(layout)
	}
}

// jobNames are names that weir new may give a job; paths are those of files.
var (
	jobNames = []string{"job", "null", "true", "no", "on", "y", "rows", "screen", "hourly", "by_minute", "daily", "a-b", "_", "select",
		"N0", "x" + strings.Repeat("y", 99)}
	paths = []string{"file", "null", "-", "~", "a b", "#", "it's", `"`, "${HOME}", "ünï", "a/b", "a:b, {c}/d", "${{x}}", "%", "&a", "!"}
)

// drawFile draws a file.
func drawFile(c *trial.Case) *awkward {
	random := c.Random
	f := &awkward{c: c, job: jobNames[random.IntN(len(jobNames))], path: paths[random.IntN(len(paths))]}
	for _, i := range random.Perm(len(columnNames))[:1+random.IntN(6)] {
		f.names = append(f.names, columnNames[i])
	}
	if len(f.names) == 1 && f.names[0] == "" {
		f.names[0] = "only"
	}
	if random.IntN(2) == 0 {
		f.drawJSON(1 + random.IntN(30))
	} else {
		f.drawCSV(1 + random.IntN(30))
	}
	return f
}

// kindsOf are the kinds that the i-th column is drawn from: those that windows and
// measures are made of come first, more often than by chance.
func kindsOf(random *rand.Rand, i int) []cellKind {
	if random.IntN(2) == 0 && i < 3 {
		return [][]cellKind{timeKinds, numberKinds, textKinds}[i]
	}
	return allKinds
}

// column draws the cells of a column: of one kind and, now and then, of another or
// empty.
func column(random *rand.Rand, rows int, kinds []cellKind) []string {
	kind, other, seldom := kinds[random.IntN(len(kinds))], allKinds[random.IntN(len(allKinds))], 0
	if random.IntN(2) == 0 {
		other = emptyKinds[random.IntN(len(emptyKinds))]
	}
	if random.IntN(3) == 0 {
		seldom = 1 + random.IntN(20)
	}
	cells := make([]string, rows)
	for i := range cells {
		if seldom > 0 && random.IntN(seldom) == 0 {
			cells[i] = other(random, i)
		} else {
			cells[i] = kind(random, i)
		}
	}
	return cells
}

func (f *awkward) drawCSV(rows int) {
	random := f.c.Random
	f.path += ".csv"
	delimiter := []string{",", ";", "\t", "|"}[random.IntN(4)]
	end := []string{"\n", "\r\n"}[random.IntN(2)]
	f.records = make([][]json.RawMessage, rows)
	lines := make([][]string, rows+1)
	for j, name := range f.names {
		lines[0] = append(lines[0], csvCell(random, name))
		for i, cell := range column(random, rows, kindsOf(random, j)) {
			text, value := csvCell(random, cell), jsonText(cell)
			if cell == "\x00" {
				text, value = "", nil
			}
			lines[i+1] = append(lines[i+1], text)
			f.records[i] = append(f.records[i], value)
		}
	}
	var b strings.Builder
	if random.IntN(8) == 0 {
		b.WriteString("\xEF\xBB\xBF")
	}
	for i, cells := range lines {
		b.WriteString(strings.Join(cells, delimiter) + end)
		if i > 0 && len(f.names) > 1 && random.IntN(40) == 0 {
			b.WriteString("a,line;that\tis|no record" + strings.Repeat(delimiter, len(f.names)+4) + end)
			f.broken++
		}
	}
	f.text = b.String()
	if random.IntN(4) == 0 && !strings.HasSuffix(f.text, end+end) { // an empty last line would be no record
		f.text = strings.TrimSuffix(f.text, end)
	}
}

// csvCell writes a cell, in quotes where it needs them and now and then otherwise.
func csvCell(random *rand.Rand, text string) string {
	if text == "" || strings.ContainsAny(text, ",;\t|\"\n\r") || random.IntN(5) == 0 {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}

func jsonText(text string) json.RawMessage {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return raw
}

func (f *awkward) write(files env.FS) {
	if err := errors.Join(files.MkdirAll(path.Dir(f.path)), env.WriteFile(files, f.path, []byte(f.text))); err != nil {
		f.c.Fatal(err)
	}
}

func (f *awkward) describe() string {
	text := fmt.Sprintf("%q, %d records and %d that are broken:\n%s", f.path, len(f.records), f.broken, f.text)
	if f.draft != nil {
		text += fmt.Sprintf("\n---\n%s\n---\n%s", f.draft.Text, strings.Join(f.draft.Notes, "\n"))
	}
	return text
}
