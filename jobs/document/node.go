package document

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/weirstream/weir/runtime/component"
)

// Kind tells nodes apart.
type Kind = component.ValueKind

// The kinds of nodes.
const (
	Null   = component.Null   // a key without a value
	Scalar = component.Scalar // Text
	List   = component.List   // Items
	Map    = component.Map    // Entries, in the order of the file
)

// Node is a value of a job file with its place.
type Node struct {
	Kind    Kind
	Text    string  // of a Scalar, after substitution
	Items   []*Node // of a List
	Entries []Entry // of a Map, in the order of the file; keys are distinct

	origin       *origin
	line, column int
	style        style
	written      string // of a scalar with a secret: the text before substitution
}

// Entry is a key of a map and its value.
type Entry struct {
	Key   string
	At    component.Position // of the key
	Value *Node
}

// origin is where nodes come from: the job file or one --set.
type origin struct {
	name  string
	dir   string   // what relative paths are relative to
	lines []string // the source, to find places inside scalars; none for --set
}

func (o *origin) at(line, column int) component.Position {
	if o.lines == nil {
		return component.Position{File: o.name}
	}
	return component.Position{File: o.name, Line: line, Column: column}
}

// At returns where the node begins; for a value given by --set that is the
// option itself, as in "--set steps.hourly.window.tumble".
func (n *Node) At() component.Position { return n.origin.at(n.line, n.column) }

// Get returns the value of a key of a Map, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Entries {
		if n.Entries[i].Key == key {
			return n.Entries[i].Value
		}
	}
	return nil
}

// Path returns the scalar as a file name: a relative one is relative to the job
// file, or to the working directory where --set gave it. "-", which stands for
// standard input or output, stays, and so does a blank text, which is no path.
func (n *Node) Path() string {
	if strings.TrimSpace(n.Text) == "" || n.Text == "-" || filepath.IsAbs(n.Text) {
		return n.Text
	}
	return filepath.ToSlash(filepath.Join(n.origin.dir, n.Text))
}

// IsSecret reports that the scalar holds what ${file:…} stands for.
func (n *Node) IsSecret() bool { return n.written != "" }

// Conceal makes a secret scalar the text that is written in its place.
func (n *Node) Conceal() { n.Text, n.written = cmp.Or(n.written, n.Text), "" }

// String draws the node on one line, the same text for the same meaning: it
// leaves out comments and layout. Of a secret it draws where it comes from.
func (n *Node) String() string {
	var b strings.Builder
	n.draw(&b)
	return b.String()
}

func (n *Node) draw(b *strings.Builder) {
	switch n.Kind {
	case Scalar:
		b.WriteString(quoteWhereNeeded(cmp.Or(n.written, n.Text)))
	case List:
		b.WriteByte('[')
		for i, item := range n.Items {
			separate(b, i)
			item.draw(b)
		}
		b.WriteByte(']')
	case Map:
		b.WriteByte('{')
		for i, e := range n.Entries {
			separate(b, i)
			b.WriteString(quoteWhereNeeded(e.Key) + ": ")
			e.Value.draw(b)
		}
		b.WriteByte('}')
	}
}

func separate(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteString(", ")
	}
}

// quoteWhereNeeded keeps drawn texts apart from the drawing's own signs.
func quoteWhereNeeded(text string) string {
	if text != "" && !strings.ContainsAny(text, "{}[],:\"\n") {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
