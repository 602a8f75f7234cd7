package draft_test

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/draft"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

// TestDraftsRun drafts jobs from small awkward files, and runs them: each ends well,
// rows are missing only where the draft says so, and the values that its source reads
// are those of the file.
func TestDraftsRun(t *testing.T) {
	trial.Run(t, 120, func(c *trial.Case) {
		f := drawFile(c)
		c.Describe(f.describe)
		files := memfs.New()
		f.write(files)
		var err error
		if f.draft, err = draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: files, Name: f.job, Path: f.path,
			File: "job.yaml"}); err != nil {
			c.Fatalf("no draft: %v", err)
		}
		if err := env.WriteFile(files, "job.yaml", []byte(f.draft.Text)); err != nil {
			c.Fatal(err)
		}
		last, printed, err := runIn(files, "state")
		if err != nil {
			c.Fatalf("the job fails: %v", err)
		}
		f.checkTypes()
		f.checkRun(last, printed)
		if _, _, err = runIn(files, "dump state", "steps=[]", "sinks={ dump: { file: { path: dump }, format: json } }"); err != nil {
			c.Fatalf("its source alone fails: %v", err)
		}
		f.checkValues(files)
	})
}

// runIn runs job.yaml of a file system to its end.
func runIn(files env.FS, state string, sets ...string) (last status.Job, printed string, err error) {
	job, err := jobs.Load(builtin.Registry(), files, "job.yaml", sets)
	if err != nil {
		return last, "", err
	}
	var out bytes.Buffer
	world := env.Real()
	world.Files, world.Stdout = files, &out
	r, err := jobs.Start(job, jobs.Options{Env: world, StateDir: state})
	if err != nil {
		return last, "", err
	}
	last, err = r.Wait()
	return last, out.String(), err
}

// announced finds how many rows the notes of a draft say are dropped.
var announced = regexp.MustCompile(`(?:^| )(\d+) of \d+ rows(?: cannot be read and are dropped|, which are dropped)`)

// checkRun looks at what became of the rows.
func (f *awkward) checkRun(last status.Job, printed string) {
	said := int64(0)
	for _, note := range f.draft.Notes {
		for _, m := range announced.FindAllStringSubmatch(note, -1) {
			n, _ := strconv.ParseInt(m[1], 10, 64)
			said += n
		}
	}
	in := last.Steps[0].Counters
	if want := int64(len(f.records) + f.broken); in.In != want {
		f.c.Errorf("%d records were read, want %d", in.In, want)
	}
	if in.Dropped > said || in.Accepted+in.Dropped != in.In {
		f.c.Errorf("of %d records %d were accepted and %d dropped; the draft announced %d", in.In, in.Accepted, in.Dropped, said)
	}
	for _, s := range last.Steps[1:] {
		if s.Counters.Late+s.Counters.Dropped > 0 {
			f.c.Errorf("in %s %d rows were late, %d dropped", s.ID, s.Counters.Late, s.Counters.Dropped)
		}
	}
	if lines := strings.Count(printed, "\n"); lines < 2 && in.Accepted > 0 {
		f.c.Errorf("it printed %q", printed)
	}
}

// checkValues compares what the source reads with the file.
func (f *awkward) checkValues(files env.FS) {
	names, err := files.ReadDir("dump")
	if err != nil {
		f.c.Fatal(err)
	}
	var lines []string
	for _, name := range names {
		if strings.HasPrefix(name, "part-") {
			text, err := env.ReadFile(files, "dump/"+name)
			if err != nil {
				f.c.Fatal(err)
			}
			lines = append(lines, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")...)
		}
	}
	if len(lines) != len(f.records) {
		return // some were dropped, as announced
	}
	for i, line := range lines {
		var got map[string]any
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		if err := d.Decode(&got); err != nil {
			f.c.Fatalf("%v in %s", err, line)
		}
		for j, name := range f.names {
			if name != "" && !same(f.records[i][j], got[f.column(name)]) && !same(f.meant(f.records[i][j]), got[f.column(name)]) {
				f.c.Errorf("row %d has %v in the column %q, the file %s", i+1, got[name], name, f.records[i][j])
			}
		}
	}
}

// csv returns a key of the format that the draft has.
func (f *awkward) csv(key string) []string {
	d, problems := document.Parse("job.yaml", []byte(f.draft.Text), document.Options{})
	if problems != nil {
		f.c.Fatal(problems)
	}
	n := d.Root.Get("sources").Entries[0].Value.Get("format").Get("csv").Get(key)
	switch {
	case n == nil:
		return nil
	case n.Kind == document.Scalar:
		return []string{n.Text}
	}
	var texts []string
	for _, item := range n.Items {
		texts = append(texts, item.Text)
	}
	return texts
}

// column returns the name of a column without the blanks that the draft takes off.
func (f *awkward) column(name string) string {
	if f.csv("trim") != nil {
		return strings.Trim(name, " \t")
	}
	return name
}

// meant returns a value as the draft says that values are written.
func (f *awkward) meant(value json.RawMessage) json.RawMessage {
	var text string
	if f.isJSON() || json.Unmarshal(value, &text) != nil {
		return value
	}
	if f.csv("trim") != nil {
		text = strings.Trim(text, " \t")
	}
	if slices.Contains(f.csv("null"), text) {
		return nil
	}
	plain := text
	for _, c := range f.csv("thousands") {
		plain = strings.ReplaceAll(plain, c, "")
	}
	for _, c := range f.csv("decimal") {
		plain = strings.ReplaceAll(plain, c, ".")
	}
	if isNumber.MatchString(plain) {
		text = plain
	}
	return jsonText(text)
}

var isTime = regexp.MustCompile(`^-?\d{4,}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$`)

// same reports whether a value is what a file has, as JSON, up to what its type
// makes of it: times are written alike, floats are rounded, and what is empty is null.
func same(want json.RawMessage, got any) bool {
	written := string(want)
	if strings.HasPrefix(written, `"`) && json.Unmarshal(want, &written) != nil {
		return false
	}
	switch v := got.(type) {
	case nil:
		return written == "" || written == "null"
	case string:
		return v == written || isTime.MatchString(v) && written != "" || sameNumber(written, v)
	case json.Number:
		return sameNumber(written, v.String())
	case bool:
		return strings.EqualFold(written, strconv.FormatBool(v))
	case []any:
		var list []json.RawMessage
		if json.Unmarshal(want, &list) != nil || len(list) != len(v) {
			return false
		}
		for i := range v {
			if !same(list[i], v[i]) {
				return false
			}
		}
	case map[string]any:
		var members map[string]json.RawMessage
		if json.Unmarshal(want, &members) != nil {
			return false
		}
		for name := range v {
			if !same(members[name], v[name]) {
				return false
			}
		}
	}
	return true
}

// sameNumber compares a number with what a file has. A whole one has to have the same
// digits; any other may be rounded to a float64.
func sameNumber(want, got string) bool {
	if !strings.ContainsAny(want, ".eEiInN") {
		whole, places, _ := strings.Cut(got, ".")
		return whole == strings.TrimPrefix(want, "+") && strings.Trim(places, "0") == ""
	}
	x, errX := strconv.ParseFloat(want, 64)
	y, errY := strconv.ParseFloat(got, 64)
	return errX == nil && errY == nil && (x == y || math.IsNaN(x) && math.IsNaN(y))
}
