// Package draft writes job files for people to begin with.
//
// [Skeleton] is a job that shows how one is put together and runs as it is.
// [FromFile] looks at the beginning of a file, CSV or JSON, and writes a job
// that reads it: it guesses the delimiter and what the columns hold, chooses an
// event time and how far the watermark stays behind it, and counts rows by window
// and by a column of few values. A [Draft] says beside the job what was guessed
// and why.
//
// Whether a column holds a type is decided by the decoder that will read it: its
// cells are decoded as that type, and must all be accepted. So a job that was
// drafted from a whole file reads all of it. Records that cannot be read whatever the
// types are left out before; the job drops them. Whole numbers keep all their digits: what
// int64 has no room for is a decimal or, beyond its 38 digits, a string.
package draft
