// Package recordtest makes columns hard on those who read them.
//
// A column has more memory than values: what lies beneath a null, values of a
// dictionary that no row has, bits behind the last row. Readers must not care,
// and mostly no test notices one that does, since a null that was appended lies
// over a zero or over nothing. [Underlay] puts something there.
package recordtest
