package explain

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// lineRunes is how long a line of a box may get.
const lineRunes = 48

// Mermaid draws the plan as a flowchart: steps are boxes, chains frames around
// them, and a step of which something depends on more than the data stands out.
func (p *Plan) Mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	names := map[string]string{}
	for i, s := range p.Steps {
		names[s.ID] = fmt.Sprintf("s%d", i)
	}
	for i, c := range p.Chains {
		fmt.Fprintf(&b, "  subgraph c%d[%q]\n", i, c.title())
		for _, id := range c.Steps {
			s := p.step(id)
			open, shut := s.shape()
			fmt.Fprintf(&b, "    %s%s\"%s\"%s\n", names[id], open, s.mermaidLabel(), shut)
		}
		b.WriteString("  end\n")
	}
	for _, s := range p.Steps {
		for _, in := range s.Inputs {
			mermaidEdge(&b, names, s, in)
		}
	}
	p.mermaidMarks(&b, names)
	return b.String()
}

func (c Chain) title() string {
	if c.Parallelism == 1 {
		return "1 subtask"
	}
	return fmt.Sprintf("%d subtasks", c.Parallelism)
}

func (p *Plan) step(id string) *Step {
	for i := range p.Steps {
		if p.Steps[i].ID == id {
			return &p.Steps[i]
		}
	}
	return nil
}

// shape returns the brackets of a step's box: what comes in and goes out leans,
// what keeps state is a drum.
func (s *Step) shape() (open, shut string) {
	switch {
	case len(s.Inputs) == 0:
		return "[/", "/]"
	case len(s.Outputs) == 0:
		return `[\`, `\]`
	case s.State != "":
		return "[(", ")]"
	}
	return "[", "]"
}

func (s *Step) mermaidLabel() string {
	lines := []string{"<b>" + escapeMermaid(s.ID) + "</b>", escapeMermaid(s.Kind)}
	for _, d := range s.Details {
		for i, text := range d.Texts {
			if i == 3 && len(d.Texts) > 4 {
				lines = append(lines, fmt.Sprintf("and %d more", len(d.Texts)-i))
				break
			}
			switch d.Name {
			case "where", "event time", "on error":
				text = d.Name + " " + text
			}
			lines = append(lines, escapeMermaid(shorten(text)))
		}
	}
	return strings.Join(lines, "<br/>")
}

func shorten(text string) string {
	if utf8.RuneCountInString(text) <= lineRunes {
		return text
	}
	return string([]rune(text)[:lineRunes-1]) + "…"
}

// escapeMermaid writes what has a meaning in labels as a character reference.
func escapeMermaid(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\"#&<>`\\*~;", r) || r < ' ' {
			fmt.Fprintf(&b, "#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func mermaidEdge(b *strings.Builder, names map[string]string, to Step, in Input) {
	var texts []string
	if in.Output != "" {
		texts = append(texts, in.Output)
	}
	if in.Key != nil {
		texts = append(texts, strings.Trim(by(in.Key), ", "))
	}
	text := ""
	if texts != nil {
		text = `|"` + escapeMermaid(strings.Join(texts, ", ")) + `"|`
	}
	fmt.Fprintf(b, "  %s -->%s %s\n", names[in.Step], text, names[to.ID])
}

// mermaidMarks draws the caveats as notes beside their steps.
func (p *Plan) mermaidMarks(b *strings.Builder, names map[string]string) {
	count := 0
	for _, s := range p.Steps {
		for _, c := range s.Caveats {
			fmt.Fprintf(b, "  n%d>\"%s\"] -.- %s\n", count, escapeMermaid(c), names[s.ID])
			count++
		}
	}
	if count > 0 {
		b.WriteString("  classDef caveat stroke-dasharray: 4 3\n")
		for i := range count {
			fmt.Fprintf(b, "  class n%d caveat\n", i)
		}
	}
}
