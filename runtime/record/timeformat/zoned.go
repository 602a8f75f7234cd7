package timeformat

import (
	"fmt"
	"regexp"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timezone"
)

// What follows a pattern in a declaration: its closing quote, and the zone up to the
// closing quote of that, or on to strict: true.
var (
	behindPattern = regexp.MustCompile(`^(.*?)'\s*,\s*(.*)$`)
	zoneName      = regexp.MustCompile(`^zone\s*:\s*'([^']*)('\s*,\s*strict\s*:\s*true)?$`)
)

// ZoneOf returns the name of the zone that a declaration has behind its pattern, "" where
// there is none.
func ZoneOf(declared string) string {
	if parts := behindPattern.FindStringSubmatch(declared); parts != nil {
		if name := zoneName.FindStringSubmatch(parts[2]); name != nil {
			return name[1]
		}
	}
	return ""
}

// zoned returns the reader of what clocks in a zone show, declared as
// %Y-%m-%d %H:%M', zone: 'Europe/Paris, or nil where no zone follows the pattern. A time
// that comes twice is the first; one that is left out moves forward; with strict: true
// behind the zone both fail. Each reader remembers the last offset, and so belongs to one
// goroutine.
func zoned(declared string) (func(text []byte) (int64, error), error) {
	parts := behindPattern.FindStringSubmatch(declared)
	if parts == nil {
		return nil, nil
	}
	name := zoneName.FindStringSubmatch(parts[2])
	if name == nil {
		return nil, fmt.Errorf("timestamp pattern %q is followed by what is no zone; one is written timestamp('%s', zone: 'Europe/Paris')",
			parts[1], parts[1])
	}
	p, err := Compile(parts[1])
	if err == nil {
		err = p.Readable()
	}
	if err != nil {
		return nil, err
	}
	if p.HasOffset() {
		return nil, fmt.Errorf("timestamp pattern %q reads an offset from UTC, and so has no zone beside it; leave one of them out", parts[1])
	}
	zone, err := timezone.Load(name[1])
	if err != nil {
		return nil, fmt.Errorf("%w; zones are named as in the IANA database, such as Europe/Paris, or by an offset, such as +02:00", err)
	}
	clock, strict := zone.NewClock(), name[2] != ""
	return func(text []byte) (int64, error) {
		local, err := p.Read(text)
		if err != nil {
			return 0, err
		}
		if strict {
			if err := checkLocal(text, clock.Times(record.Time(local)), name[1]); err != nil {
				return 0, err
			}
		}
		return int64(local) - clock.LocalOffset(record.Time(local)), nil
	}, nil
}

// checkLocal refuses a time that clocks do not show just once.
func checkLocal(text []byte, times int, zone string) error {
	switch times {
	case 0:
		return fmt.Errorf("%q is a time that clocks in %s leave out, for they are set forward; without strict it moves forward as well",
			text, zone)
	case 1:
		return nil
	}
	return fmt.Errorf("%q is a time that clocks in %s show twice, for they are set back; without strict it is the first", text, zone)
}
