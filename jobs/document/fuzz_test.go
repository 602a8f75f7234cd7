package document

import (
	"testing"
)

// FuzzParse looks for panics, and for nodes whose place is outside the file.
func FuzzParse(f *testing.F) {
	f.Add("a: {b: [1, 'it''s', \"x\\n\"]}\nc: |\n  one\n  two\n", "a.b=[1]")
	f.Add("steps:\n- id: x\n  where: ${A:b} > ${{c}}", "steps.x.where=a")
	f.Add(bomb(), `"a=b".c={d: e}`)
	f.Fuzz(func(t *testing.T, text, set string) {
		d, problems := Parse("job.yaml", []byte(text), options(set))
		_ = problems.Error()
		if d == nil {
			return
		}
		lines := len(d.origin.lines)
		var walk func(n *Node)
		walk = func(n *Node) {
			for offset := range n.Text {
				if at := n.Place(offset); at.Line > lines {
					t.Fatalf("byte %d of %q is looked for at %v", offset, n.Text, at)
				}
			}
			for _, item := range n.Items {
				walk(item)
			}
			for _, e := range n.Entries {
				walk(e.Value)
			}
		}
		walk(d.Root)
		_ = d.Root.String()
	})
}
