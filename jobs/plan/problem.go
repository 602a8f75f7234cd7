package plan

// Problem is something that is wrong with a node.
type Problem struct {
	Node Node
	At   Place
	// Message says what is wrong, why, and what helps.
	Message string
}

// Place is the piece of a node that a problem is about, for the front end to say
// where it was written.
type Place struct {
	Piece Piece
	Index int // which one, of a piece that there are several of
}

// Piece is a kind of piece of a node.
type Piece string

// The pieces of nodes, in the words of job files.
const (
	TheNode     Piece = ""          // the node as a whole
	TheUnion    Piece = "union"     // the input Index
	TheWhere    Piece = "where"     // the condition
	TheSelect   Piece = "select"    // the columns as a whole
	TheItem     Piece = "item"      // the column Index
	TheOnError  Piece = "on_error"  // what becomes of rows that fail
	TheUnnest   Piece = "unnest"    // the list
	TheGrouping Piece = "aggregate" // keys, window and aggregates
	TheWindow   Piece = "window"    // the window alone
)

// Check returns what the rules find wrong with a node. A condition or a column that
// is nil, because of a problem, is taken to be right.
func Check(n Node) []Problem {
	problems := n.check()
	for i := range problems {
		problems[i].Node = n
	}
	return problems
}
