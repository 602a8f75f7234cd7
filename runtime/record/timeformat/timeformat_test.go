package timeformat

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
)

func TestRead(t *testing.T) {
	for _, test := range []struct{ declared, text, want string }{
		{"", "2013-01-01T10:15:00Z", "2013-01-01T10:15:00Z"},
		{"", "2013-01-01 12:15:00.25+02:00", "2013-01-01T10:15:00.25Z"},
		{"", "yesterday", "failed"},
		{"s", "1357035300", "2013-01-01T10:15:00Z"},
		{"s", "-1", "1969-12-31T23:59:59Z"},
		{"ms", "1357035300250", "2013-01-01T10:15:00.25Z"},
		{"us", "-1", "1969-12-31T23:59:59.999999Z"},
		{"ms", "9223372036854775807", "failed"},
		{"s", "99999999999999999999", "failed"},
		{"s", "1.5", "1970-01-01T00:00:01.5Z"},
		{"s", "1357035300.1234567", "2013-01-01T10:15:00.123457Z"},
		{"s", "1.3570353e9", "2013-01-01T10:15:00Z"},
		{"ms", "-0.001", "1969-12-31T23:59:59.999999Z"},
		{"us", "0.5", "1970-01-01T00:00:00.000001Z"},
		{"s", "1e30", "failed"},
		{"s", "9223372036854.775808", "failed"},
		{"s", "1.5s", "failed"},
		{"s", "", "failed"},

		{"%Y-%m-%d %H:%M:%S", "2013-01-01 10:15:00", "2013-01-01T10:15:00Z"},
		{"%Y-%m-%d %H:%M:%S", "2013-01-01 10:15:00 ", "failed"},
		{"%Y-%m-%d %H:%M:%S", "2013-01-01 10:15:0", "failed"},
		{"%Y-%m-%d %H:%M:%S", "2013-02-29 10:15:00", "failed"},
		{"%Y-%m-%d %H:%M:%S", "2013-01-01 24:00:00", "failed"},
		{"%Y-%m-%d %H:%M:%S", "2013-00-01 23:00:00", "failed"},
		{"%Y-%m-%d %H:%M:%S", "2013-01-00 23:00:00", "failed"},
		{"%Y-%m-%d", "2012-02-29", "2012-02-29T00:00:00Z"},
		{"%Y-%m-%d", "0000-02-29", "0000-02-29T00:00:00Z"},
		{"%Y-%m-%d", "1900-02-29", "failed"},
		{"%d.%m.%Y %H%%%M", "01.02.2013 10%15", "2013-02-01T10:15:00Z"},

		{"%Y%m%dT%H%M%S.%f%z", "20130101T101500.5+0130", "2013-01-01T08:45:00.5Z"},
		{"%Y%m%dT%H%M%S.%f%z", "20130101T101500.123456Z", "2013-01-01T10:15:00.123456Z"},
		{"%Y%m%dT%H%M%S.%f%z", "20130101T101500.1234567Z", "2013-01-01T10:15:00.123456Z"},
		{"%Y-%m-%d %H:%M:%S.%f", "2013-01-01 10:15:00.123456789", "2013-01-01T10:15:00.123456Z"},
		{"%Y-%m-%d %H:%M:%S.%f", "2013-01-01 10:15:00.123456789012", "2013-01-01T10:15:00.123456Z"},
		{"%Y-%-j", "2013-5", "2013-01-05T00:00:00Z"},
		{"%Y-%-j", "2013- 5", "failed"}, // blanks stand for zeros in front of days and the like only
		{"%d.%m.%Y", "1.2.2013", "2013-02-01T00:00:00Z"},
		{"%d.%m.%Y", " 1. 2.2013", "2013-02-01T00:00:00Z"},
		{"%b %d %Y", "Jan 1 2000", "2000-01-01T00:00:00Z"},
		{"%b %e %H:%M:%S %Y", "Jan  1 10:15:00 2000", "2000-01-01T10:15:00Z"},
		{"%e/%m/%Y", "31/12/2000", "2000-12-31T00:00:00Z"},
		{"%m/%d/%Y %H:%M", "1/2/2013 9:05", "2013-01-02T09:05:00Z"},
		{"%Y%m%d", "201311", "failed"}, // a digit follows the month
		{"%Y-%m-%d %H:%M", "2013-01-01 10:5", "failed"},
		{"%s", "1357035300", "2013-01-01T10:15:00Z"},
		{"%s", "-1", "1969-12-31T23:59:59Z"},
		{"at %s", "at 1357035300", "2013-01-01T10:15:00Z"},
		{"%s", "1357035300000", "failed"},
		{"%a, %d %b %Y %H:%M:%S %Z", "Sun, 07 Nov 2021 14:00:00 GMT", "2021-11-07T14:00:00Z"},
		{"%Y-%m-%d %H:%M:%S %Z", "2021-11-07 14:00:00 UTC", "2021-11-07T14:00:00Z"},
		{"%Y-%m-%d %H:%M:%S %Z", "2021-11-07 14:00:00 CET", "failed"},
		{"ns", "1357035300123456789", "2013-01-01T10:15:00.123456Z"},
		{"ns", "-1", "1969-12-31T23:59:59.999999Z"},
		{"ns", "1.357035300123456789e18", "2013-01-01T10:15:00.123456Z"},
		{"ns", "x", "failed"},
		{"s", "1357035300000", "failed"}, // milliseconds: the year 44973
		{"s", "253402300799", "9999-12-31T23:59:59Z"},
		{"s", "253402300800", "failed"},
		{"ms", "-62167219200000", "0000-01-01T00:00:00Z"},
		{"ms", "-62167219200001", "failed"},
		{"%Y%m%dT%H%M%S.%3f", "20130101T101500.123", "2013-01-01T10:15:00.123Z"},
		{"%Y%m%dT%H%M%S.%3f", "20130101T101500.12", "failed"},
		{"%Y-%m-%d%z", "2013-01-01+02", "2012-12-31T22:00:00Z"},
		{"%Y-%m-%d%:z", "2013-01-01-02:30", "2013-01-01T02:30:00Z"},
		{"%Y-%m-%d%z", "2013-01-01+0", "failed"},
		{"%Y-%m-%d%z", "2013-01-01+01:", "failed"},
		{"%Y-%m-%d%z", "2013-01-01+24", "failed"},
		{"%Y-%m-%d%z", "2013-01-01", "failed"},

		{"%-m/%-d/%Y %-I:%M %p", "1/5/2013 3:04 PM", "2013-01-05T15:04:00Z"},
		{"%-m/%-d/%Y %-I:%M %p", "12/31/2013 12:04 am", "2013-12-31T00:04:00Z"},
		{"%-m/%-d/%Y %-I:%M %p", "12/31/2013 12:04 pm", "2013-12-31T12:04:00Z"},
		{"%-m/%-d/%Y %-I:%M %p", "12/31/2013 13:04 pm", "failed"},
		{"%-m/%-d/%Y %-I:%M %p", "12/31/2013 0:04 pm", "failed"},
		{"%-m/%-d/%Y %-I:%M %p", "12/31/2013 1:04 xm", "failed"},
		{"%d/%b/%Y:%H:%M:%S %z", "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z"},
		{"%d/%b/%Y:%H:%M:%S %z", "10/Okt/2000:13:55:36 -0700", "failed"},
		{"%A, %d %B %Y", "tuesday, 01 JANUARY 2013", "2013-01-01T00:00:00Z"},
		{"%a %d %b %y", "Tue 01 jan 13", "2013-01-01T00:00:00Z"},
		{"%y%m%d", "690101", "1969-01-01T00:00:00Z"},
		{"%y%m%d", "680101", "2068-01-01T00:00:00Z"},
		{"%Y.%j", "2013.365", "2013-12-31T00:00:00Z"},
		{"%Y.%j", "2013.366", "failed"},
		{"%Y.%j", "2012.366", "2012-12-31T00:00:00Z"},
		{"%j %Y", "060 2012", "2012-02-29T00:00:00Z"},
		{"%Y.%-j", "2013.0", "failed"},
	} {
		read, err := Reader(test.declared)
		if err != nil {
			t.Errorf("%q: %v", test.declared, err)
			continue
		}
		got := "failed"
		if at, err := read([]byte(test.text)); err == nil {
			got = record.Time(at).String()
		} else if !strings.Contains(err.Error(), `"`+test.text+`"`) {
			t.Errorf("%q as %q: the message does not show the text: %v", test.text, test.declared, err)
		}
		if got != test.want {
			t.Errorf("%q as %q: got %s, want %s", test.text, test.declared, got, test.want)
		}
	}
}

func TestPatternsThatAreRefused(t *testing.T) {
	for pattern, want := range map[string]string{
		"%Y-%m":              "does not say which day is meant",
		"seconds":            "does not say which day is meant",
		"%Y-%m-%d %j":        "does not say which day is meant",
		"%Y-%m-%d %b":        "does not say which day is meant",
		"%Y-%m-%d %y":        "does not say which day is meant",
		"%Y-%m-%d %I:%M":     "does not say which hour is meant",
		"%Y-%m-%d %H:%M %p":  "does not say which hour is meant",
		"%Y-%m-%d %q":        "has %q, which is not known",
		"%Y-%m-%d %-f":       "has %-f, which is not known",
		"%Y-%m-%d %:H":       "has %:H, which is not known",
		"%Y-%m-%d %3S":       "has %3S, which is not known",
		"%Y-%m-%d %ü":        "which is not known",
		"%Y-%m-%d %Y":        "has %Y twice",
		"%Y-%m-%d %f and %f": "has %f twice",
		"%s %Y":              "says the time twice",
		"%s.%f":              "timestamp(s)",
		"%Y-%m-%d %z %Z":     "both %z and %Z",
		"%Y-%m-%d %e":        "has %e twice",
		"%Y-%m-%d %":         "ends in %; a percent sign is %%",
	} {
		if _, err := Reader(pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}

// TestAppendAgreesWithTheStandardLibrary writes random times and compares them
// with what Go writes for the layout that means the same.
func TestAppendAgreesWithTheStandardLibrary(t *testing.T) {
	forms := []struct{ pattern, layout string }{
		{"%Y-%m-%d %H:%M:%S.%f%:z", "2006-01-02 15:04:05.000000-07:00"},
		{"%y%j %I:%M:%S %p .%3f %z", "06002 03:04:05 PM .000 -0700"},
		{"%a %b %-d, %A %B %-m at %-I:%-M:%-S%%", "Mon Jan 2, Monday January 1 at 3:4:5%"},
	}
	trial.Run(t, 20_000, func(t *trial.Case) {
		random := t.Random
		zone := time.FixedZone("", 60*(random.IntN(28*60)-14*60))
		at := time.Unix(random.Int64N(315_537_897_600)-62_135_596_800, random.Int64N(1e9)/1000*1000).In(zone)
		if y := at.Year(); y < 0 || y > 9999 {
			return
		}
		_, offset := at.Zone()
		for _, f := range forms {
			p, err := Compile(f.pattern)
			if err != nil {
				t.Fatal(err)
			}
			wall := record.TimeOf(at) + record.Time(offset)*1_000_000
			if got, want := string(p.Append(nil, wall, offset)), at.Format(f.layout); got != want {
				t.Fatalf("%s: got %s, want %s", f.pattern, got, want)
			}
		}
	})
}

// TestReadsWhatItWrites holds for every pattern that says a time to the µs.
func TestReadsWhatItWrites(t *testing.T) {
	for _, pattern := range []string{
		"%Y-%m-%d %H:%M:%S.%f%:z", "%z %Y%j%H%M%S%f", "%-d. %B %Y, %I.%M.%S.%f %p, %z", "%A%a%b%d%Y%H%M%S%f%z", "%-m/%-d/%Y %-H:%-M:%-S.%f %z",
		"%e.%m.%Y %H:%M:%S.%f %z",
	} {
		p, err := Compile(pattern)
		if err == nil {
			err = p.Readable()
		}
		if err != nil || !p.HasOffset() {
			t.Fatalf("%s: %v", pattern, err)
		}
		trial.Run(t, 5000, func(t *trial.Case) {
			random := t.Random
			at := record.Time(random.Int64N(315_537_897_600_000_000) - 62_135_596_800_000_000)
			offset := 60 * (random.IntN(28*60) - 14*60)
			text := p.Append(nil, at+record.Time(offset)*1_000_000, offset)
			if len(text) > 0 && strings.Contains(string(text), "10000") {
				return // an offset has pushed the year out of its digits
			}
			if got, err := p.Read(text); err != nil || got != at {
				t.Fatalf("%s: %v is written %s and read as %v, %v", pattern, at, text, got, err)
			}
		})
	}
}

func TestFarYears(t *testing.T) {
	p, err := Compile("%Y-%m-%d %H:%M:%S.%f")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[record.Time]string{
		math.MinInt64:               "-290308-12-21 19:59:05.224192",
		math.MaxInt64:               "294247-01-10 04:00:54.775807",
		-62_167_219_200_000_000 - 1: "-0001-12-31 23:59:59.999999",
	} {
		if got := string(p.Append(nil, at, 0)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// FuzzRead: no pattern and no text makes it panic, and what is read to the µs
// reads the same again when it has been written.
func FuzzRead(f *testing.F) {
	f.Add("%Y-%m-%d %H:%M:%S.%f%:z", "2013-01-01 10:15:00.5+02")
	f.Add("%a %-d %b %y %-I %p %M %S %f", "Tue 1 Jan 13 1 PM 00 00 5")
	f.Add("%Y.%-j", "2012.366")
	f.Add("ms", "1357035300250")
	f.Fuzz(func(t *testing.T, declared, text string) {
		read, err := Reader(declared)
		if err != nil {
			return
		}
		at, err := read([]byte(text))
		p, compiled := Compile(declared)
		if err != nil || compiled != nil || !p.seen['Y'] || !p.seen['S'] || !p.seen['f'] || !p.seen['M'] || !p.seen['H'] || p.seen['z'] {
			return
		}
		for _, s := range p.steps {
			if s.directive == 'f' && s.width == 3 {
				return
			}
		}
		written := p.Append(nil, record.Time(at), 0)
		if again, err := read(written); err != nil || again != at {
			t.Fatalf("%q as %q is %d, which is written %q and read as %d, %v", text, declared, at, written, again, err)
		}
	})
}

func TestNoAllocations(t *testing.T) {
	p, _ := Compile("%d/%b/%Y:%H:%M:%S %z")
	read, _ := Reader("%d/%b/%Y:%H:%M:%S %z")
	text := []byte("10/Oct/2000:13:55:36 -0700")
	var to []byte
	if n := testing.AllocsPerRun(100, func() {
		at, _ := read(text)
		to = p.Append(to[:0], record.Time(at), 0)
	}); n >= 1 {
		t.Errorf("%v allocations", n)
	}
}

func TestEpochsAllocateNothing(t *testing.T) {
	read, err := Reader("s")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{[]byte("1357035300"), []byte("1357035300.1234567")} {
		if n := testing.AllocsPerRun(100, func() { read(text) }); n >= 1 {
			t.Errorf("%s takes %v allocations", text, n)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	text := []byte("2013-01-01 10:15:00")
	read, err := Reader("%Y-%m-%d %H:%M:%S")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := read(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	p, err := Compile("%Y-%m-%d %H:%M:%S")
	if err != nil {
		b.Fatal(err)
	}
	var to []byte
	for b.Loop() {
		to = p.Append(to[:0], 1_357_035_300_000_000, 0)
	}
}
