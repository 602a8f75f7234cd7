package explain

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// width is where lines of text are broken.
const width = 100

// label is how far the texts of a step stand to the right.
const label = 15

// noBreak stands for a space that stays within its line.
const noBreak = "\u00a0"

// Text draws the plan for a terminal.
func (p *Plan) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: a checkpoint every %s, %d kept; parallelism %d\n", p.Job, p.Checkpoint.Interval, p.Checkpoint.Retain, p.Parallelism)
	entry(&b, "memory", p.memoryText())
	for _, s := range p.Steps {
		b.WriteByte('\n')
		s.text(&b)
	}
	b.WriteString("\nHow it runs\n")
	for i, c := range p.Chains {
		fmt.Fprintf(&b, "  %d  %s%s\n", i+1, p.chainText(c), exchanges(c.Inputs))
	}
	p.caveats(&b)
	if p.Resume != nil {
		fmt.Fprintf(&b, "\nWhat it resumes from\n  %s\n", strings.Join(p.Resume, "\n    "))
	}
	return b.String()
}

// memoryText says how much memory the job may take, and for what; "" where it says nothing
// and keeps no rows.
func (p *Plan) memoryText() string {
	switch {
	case p.Memory == "none":
		return "as much as it needs: all rows of state stay in memory"
	case p.Memory != "":
		return fmt.Sprintf("%s: %s for rows of state, the others go to disk; the rest for batches, decoding, checkpoints, garbage",
			p.Memory, p.StateMemory)
	case p.stateful:
		return "70 % of the machine's or cgroup's: half for rows of state; the others go to disk"
	}
	return ""
}

func (s Step) text(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %s%s\n", s.ID, s.Kind, reads(s.Inputs))
	for _, d := range s.Details {
		for i, text := range d.Texts {
			if i > 0 {
				d.Name = ""
			}
			entry(b, d.Name, text)
		}
	}
	for _, o := range s.Outputs {
		name := o.Name
		if name == "" {
			name = "emits"
		}
		entry(b, name, drawColumns(o.Columns))
	}
	entry(b, "keeps", s.State)
}

func reads(inputs []Input) string {
	texts := make([]string, len(inputs))
	for i, in := range inputs {
		texts[i] = in.String() + by(in.Key)
	}
	if len(texts) == 0 {
		return ""
	}
	return " of " + strings.Join(texts, ", ")
}

// String names what is read in words.
func (in Input) String() string {
	switch in.Output {
	case "":
		return in.Step
	case "late":
		return "late rows of " + in.Step
	}
	return "dead letters of " + in.Step
}

func by(key []string) string {
	switch {
	case key == nil:
		return ""
	case len(key) == 0:
		return ", all in one place"
	}
	return " by " + strings.Join(key, ", ")
}

func drawColumns(columns []Column) string {
	texts := make([]string, len(columns))
	for i, c := range columns {
		texts[i] = strings.ReplaceAll(c.Name, " ", noBreak) + noBreak + c.Type
	}
	return strings.Join(texts, ", ")
}

// entry writes a name and a text beside it, over several lines if need be;
// nothing where there is no text.
func entry(b *strings.Builder, name, text string) {
	for i, line := range wrap(text, width-label) {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(b, "  %-*s%s\n", label-2, name, line)
	}
}

// wrap breaks a text at spaces.
func wrap(text string, width int) []string {
	var lines []string
	used := width
	for word := range strings.SplitSeq(text, " ") {
		if word == "" {
			continue
		}
		length := utf8.RuneCountInString(word)
		word = strings.ReplaceAll(word, noBreak, " ")
		if used+1+length > width {
			lines = append(lines, word)
			used = length
			continue
		}
		lines[len(lines)-1] += " " + word
		used += 1 + length
	}
	return lines
}

// chainText draws the steps of a chain, which is a tree: an arrow leads from a
// step to the next one where that reads it.
func (p *Plan) chainText(c Chain) string {
	var b strings.Builder
	for i, id := range c.Steps {
		switch {
		case i == 0:
		case p.step(id).Inputs[0].Step == c.Steps[i-1]:
			b.WriteString(" → ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(id)
	}
	if c.Parallelism > 1 {
		fmt.Fprintf(&b, " × %d", c.Parallelism)
	}
	return b.String()
}

func exchanges(inputs []Exchange) string {
	texts := make([]string, len(inputs))
	for i, e := range inputs {
		texts[i] = e.Input.String() + ", " + e.Kind
		if len(e.Key) > 0 {
			texts[i] += by(e.Key)
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return " ← " + strings.Join(texts, "; ")
}

// caveats writes each caveat once, for all the steps that have it.
func (p *Plan) caveats(b *strings.Builder) {
	var texts []string
	steps := map[string][]string{}
	for _, s := range p.Steps {
		for _, text := range s.Caveats {
			if !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
			steps[text] = append(steps[text], s.ID)
		}
	}
	if texts == nil {
		b.WriteString("\nThe result depends on the data alone, however often the job is stopped or killed on the way.\n")
		return
	}
	b.WriteString("\nWhat depends on more than the data\n")
	for _, text := range texts {
		for i, line := range wrap(strings.Join(steps[text], ", ")+": "+text, width-4) {
			if i > 0 {
				line = "  " + line
			}
			fmt.Fprintf(b, "  %s\n", line)
		}
	}
}
