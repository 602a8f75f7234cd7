// Package agg computes aggregates of groups of rows: count, count distinct,
// sum, min, max and avg, each with an optional filter.
//
// There are three things to know. A [Call] is an aggregate as a job writes it.
// A [Set] is the calls of one step, checked, with the state that they need. An
// [Accumulators] is a Set over one [state.Table], in which each row is a group:
// Update adds rows of a batch to their groups, Merge adds one group to another
// (panes to a window, session to session), Final appends the results of groups
// to output columns.
//
// # Layout
//
// A Set is broken up into parts, each of which keeps a fixed number of value
// columns in the row of its group; calls that need the same part of the same
// column under the same filter share it, so that avg(x) costs nothing beside
// sum(x). A row that was just made, all zero, is an empty group: no part needs
// to be told of new groups.
//
//	count       n                  rows that are not null and pass the filter
//	sum int64   low, high          the exact sum, two's complement of 128 bits; of int32, too
//	sum decimal low, high, top     the exact sum, two's complement of 192 bits
//	sum float64 sum, lost          the sum is sum + lost; see below
//	min, max    greatest           the greatest of words that order as the values
//	                               do (max) or the other way round (min); 0 is empty
//	    string  text, seen         seen is 0 where there is no value yet; of bytes, too
//	    decimal low, high, seen    the value, two's complement of 128 bits
//	distinct    n                  how many values the group has in a table of its own
//
// The table of count(distinct x) holds each value of each group once, under the key
// of the group. The sub-key is the group's id, a number that tells groups of equal
// keys apart (pane, window, session), and the value; the values of a group are in order
// within it.
//
// # Other calls
//
// A part has a name, such as "sum(delay int64) filter late", by which its columns are
// found again in a checkpoint. A job may come back with other calls: parts that it no
// longer needs are dropped, and a part that is new is null in the groups that there
// are. Null is contagious: a group that a null group is merged into becomes null, and
// a result is null if a part that it reads is. What rows add to a null part is lost.
//
// # Exactness
//
// Counts, extremes and sums of integers and decimals are exact, whatever the order
// of rows; a sum that its type cannot hold is a [RangeError] when it is read, not
// before. The average of integers is the float64 nearest to the exact quotient,
// that of decimals the decimal.
//
// Sums of float64 are compensated (Kahan and Babuška's variant of compensated
// summation, as Neumaier gave it in 1974): lost is the sum of the rounding
// errors of sum, each found exactly by Knuth's two-sum, which needs no comparison
// of magnitudes. Merging adds the other sum in the same way, and the lost parts.
// The result is as good as if it had been computed with twice the digits and then
// rounded: whatever the order of n rows and however they were cut into groups that
// are merged, it is off by its rounding and some n² · 1e-32 of the sum of absolute
// values, far less than the 1e-12 of that sum which we promise. An infinity or NaN
// makes the result what IEEE 754 says, and so does a sum that leaves the range of
// float64 on the way.
//
// NaN counts as greater than every other float64, and −0.0 as less than 0.0, so
// that min and max do not depend on the order either. For distinct counts NaN
// equals NaN and −0.0 equals 0.0.
package agg
