// Package document reads a job file into a tree that knows where everything
// stands, so that whatever is found wrong later can name file, line and column.
//
// There is one type to know, [Node]: a scalar, a list, a map or nothing, with
// its place. Scalars are kept as text; what a text means is decided by whoever
// reads the key. That makes "10", 10 and ${COUNT:10} the same thing.
//
// A document is made in four steps: the file is parsed within limits, --set
// values are put in, variables are substituted in scalars, and all problems met
// on the way are reported together.
//
// Of YAML it takes maps, lists and scalars. Anchors, aliases and tags are
// refused: a job file means what stands in it at that place, and no short file
// can stand for a long one.
package document
