// Package text has the functions of strings and bytes.
//
// Almost all of them are loops over rows ([kernel.RowLoop]), which append their result
// to one text for the whole batch. Positions and lengths count characters, that is
// code points; a byte that is no UTF-8 is a character, and stays as it is. Much text is
// ASCII, which is told eight bytes at a time.
//
// A pattern or a path that is constant is compiled when the expression is checked; of
// those that come with the rows the last few hundred are kept. A result that would be
// much longer than its text fails.
//
// # Files
//
//	table*                      what there is to call
//	case, ascii                 LOWER and UPPER; eight bytes of ASCII at a time
//	slice, trim, search         parts of texts
//	concat, grow                texts put together, and such as may become long
//	like, regexp*               patterns, with package wildcard and Go's regexp
//	json                        JSON in strings, with package jsonpath
//	encode, hash                bytes as text, and sums of them
//	cast                        casts between strings and bytes
package text
