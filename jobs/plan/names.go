package plan

// Name is what a node is called: a step of the job, or a part of one.
type Name struct {
	Step string // as the job calls it
	Part Part
}

// Part says which part of a step of the job a node, or a step of the graph, is.
type Part string

// The parts that a step may be made of. The names of checkpoints and counters have
// them, so they stay.
const (
	Whole      Part = ""         // what has the name of the step: its last part, or all of it
	Unnesting  Part = "unnest"   // makes rows of elements, before the rest of the step
	Input      Part = "input"    // filters and computes what an aggregate reads
	Late       Part = "late"     // gives the late rows of a window the columns back that they had
	FedLetters Part = "fed"      // reads the rows that the step failed on once more
	FedRows    Part = "fed.rows" // gives those the columns that the step reads
)

// ID returns the id of the step of the graph, which is like no other's: names of
// steps have no dot.
func (n Name) ID() string {
	if n.Part == Whole {
		return n.Step
	}
	return n.Step + "." + string(n.Part)
}

// Of returns the name of another part of the same step.
func (n Name) Of(p Part) Name { return Name{n.Step, p} }
