// Package expr computes SQL expressions over record batches. README.md beside it is
// the reference of the language.
//
// An expression passes through three forms. [Parse] makes an [Expr], a syntax tree
// that keeps the place of every piece in its text. [Check] resolves it against a
// schema and makes a [Checked], in which every piece has a type. Both are immutable.
// [Checked.Compile] makes a [Program], which computes batches and belongs to one
// subtask:
//
//	e, errs := expr.Parse("price * 0.908 > 100 AND bidder IS NOT NULL")
//	checked, errs := expr.CheckCondition(e, schema)
//	program := checked.Compile(pool)
//	rows, failures := program.Select(batch, batch.Selection())
//
// # Packages
//
// Each imports only those below it.
//
//	expr                                  names and types of the pieces; all areas of functions
//	logic, text, number, times, nested    the areas: what there is to call, and what computes it
//	kernel                                trees of kernels that compute batches, and what a function's entry says
//	syntax                                a text and its tree
//	exact, rounding                       integers that notice overflow; rounding to digits
//	wildcard, jsonpath                    patterns of LIKE; values in a JSON text
//
// The areas do not know of each other, nor of the checker, and meet in areas.go alone.
// But nested asks logic what equal means, for array_contains.
//
// # Files
//
// From a tree to its values:
//
//	parse                 what is read from a text: the trees of package syntax
//	checked, check*       names and types of the pieces of a tree
//	overload*, convert    which overload a call means; conversions without a CAST
//	remedy, elsewhere     what messages say to do, and to those who come from elsewhere
//	areas                 all functions, operators and casts
//	compile               from checked pieces to the kernels of package kernel
//	comparisons           what of a condition a source may be told
//
// What reference pages say:
//
//	functions, forms*     functions as their tables have them; the forms of the grammar
//
// # Adding a function
//
// A function is an entry of the table of its area, text/table.go and the like: its
// names, what a reference page says about it, and its overloads, each with the types
// of its parameters and result and the builder of its kernel. The comment of package
// kernel says how kernels are made, and what an overload can say beyond types. The
// operators of the grammar have overloads in the same form, in operators.go of an area,
// and are documented among the forms in forms.go. Cases in testdata hold the function to
// what it gives, and those in testdata/duckdb to what DuckDB gives.
package expr
