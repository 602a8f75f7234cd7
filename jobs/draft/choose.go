package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// clock is the event time that was chosen.
type clock struct {
	column   *Column
	disorder time.Duration // seen in the sample
	span     time.Duration // from the first to the last row of the whole file, about
	days     bool          // it tells days only
	why      string
}

// chooseClock chooses the event time: the column that is named most like one, of
// those without empty cells that are not out of order by more than a watermark can
// wait for, as columns are in which the year 9999 stands for never; a few wrong clocks
// are no reason. It returns nil where there is none.
func (t *table) chooseClock(columns []Column, s sample) *clock {
	var candidates []*Column
	for i := range columns {
		c := &columns[i]
		if (c.typ == record.Timestamp || c.typ == record.Date) && c.empty == 0 && !strings.Contains(c.Name, "${") {
			candidates = append(candidates, c)
		}
	}
	slices.SortStableFunc(candidates, func(a, b *Column) int { return clockScore(b) - clockScore(a) })
	for _, c := range candidates {
		g := c.guess
		if g.typ == record.Date {
			g = guess{record.Timestamp, "%Y-%m-%d"}
		}
		k := &clock{column: c, why: "the only column that can be one"}
		times := t.times(c.Name, g)
		if k.measure(times, s); k.disorder == component.MaxDuration && chooseDelay(times).delay == component.MaxDuration {
			c.noteSpan(times)
			continue
		}
		c.guess = g
		if others := otherClocks(columns, c); others != nil {
			k.why = "it could also be " + strings.Join(others, " or ")
		}
		k.days = c.pattern != "" && !strings.ContainsAny(c.pattern, "HISsu")
		return k
	}
	return nil
}

// eventName is how people call the time at which something happened.
var eventName = regexp.MustCompile(`(?i)(^at$|^ts$|^time$|timestamp|event|occurred|happened|scheduled|_at$|_time$|datetime)`)

// afterwards is how they call when it was written down.
var afterwards = regexp.MustCompile(`(?i)(updated|modified|inserted|loaded|processed|deleted|ingest|received)`)

// noteSpan says why a column is not chosen though it has a time in every row.
func (c *Column) noteSpan(times []record.Time) {
	note := fmt.Sprintf("no event time, for times from %v to %v stand beside each other; do some of them mean that there is none?",
		slices.Min(times), slices.Max(times))
	c.Note, c.doubtful = strings.TrimPrefix(c.Note+"; "+note, "; "), true
}

func clockScore(c *Column) int {
	score := 0
	if eventName.MatchString(c.Name) {
		score += 2
	}
	if c.typ == record.Timestamp {
		score += 4 // finer than a day
	}
	if afterwards.MatchString(c.Name) {
		score -= 3
	}
	return max(score, 0)
}

func otherClocks(columns []Column, chosen *Column) (names []string) {
	for i := range columns {
		if c := &columns[i]; c != chosen && (c.typ == record.Timestamp || c.typ == record.Date) && c.empty == 0 {
			names = append(names, c.Name)
		}
	}
	return names
}

// measure finds out by how much rows come out of order and what time they cover, but for
// the few at both ends whose clocks may have been wrong.
func (k *clock) measure(times []record.Time, s sample) {
	last := times[0]
	var disorder record.Time
	for _, at := range times {
		disorder = max(disorder, last-at)
		last = max(last, at)
	}
	k.disorder = duration(disorder)
	sorted := slices.Sorted(slices.Values(times))
	few := int(mostMissed * float64(len(times)))
	k.span = duration(sorted[len(sorted)-1-few] - sorted[few])
	if share := s.share; !s.whole && share > 0 {
		k.span = time.Duration(min(float64(k.span)/share, float64(component.MaxDuration)))
	}
}

// duration turns µs into a duration that a job file can hold.
func duration(t record.Time) time.Duration {
	return min(time.Duration(min(int64(t), int64(component.MaxDuration/time.Microsecond)))*time.Microsecond, component.MaxDuration)
}

// windows are the sizes to choose from, with what a step of such windows is called.
var windows = []struct {
	size time.Duration
	name string
}{
	{time.Second, "by_second"}, {10 * time.Second, "by_10_seconds"}, {time.Minute, "by_minute"},
	{10 * time.Minute, "by_10_minutes"}, {time.Hour, "hourly"}, {24 * time.Hour, "daily"},
	{7 * 24 * time.Hour, "weekly"}, {30 * 24 * time.Hour, "by_30_days"}, {365 * 24 * time.Hour, "by_365_days"},
}

// mostWindows is how many windows a result may have, so that it can be taken in.
const mostWindows = 31

// window returns the least window size with which few windows cover the span.
func (k *clock) window() (size time.Duration, name string) {
	for _, w := range windows {
		if k.span/w.size < mostWindows && !(k.days && w.size < 24*time.Hour) {
			return w.size, w.name
		}
	}
	last := windows[len(windows)-1]
	return last.size, last.name
}

// kindName is how columns are called whose numbers are kinds.
var kindName = regexp.MustCompile(`(?i)(status|code|kind|type|class|category|level|year|month|hour)`)

// chooseGroup returns the column to group by: of those with few values, each of
// them standing several times, the one with the fewest; nil if there is none.
func (t *table) chooseGroup(columns []Column) *Column {
	const most = 12
	var best *Column
	for i := range columns {
		c := &columns[i]
		n := len(c.distinct)
		reserved := c.Name == "window_start" || c.Name == "window_end"
		grouped := c.typ == record.String && c.filler == "" || c.typ == record.Bool ||
			c.typ == record.Int64 && kindName.MatchString(c.Name)
		if !grouped || n < 2 || n > most || n*2 > t.rows || c.empty*2 > t.rows || strings.Contains(c.Name, "${") || reserved {
			continue
		}
		if best == nil || n < len(best.distinct) {
			best = c
		}
	}
	return best
}

// identifierName is how columns are called whose numbers are names.
var identifierName = regexp.MustCompile(
	`(?i)(^id$|_id$|[a-z]Id$|^no$|_no$|number|code|zip|year|month|day|hour|minute|index|phone|^lat|^lon)`)

// amountName is how columns are called whose numbers are amounts.
var amountName = regexp.MustCompile(`(?i)(amount|price|cost|total|sum|count|qty|quantity|value|` +
	`delay|duration|elapsed|took|latency|size|bytes|length|distance|speed|rate|score|temp|weight|level|usage|volume|percent|` +
	`_min$|_ms$|_s$|_mi$|_km$|_usd$|_eur$)`)

// chooseMeasures returns the columns to aggregate: numbers that are amounts,
// those before others that are called so.
func chooseMeasures(columns []Column, group *Column) []*Column {
	var amounts, others []*Column
	for i := range columns {
		c := &columns[i]
		t := c.typ
		if c.would.pattern == "" && c.would.typ != (record.Type{}) {
			t = c.would.typ
		}
		switch {
		case c == group, t != record.Int64 && t != record.Float64, len(c.distinct) == 1, strings.Contains(c.Name, "${"),
			identifierName.MatchString(c.Name):
		case amountName.MatchString(c.Name):
			amounts = append(amounts, c)
		default:
			others = append(others, c)
		}
	}
	const most = 2
	chosen := append(amounts, others...)
	return chosen[:min(len(chosen), most)]
}

// about says in what order the rows of a sample come, for people.
func (k *clock) about(looked string) string {
	if k.disorder == 0 {
		return looked + " are in order"
	}
	disorder := k.disorder
	if disorder >= time.Second {
		disorder = disorder.Round(time.Second)
	}
	return fmt.Sprintf("%s come up to %s out of order, which does not matter here: windows wait for the end of the input", looked,
		component.FormatDuration(disorder))
}
