package draft

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file proposes a watermark_delay for input that does not end.

// niceDelays are the delays that people would choose; longer ones are whole days.
var niceDelays = []time.Duration{
	0, time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
	time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 3 * day, 7 * day, 14 * day, 31 * day, 62 * day, 93 * day, 184 * day, 366 * day, component.MaxDuration,
}

const day = 24 * time.Hour

// held is what becomes of rows under a delay.
type held struct {
	delay time.Duration
	late  int   // rows that are behind the watermark
	most  int64 // µs by which the latest of them is behind it
	early []int // positions of rows whose clock is ahead of those behind them: first ones only
	ahead int   // how many there are
}

// missed is how many rows the delay is not right for.
func (h held) missed() int { return h.late + h.ahead }

// mostMissed is what share of the rows a proposed delay may not hold.
const mostMissed = 0.001

// chooseDelay returns the least nice delay that holds 99.9 % of the rows, of which times
// are the event times in the order of the input. Rows with a clock that is far ahead count
// as not held: a watermark that follows them would make all others late, under any delay.
func chooseDelay(times []record.Time) (h held) {
	for _, d := range niceDelays {
		if h = hold(times, d); float64(h.missed()) <= mostMissed*float64(len(times)) {
			break
		}
	}
	return h
}

// hold finds out what becomes of rows under a delay, if those with a clock that is ahead
// were not there.
func hold(times []record.Time, delay time.Duration) held {
	h, d := held{delay: delay}, record.Time(delay.Microseconds())
	greatest := times[0]
	for i, t := range times {
		switch {
		case greatest-t > d:
			h.late, h.most = h.late+1, max(h.most, int64(greatest-t-d))
		case i > 0 && t-greatest <= d:
			greatest = max(greatest, t)
		case isEarly(times[i+1:], t-d):
			if h.ahead++; len(h.early) < mostNamed {
				h.early = append(h.early, i)
			}
		default:
			greatest = t
		}
		if i == 0 && h.ahead > 0 {
			greatest = record.MinTime / 2 // of rows that count there is none yet
		}
	}
	return h
}

const (
	mostNamed = 3
	following = 15 // rows behind one that tell whether its clock is ahead
)

// isEarly reports whether most of the rows behind one are before a time.
func isEarly(behind []record.Time, before record.Time) bool {
	behind = behind[:min(len(behind), following)]
	n := 0
	for _, t := range behind {
		if t < before {
			n++
		}
	}
	return 2*n > len(behind)
}

// watch makes the draft one of the folder that the file is in, which more files come to.
func (w *writer) watch(o Options) error {
	w.watched, w.path = true, pattern(w.path)
	if w.clock == nil {
		return nil
	}
	var times []record.Time
	c := w.clock.column
	fields := []record.Field{{Name: c.Name, Type: record.Timestamp}}
	_, err := w.table.scan(o, fields, []stream.Pattern{{Timestamp: c.guess.pattern}}, func(b *record.Batch, _ []stream.FailedRecord) {
		if b != nil {
			times = appendTimes(times, b.Columns[0])
		}
	})
	if err == nil && len(times) > 0 {
		w.held = chooseDelay(times)
		w.holds = w.held.about(times)
	}
	return err
}

// pattern returns a pattern for files like one, in its folder.
func pattern(file string) string {
	dir, base := path.Split(file)
	suffix := ""
	for _, compression := range []string{".gz", ".zst"} {
		if rest, ok := strings.CutSuffix(base, compression); ok {
			base, suffix = rest, compression
		}
	}
	return dir + "*" + path.Ext(base) + suffix
}

// about says what the delay holds and what not, for people.
func (h held) about(times []record.Time) (notes []string) {
	delay, rows := component.FormatDuration(h.delay), len(times)-h.ahead
	if h.late == 0 {
		notes = append(notes, fmt.Sprintf("watermark_delay %s holds all of %d rows", delay, rows))
	} else {
		most := component.FormatDuration(duration(record.Time(h.most)).Round(time.Second))
		notes = append(notes, fmt.Sprintf("watermark_delay %s holds all but %d of %d rows, which come up to %s later and would be late",
			delay, h.late, rows, most))
	}
	for _, i := range h.early {
		notes = append(notes, fmt.Sprintf("row %d has %v, far ahead of the rows behind it, which would be late, for a watermark follows it; "+
			"mend or remove it", i+1, times[i]))
	}
	if more := h.ahead - len(h.early); more > 0 {
		notes = append(notes, fmt.Sprintf("%d more rows are so far ahead", more))
	}
	return notes
}
