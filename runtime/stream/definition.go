package stream

import "strings"

// Definition is all that the meaning of what a step keeps depends on, clause by clause.
// What a checkpoint holds of a step is used by the definition that it has then.
type Definition []Clause

// Clause is one thing that a definition says. Clauses are the same if their texts are
// and they use the same; their order does not matter.
type Clause struct {
	// Text says it in a canonical form.
	Text string `json:"text"`
	// Bears says on what of the state it bears: what is affected where the clause is
	// new, gone, or says something else.
	Bears Bearing `json:"bears,omitempty"`
	// Uses names the parts of the state that belong to the clause, of one that bears on
	// [Part]. Clauses may share them.
	Uses []string `json:"uses,omitempty"`
	// Former is, of each of Uses, other names of parts that serve as well: what is kept under
	// them goes on under this one.
	Former [][]string `json:"-"`
	// Label is how the job calls it, which may change freely.
	Label string `json:"label,omitempty"`
	// Begins says what becomes of it where it is added to state that does not have what
	// it uses.
	Begins string `json:"-"`
}

// Bearing is what of a step's state depends on a clause.
type Bearing string

// What there is for a clause to bear on. Where several clauses have changed, the first
// of these counts that one of them bears on.
const (
	Whole   Bearing = ""        // all of it: it cannot be used for another clause
	Part    Bearing = "part"    // what the clause uses; the rest can be used
	Time    Bearing = "time"    // how far the event time of a source has come
	Rows    Bearing = "rows"    // what comes from now on: what is kept can be used
	Nothing Bearing = "nothing" // other clauses say it, of the steps behind
)

// Bearings lists them from the most that is affected to the least.
var Bearings = []Bearing{Whole, Part, Time, Rows, Nothing}

// String draws the clause.
func (c Clause) String() string {
	if c.Label == "" {
		return c.Text
	}
	return c.Text + " AS " + c.Label
}

// String draws the clauses in one line.
func (d Definition) String() string {
	texts := make([]string, len(d))
	for i, c := range d {
		texts[i] = c.String()
	}
	return strings.Join(texts, "; ")
}
