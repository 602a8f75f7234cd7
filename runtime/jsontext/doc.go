// Package jsontext reads and writes the pieces that JSON is made of. Whatever in
// weir reads or writes the JSON of records stands on it, so that a text is JSON
// everywhere or nowhere: the format json, the json functions of expressions, and
// values in messages and dead letters.
//
//	line := jsontext.AppendLine(nil, text)
//	end, fault := jsontext.Skip(line, jsontext.Blank(line, 0), 0)
//
// # What JSON is
//
// The grammar is that of RFC 8259, and nothing beyond it is let pass: no comments,
// no commas at the end, no NaN. Where the RFC leaves a choice, the rule is:
//
//   - Text is UTF-8 throughout, as section 8.1 has it.
//   - Control characters, U+0000 to U+001F, are escaped in strings. \u0000 is a
//     character like any other.
//   - Half of a surrogate pair, such as \ud83d without what has to follow it, makes a
//     text invalid (section 8.2 leaves it open), like any other escape that stands
//     for no character. U+FFFD in its place would be data that nobody wrote, and
//     texts that differ would become the same. So it makes no difference whether
//     somebody looks at the string.
//   - Numbers have any number of digits; what they are worth, or whether that has
//     room in a type, is for the caller to say.
//   - Lists and objects are nested [MaxDepth] levels deep at most.
//   - Which keys an object has, and whether one stands in it twice, is for the caller
//     to say, who knows which ones are wanted.
//
// Callers find what follows from that in a record in their own documentation, in
// these words: a text is JSON as of RFC 8259, in UTF-8 and without half of a
// surrogate pair.
//
// # Lines
//
// All functions read lines: text that a line feed ends, with [Slack] bytes that can
// be read from there on. A line feed is nowhere part of a value, so that no loop needs
// to look for the end of the buffer, and strings are looked at by eight bytes. Files
// of JSON Lines are read like that where they lie; [AppendLine] makes a line of any
// other text.
package jsontext
