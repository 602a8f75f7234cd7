// Package logic decides and chooses: logic of three values, comparisons, and what
// takes one of several values.
//
// A column of bools is worked off a word at a time, 64 rows: which of them are TRUE,
// which FALSE, and the others are NULL. AND and OR compute their right side for all
// rows, unless it may fail; then only for those that the left leaves open. CASE and
// COALESCE give each arm the rows that none before it took, so that nothing is
// computed for a row that does not want it.
//
// All comparisons are made of three, on an order of values that is total: NaN equals
// itself and stands behind all other numbers.
//
// # Files
//
//	table, operators            what there is to call
//	junction, truth             AND and OR, NOT
//	is                          IS NULL, IS TRUE
//	compare*                    comparisons, by the types that are compared
//	membership                  IN with a list of constants
//	case, coalesce, extreme     what chooses; GREATEST and LEAST
//	choice                      a column whose rows come from several others
//	cast                        casts from and to bool
package logic
