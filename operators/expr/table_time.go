package expr

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

var (
	timeT       = []record.Type{record.Timestamp}
	textTime    = []record.Type{record.String, record.Timestamp}
	textLocal   = []record.Type{record.String, record.Local}
	textTimes   = []record.Type{record.String, record.Timestamp, record.Timestamp}
	textLocals  = []record.Type{record.String, record.Local, record.Local}
	timePattern = []record.Type{record.Timestamp, record.String}
)

// timeFunctions are the functions on timestamps and intervals.
var timeFunctions = inGroup("time", slices.Concat([]function{
	{
		name: "date_trunc", params: "unit t zone",
		summary: "The beginning of the hour, day or other unit in which a time lies; weeks begin on Monday. With a zone, as clocks there show it. " +
			"Units are microsecond, millisecond, second, minute, hour, day, week, month, quarter and year.",
		examples: [][2]string{
			{"date_trunc('hour', TIMESTAMP '2013-01-31T10:15:30Z')", "2013-01-31T10:00:00Z"},
			{"date_trunc('week', TIMESTAMP '2013-01-31T10:15:30Z')", "2013-01-28T00:00:00Z"},
			{"date_trunc('day', TIMESTAMP '2013-01-31T23:15:30Z', 'Europe/Berlin')", "2013-01-31T23:00:00Z"},
		},
		overloads: []overload{
			{params: textTime, result: record.Timestamp, fails: true, prepare: truncating},
			{params: []record.Type{record.String, record.Timestamp, record.String}, result: record.Timestamp, fails: true, prepare: truncating},
			{params: textLocal, result: record.Local, fails: true, prepare: truncating},
		},
	},
	{
		name: "time_bucket", params: "width t",
		summary: "The beginning of the bucket of that width in which a time lies. Buckets of a width in µs to weeks are counted from Monday, " +
			"2000-01-03, those of months from 2000-01-01.",
		examples: [][2]string{
			{"time_bucket(INTERVAL '15' MINUTE, TIMESTAMP '2013-01-31T10:25:30Z')", "2013-01-31T10:15:00Z"},
			{"time_bucket(INTERVAL '6' MONTH, TIMESTAMP '2013-11-30T00:00:00Z')", "2013-07-01T00:00:00Z"},
		},
		overloads: []overload{
			{params: []record.Type{record.Interval, record.Timestamp}, result: record.Timestamp, fails: true, prepare: bucketing},
			{params: []record.Type{record.Months, record.Timestamp}, result: record.Timestamp, fails: true, prepare: bucketing},
			{params: []record.Type{record.Interval, record.Local}, result: record.Local, fails: true, prepare: bucketing},
			{params: []record.Type{record.Months, record.Local}, result: record.Local, fails: true, prepare: bucketing},
		},
	},
	{
		name: "date_part", params: "part t",
		summary: "A part of a time in UTC, or of what a clock shows; also `EXTRACT(part FROM t)`. Parts are year, quarter, month, week (of ISO 8601), " +
			"day, hour, minute, second, millisecond and microsecond (both with the seconds of the minute), dow (0 is Sunday), isodow (7 is Sunday), doy, " +
			"isoyear (of the week), and epoch: the seconds since 1970 or of an interval, a float64. Of an interval they are what is left of the unit before: day to microsecond, or year and month.",
		examples: [][2]string{
			{"EXTRACT(HOUR FROM TIMESTAMP '2013-01-31T10:15:30Z')", "10"},
			{"date_part('week', TIMESTAMP '2013-01-31T10:15:30Z')", "5"},
			{"EXTRACT(EPOCH FROM INTERVAL '90' MINUTE)", "5400.0"},
			{"EXTRACT(HOUR FROM TIMESTAMP '2013-01-31T10:15:30Z' AT TIME ZONE 'America/New_York')", "5"},
		},
		overloads: []overload{
			{params: textTime, result: record.Int64, prepare: extracting},
			{params: textLocal, result: record.Int64, prepare: extracting},
			{params: []record.Type{record.String, record.Interval}, result: record.Int64, prepare: extracting},
			{params: []record.Type{record.String, record.Months}, result: record.Int64, prepare: extracting},
		},
	},
	{
		name: "timestampdiff", params: "unit from to",
		summary: "How many whole units lie between two times, negative where `to` is the earlier one. The unit may stand without quotes. " +
			"A month has passed when its day and time of day are reached.",
		examples: [][2]string{
			{"timestampdiff(MINUTE, TIMESTAMP '2013-01-31T10:15:30Z', TIMESTAMP '2013-01-31T12:15:00Z')", "119"},
			{"timestampdiff('month', TIMESTAMP '2013-01-31', TIMESTAMP '2013-03-30')", "1"},
		},
		overloads: []overload{
			{params: textTimes, result: record.Int64, fails: true, prepare: differing},
			{params: textLocals, result: record.Int64, fails: true, prepare: differing},
		},
	},
	{
		name: "date_diff", aliases: []string{"datediff"}, params: "unit from to",
		summary: "How many units begin between two times: 1 day from 23:59 to 00:01.",
		examples: [][2]string{
			{"date_diff('day', TIMESTAMP '2013-01-31T23:59:00Z', TIMESTAMP '2013-02-01T00:01:00Z')", "1"},
		},
		overloads: []overload{
			{params: textTimes, result: record.Int64, fails: true, prepare: crossing},
			{params: textLocals, result: record.Int64, fails: true, prepare: crossing},
		},
	},
	{
		name: "timestampadd", params: "unit count t",
		summary:  "The time so many units later; the unit may stand without quotes. Also `t + count * INTERVAL '1' unit`.",
		examples: [][2]string{{"timestampadd(MONTH, 1, TIMESTAMP '2013-01-31')", "2013-02-28T00:00:00Z"}},
		overloads: []overload{
			{params: []record.Type{record.String, record.Int64, record.Timestamp}, result: record.Timestamp, fails: true, prepare: adding},
			{params: []record.Type{record.String, record.Int64, record.Local}, result: record.Local, fails: true, prepare: adding},
		},
	},
	{
		name: "date_format", aliases: []string{"strftime"}, params: "t pattern zone",
		summary: "The time as text, written as a pattern says: in UTC, or as clocks in a zone show it. The directives are those of timestamps in schemas: " +
			"`%Y %y %m %b %B %d %j %a %A %H %I %p %M %S %f %3f %z %:z`; a minus, as in `%-d`, leaves zeros out.",
		examples: [][2]string{
			{"date_format(TIMESTAMP '2013-01-31T10:15:30Z', '%d.%m.%Y %H:%M')", "'31.01.2013 10:15'"},
			{"date_format(TIMESTAMP '2013-01-31 10:15:30', '%-I %p %:z', 'Asia/Tokyo')", "'7 PM +09:00'"},
		},
		overloads: []overload{
			{params: timePattern, result: record.String, fails: true, prepare: formatting},
			{params: []record.Type{record.Timestamp, record.String, record.String}, result: record.String, fails: true, prepare: formatting},
			{params: []record.Type{record.Local, record.String}, result: record.String, prepare: formatting},
		},
	},
	{
		name: "to_timestamp", aliases: []string{"strptime"}, params: "x pattern zone",
		summary: "The timestamp that a text tells: RFC 3339, or as a pattern says, in UTC or by the clocks of a zone. Of a number: so many seconds since 1970. " +
			"Fails where the text is not so written.",
		examples: [][2]string{
			{"to_timestamp('31.01.2013 10:15', '%d.%m.%Y %H:%M')", "2013-01-31T10:15:00Z"},
			{"to_timestamp('31.01.2013 10:15', '%d.%m.%Y %H:%M', 'Europe/Berlin')", "2013-01-31T09:15:00Z"},
			{"to_timestamp(1359627330.5)", "2013-01-31T10:15:30.5Z"},
		},
		overloads: []overload{
			{params: textT, result: record.Timestamp, fails: true, prepare: parsing},
			{params: texts2, result: record.Timestamp, fails: true, prepare: parsing},
			{params: texts3, result: record.Timestamp, fails: true, prepare: parsing},
			{params: intT, result: record.Timestamp, fails: true, build: ofUnits(calendar.MicrosPerSecond)},
			{params: floatT, result: record.Timestamp, fails: true, build: mapping(timesOfSeconds, whyNotSeconds)},
		},
	},
	{
		name: "to_date", params: "text pattern",
		summary:  "The date that a text tells, as `CAST(text AS date)` reads it or as a pattern says. Fails where the text is not so written.",
		examples: [][2]string{{"to_date('31.01.2013', '%d.%m.%Y')", "2013-01-31"}},
		overloads: []overload{
			{params: textT, result: record.Date, fails: true, prepare: parsingDates},
			{params: texts2, result: record.Date, fails: true, prepare: parsingDates},
		},
	},
	epochFunction("epoch_ms", "milliseconds", "1359627330500", 1000),
	epochFunction("epoch_us", "microseconds", "1359627330500000", 1),
}, shortcuts()))

// epochFunction converts both ways between timestamps and whole numbers of a unit.
func epochFunction(name, unit, example string, micros int64) function {
	return function{
		name: name, params: "x",
		summary: "The whole " + unit + " of a timestamp since 1970, or the timestamp of so many.",
		examples: [][2]string{
			{name + "(TIMESTAMP '2013-01-31T10:15:30.5Z')", example},
			{name + "(" + example + ")", "2013-01-31T10:15:30.5Z"},
		},
		overloads: []overload{
			{params: timeT, result: record.Int64, build: unitsOfTimes(micros)},
			{params: intT, result: record.Timestamp, fails: true, build: ofUnits(micros)},
		},
	}
}

// shortcuts are the parts that have functions of their own.
func shortcuts() []function {
	var list []function
	for _, s := range []struct{ name, value string }{
		{"year", "2013"}, {"quarter", "1"}, {"month", "1"}, {"week", "5"}, {"day", "31"}, {"hour", "10"}, {"minute", "15"}, {"second", "30"},
	} {
		p, _ := partOf(s.name)
		list = append(list, function{
			name: s.name, params: "t",
			summary:  "The " + s.name + " of a time, as `EXTRACT(" + s.name + " FROM t)`.",
			examples: [][2]string{{s.name + "(TIMESTAMP '2013-01-31T10:15:30Z')", s.value}},
			overloads: []overload{
				{params: timeT, result: record.Int64, build: mapping(p.loop(), nil)},
				{params: []record.Type{record.Local}, result: record.Int64, build: mapping(p.loop(), nil)},
			},
		})
	}
	return list
}
