package times

import (
	"slices"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// Area is the functions of times and lengths of time, and their arithmetic.
var Area = kernel.Area{Functions: functions, Overloads: overloads, Casts: casts}

// types is shorthand for parameters.
type types = []record.Type

var (
	textT       = types{record.String}
	texts2      = types{record.String, record.String}
	texts3      = types{record.String, record.String, record.String}
	intT        = types{record.Int64}
	floatT      = types{record.Float64}
	timeT       = types{record.Timestamp}
	textTime    = types{record.String, record.Timestamp}
	textLocal   = types{record.String, record.Local}
	textTimes   = types{record.String, record.Timestamp, record.Timestamp}
	textLocals  = types{record.String, record.Local, record.Local}
	timePattern = types{record.Timestamp, record.String}
)

// functions are the functions on timestamps and intervals.
var functions = kernel.InGroup("time", slices.Concat([]kernel.Function{
	{
		Name: "date_trunc", Params: "unit t zone",
		Summary: "The beginning of the hour, day or other unit that a time is in; weeks begin on Monday. With a zone, hours and " +
			"days are those that clocks there show. Units are microsecond, millisecond, second, minute, hour, day, week, month, " +
			"quarter and year.",
		Examples: [][2]string{
			{"date_trunc('hour', TIMESTAMP '2013-01-31T10:15:30Z')", "2013-01-31T10:00:00Z"},
			{"date_trunc('week', TIMESTAMP '2013-01-31T10:15:30Z')", "2013-01-28T00:00:00Z"},
			{"date_trunc('day', TIMESTAMP '2013-01-31T23:15:30Z', 'Europe/Berlin')", "2013-01-31T23:00:00Z"},
		},
		Overloads: []kernel.Overload{
			{Params: textTime, Result: record.Timestamp, Fails: true, Prepare: truncating},
			{Params: types{record.String, record.Timestamp, record.String}, Result: record.Timestamp, Fails: true, Prepare: truncating},
			{Params: textLocal, Result: record.Local, Fails: true, Prepare: truncating},
		},
	},
	{
		Name: "time_bucket", Params: "width t",
		Summary: "The beginning of the bucket that a time is in, when buckets of that width follow each other. Buckets of " +
			"microseconds to weeks are counted from Monday, 2000-01-03, buckets of months from 2000-01-01.",
		Examples: [][2]string{
			{"time_bucket(INTERVAL '15' MINUTE, TIMESTAMP '2013-01-31T10:25:30Z')", "2013-01-31T10:15:00Z"},
			{"time_bucket(INTERVAL '6' MONTH, TIMESTAMP '2013-11-30T00:00:00Z')", "2013-07-01T00:00:00Z"},
		},
		Overloads: []kernel.Overload{
			{Params: types{record.Interval, record.Timestamp}, Result: record.Timestamp, Fails: true, Prepare: bucketing},
			{Params: types{record.Months, record.Timestamp}, Result: record.Timestamp, Fails: true, Prepare: bucketing},
			{Params: types{record.Interval, record.Local}, Result: record.Local, Fails: true, Prepare: bucketing},
			{Params: types{record.Months, record.Local}, Result: record.Local, Fails: true, Prepare: bucketing},
		},
	},
	{
		Name: "date_part", Params: "part t",
		Summary: "A part of a time in UTC, or of what a clock shows; also `EXTRACT(part FROM t)`. Parts are year, quarter, " +
			"month, week (of ISO 8601), day, hour, minute, second, millisecond and microsecond (both including the seconds of " +
			"the minute), dow (0 is Sunday), isodow (7 is Sunday), doy, isoyear (of the week), and epoch (the seconds since " +
			"1970, or in an interval, as a float64). An interval has the parts day to microsecond, or year and month, each " +
			"without what the larger parts hold.",
		Examples: [][2]string{
			{"EXTRACT(HOUR FROM TIMESTAMP '2013-01-31T10:15:30Z')", "10"},
			{"date_part('week', TIMESTAMP '2013-01-31T10:15:30Z')", "5"},
			{"EXTRACT(EPOCH FROM INTERVAL '90' MINUTE)", "5400.0"},
			{"EXTRACT(HOUR FROM TIMESTAMP '2013-01-31T10:15:30Z' AT TIME ZONE 'America/New_York')", "5"},
		},
		Overloads: []kernel.Overload{
			{Params: textTime, Result: record.Int64, Prepare: extracting},
			{Params: textLocal, Result: record.Int64, Prepare: extracting},
			{Params: types{record.String, record.Interval}, Result: record.Int64, Prepare: extracting},
			{Params: types{record.String, record.Months}, Result: record.Int64, Prepare: extracting},
		},
	},
	{
		Name: "timestampdiff", Params: "unit from to",
		Summary: "How many whole units lie between two times, negative if `to` is the earlier one. The unit may be written " +
			"without quotes. A month has passed once its day and time of day are reached.",
		Examples: [][2]string{
			{"timestampdiff(MINUTE, TIMESTAMP '2013-01-31T10:15:30Z', TIMESTAMP '2013-01-31T12:15:00Z')", "119"},
			{"timestampdiff('month', TIMESTAMP '2013-01-31', TIMESTAMP '2013-03-30')", "1"},
		},
		Overloads: []kernel.Overload{
			{Params: textTimes, Result: record.Int64, Fails: true, Prepare: differing},
			{Params: textLocals, Result: record.Int64, Fails: true, Prepare: differing},
		},
	},
	{
		Name: "date_diff", Aliases: []string{"datediff"}, Params: "unit from to",
		Summary: "How many units begin between two times: from 23:59 to 00:01 it is 1 day.",
		Examples: [][2]string{
			{"date_diff('day', TIMESTAMP '2013-01-31T23:59:00Z', TIMESTAMP '2013-02-01T00:01:00Z')", "1"},
		},
		Overloads: []kernel.Overload{
			{Params: textTimes, Result: record.Int64, Fails: true, Prepare: crossing},
			{Params: textLocals, Result: record.Int64, Fails: true, Prepare: crossing},
		},
	},
	{
		Name: "timestampadd", Params: "unit count t",
		Summary:  "The time `count` units later; the unit may be written without quotes. Also `t + count * INTERVAL '1' unit`.",
		Examples: [][2]string{{"timestampadd(MONTH, 1, TIMESTAMP '2013-01-31')", "2013-02-28T00:00:00Z"}},
		Overloads: []kernel.Overload{
			{Params: types{record.String, record.Int64, record.Timestamp}, Result: record.Timestamp, Fails: true, Prepare: adding},
			{Params: types{record.String, record.Int64, record.Local}, Result: record.Local, Fails: true, Prepare: adding},
		},
	},
	{
		Name: "date_format", Aliases: []string{"strftime"}, Params: "t pattern zone",
		Summary: "The time as text in the form of a pattern, in UTC or as clocks in a zone show it. The directives are those of " +
			"timestamps in schemas: `%Y %y %m %b %B %d %e %j %a %A %H %I %p %M %S %f %3f %s %z %:z %Z`; a minus, as in `%-d`, leaves out " +
			"leading zeros.",
		Examples: [][2]string{
			{"date_format(TIMESTAMP '2013-01-31T10:15:30Z', '%d.%m.%Y %H:%M')", "'31.01.2013 10:15'"},
			{"date_format(TIMESTAMP '2013-01-31 10:15:30', '%-I %p %:z', 'Asia/Tokyo')", "'7 PM +09:00'"},
		},
		Overloads: []kernel.Overload{
			{Params: timePattern, Result: record.String, Fails: true, Prepare: formatting},
			{Params: types{record.Timestamp, record.String, record.String}, Result: record.String, Fails: true, Prepare: formatting},
			{Params: types{record.Local, record.String}, Result: record.String, Prepare: formatting},
		},
	},
	{
		Name: "to_timestamp", Aliases: []string{"strptime"}, Params: "x pattern zone",
		Summary: "Reads a timestamp from a text: in RFC 3339, or in the form of a pattern, in UTC or by the clocks of a zone. A " +
			"number means seconds since 1970. Fails if the text has another form.",
		Examples: [][2]string{
			{"to_timestamp('31.01.2013 10:15', '%d.%m.%Y %H:%M')", "2013-01-31T10:15:00Z"},
			{"to_timestamp('31.01.2013 10:15', '%d.%m.%Y %H:%M', 'Europe/Berlin')", "2013-01-31T09:15:00Z"},
			{"to_timestamp(1359627330.5)", "2013-01-31T10:15:30.5Z"},
		},
		Overloads: []kernel.Overload{
			{Params: textT, Result: record.Timestamp, Fails: true, Prepare: parsing},
			{Params: texts2, Result: record.Timestamp, Fails: true, Prepare: parsing},
			{Params: texts3, Result: record.Timestamp, Fails: true, Prepare: parsing},
			{Params: intT, Result: record.Timestamp, Fails: true, Build: ofUnits(calendar.MicrosPerSecond)},
			{Params: floatT, Result: record.Timestamp, Fails: true, Build: kernel.Mapping(timesOfSeconds, whyNotSeconds)},
		},
	},
	{
		Name: "to_date", Params: "text pattern",
		Summary: "Reads a date from a text, as `CAST(text AS date)` does or in the form of a pattern. Fails if the text has " +
			"another form.",
		Examples: [][2]string{{"to_date('31.01.2013', '%d.%m.%Y')", "2013-01-31"}},
		Overloads: []kernel.Overload{
			{Params: textT, Result: record.Date, Fails: true, Prepare: parsingDates},
			{Params: texts2, Result: record.Date, Fails: true, Prepare: parsingDates},
		},
	},
	epochFunction("epoch_ms", "milliseconds", "1359627330500", 1000),
	epochFunction("epoch_us", "microseconds", "1359627330500000", 1),
}, shortcuts()))

// epochFunction converts both ways between timestamps and whole numbers of a unit.
func epochFunction(name, unit, example string, micros int64) kernel.Function {
	return kernel.Function{
		Name: name, Params: "x",
		Summary: "The whole " + unit + " of a timestamp since 1970, or the timestamp of so many.",
		Examples: [][2]string{
			{name + "(TIMESTAMP '2013-01-31T10:15:30.5Z')", example},
			{name + "(" + example + ")", "2013-01-31T10:15:30.5Z"},
		},
		Overloads: []kernel.Overload{
			{Params: timeT, Result: record.Int64, Build: unitsOfTimes(micros)},
			{Params: intT, Result: record.Timestamp, Fails: true, Build: ofUnits(micros)},
		},
	}
}

// shortcuts are the parts that have functions of their own.
func shortcuts() []kernel.Function {
	var list []kernel.Function
	for _, s := range []struct{ name, value string }{
		{"year", "2013"}, {"quarter", "1"}, {"month", "1"}, {"week", "5"}, {"day", "31"}, {"hour", "10"}, {"minute", "15"}, {"second", "30"},
	} {
		p, _ := partOf(s.name)
		list = append(list, kernel.Function{
			Name: s.name, Params: "t",
			Summary:  "The " + s.name + " of a time, as `EXTRACT(" + s.name + " FROM t)`.",
			Examples: [][2]string{{s.name + "(TIMESTAMP '2013-01-31T10:15:30Z')", s.value}},
			Overloads: []kernel.Overload{
				{Params: timeT, Result: record.Int64, Build: kernel.Mapping(p.loop(), nil)},
				{Params: types{record.Local}, Result: record.Int64, Build: kernel.Mapping(p.loop(), nil)},
			},
		})
	}
	return list
}
