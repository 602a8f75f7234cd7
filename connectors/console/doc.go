// Package console prints rows as a table, for people.
//
// Rows appear as they are produced, before their checkpoint is decided: after a
// recovery those since the last checkpoint are printed once more. Whoever needs
// each row once writes a file; `file: { path: "-" }` is the sink for that on
// standard output.
//
// The columns are as wide as header and first batch need, so that the first rows
// do not wait for others; a later cell that is wider shifts the rest of its line.
package console
