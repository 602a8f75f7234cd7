// Package record holds the data of a stream: columns, batches of rows and the
// pool their memory comes from.
//
// There are four things to know. A [Schema] names and types the columns. A
// [Column] is the values of one column, in Arrow's memory layout. A [Batch] is
// columns of equal length with an event time per row. A [Pool] lends the memory
// of all of them and takes it back.
//
// # Ownership
//
// Batches and columns are reference-counted, with one rule: whoever receives a
// batch owns one reference and must Release it or pass it on. Retain is for
// those who pass it on and keep it, too. What has been passed on is immutable.
//
// A column is built by the one who took it from the pool (Append…, Resize and
// the value slices) and may be changed only while that is its sole owner.
package record
