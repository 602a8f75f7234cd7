// Package timezone converts between instants and what clocks show in a time
// zone.
//
// The rules are those of the IANA time zone database, release 2025c, embedded as
// zoneinfo.zip, which is the file of that name in Go's distribution; the
// database is in the public domain. Those of the machine are not looked at, so
// that a job gives the same answer everywhere.
package timezone

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

//go:embed zoneinfo.zip
var database []byte

// files are the zones of the database by name.
var files = sync.OnceValue(func() map[string]*zip.File {
	r, err := zip.NewReader(bytes.NewReader(database), int64(len(database)))
	if err != nil {
		panic(fmt.Sprintf("timezone: the embedded database: %v", err))
	}
	byName := make(map[string]*zip.File, len(r.File))
	for _, f := range r.File {
		if !f.FileInfo().IsDir() {
			byName[f.Name] = f
		}
	}
	return byName
})

// Names returns the names of all zones, in order.
func Names() []string {
	var names []string
	for name := range files() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Zone is the history and future of the clocks in one place. It never changes.
type Zone struct {
	name     string
	location *time.Location
	spans    []span // those from firstKnown to lastKnown, in order
}

// span is a time during which a zone's offset from UTC stays the same.
type span struct {
	start, end record.Time // [start, end); the ends of time where nothing bounds it
	offset     record.Time // what is added to UTC
}

// The years for which spans are kept ready; others are looked up each time.
var (
	firstKnown = record.TimeOf(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC))
	lastKnown  = record.TimeOf(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
)

// Load returns the zone of a name such as Europe/Berlin, or that with a fixed
// offset such as +05:30.
func Load(name string) (*Zone, error) {
	location, err := locationOf(name)
	if err != nil {
		return nil, err
	}
	z := &Zone{name: name, location: location}
	for at := firstKnown; at < lastKnown; {
		s := z.lookUp(at)
		// A rule that goes on for ever may seem to begin before the change from
		// which it counts, and anew with each year.
		if last := len(z.spans) - 1; last >= 0 && z.spans[last].offset == s.offset {
			z.spans[last].end = s.end
		} else {
			s.start = at
			z.spans = append(z.spans, s)
		}
		at = s.end
	}
	return z, nil
}

// String returns the name that the zone was loaded by.
func (z *Zone) String() string { return z.name }

func locationOf(name string) (*time.Location, error) {
	if t, err := time.Parse("-07:00", name); err == nil {
		return t.Location(), nil
	}
	f := files()[name]
	if f == nil {
		return nil, fmt.Errorf("there is no time zone %q", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("time zone %s: %w", name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("time zone %s: %w", name, err)
	}
	return time.LoadLocationFromTZData(name, data)
}

// lookUp returns the span around t by the zone's rules.
func (z *Zone) lookUp(t record.Time) span {
	at := t.GoTime().In(z.location)
	_, offset := at.Zone()
	s := span{math.MinInt64, math.MaxInt64, record.Time(offset) * 1_000_000}
	start, end := at.ZoneBounds()
	if !start.IsZero() && start.Unix() > math.MinInt64/1_000_000 {
		s.start = record.TimeOf(start)
	}
	if !end.IsZero() && end.Unix() < math.MaxInt64/1_000_000 {
		s.end = record.TimeOf(end)
	}
	if s.end <= t {
		// [time.Time.ZoneBounds] counts 365 days to every year, and so leaves out
		// the last day of a leap year. No clock changes on it.
		s.end = less(t, t%calendar.MicrosPerDay-calendar.MicrosPerDay)
	}
	return s
}

// at returns the span around t.
func (z *Zone) at(t record.Time) span {
	if t < firstKnown || t >= lastKnown {
		return z.lookUp(t)
	}
	low, high := 0, len(z.spans)
	for high-low > 1 {
		if middle := (low + high) / 2; t < z.spans[middle].start {
			high = middle
		} else {
			low = middle
		}
	}
	return z.spans[low]
}
