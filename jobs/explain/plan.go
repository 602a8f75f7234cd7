// Package explain says what a job will do before it does it: its steps, what
// they keep, how they are laid out for running, and what of the result depends
// on more than the data.
//
// [Of] puts all of that into a [Plan], a plain value that JSON can hold; it
// draws itself as text and as a Mermaid flowchart. Secrets are in none of them.
package explain

import (
	"cmp"
	"strings"

	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Plan is a job explained.
type Plan struct {
	Job           string     `json:"job"`
	Parallelism   int        `json:"parallelism"` // of steps that do not set their own
	BufferTimeout string     `json:"buffer_timeout"`
	Checkpoint    Checkpoint `json:"checkpoint"`
	// Memory is what the job may take, or none; it is left out where the job does not say.
	Memory string `json:"memory,omitempty"`
	// StateMemory is the part of it that rows of state may take.
	StateMemory string  `json:"state_memory,omitempty"`
	Steps       []Step  `json:"steps"`  // each behind those that it reads
	Chains      []Chain `json:"chains"` // how they run
	// Resume says what a start would resume from, and what becomes then of each step
	// that keeps something, in lines; it is for whoever knows the folder to set.
	Resume []string `json:"resume,omitempty"`

	stateful bool // some step has rows of state
}

// Checkpoint is how often a job takes checkpoints and how many it keeps.
type Checkpoint struct {
	Interval string `json:"interval"`
	Retain   int    `json:"retain"`
}

// Step is a step of the logical graph.
type Step struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind"`
	Parallelism int      `json:"parallelism"`
	Inputs      []Input  `json:"inputs,omitempty"`
	Details     []Detail `json:"details,omitempty"`
	State       string   `json:"state,omitempty"` // what checkpoints hold of it
	Outputs     []Output `json:"outputs,omitempty"`
	// Caveats say what depends on more than the data.
	Caveats []string `json:"caveats,omitempty"`
	// Definition is the canonical text that a checkpoint is held to.
	Definition string `json:"definition"`
}

// Input is what a step reads.
type Input struct {
	Step   string `json:"step"`
	Output string `json:"output,omitempty"` // late or dead_letter; "" is the main one
	// Key has the columns by which rows are brought together, if they are not together
	// already: none is all in one place; null is that rows stay.
	Key []string `json:"key"`
}

// Detail is one setting of a step.
type Detail struct {
	Name  string   `json:"name"`
	Texts []string `json:"texts"`
}

// Output is what a step emits.
type Output struct {
	Name    string   `json:"name,omitempty"` // late or dead_letter; "" is the main one
	Columns []Column `json:"columns"`
}

// Column is a column of an output.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Chain is steps that hand rows on without moving them.
type Chain struct {
	Steps       []string   `json:"steps"`
	Parallelism int        `json:"parallelism"` // how many of it run side by side
	Inputs      []Exchange `json:"inputs,omitempty"`
}

// Exchange is how rows move from one chain to another.
type Exchange struct {
	Input
	Kind string `json:"kind"` // forward, hash or rebalance
}

// Of explains a job. parallelism is that of steps that do not set their own; 0
// is the job's.
func Of(job *compile.Job, parallelism int) (*Plan, error) {
	if parallelism == 0 {
		parallelism = job.Parallelism
	}
	physical, err := graph.Plan(job.Graph, parallelism)
	if err != nil {
		return nil, err
	}
	p := &Plan{
		Job: job.Graph.Name, Parallelism: parallelism, BufferTimeout: component.FormatDuration(job.BufferTimeout),
		Checkpoint: Checkpoint{component.FormatDuration(job.CheckpointInterval), job.Retain},
	}
	switch {
	case job.Memory == compile.Unbounded:
		p.Memory = "none"
	case job.Memory > 0:
		p.Memory, p.StateMemory = component.FormatSize(job.Memory), component.FormatSize(compile.RowsOf(job.Memory))
	}
	order, read := findOrder(physical), readOutputs(job.Graph)
	subtasks := map[string]int{}
	for _, c := range physical.Chains {
		p.Chains = append(p.Chains, chainOf(job.Graph, c))
		for _, s := range c.Steps {
			subtasks[s.ID] = c.Parallelism
		}
	}
	for _, s := range job.Graph.Steps {
		step := stepOf(job.Graph, s, read)
		p.stateful = p.stateful || s.Stateful
		step.Parallelism = subtasks[s.ID]
		if order[s.ID].mixed {
			step.Caveats = append(step.Caveats, s.About.OrderCaveats...)
		}
		p.Steps = append(p.Steps, step)
	}
	return p, nil
}

// readOutputs returns the outputs that some step reads, as "step.output".
func readOutputs(g *graph.Graph) map[string]bool {
	read := map[string]bool{}
	for _, s := range g.Steps {
		for _, in := range s.Inputs {
			read[in.Step+"."+string(in.Output)] = true
		}
	}
	return read
}

// filtered draws the conditions that a source takes.
func filtered(s *graph.Step) (texts []string) {
	if s.Source == nil {
		return nil
	}
	for _, c := range s.Source.Filter {
		text := c.Draw(s.Schema(stream.Main))
		if c.Taken == stream.TakenPartly {
			text += ", partly"
		}
		texts = append(texts, text)
	}
	return texts
}

// unread names the columns of a source that nothing reads.
func unread(s *graph.Step) (names []string) {
	if s.Source == nil {
		return nil
	}
	for i, name := range s.Schema(stream.Main).Names() {
		if !s.Source.Read.Has(i) {
			names = append(names, name)
		}
	}
	return names
}

func stepOf(g *graph.Graph, s *graph.Step, read map[string]bool) Step {
	definition := s.Definition.String()
	word, _, _ := strings.Cut(definition, " ") // of a step that says nothing of itself
	step := Step{ID: s.ID, Kind: cmp.Or(s.About.Kind, word), State: s.About.State, Caveats: s.About.Caveats, Definition: definition}
	for _, d := range s.About.Details {
		step.Details = append(step.Details, Detail(d))
	}
	if texts := filtered(s); texts != nil {
		step.Details = append(step.Details, Detail{"filter", texts})
	}
	if names := unread(s); names != nil {
		step.Details = append(step.Details, Detail{"not read", []string{strings.Join(names, ", ")}})
	}
	for _, in := range s.Inputs {
		step.Inputs = append(step.Inputs, inputOf(g.Step(in.Step), in.Output, in.Key))
	}
	for _, o := range s.Outputs {
		if name := string(o.Name); read[s.ID+"."+name] {
			step.Outputs = append(step.Outputs, Output{name, columnsOf(o.Schema)})
		}
	}
	return step
}

func chainOf(g *graph.Graph, c *graph.Chain) Chain {
	chain := Chain{Parallelism: c.Parallelism}
	for _, s := range c.Steps {
		chain.Steps = append(chain.Steps, s.ID)
	}
	for _, e := range c.Inputs {
		chain.Inputs = append(chain.Inputs, Exchange{inputOf(e.From, e.Output, e.Key), e.Kind.String()})
	}
	return chain
}

func inputOf(from *graph.Step, o stream.Output, key []int) Input {
	return Input{from.ID, string(o), keyNames(from, o, key)}
}

// keyNames returns the names of key columns; nil stays nil.
func keyNames(from *graph.Step, o stream.Output, key []int) []string {
	if key == nil {
		return nil
	}
	names := make([]string, len(key))
	for i, k := range key {
		names[i] = from.Schema(o).Field(k).Name
	}
	return names
}

func columnsOf(s *record.Schema) []Column {
	columns := make([]Column, s.Len())
	for i, f := range s.Fields() {
		columns[i] = Column{f.Name, f.Type.String()}
	}
	return columns
}
