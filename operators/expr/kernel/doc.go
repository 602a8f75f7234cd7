// Package kernel computes pieces of expressions over batches of records, and has
// the form in which functions say what they take.
//
// A [Program] is a tree of kernels, each of which computes one piece for a batch: a
// [Kernel] evaluates its arguments, which are kernels, too, and returns a column. The
// innermost loop of most runs over 64 rows, one word of a bitmap: a comparison
// returns the word, arithmetic returns whether any of the rows may have failed, and
// only then is it looked for the one that did. A constant is read as 64 copies of
// its value ([Lanes]), so one loop serves columns and constants; where all arguments
// are constant, one value is computed for the batch.
//
// Cheap kernels compute all physical rows, whether or not they are asked for;
// kernels that do much per row compute the asked-for ones. What nobody asked for
// never fails.
//
// # Making kernels
//
// Few functions implement [Kernel]. [Mapping] and [Combining] build kernels of
// numbers from a loop over 64 of them, [EachRow] those of strings and of whatever
// does much per row from a loop over rows, [Reading] and [Writing] casts from and to
// text. Whatever implements Eval decides itself on nulls, and on which rows it
// evaluates its arguments for.
//
// # Functions
//
// An [Area] is what a package of functions has: functions by name, overloads of
// operators, casts. Each [Overload] has the types of its parameters and result and
// the [Builder] of its kernel. What types alone do not say stands in two more fields:
// ResultOf, where the type of the result follows from those of the arguments, as of
// decimals, and Prepare, where a constant argument is read when the expression is
// checked, such as a pattern: a [Preparation] is what it sees of the call.
//
// # Files
//
//	kernel, run, program       kernels, one evaluation, and a tree of kernels
//	column, rows, limit        columns that are computed, rows that are asked for, how much text a column holds
//	leaf                       kernels without arguments, and values that are used many times
//	lanes, numeric             kernels made from loops over 64 values of fixed width
//	rowwise, row_call, cache   kernels made from loops over rows; what these keep of patterns
//	reading, writing, try      casts from and to text; TRY_CAST
//	arguments                  a kernel of other arguments
//	function, area, prepare    what there is to call, and what a function sees of a call while it is checked
package kernel
