// Package csv turns CSV text into batches and back.
//
// The decoder works in runs, one per filled buffer. A first pass cuts the text
// into records and notes where the cells of the wanted columns begin and end;
// cells of other columns are passed over. A second pass goes column by column,
// in typed loops that parse cells straight into the column's values. Most
// records are plain, that is without a quote, and take a short path that looks
// at eight bytes at a time; all others take one that knows the whole grammar.
//
// # The text
//
// [Format] is a dialect: what cells and lines are separated by, how quotes are meant,
// what lines are no rows. Without any of its keys, the first line names the columns, in
// any order; a schema picks columns by name. Lines end in LF or CRLF, a byte order mark at the start is passed over.
// A cell may stand in quotes, within which delimiters and line ends are text and
// a doubled quote is a quote. An empty cell is null, a quoted empty one is the
// empty string (and null in columns of other types). Empty lines are passed
// over, except in a file of a single column, where one is a null.
//
// Some keys are taken care of before the grammar: lines on top are passed over by the
// header, and CR as the only line end becomes LF. Some are taken care of behind it, in
// the cells of a run: blanks, words for null, commas in numbers. What is left is in the
// grammar: [Decoder.record] knows all of it, and the short path what is plain and when
// to stop. No key costs those who do not use it.
//
// # What fails
//
// A record that does not fit header or schema fails alone, and decoding goes on
// behind it. A quote that is never closed would hide the rest of the text: only
// the line it stands in fails, and decoding goes on in the next. What leaves no
// way to go on ends the stream: no header, a header in which names stand twice
// or wanted ones not at all, an input that cannot be read.
//
// # Messages
//
// Messages have no header: their columns are those that the key header names, or those of the
// schema in its order. The messages of a call are copied into the buffer one behind the
// other and make one run, so that their cells are parsed column by column, too; each is cut
// by itself, so that a quote that one leaves open does not reach the next. A message of
// several lines is several rows, and one that is empty is none, but in a schema of a single
// column a null. A message fails as a whole.
//
// Columns that nobody reads are passed over like those that the schema does not have. The
// header has to have them all the same.
//
// Memory is bounded: a cell may have 1 MiB, a record 16 MiB.
package csv
