// Package times has the functions and the arithmetic of times: timestamps, dates, what
// clocks in a zone show, and lengths of time.
//
// A time is an int64 of µs, be it an instant or what a clock shows ([record.Local]); a
// length of time is one of µs, or one of months, which have no length in µs. So most
// arithmetic is that of integers, by package exact, with other messages. Days are
// looked up in the calendar once for times that follow each other within a day.
//
// A unit, a pattern or a zone is a constant, which is read when the expression is
// checked: what is computed for a row knows it already.
//
// # Files
//
//	table, operators            what there is to call
//	arithmetic, add, date       times, lengths of time and days added and subtracted
//	trunc, diff                 beginnings of units, and how many units lie between two times
//	part                        EXTRACT
//	format, parse, epoch        times as text, and as numbers since 1970
//	zone, unit                  zones, AT TIME ZONE, and names of units
//	interval                    lengths of time as text
//	cast, midnight              casts from and to times; dates as timestamps
package times
