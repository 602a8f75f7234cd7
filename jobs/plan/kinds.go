package plan

// Kind is what a node does, in the words of explain and of the reference.
type Kind struct {
	Name    string // "unnest"; of a source and a sink the name of its connector stands before it
	Summary string // a sentence
}

// The kinds of nodes. A projection is called by what it does of these.
var (
	sourceKind    = Kind{"source", "reads rows, and gives them their event time."}
	unionKind     = Kind{"union", "takes the rows of several inputs as they come."}
	filterKind    = Kind{"filter", "keeps the rows for which a condition is TRUE."}
	selectKind    = Kind{"select", "computes the columns of each row."}
	unnestKind    = Kind{"unnest", "makes a row of each element of a list."}
	windowedKind  = Kind{"windowed aggregate", "brings the rows of each key together, and puts out a row for each window when that has ended."}
	aggregateKind = Kind{"aggregate", "brings the rows of each key together, and puts out what changes in the result of a key."}
	sinkKind      = Kind{"sink", "writes rows, each once."}
)

// Kinds returns the kinds of nodes that job files make, in the order in which rows
// come by.
func Kinds() []Kind {
	return []Kind{sourceKind, unionKind, unnestKind, filterKind, selectKind, windowedKind, sinkKind}
}
