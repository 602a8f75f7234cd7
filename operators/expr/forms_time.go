package expr

import "github.com/weirstream/weir/runtime/component"

// timeDocs describes the forms of the grammar for times, for [Functions].
var timeDocs = []component.FunctionDoc{
	{
		Name: "TIMESTAMP DATE", Group: groupTime,
		Signatures: []string{"TIMESTAMP 'text'", "DATE 'text'"},
		Summary:    "An instant, in UTC unless the text has an offset; or a day.",
		Examples: [][2]string{{"TIMESTAMP '2013-01-31 10:15:00'", "2013-01-31T10:15:00Z"},
			{"TIMESTAMP '2013-01-31T10:15:00+02:00'", "2013-01-31T08:15:00Z"}, {"DATE '2013-01-31'", "2013-01-31"}},
	},
	{
		Name: "INTERVAL", Group: groupTime,
		Signatures: []string{"INTERVAL 'number' unit", "INTERVAL number unit", "INTERVAL (x) unit", "INTERVAL 'number unit …'",
			"INTERVAL 'years-months' YEAR TO MONTH", "INTERVAL 'days hours:minutes:seconds' DAY TO SECOND"},
		Summary: "A length of time to compute with; no column holds one. Units are microsecond to week, which have a fixed " +
			"length, or month, quarter and year, which do not: the two kinds can be neither added nor compared.",
		Examples: [][2]string{{"TIMESTAMP '2013-01-31' + INTERVAL '90' MINUTE", "2013-01-31T01:30:00Z"},
			{"TIMESTAMP '2013-01-31' + INTERVAL '1 day 2 hours'", "2013-02-01T02:00:00Z"}, {"INTERVAL '1' DAY = INTERVAL '24' HOUR", "true"}},
	},
	{
		Name: "t + i", Group: groupTime,
		Signatures: []string{"t + interval", "t - interval", "t - t", "date + days", "date - days", "date - date", "interval + interval",
			"interval - interval", "interval * number", "interval / number", "-interval"},
		Summary: "Arithmetic with timestamps, dates and intervals. A month later is the same day, or the last day of the month " +
			"if that is shorter. The difference between two timestamps is an interval; between two dates it is a number of days. " +
			"A result out of range fails.",
		Examples: [][2]string{{"TIMESTAMP '2013-01-31' + INTERVAL '1' MONTH", "2013-02-28T00:00:00Z"},
			{"TIMESTAMP '2013-01-31 12:00:00' - TIMESTAMP '2013-01-31' > INTERVAL '11' HOUR", "true"},
			{"DATE '2013-03-01' - DATE '2013-02-28'", "1"}, {"DATE '2013-01-31' + 1", "2013-02-01"}},
	},
	{
		Name: "EXTRACT", Group: groupTime,
		Signatures: []string{"EXTRACT(part FROM t)"},
		Summary:    "A part of a time or an interval, the same as `date_part('part', t)`.",
		Examples:   [][2]string{{"EXTRACT(YEAR FROM TIMESTAMP '2013-01-31T10:15:30Z')", "2013"}, {"EXTRACT(DOW FROM DATE '2013-01-31')", "4"}},
	},
	{
		Name: "AT TIME ZONE", Group: groupTime,
		Signatures: []string{"instant AT TIME ZONE 'zone'", "shown AT TIME ZONE 'zone'"},
		Summary: "Given an instant, what clocks in the zone show; given what they show, the instant. If they show it twice, that " +
			"is the first of the two instants; if they skip it, the instant as if they had not yet been set forward. No column " +
			"holds what clocks show; functions and arithmetic accept it. Zones are those of the IANA database, or offsets such " +
			"as '+02:00'.",
		Examples: [][2]string{
			{"EXTRACT(HOUR FROM TIMESTAMP '2013-07-01T22:30:00Z' AT TIME ZONE 'Europe/Berlin')", "0"},
			{"CAST(TIMESTAMP '2013-07-01 22:30:00' AT TIME ZONE '+02:00' AS string)", "'2013-07-02T00:30:00'"},
			{"CAST(TIMESTAMP '2013-07-01 22:30:00' AT TIME ZONE '+02:00' AS date)", "2013-07-02"},
		},
	},
}
