package plan

// Kind is what a node does, in the words of explain and of the reference.
type Kind struct {
	Name    string // "unnest"; of a source and a sink the name of its connector stands before it
	Summary string // the rest of a sentence that begins with it
}

// The kinds of nodes. A projection is called by what it does of these.
var (
	sourceKind    = Kind{"source", "reads rows, and gives them their event time."}
	unionKind     = Kind{"union", "takes the rows of several inputs as they come."}
	filterKind    = Kind{"filter", "keeps the rows for which a condition is TRUE."}
	selectKind    = Kind{"select", "computes the columns of each row."}
	unnestKind    = Kind{"unnest", "makes a row of each element of a list."}
	windowedKind  = Kind{"windowed aggregate", "puts out a row for each key and window when the window has ended."}
	aggregateKind = Kind{"aggregate", "puts out what changes in the row of each key."}
	joinKind      = Kind{"interval join", "pairs the rows of two inputs that have equal keys and are near each other in time."}
	sinkKind      = Kind{"sink", "writes rows, each once."}
)

// StepKinds returns the kinds of nodes that the steps of a job file are made of, in the
// order in which rows come by.
func StepKinds() []Kind { return []Kind{unionKind, unnestKind, filterKind, selectKind, windowedKind} }
