// Package syntax reads SQL expressions: a text becomes a tree, and a tree a text.
//
// It knows what is written, and not what it means: which columns and functions there
// are, and which types go with which, is for those who check a tree. So whoever
// reads SQL can read its expressions here.
//
// An [Expr] is a text and the tree of [Node]s that it makes; each node has its
// [Place] in the text, so that a message can point to it. What is wrong with a text
// is an [Error] with a place of its own. Trees never change.
//
// # Canonical form
//
// [Expr.String] writes a tree in one way only: keywords in capitals, functions in
// small letters, single spaces, and no parentheses but those that are needed. It
// reads back as the same tree. Expressions whose canonical forms are equal mean the
// same, by which steps are compared that were written at different times.
//
// Forms that are another way to write a call are calls in the tree: EXTRACT(HOUR
// FROM t) is date_part('hour', t), and INTERVAL (x) DAY is x * INTERVAL '1' DAY.
//
// # Files
//
//	lexer                   tokens
//	parser, grammar         a recursive descent that climbs precedences
//	primary, call           what operators stand between: literals, CASE, calls, TRIM(x FROM y) and the like
//	time, interval*         EXTRACT, AT TIME ZONE, the texts of intervals
//	type                    names of types
//	item, aggregate         what a SELECT, an UNNEST and an aggregate have around an expression
//	tree, value             the nodes, and constants
//	print                   the canonical form
//	error                   errors with their place
package syntax
