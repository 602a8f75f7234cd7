// Package json turns JSON Lines into batches and back: text of one object a line. It
// reads documents, too, that hold the objects in lists.
//
// The decoder goes over each line once and appends what the schema asks for to
// the columns as it meets it. What nobody asks for is checked and passed over. Objects of a file mostly have the same keys in
// the same order, so each key remembers which one followed it last, and comparing
// text finds the next one.
//
// [Type] says which values the types take, and what is written.
//
// # The text
//
// Lines end in LF or CRLF; blank lines and a byte order mark at the start are
// passed over. A number may stand in quotes, as programs write those that
// JavaScript would round, and a whole number need not be written as one: JSON does
// not tell the two apart. Otherwise a value of another type than the column's is an
// error, and nothing is guessed. Only a string column takes any value, as it is
// written in the file: so what has no fixed shape can be kept, and looked into
// later.
//
// # What fails
//
// A record fails alone, and decoding goes on in the next line. It fails where its
// line is not exactly one object in JSON as of RFC 8259, in UTF-8 and without half of
// a surrogate pair, as [jsontext] has it, be it in a part that is skipped. It fails,
// too, where a key of the schema stands twice in one object; keys that are skipped are
// not compared.
//
// # Documents
//
// A walker goes through a document token by token up to the units that the path leads
// to, such as the elements of a list. The end of a unit is looked for by its quotes,
// braces and brackets, and the unit is decoded as a line would be; it is copied if it
// has several. Bookmarks stand behind units. Where the walker is in a document cannot be
// told from an offset, so that it walks from the start again to resume, without
// decoding.
//
// A unit that cannot be decoded fails alone if it is JSON, or if its strings are plain
// to see, so that another one can be nowhere within it. Otherwise, and where it is the
// document that is broken, the rest of the stream is damaged.
//
// # Messages
//
// A message holds one object, over any number of lines, or several, one behind the other;
// or a list of them; or a document in which the key rows says where they are. One that is
// blank has no rows. It is copied as a line and decoded in place, and fails as a whole: a
// dead letter that is fed again would double the rows that were sound.
//
// A column that nobody reads is a key that the schema does not have: it is skipped.
//
// Memory is bounded: a line may have 16 MiB, the lists of a record four
// million values together, and values that are skipped may be nested 200 levels deep.
package json
