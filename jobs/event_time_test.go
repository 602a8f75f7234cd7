package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/status"
)

// timedJob counts rows by the hour; FORMAT, SCHEMA, TIME and ON_ERROR are as a test wants them.
const timedJob = `
name: timed
sources:
  events:
    file: { path: in, parallel: true }
    format: FORMAT
    schema: { SCHEMA }
    event_time: { TIME }
    on_error: ON_ERROR
steps:
  - { id: kept, where: n > 0 }
  - { id: hours, window: { tumble: 1h }, aggregate: { n: sum(n) } }
sinks:
  out: { input: hours, file: { path: out }, format: csv }
  late: { input: hours.late, file: { path: late }, format: csv }
`

const (
	oneText   = "expression: \"CAST(day || 'T' || clock || 'Z' AS timestamp)\""
	inParts   = "expression: to_timestamp(s) + INTERVAL (nanos / 1000) MICROSECOND"
	inParis   = "expression: \"to_timestamp(day || ' ' || clock, '%d.%m.%Y %H:%M', 'Europe/Paris')\""
	fromDate  = "expression: \"CAST(CAST(day AS string) || 'T' || clock || 'Z' AS timestamp)\""
	textRows  = "day,clock,n\n2013-01-01,10:15:00,1\n2013-01-01,11:00:00,2\n2013-01-01,10:59:59,4\n"
	jsonTexts = `{"day":"2013-01-01","clock":"10:15:00","n":1}` + "\n" + `{"day":"2013-01-01","clock":"11:00:00","n":2}` + "\n" +
		`{"day":"2013-01-01","clock":"10:59:59","n":4}` + "\n"
	jsonParts = `{"s":1357035300,"nanos":999999999,"n":1}` + "\n" + `{"s":1357038000,"nanos":0,"n":2}` + "\n" +
		`{"s":1357037999,"nanos":999999999,"n":4}` + "\n"
	dateRows  = "day,n\n2013-01-01,1\n2013-01-02,2\n2013-01-01,4\n"
	jsonDates = `{"bid":{"on":"2013-01-01"},"n":1}` + "\n" + `{"bid":{"on":"2013-01-02"},"n":2}` + "\n" + `{"bid":{"on":"2013-01-01"},"n":4}` + "\n"
)

var (
	byHours = []string{"2013-01-01T10:00:00Z,2013-01-01T11:00:00Z,5", "2013-01-01T11:00:00Z,2013-01-01T12:00:00Z,2"}
	byDays  = []string{"2013-01-01T00:00:00Z,2013-01-01T01:00:00Z,5", "2013-01-02T00:00:00Z,2013-01-02T01:00:00Z,2"}
)

// TestComputedEventTimes holds that an event time may be made of any columns, and is one
// as that of a column is: rows are late by it, and a range selects by it.
func TestComputedEventTimes(t *testing.T) {
	for _, test := range []struct {
		name, format, schema, time, rows string
		from                             string
		want                             []string
		late, skipped                    int64
	}{
		{"two texts", "csv", "day: string, clock: string, n: int64", oneText, textRows, "", byHours, 0, 0},
		{"two texts of JSON", "json", "day: string, clock: string, n: int64", oneText, jsonTexts, "", byHours, 0, 0},
		{"a date and a text", "csv", "day: date, clock: string, n: int64", fromDate, textRows, "", byHours, 0, 0},
		{"local times", "csv", "day: string, clock: string, n: int64", inParis,
			"day,clock,n\n01.01.2013,11:15,1\n01.01.2013,12:00,2\n01.01.2013,11:59,4\n", "", byHours, 0, 0},
		{"epochs in parts", "csv", "s: int64, nanos: int32, n: int64", inParts,
			"s,nanos,n\n1357035300,5,1\n1357038000,0,2\n1357037999,999999999,4\n", "", byHours, 0, 0},
		{"epochs in parts of JSON", "json", "s: int64, nanos: int64, n: int64", inParts, jsonParts, "", byHours, 0, 0},
		{"a column", "csv", "at: timestamp(s), n: int64", "expression: at", "at,n\n1357035300,5\n1357038000,2\n", "", byHours, 0, 0},
		{"a column of dates", "csv", "day: date, n: int64", "column: day", dateRows, "", byDays, 0, 0},
		{"an expression that is a date", "csv", "day: date, n: int64", "expression: day", dateRows, "", byDays, 0, 0},
		{"a date in a struct", "json", "bid: { on: date }, n: int64", "column: bid.on", jsonDates, "", byDays, 0, 0},
		{"a constant", "csv", "day: date, n: int64", "expression: DATE '2013-01-01'", dateRows, "", []string{strings.TrimSuffix(byDays[0], "5") + "7"}, 0, 0},
		{"a delay", "csv", "day: string, clock: string, n: int64", oneText + ", watermark_delay: 0s", textRows, "",
			[]string{strings.TrimSuffix(byHours[0], "5") + "1", byHours[1]}, 1, 0},
		{"a range", "csv", "day: string, clock: string, n: int64", oneText, textRows, "2013-01-01T10:30:00Z",
			[]string{strings.TrimSuffix(byHours[0], "5") + "4", byHours[1]}, 0, 1},
	} {
		for _, parallelism := range []int{1, 3} {
			t.Run(fmt.Sprint(test.name, " ", parallelism), func(t *testing.T) {
				fs := files(t, map[string]string{"in/1." + test.format: test.rows, "job.yaml": timedText(test.format, test.schema, test.time, "fail")})
				job, err := Load(builtin.Registry(), fs, "job.yaml", nil)
				if err != nil {
					t.Fatal(err)
				}
				if test.from != "" {
					r, err := ParseRange(test.from, "")
					if err != nil {
						t.Fatal(err)
					}
					if err := Replay(job, r); err != nil {
						t.Fatal(err)
					}
				}
				e := env.Real()
				e.Files = fs
				run, err := Start(job, Options{Env: e, StateDir: "state", Parallelism: parallelism})
				if err != nil {
					t.Fatal(err)
				}
				last, err := run.Wait()
				if err != nil {
					t.Fatal(err)
				}
				got := rows(t, fs, "out")
				slices.Sort(got)
				if !slices.Equal(got, test.want) {
					t.Errorf("the windows are %q, not %q", got, test.want)
				}
				if c := last.Steps[0].Counters; lateRows(last) != test.late || c.Skipped != test.skipped {
					t.Errorf("%d rows are late, not %d; %d skipped, not %d", lateRows(last), test.late, c.Skipped, test.skipped)
				}
			})
		}
	}
}

func timedText(format, schema, eventTime, onError string) string {
	return strings.NewReplacer("FORMAT", format, "SCHEMA", schema, "TIME", eventTime, "ON_ERROR", onError).Replace(timedJob)
}

// TestRowsWithoutComputedTime holds that rows whose event time cannot be computed, or is
// NULL, go by on_error, with their place and the reason.
func TestRowsWithoutComputedTime(t *testing.T) {
	const bad = "2013-01-01,25:00:00,8\n2013-01-01,,16\n2013-01-01,26:00:00,32\n"
	const unlike, null = `"2013-01-01T25:00:00Z"`, "AS timestamp) is NULL"
	for _, test := range []struct {
		name, onError, rows string
		fails               string
		dropped, letters    int64
	}{
		{"a failure", "fail", textRows + bad, unlike, 0, 0},
		{"a NULL", "fail", textRows + "2013-01-01,,16\n", null, 0, 0},
		{"left out", "drop", textRows + bad + "2013-01-01,11:30:00,-1\n", "", 3, 0},
		{"kept", "dead_letter", textRows + bad, "", 0, 3},
		{"nothing else", "drop", "day,clock,n\n" + bad, "", 3, 0},
	} {
		for _, parallelism := range []int{1, 3} {
			t.Run(fmt.Sprint(test.name, " ", parallelism), func(t *testing.T) {
				text := timedText("csv", "day: string, clock: string, n: int64", oneText, test.onError)
				if test.letters > 0 {
					text += "  letters: { input: events.dead_letter, file: { path: letters }, format: json }\n"
				}
				fs := files(t, map[string]string{"in/1.csv": test.rows, "job.yaml": text})
				run, _ := startChanging(t, fs, Options{Parallelism: parallelism})
				last, err := run.Wait()
				if test.fails != "" {
					if err == nil || !strings.Contains(err.Error(), test.fails) || !strings.Contains(err.Error(), "1.csv:") {
						t.Errorf("it ends with %v", err)
					}
				} else if err != nil {
					t.Fatal(err)
				}
				for _, step := range last.Steps {
					if c := step.Counters; c.In != c.Sum() {
						t.Errorf("step %s: counters do not add up: %+v", step.ID, c)
					}
				}
				if c := last.Steps[0].Counters; c.Dropped != test.dropped || c.DeadLetters != test.letters {
					t.Errorf("%d dropped, not %d; %d dead letters, not %d", c.Dropped, test.dropped, c.DeadLetters, test.letters)
				}
				if test.letters > 0 {
					all := strings.Join(rows(t, fs, "letters"), "\n")
					for _, part := range []string{"1.csv:", `2013-01-01T25:00:00Z`, `2013-01-01T26:00:00Z`, null} {
						if !strings.Contains(all, part) {
							t.Errorf("the letters lack %s:\n%s", part, all)
						}
					}
				}
			})
		}
	}
}

// TestChangedTimeExpression holds that a job goes on with the same event time however it
// is written, and is refused with another.
func TestChangedTimeExpression(t *testing.T) {
	const eventTime = "{ column: at, watermark_delay: 1h }"
	const was = "{ expression: \"at + INTERVAL '1' SECOND\", watermark_delay: 1h }"
	afresh := []string{"events: changed; it resumes where it was, and its watermark starts afresh"}
	for _, test := range []struct {
		name, is, schema string
		refused          []string
	}{
		{"the same", was, "at: timestamp", nil},
		{"written otherwise", "{ expression: \"at +  interval '1' second\", watermark_delay: 1h }", "at: timestamp", nil},
		{"another expression", strings.Replace(was, "'1'", "'2'", 1), "at: timestamp", append(afresh, "'2'")},
		{"a column", eventTime, "at: timestamp", append(afresh, "event time at timestamp")},
		{"read otherwise", was, "at: timestamp('%Y-%m-%dT%H:%M:%SZ')", afresh},
	} {
		t.Run(test.name, func(t *testing.T) {
			first := strings.Replace(changingJob, eventTime, was, 1)
			fs := files(t, map[string]string{"job.yaml": first, "in/1.csv": changingRows(4, 0)})
			run, _ := startChanging(t, fs, Options{})
			untilRowsReach(t, run, "events", 2)
			run.Stop()
			if last, err := run.Wait(); err != nil || last.State != status.Stopped {
				t.Fatalf("the job is %s: %v", last.State, err)
			}
			write(t, fs, "job.yaml", strings.NewReplacer(eventTime, test.is, "at: timestamp", test.schema).Replace(changingJob))
			write(t, fs, "in/2.csv", changingRows(6, 2))
			if test.refused != nil {
				checkRefused(t, fs, test.refused)
			}
			run, _ = startChanging(t, fs, Options{AllowChanged: test.refused != nil})
			untilRowsReach(t, run, "events", 4)
			run.Drain()
			if last, err := run.Wait(); err != nil || last.State != status.Finished {
				t.Fatalf("the job is %s: %v", last.State, err)
			}
			if got := rows(t, fs, "out"); len(got) != 1 || !strings.HasSuffix(got[0], ",2013-01-01T00:00:00Z,2013-01-02T00:00:00Z,12") {
				t.Errorf("the output is %q", got)
			}
		})
	}
}
