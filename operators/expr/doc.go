// Package expr computes SQL expressions over record batches. README.md beside
// it is the reference of the language.
//
// An expression passes through three forms. [syntax.Parse] makes an [Expr], a syntax
// tree that keeps the place of every piece in its text. [Check] resolves it
// against a schema and makes a [Checked], in which every piece has a type. Both
// are immutable. [Checked.Compile] makes a [Program], which computes batches
// and belongs to one subtask:
//
//	e, errs := expr.Parse("price * 0.908 > 100 AND bidder IS NOT NULL")
//	checked, errs := expr.CheckCondition(e, schema)
//	program := checked.Compile(pool)
//	rows, failures := program.Select(batch, batch.Selection())
//
// # Kernels
//
// A program is a tree of kernels, each of which computes one piece for a batch.
// The innermost loop of most kernels runs over 64 rows, one word of a bitmap: a
// comparison returns the word, arithmetic returns whether any of the rows may
// have failed, and only then is it looked for the one that did. A constant is
// read as 64 copies of its value, so one loop serves columns and constants;
// where all arguments are constant, one value is computed for the batch.
//
// Cheap kernels compute all physical rows, whether or not they are asked for;
// kernels that do much per row compute the asked-for ones. What nobody asked
// for never fails.
//
// # Files
//
// From a text to its values:
//
//	parse                             what is read from a text: the trees of package syntax
//	check*                            names and types of the pieces of a tree
//	overload*, convert                which overload a call means; conversions without a CAST; constant arguments
//	areas, elsewhere                  all functions; what messages say to those who come from elsewhere
//	compile                           from checked pieces to the kernels of package kernel
//
// What there is to call:
//
//	table*, *_operators               functions and operators by area, with their summaries and examples
//	functions, forms, time_docs       the reference, in which the forms of the grammar have entries, too
//
// What is behind the tables:
//
//	arithmetic, compare*, logic       operators
//	choice, membership                CASE and COALESCE, IN
//	cast*                             CAST, by the type that it leads to or from
//	number*, extreme                  functions of numbers, with package rounding; GREATEST and LEAST
//	decimal*                          arithmetic, rounding and result types of decimals
//	text*, ascii, hash                functions of strings and bytes
//	like                              LIKE, with package wildcard
//	json                              functions of JSON in strings, with package jsonpath
//	time*                             timestamps, dates, intervals, local times
//	nested, list_function             lists and structs
//
// # Adding a function
//
// A function is an entry of the table of its area, table_text.go and the like:
// its names, what a reference page says about it, and its overloads, each with
// the types of its parameters and result and the builder of its kernel.
// [kernel.Mapping] and [kernel.Combining] build kernels of numbers from a loop over 64 of them,
// [kernel.EachRow] those of strings and of whatever does much per row; any other kernel
// implements eval, and decides itself on nulls and on which rows it evaluates its
// arguments for.
//
// What types alone do not say stands in three fields: resultOf, where the type of
// the result follows from those of the arguments, as of decimals; prepare, where a
// constant argument is read when the job is checked, such as a pattern (see
// [kernel.Preparation]); expand, where a call is made of other pieces. The operators of
// the grammar are entries of a table of the same form, and documented among the
// forms in forms.go.
package expr
