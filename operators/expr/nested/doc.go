// Package nested takes lists and structs apart and makes them.
//
// A list is a column of offsets into a column of elements, a struct a column for each
// field. A field is therefore there already, and shared; elements are gathered.
//
// # Files
//
//	table                       what there is to call
//	field, element, make        x.name, x[i]; [x, …] and struct(x AS name)
//	cardinality, contains       functions of lists
package nested
